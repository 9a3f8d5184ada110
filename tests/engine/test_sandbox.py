"""The sandbox as processes see it: pretend commands answer, real ones are not started, nothing outside changes."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from wizard.errors import RecordProblem, UsageProblem
from wizard.execution.supervisor.confine import supported
from wizard.platforms.digitalmarketplace import tools
from wizard.platforms.sdk import sandbox as sandbox_module
from wizard.platforms.sdk import shortlist
from wizard.platforms.sdk.sandbox import Sandbox


REPO = Path(__file__).resolve().parents[2]
REDIS = "digitalmarketplace_redis"
NOBODY = 65534

BOOT = """
import json, os, sys
sys.path.insert(0, {repo!r})
from wizard.execution.supervisor import confine
given = json.loads(sys.argv[1])
if given["uid"]:
    os.setgroups([]), os.setgid(given["uid"]), os.setuid(given["uid"])
confine.apply(confine.Confinement(tuple(given["write"]), tuple(given["execute"])))
os.execve(sys.argv[2], sys.argv[2:], given["env"])
"""

fenced = pytest.mark.skipif(not supported(), reason="the kernel has no Landlock")


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    return Sandbox.create(tmp_path / "box", "digitalmarketplace", stage="preview", seed=1)


def run(sandbox: Sandbox, *words: str, uid: int = 0) -> subprocess.CompletedProcess[str]:
    """Start words behind the kernel's fence, with the sandbox's environment."""
    fence = sandbox.confinement()
    assert fence is not None
    given = {"uid": uid, "write": fence.write, "execute": fence.execute, "env": sandbox.env(os.environ)}
    boot = [str(Path(sys.executable).resolve()), "-IS", "-c", BOOT.format(repo=str(REPO)), json.dumps(given)]
    return subprocess.run(
        [*boot, *words],
        cwd=sandbox.cwd,
        env={},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def bash(sandbox: Sandbox, script: str, uid: int = 0) -> subprocess.CompletedProcess[str]:
    return run(sandbox, "/usr/bin/bash", "-c", script, uid=uid)


@fenced
def test_a_pretend_command_answers_as_a_process(sandbox: Sandbox) -> None:
    answer = run(sandbox, str(sandbox.resolve("cf")), "service", REDIS, "--guid")
    assert (answer.returncode, answer.stderr) == (0, "")
    service = sandbox.world().space.service(REDIS)
    assert service is not None
    assert answer.stdout == service.guid + "\n"
    missing = run(sandbox, str(sandbox.resolve("cf")), "service", "nope")
    assert missing.returncode == 1
    assert missing.stdout.endswith("FAILED\n")
    assert missing.stderr == "Service instance 'nope' not found\n"


@fenced
def test_a_process_changes_the_world_that_this_process_sees(sandbox: Sandbox) -> None:
    before = sandbox.world().now
    assert bash(sandbox, f"cf rename-service {REDIS} gone && jenkins smoke-tests STAGE=preview").returncode == 0
    assert sandbox.world().space.service("gone") is not None
    assert sandbox.world().now > before
    assert sandbox.play(["cf", "service", "gone", "--guid"]).exit == 0


@fenced
def test_many_at_once_lose_no_change(sandbox: Sandbox) -> None:
    script = "for n in 1 2 3 4 5 6; do cf create-service redis tiny-6.x s$n & done; wait"
    assert bash(sandbox, script).returncode == 0
    names = {service.name for service in sandbox.world().space.services.values()}
    assert {f"s{number}" for number in range(1, 7)} <= names


def test_the_prompt_waits_for_the_person(sandbox: Sandbox) -> None:
    environment: os._Environ[str] = sandbox.env({"TERM": "dumb"})  # type: ignore[assignment]
    child = pexpect.spawn(
        str(sandbox.resolve("cf")), ["delete-service", REDIS], env=environment, encoding="utf-8", timeout=20
    )
    child.expect_exact(f"Really delete the service instance {REDIS}? [yN]: ")
    assert sandbox.play(["cf", "services"]).exit == 0, "nothing may be locked while a person thinks"
    child.sendline("perhaps")
    child.expect_exact("invalid input (not y, n, yes, or no)")
    child.expect_exact("[yN]: ")
    child.sendline("y")
    child.expect_exact("Delete in progress.")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    service = sandbox.world().space.service(REDIS)
    assert service is not None
    assert service.last.type == "delete"


def test_ctrl_c_at_the_prompt_ends_with_130(sandbox: Sandbox) -> None:
    environment: os._Environ[str] = sandbox.env({"TERM": "dumb"})  # type: ignore[assignment]
    child = pexpect.spawn(
        str(sandbox.resolve("cf")), ["delete-service", REDIS], env=environment, encoding="utf-8", timeout=20
    )
    child.expect_exact("[yN]: ")
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
    assert sandbox.world().space.service(REDIS) is not None


EVERYBODYS_PYTHON = Path("/usr/bin/python3")


@pytest.fixture(params=["same user", "other user"])
def who(
    request: pytest.FixtureRequest, tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> Iterator[int]:
    """The user commands run as (0: this one); root also runs them as somebody else, who then owns the sandbox."""
    if request.param == "same user" or os.geteuid() != 0 or not EVERYBODYS_PYTHON.exists():
        yield 0
        return
    monkeypatch.setattr("wizard.platforms.sdk.sandbox._python", EVERYBODYS_PYTHON.resolve)
    for tool in tools.TOOLS:
        sandbox._write_launcher(tool)
    above = Path(tempfile.gettempdir())
    for folder in (tmp_path, *(path for path in tmp_path.parents if path.is_relative_to(above) and path != above)):
        folder.chmod(0o755)
    for path in (sandbox.folder, *sandbox.folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    yield NOBODY


@fenced
def test_a_planted_cf_is_never_started(sandbox: Sandbox, tmp_path: Path, who: int) -> None:
    evidence = tmp_path / "open" / "started"
    evidence.parent.mkdir()
    evidence.parent.chmod(0o777)
    planted = tmp_path / "open" / "cf"
    for place in (planted, sandbox.cwd / "cf"):
        place.write_text(f"#!/bin/bash\necho started; echo started > {evidence}\n")
        place.chmod(0o755)
    ways = [
        str(planted),
        "./cf",
        f"PATH={planted.parent}:/usr/local/bin:$PATH; cf version",
        f"env PATH={planted.parent} cf",
        f"/usr/bin/env {planted}",
        f"sudo {planted}",
        f"/usr/bin/nice {planted}",
        f"/usr/bin/xargs {planted} < /dev/null",
        f"awk 'BEGIN {{ system(\"{planted}\") }}'",
        f"sed -n '1e {planted}' /etc/hostname",
        f"sort --compress-program={planted} -S 1 /etc/services",
        f"exec {planted}",
        f"cp {planted} $TMPDIR/cf2; $TMPDIR/cf2",
        f"ln -s {planted} $HOME/cf3; $HOME/cf3",
        f"cp {planted} $HOME/../bin/cf",
        "echo x > /dev/tcp/127.0.0.1/80",
        f"echo x > {evidence}",
    ]
    for way in ways:
        answer = bash(sandbox, way, who)
        assert "started\n" not in answer.stdout, way
        assert not evidence.exists(), way
    assert bash(sandbox, "cf version", who).stdout.startswith("cf version 8.")


@fenced
def test_the_interpreter_of_the_launchers_opens_no_way_out(sandbox: Sandbox, tmp_path: Path, who: int) -> None:
    outside = tmp_path / "open"
    outside.mkdir()
    outside.chmod(0o777)
    python = sandbox_module._python()
    script = (
        "import os, socket, subprocess\n"
        "for deed in (\n"
        f"    lambda: open({str(outside / 'x')!r}, 'w'),\n"
        "    lambda: socket.create_connection(('127.0.0.1', 80), 1),\n"
        "    lambda: socket.socket(socket.AF_UNIX),\n"
        "    lambda: subprocess.run(['/usr/bin/env', 'true'], check=True),\n"
        f"    lambda: open({str(sandbox.folder / 'bin' / 'cf')!r}, 'w'),\n"
        "):\n"
        "    try:\n"
        "        deed()\n"
        "        print('out')\n"
        "    except OSError as e:\n"
        "        print(type(e).__name__)\n"
    )
    answer = run(sandbox, str(python), "-IS", "-c", script, uid=who)
    assert answer.stdout.split() == ["PermissionError"] * 5, answer.stderr
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize(
    "word",
    [
        "/usr/bin/cf",
        "./cf",
        "bin/cf",
        "env",
        "sudo",
        "bash",
        "sh",
        "xargs",
        "find",
        "python3",
        "ssh",
        "git",
        "",
        "..",
        "a b",
    ],
)
def test_other_programs_are_not_resolved(sandbox: Sandbox, word: str) -> None:
    assert sandbox.resolve(word) is None


def test_tools_and_the_short_list_are_resolved_whatever_path_says(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("cf", "cat"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert sandbox.resolve("cf") == sandbox.folder / "bin" / "cf"
    found = sandbox.resolve("cat")
    assert found is not None
    assert found.parent in shortlist.FOLDERS


def test_without_the_kernels_fence_only_harmless_programs_are_left(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wizard.platforms.sdk.shortlist.supported", lambda: False)
    monkeypatch.setattr("wizard.platforms.sdk.sandbox.supported", lambda: False)
    assert sandbox.confinement() is None
    assert [sandbox.resolve(word) for word in ("rm", "cp", "tee", "awk", "sed", "touch", "date")] == [None] * 7
    assert sandbox.resolve("cat") is not None


def test_the_environment_is_its_own(sandbox: Sandbox) -> None:
    secret = {"SSH_AUTH_SOCK": "/x", "DOCKER_HOST": "y", "CF_PASSWORD": "z", "BASH_ENV": "b", "LD_PRELOAD": "p"}
    env = sandbox.env({**secret, "PATH": "/usr/bin", "HOME": "/root", "TERM": "xterm", "LANG": "en_GB.UTF-8"})
    assert env == {
        "PATH": str(sandbox.folder / "bin"),
        "HOME": str(sandbox.folder / "home"),
        "CF_HOME": str(sandbox.folder / "home"),
        "TMPDIR": str(sandbox.folder / "tmp"),
        "TERM": "xterm",
        "LANG": "en_GB.UTF-8",
    }


def test_opens_again_with_its_world_as_it_was_left(sandbox: Sandbox) -> None:
    sandbox.play(["cf", "rename-service", REDIS, "other"])
    sandbox.advance(0.5)
    again = Sandbox.open(sandbox.folder)
    assert again.world() == sandbox.world()
    assert again.world().space.service("other") is not None


def test_time_passes_by_waits(sandbox: Sandbox) -> None:
    before = sandbox.world().now
    sandbox.advance(90)
    assert sandbox.world().now == before + 90


def test_unknown_worlds_stages_and_folders_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="no world called atlantis"):
        Sandbox.create(tmp_path / "a", "atlantis", stage="", seed=0)
    with pytest.raises(UsageProblem, match="no stage moon"):
        Sandbox.create(tmp_path / "b", "digitalmarketplace", stage="moon", seed=0)
    with pytest.raises(RecordProblem, match="cannot be read"):
        Sandbox.open(tmp_path / "nowhere")


def test_a_world_that_is_gone_is_a_sentence(sandbox: Sandbox) -> None:
    (sandbox.folder / "world" / "world.json").write_text("{")
    answer = subprocess.run(
        [str(sandbox.resolve("cf")), "target"],
        env=sandbox.env({}),
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert answer.returncode == 70
    assert answer.stderr.startswith("cf: the pretend platform of this rehearsal cannot be used")
    assert "Traceback" not in answer.stderr


def test_any_name_comes_back_byte_for_byte(sandbox: Sandbox) -> None:
    name = b"caf\xc3\xa9 \xff \x1b[2J"
    answer = subprocess.run(
        [str(sandbox.resolve("cf")), "service", name],
        env=sandbox.env({"LC_ALL": "C"}),
        capture_output=True,
        check=False,
        timeout=20,
    )
    assert answer.stderr == b"Service instance '" + name + b"' not found\n"


def test_a_path_with_blanks_still_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = tmp_path / "a b" / "python"
    link.parent.mkdir()
    link.symlink_to(Path(sys.executable).resolve())
    monkeypatch.setattr("wizard.platforms.sdk.sandbox._python", lambda: link)
    box = Sandbox.create(tmp_path / "my box", "digitalmarketplace", stage="", seed=1)
    answer = subprocess.run(
        [str(box.resolve("cf")), "version"], env=box.env({}), capture_output=True, text=True, check=True, timeout=20
    )
    assert answer.stdout.startswith("cf version 8.")


def test_a_launcher_loads_light_modules_only(sandbox: Sandbox) -> None:
    answer = subprocess.run(
        [str(Path(sys.executable).resolve()), "-IS", "-X", "importtime", str(sandbox.resolve("cf")), "version"],
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    )
    loaded = {line.rpartition("|")[2].strip() for line in answer.stderr.splitlines()}
    assert "wizard.platforms.sdk.launch" in loaded
    # The launcher plays its command itself, on a typed world: what reads one comes with it.
    assert not loaded & {"click", "textual", "psycopg", "redis", "sh", "rich", "wizard.engine"}


def test_a_world_with_other_rules_is_not_opened(tmp_path: Path) -> None:
    box = Sandbox.create(tmp_path / "box", "digitalmarketplace", stage="preview", seed=1)
    path = box.folder / "world" / "world.json"
    path.write_text(path.read_text().replace('"format":', '"format":9', 1))
    with pytest.raises(RecordProblem, match="cannot be read"):
        Sandbox.open(box.folder)
