"""Bad words on the command line end in a sentence or two and their exit code, never in a traceback."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from screens.launch import open_screens
from wizard.cli import main


if TYPE_CHECKING:
    from tests.conftest import Opener

Told = Callable[..., str]
"""Runs words that must end with a code; what was said on standard error."""

FINE = """
format: 1
procedure: fine
title: Fine
parameters: {word: {default: blue}, token: {secret: yes, env: NO_SUCH_TOKEN}}
phases: [{title: All, steps: [{id: echo, title: Echo, run: 'echo ${word}'}]}]
"""


@pytest.fixture
def told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, own_folders: Path
) -> Told:
    monkeypatch.setenv("TERM", "dumb")
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    (work / "fine.yaml").write_text(FINE)

    def run(codes: int | tuple[int, ...], *words: str) -> str:
        got = main(open_screens, list(words))
        said = capsys.readouterr()
        assert got in (codes if isinstance(codes, tuple) else (codes,)), said
        if got == 0:
            return said.err
        assert "Traceback" not in said.err
        assert "itself failed" not in said.err
        assert not any(sign in said.err for sign in ("\x1b", "\x07", "Errno", "object at 0x"))
        assert 0 < len(said.err.splitlines()) <= 8, said.err
        assert max(map(len, said.err.splitlines())) < 700
        return said.err

    return run


LONG = "x" * 5000
ODD = os.fsdecode(b"\xff\xfe")
ESCAPE = "\x1b[2J\x07title"


@pytest.mark.parametrize("word", ["run", "rehearse", "show"])
@pytest.mark.parametrize(
    "name", ["redi", "rediss", "Redis", "nope", "", " ", ".", "/", "./nope.yaml", LONG, ODD, ESCAPE]
)
def test_an_unknown_procedure(told: Told, word: str, name: str) -> None:
    said = told(2, word, name)
    if name in {"redi", "rediss"}:
        assert "Did you mean redis?" in said


@pytest.mark.parametrize(
    "words", [["resume"], ["verify"], ["export", "--format", "md"], ["export", "--format", "json"]]
)
@pytest.mark.parametrize("name", ["nope", "", " ", ".", "/", "./nope", LONG, ODD, ESCAPE, "..", "0/0"])
def test_an_unknown_session(told: Told, words: list[str], name: str) -> None:
    told((2, 5) if words == ["verify"] else 2, *words, name)


def test_a_session_of_several_that_fit_and_the_nearest(told: Told, sessions: "Opener") -> None:
    drives = [sessions.open(FINE.replace("secret: yes, env: NO_SUCH_TOKEN", "default: x")) for _ in range(2)]
    ids = [drive.engine.session for drive in drives]
    for words in (["resume"], ["verify"], ["export", "--format", "md"]):
        assert "fits 2 sessions" in told(2, *words, ids[0][:6])
        assert f"Did you mean {ids[0]}?" in told(2, *words, f"{ids[0][:-1]}!")


@pytest.mark.parametrize(
    "words",
    [
        ["lis"],
        ["nope"],
        [""],
        [ODD],
        ["--nope"],
        ["run"],
        ["run", "redis", "redis"],
        ["run", "redis", "--auto"],
        ["export", "x"],
        ["export", "x", "--format", "doc"],
        ["lint"],
        ["rehearse", "redis", "--speed", "0"],
        ["rehearse", "redis", "--speed", "-1"],
        ["rehearse", "redis", "--speed", "nan"],
        ["rehearse", "redis", "--speed", "inf"],
        ["rehearse", "redis", "--speed", "fast"],
        ["rehearse", "redis", "--seed", "text"],
        ["rehearse", "redis", "--seed", "1.5"],
        ["rehearse", "redis", "-p", "stage"],
        ["rehearse", "redis", "-p", "=preview"],
        ["rehearse", "redis", "-p", ""],
        ["rehearse", "redis", "-p", "stage=moon"],
        ["rehearse", "redis", "-p", "stage="],
        ["rehearse", "redis", "-p", f"stage={ODD}"],
        ["rehearse", "redis", "-p", f"{ODD}=x"],
        ["rehearse", "redis", "-p", f"stage={ESCAPE}"],
        ["rehearse", "redis", "-p", f"service={LONG}{LONG}{LONG}{LONG}'"],
        ["rehearse", "redis", "-p", "stagee=preview"],
        ["run", "./fine.yaml", "-p", "token=hunter2"],
        ["run", "./fine.yaml", "-p", "word=two words"],
    ],
    ids=lambda words: " ".join(words)[:40].encode("ascii", "backslashreplace").decode(),
)
def test_wrong_usage(told: Told, words: list[str]) -> None:
    said = told(2, *words)
    if "stagee=preview" in words:
        assert "Did you mean stage?" in said
    if "lis" in words:
        assert "Did you mean list?" in said
    assert "hunter2" not in said


PARAMS = {
    "a list": b"- a\n",
    "a text": b"just text\n",
    "nothing": b"",
    "nested": b"word: {a: b}\n",
    "a list inside": b"word: [a]\n",
    "bad yaml": b"word: 'x\n",
    "twice": b"word: a\nword: b\n",
    "an anchor": b"word: &a b\n",
    "a tag": b"word: !!python/object:os.system x\n",
    "an unknown name": b"wordd: x\n",
    "a secret": b"token: hunter2\n",
    "binary": bytes(range(256)),
    "odd bytes": b"word: \xff\n",
    "deep": b"word: " + b"[" * 3000,
    "many": b"a: 1\n" * 300_000,
}


@pytest.mark.parametrize("content", PARAMS)
def test_a_file_of_values_that_is_none(told: Told, content: str) -> None:
    Path("values.yaml").write_bytes(PARAMS[content])
    assert "hunter2" not in told((2, 3) if content == "nothing" else 2, "run", "./fine.yaml", "--params", "values.yaml")


@pytest.mark.parametrize("place", ["nope.yaml", ".", "/dev/zero", "fifo", "loop", LONG, ODD, "/proc/self/mem"])
def test_what_is_no_file(told: Told, place: str, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo("fifo")
    Path("loop").symlink_to("loop")
    told(2, "run", "./fine.yaml", "--params", place)
    told(2, "run", place if "/" in place else f"./{place}")
    capsys.readouterr()
    assert main(open_screens, ["lint", place]) == 2
    assert capsys.readouterr().out.count("\n") == 1


@pytest.mark.parametrize("ticket", [ODD, ESCAPE, "x" * 300_000, "\n\n", "a\u202eb"])
def test_a_ticket_that_is_none(told: Told, ticket: str, own_folders: Path) -> None:
    told(2, "rehearse", "redis", "--auto", "--plain", "-p", "stage=preview", "--ticket", ticket)
    assert not list((own_folders / "state").rglob("journal.jsonl"))


@pytest.mark.parametrize("place", ["there", "nowhere/x", "folder", LONG, "/dev/full", "/proc/x"])
def test_an_export_that_cannot_be_written(told: Told, sessions: "Opener", place: str) -> None:
    drive = sessions.open(FINE.replace("secret: yes, env: NO_SUCH_TOKEN", "default: x"))
    drive.ask_and_answer("run")
    drive.until_finished()
    Path("there").write_text("as it was")
    Path("folder").mkdir()
    before = sorted(Path.cwd().iterdir())
    told((2, 4), "export", drive.engine.session, "--format", "md", "-o", place)
    assert Path("there").read_text() == "as it was"
    assert sorted(Path.cwd().iterdir()) == before


SETTINGS = {"broken": b"[x\n", "a wrong type": b"signing_key = 3\n", "unknown": b"nope = 1\n", "binary": b"\xff\x00"}


@pytest.mark.parametrize("content", [*SETTINGS, "a folder", "a link to nothing"])
def test_settings_that_are_wrong(told: Told, own_folders: Path, content: str) -> None:
    folder = own_folders / "config" / "uplevel"
    folder.mkdir(parents=True, mode=0o700)
    (own_folders / "config").chmod(0o700)
    path = folder / "settings.toml"
    if content in SETTINGS:
        path.write_bytes(SETTINGS[content])
        path.chmod(0o600)
    elif content == "a folder":
        path.mkdir()
    else:
        path.symlink_to("nothing")
    Path("fine.yaml").write_text(FINE.replace("secret: yes, env: NO_SUCH_TOKEN", "default: x"))
    words = ["rehearse", "./fine.yaml", "--auto", "--plain", "--speed", "100000"]
    if content == "a link to nothing":
        assert told(0, *words) == ""
        return
    assert "settings.toml" in told(2, *words)
    assert not list((own_folders / "state").rglob("journal.jsonl"))


def test_no_bash(told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bin").mkdir()
    echo = shutil.which("echo")
    assert echo is not None
    (tmp_path / "bin" / "echo").symlink_to(echo)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    Path("fine.yaml").write_text(FINE.replace("run: 'echo ${word}'", "shell: 'echo \"$word\"'"))
    assert "bash" in told(2, "run", "./fine.yaml", "--plain")
