"""`make test-nginx` in a rehearsal: a real nginx behind the fence tells what is wrong with the file."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.channels import check_order
from tests.engine.pretend_cf import Terminal
from tests.played import play_in
from wizard.execution.runner import CheckOrder, CheckReply, ProcessRunner
from wizard.execution.supervisor.confine import Confinement
from wizard.places import asset
from wizard.platforms.sdk.platform import WorldOptions
from wizard.platforms.sdk.sandbox import Sandbox
from wizard.platforms.servers import programs


if TYPE_CHECKING:
    from tests.conftest import Opener


TEMPLATE = "digitalmarketplace-router/templates/nginx.conf.j2"
TOLD = "rehearsal: the nginx of this machine tests it, 1."
UNKNOWN = ("gzip on;", "gzipp on;")
MISSING = ("127.0.0.1:8083", "nowhere.example:8083")
DEPRECATED = ("{{ PORT }};", "{{ PORT }} http2;")

Make = Callable[..., CheckReply]


@pytest.fixture(scope="module")
def runner() -> Iterator[ProcessRunner]:
    runner = ProcessRunner()
    yield runner
    runner.close()


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    return Sandbox.create(tmp_path / "box", "digitalmarketplace", WorldOptions(stage="preview", seed=1))


def write(sandbox: Sandbox, *changes: tuple[str, str]) -> None:
    path = sandbox.cwd / TEMPLATE
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")


@pytest.fixture
def make(sandbox: Sandbox, runner: ProcessRunner) -> Make:
    """Change the template, then let `make test-nginx` run behind the kernel's fence."""

    def run(*changes: tuple[str, str]) -> CheckReply:
        write(sandbox, *changes)
        words = (str(sandbox.resolve("make")), "test-nginx")
        folder = sandbox.cwd / "digitalmarketplace-router"
        before = sorted(folder.rglob("*"))
        reply = runner.check(check_order(sandbox, words, str(folder)))
        assert sorted(folder.rglob("*")) == before, "nothing is left beside the sources"
        assert list((sandbox.folder / "tmp").iterdir()) == []
        return reply

    return run


def last(reply: CheckReply, count: int) -> list[str]:
    return reply.stderr.decode().splitlines()[-count:]


OK = [
    "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok",
    "nginx: configuration file /etc/nginx/nginx.conf test is successful",
]
FAILED = "nginx: configuration file /etc/nginx/nginx.conf test failed"


def test_a_good_configuration_passes(make: Make) -> None:
    reply = make()
    assert (reply.exit, last(reply, 2)) == (0, OK)
    assert TOLD in reply.stderr.decode()


def test_an_unknown_directive_is_named_with_the_templates_line(make: Make) -> None:
    reply = make(UNKNOWN)
    assert reply.exit == 2
    assert last(reply, 3) == [
        '2023/03/14 21:31:02 [emerg] 1#1: unknown directive "gzipp" in /etc/nginx/nginx.conf:9',
        FAILED,
        "make: *** [Makefile:19: test-nginx] Error 1",
    ]


def test_an_upstream_that_does_not_resolve_is_named(make: Make) -> None:
    reply = make(MISSING)
    assert reply.exit == 2
    assert (
        '[emerg] 1#1: host not found in upstream "nowhere.example:8083" in /etc/nginx/nginx.conf:12'
        in last(reply, 3)[0]
    )


def test_a_deprecated_directive_is_a_warning_and_fails_nothing(make: Make) -> None:
    reply = make(DEPRECATED)
    assert (reply.exit, last(reply, 2)) == (0, OK)
    assert '[warn] 1#1: the "listen ... http2" directive is deprecated' in last(reply, 3)[0]


def test_what_nginx_looks_at_after_the_syntax_counts_too(make: Make) -> None:
    reply = make(("gzip on;", "gzip on; limit_req zone=nobody;"))
    assert reply.exit == 2
    assert '[emerg] 1#1: zero size shared memory zone "nobody"' in last(reply, 3)[0]


def test_users_and_folders_of_the_image_are_no_faults(make: Make) -> None:
    image = "gzip on; include /etc/nginx/mime.types; access_log /var/log/nginx/access.log;"
    reply = make(
        ("gzip on;", image),
        ("worker_processes 1;", "user nginx;"),
        ("proxy_pass http://frontend", "proxy_pass http://localhost:90"),
    )
    assert (reply.exit, last(reply, 2)) == (0, OK)


