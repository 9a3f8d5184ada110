"""Bad procedure files and bad folders end in a sentence or two and their exit code, never in a traceback."""

import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from screens.launch import open_screens
from tests import forked
from tests.another import as_another, open_folder
from wizard.cli import main


PROGRAM = "import sys; from screens.launch import main; sys.exit(main())"
REPO = str(Path(__file__).resolve().parents[2])
REHEARSE = ("rehearse", "redis", "--auto", "--plain", "--speed", "100000", "-p", "stage=preview")

HEAD = "format: 1\nprocedure: bad\ntitle: Bad\n"
STEPS = "phases:\n- title: All\n  steps:\n"
ONE = HEAD + STEPS + "  - {id: one, title: One, run: echo one}\n"


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., str]:
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.chdir(tmp_path)

    def run(code: int, *words: str) -> str:
        got = main(open_screens, list(words))
        said = capsys.readouterr()
        assert got == code, said
        assert "Traceback" not in said.err
        assert "itself failed" not in said.err
        assert said.err + said.out or code == 0
        return said.err + said.out

    return run


TRAPS = {
    "an unquoted slot": (HEAD + STEPS + "  - {id: one, title: One, run: ${x}}\n", 7),
    "a colon": (HEAD + "summary: one: two\n" + STEPS + "  - {id: one, title: One, run: echo}\n", 4),
    "a comment behind a command": (HEAD + STEPS + "  - id: one\n    title: One\n    run: echo x # y\n", 9),
    "a backslash": (HEAD + 'summary: "C:\\new\\path"\n' + STEPS + "  - {id: one, title: One, run: echo}\n", 4),
    "a bracket": (HEAD + STEPS + "  - id: one\n    title: [note] One\n    run: echo\n", 8),
    "an at sign": (HEAD + STEPS + "  - id: one\n    title: @one\n    run: echo\n", 8),
    "a tab": (HEAD + STEPS + "  - id: one\n\ttitle: One\n    run: echo\n", 8),
    "a key twice": (HEAD + "title: Again\n" + STEPS + "  - {id: one, title: One, run: echo}\n", 4),
    "an anchor": (HEAD + STEPS + "  - &a {id: one, title: One, run: echo}\n", 6),
    "an alias": (HEAD + "summary: *a\n" + STEPS + "  - {id: one, title: One, run: echo}\n", 4),
    "a merge": (HEAD + STEPS + "  - {<<: {id: one}, title: One, run: echo}\n", 6),
    "a tag": (HEAD + "summary: !!python/name:os.system x\n" + STEPS + "  - {id: one, title: One, run: echo}\n", 4),
    "too deep": (HEAD + "summary: " + "[" * 50 + "]" * 50 + "\n" + STEPS + "  - {id: one, title: One, run: echo}\n", 4),
    "an unknown key": (HEAD + STEPS + "  - {id: one, titel: One, run: echo}\n", 6),
    "yes as a text": (HEAD + STEPS + "  - {id: one, title: One, run: echo, skippable: maybe}\n", 6),
    "a bad duration": (HEAD + STEPS + "  - {id: one, title: One, run: echo, timeout: soon}\n", 6),
    "a pipe": (HEAD + STEPS + "  - {id: one, title: One, run: 'echo x | cat'}\n", 6),
    "an interpreter": (HEAD + "parameters: {x: {}}\n" + STEPS + "  - {id: one, title: One, run: 'psql -c ${x}'}\n", 7),
    "a script": (HEAD + "parameters: {x: {}}\n" + STEPS + "  - {id: one, title: One, shell: 'rm $x'}\n", 7),
    "an unknown name": (HEAD + STEPS + "  - {id: one, title: One, run: 'echo ${nope}'}\n", 6),
    "a reserved name": (HEAD + "parameters: {path: {}}\n" + STEPS + "  - {id: one, title: One, run: echo}\n", 4),
    "a bad pattern": (HEAD + "parameters: {x: {matches: '['}}\n" + STEPS + "  - {id: one, title: One, run: echo}\n", 4),
    "no steps": (HEAD + "phases: []\n", 4),
    "a list": ("- a\n- b\n", 1),
    "a text": ("just text\n", 1),
    "nothing": ("", 1),
    "two documents": (ONE + "---\n" + ONE, 7),
    "format 2": (ONE.replace("format: 1", "format: 2"), 1),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_of_yaml_is_told_with_its_place(told: Callable[..., str], trap: str) -> None:
    text, line = TRAPS[trap]
    Path("bad.yaml").write_text(text)
    for words in (("lint", "bad.yaml"), ("run", "./bad.yaml", "--plain"), ("rehearse", "./bad.yaml")):
        said = told(2, *words)
        places = re.findall(r"^bad\.yaml:(\d+):(\d+): \S", said, re.MULTILINE)
        assert places, said
        assert any(abs(int(found) - line) <= 1 for found, _ in places), said


def test_all_faults_come_at_once(told: Callable[..., str]) -> None:
    Path("bad.yaml").write_text(
        HEAD
        + "parameters: {path: {}, x: {matches: '['}}\n"
        + STEPS
        + "  - {id: one, titel: One, run: 'echo ${nope}'}\n"
        + "  - {id: one, title: Two, run: 'a | b', timeout: soon}\n"
    )
    said = told(2, "lint", "bad.yaml")
    assert said.count("bad.yaml:") >= 5, said
    assert "title" in said


ODD = {
    "binary": bytes(range(256)),
    "not utf-8": ONE.encode() + b"# \xff\n",
    "utf-16": ONE.encode("utf-16"),
    "nul": ONE.encode() + b"\0",
    "over a megabyte": ONE.encode() + b"#" * (1 << 20),
    "ten thousand aliases": b"a: &a [x]\nb: [" + b"*a," * 10_000 + b"]\n",
    "escapes": b"\x1b[2J\x07: x\n",
    "very deep": b"[" * 100_000,
    "one long line": b"x" * 900_000,
    "lone surrogate": b'title: "\\ud800"\n',
}


@pytest.mark.parametrize("content", ODD)
def test_a_file_that_is_no_procedure(told: Callable[..., str], content: str) -> None:
    Path("bad.yaml").write_bytes(ODD[content])
    said = told(2, "run", "./bad.yaml", "--plain")
    assert "bad.yaml" in said
    assert "\x1b" not in said
    assert len(said.splitlines()) < 210


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf" + ONE.encode(), ONE.replace("\n", "\r\n").encode()])
def test_a_file_of_another_editor_is_read(told: Callable[..., str], content: bytes) -> None:
    Path("fine.yaml").write_bytes(content)
    told(0, "lint", "fine.yaml")


def test_a_file_that_others_may_change_is_refused(told: Callable[..., str], tmp_path: Path) -> None:
    folder = tmp_path / "shelf"
    folder.mkdir(mode=0o755)
    path = folder / "one.yaml"
    path.write_text(ONE)
    for changed, mode in ((path, 0o666), (path, 0o664), (folder, 0o777)):
        kept = changed.stat().st_mode & 0o777
        changed.chmod(mode)
        assert "others" in told(2, "run", str(path), "--plain").lower()
        changed.chmod(kept)
    assert main(open_screens, ["run", str(path), "--plain"]) == 3


def test_what_belongs_to_somebody_else_is_refused(
    told: Callable[..., str], tmp_path: Path, own_folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "one.yaml"
    path.write_text(ONE)
    state = own_folders / "state"
    state.mkdir(mode=0o700)
    (state / "uplevel").mkdir(mode=0o700)
    _give_away(path, state / "uplevel", monkeypatch)
    assert "12345" in told(2, "run", str(path), "--plain")
    for words in (REHEARSE, ("sessions",), ("resume",), ("verify", "x")):
        assert "belongs to user 12345" in told(4, *words)


def _give_away(file: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let both belong to user 12345. Only root can really do it; for anybody else it only looks that way."""
    if os.geteuid() == 0:
        os.chown(file, 12345, 12345)
        os.chown(folder, 12345, 12345)
        return
    given = {(found.st_dev, found.st_ino) for found in (file.stat(), folder.stat())}
    for name in ("stat", "fstat", "lstat"):
        real = getattr(os, name)

        def looked_at(*args: Any, real: Any = real, **more: Any) -> os.stat_result:
            found: os.stat_result = real(*args, **more)
            if (found.st_dev, found.st_ino) not in given:
                return found
            return os.stat_result((*found[:4], 12345, 12345, *found[6:]))

        monkeypatch.setattr(os, name, looked_at)


WAYS = {
    "a file in the way": 'touch "$S"',
    "a file further down": 'mkdir -m 700 "$S"; touch "$S/uplevel"',
    "a link to nothing": 'ln -s /nonexistent/there "$S"',
    "a link to itself": 'ln -s "$S" "$S"',
    "sessions is a file": 'mkdir -m 700 "$S" "$S/uplevel"; touch "$S/uplevel/sessions"',
    "others may write": 'mkdir -m 700 "$S"; mkdir -m 777 "$S/uplevel"',
}


@pytest.mark.parametrize("way", WAYS)
def test_a_state_folder_that_cannot_be_used(told: Callable[..., str], own_folders: Path, way: str) -> None:
    subprocess.run(["/bin/sh", "-c", WAYS[way]], env={**os.environ, "S": str(own_folders / "state")}, check=True)
    for words in (REHEARSE, ("sessions",), ("resume",), ("verify", "x"), ("export", "x", "--format", "md")):
        said = told(4, *words)
        assert str(own_folders / "state") in said
        assert len(said.splitlines()) <= 3


def test_a_state_folder_by_a_relative_path(told: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    code = main(open_screens, ["sessions"])
    assert code in {0, 2}


RUBBISH: dict[str, bytes] = {
    "nothing": b"",
    "binary": bytes(range(256)) * 100,
    "no end": b"x" * 1_000_000,
    "json": b'{"kind": "session.opened", "seq": 0, "h": "0"}\n',
    "deep": b"[" * 200_000 + b"\n",
}


def spoil(journal: Path, what: str) -> None:
    match what:
        case "a folder":
            journal.mkdir()
        case "a fifo":
            os.mkfifo(journal)
        case "a link":
            journal.symlink_to("/dev/zero")
        case "missing":
            pass
        case _:
            journal.write_bytes(RUBBISH[what])


@pytest.mark.parametrize("what", [*RUBBISH, "a folder", "a fifo", "a link", "missing"])
def test_a_session_that_is_none(told: Callable[..., str], own_folders: Path, what: str) -> None:
    top = own_folders / "state" / "uplevel" / "sessions"
    for folder in (own_folders / "state", top.parent, top, top / "01KAQ0000000000000000000AA"):
        folder.mkdir(mode=0o700)
    (top / "a file").touch()
    (top / "a folder").mkdir()
    spoil(top / "01KAQ0000000000000000000AA" / "journal.jsonl", what)
    assert "01KAQ" in told(0, "sessions")
    told(0, "sessions", "--json")
    for words in (["verify"], ["export", "--format", "md"], ["export", "--format", "json"], ["resume", "--plain"]):
        code = main(open_screens, [*words, "01KAQ0000000000000000000AA"])
        assert code in {2, 4, 5}, words
        said = told(code, *words, "01KAQ0000000000000000000AA")
        assert "\x1b" not in said
    told(0, "list")


def small_files(size: int) -> Callable[[], None]:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


@pytest.mark.parametrize("size", [0, 500, 20_000, 70_000])
def test_a_disk_that_is_full_when_the_session_is_opened(tmp_path: Path, own_folders: Path, size: int) -> None:
    answer = forked.run(
        [sys.executable, "-c", PROGRAM, *REHEARSE],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": REPO, "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=small_files(size),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.returncode in {1, 4}, answer
    assert "Traceback" not in answer.stderr
    assert "itself failed" not in answer.stderr + answer.stdout
    assert answer.stderr
    assert main(open_screens, ["sessions"]) == 0


def test_a_state_folder_that_cannot_be_read() -> None:
    place = open_folder()
    try:
        state = place / "state"
        (state / "uplevel" / "sessions").mkdir(parents=True)
        (state / "uplevel").chmod(0)
        env = {"HOME": str(place), "XDG_STATE_HOME": str(state), "PYTHONPATH": REPO, "PATH": os.environ["PATH"]}
        for words in (REHEARSE, ("sessions",)):
            answer = as_another([sys.executable, "-c", PROGRAM, *words], env, place)
            assert answer.returncode == 4, answer
            assert "Traceback" not in answer.stderr
            assert str(state / "uplevel") in answer.stderr
    finally:
        (place / "state" / "uplevel").chmod(0o700)
        subprocess.run(["rm", "-rf", str(place)], check=True)