def test_a_configuration_writes_nothing_outside(make: Make, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    reply = make(("gzip on;", f"error_log {outside};"))
    assert reply.exit == 2
    assert f'open() "{outside}" failed (13: Permission denied)' in last(reply, 3)[0]
    assert not outside.exists()


def test_the_fence_lets_nginx_run_and_nothing_that_a_step_names(sandbox: Sandbox, runner: ProcessRunner) -> None:
    program = programs.nginx()
    fence = sandbox.confinement()
    assert program is not None
    assert isinstance(fence, Confinement)
    assert str(program) in fence.execute
    assert sandbox.resolve("nginx") is None, "it is started by the pretend make alone"
    script = f"cp {program} $TMPDIR/nginx; $TMPDIR/nginx -v"
    env = sandbox.env(os.environ)
    reply = runner.check(CheckOrder(("/usr/bin/bash", "-c", script), env, str(sandbox.cwd), 20.0, fence))
    assert (reply.exit, b"Permission denied" in reply.stderr) == (126, True)


@pytest.mark.parametrize(
    ("drill", "code", "said"),
    [
        ("bad-directive", 2, '[emerg] 1#1: unknown directive "gzip_al"'),
        ("upstream-gone", 2, '[emerg] 1#1: host not found in upstream "frontend.old.example:8083"'),
        ("deprecated-directive", 0, '[warn] 1#1: the "listen ... http2" directive is deprecated'),
    ],
)
def test_drills_spoil_the_template(tmp_path: Path, runner: ProcessRunner, drill: str, code: int, said: str) -> None:
    sandbox = Sandbox.create(tmp_path / "box", "digitalmarketplace", WorldOptions(stage="staging", seed=1, drill=drill))
    words = (str(sandbox.resolve("make")), "test-nginx")
    folder = str(sandbox.cwd / "digitalmarketplace-router")
    reply = runner.check(check_order(sandbox, words, folder))
    assert reply.exit == code
    assert said in reply.stderr.decode()


def test_without_the_extra_braces_are_read_and_a_line_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wizard.platforms.servers.programs.find_spec", lambda _: None)
    sandbox = Sandbox.create(tmp_path / "box", "digitalmarketplace", WorldOptions(stage="preview", seed=1))
    router = str(sandbox.cwd / "digitalmarketplace-router")
    answer = play_in(sandbox, ["make", "test-nginx"], cwd=router)
    said = answer.stderr.splitlines()
    assert (answer.exit, said[-2:]) == (0, OK)
    assert said[-3].startswith("rehearsal: no real nginx here")
    assert "pip install 'uplevel-wizard[lab]'" in said[-3]
    write(sandbox, UNKNOWN, ("server_tokens off;", "server_tokens off"))
    answer = play_in(sandbox, ["make", "test-nginx"], cwd=router)
    assert answer.exit == 2
    assert "[emerg] unexpected end of directive in /etc/nginx/nginx.conf:8" in answer.stderr


def test_without_the_kernels_fence_no_real_nginx_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wizard.platforms.sdk.sandbox.supported", lambda: False)
    sandbox = Sandbox.create(tmp_path / "box", "digitalmarketplace", WorldOptions(stage="preview", seed=1))
    answer = play_in(sandbox, ["make", "test-nginx"], cwd=str(sandbox.cwd / "digitalmarketplace-router"))
    assert answer.exit == 0
    assert "no real nginx here" in answer.stderr


def test_a_router_without_its_template_fails(cf: Terminal, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM nginx:1.23.4\n")
    answer = cf("make test-nginx")
    assert answer.exit == 2
    assert 'nginx: [emerg] open() "/etc/nginx/nginx.conf" failed (2: No such file or directory)' in answer.stderr


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (UNKNOWN, "It ended with 2"),
        (MISSING, "It ended with 2"),
        (DEPRECATED, "A finding: Nginx takes the configuration and warns of something"),
    ],
)
def test_the_step_stops_at_a_fault_and_shows_a_warning_as_a_finding(
    sessions: "Opener", change: tuple[str, str], words: str
) -> None:
    text = asset("procedures/nginx.yaml").read_text("utf-8")
    drive = sessions.open(text, "rehearsal", {"stage": "preview"}, speed=100000.0)
    drive.until_asked()
    write(Sandbox.open(drive.engine.folder / "sandbox"), change)
    drive.answer("answer", "none, routine")
    drive.ask_and_answer("run", sort="go")
    drive.ask_and_answer("run", sort="go")
    question = drive.until_asked("failed")
    assert words in question.text
    assert drive.state.step("test").end is None
    assert ("again" in {option.id for option in question.options}) == (change is DEPRECATED), "a fault is no finding"
    if change is DEPRECATED:
        found = drive.state.step("test").check_results["after", 0]
        assert found.got.startswith("2023/03/14 "), "the warning alone is shown"
        assert '[warn] 1#1: the "listen ... http2" directive is deprecated' in found.got
