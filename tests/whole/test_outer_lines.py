"""What reaches the operator's terminal line by line and from the commands, while every text from outside is hostile."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from screens.launch import open_screens
from tests.outer import HOSTILE_PROCEDURE, OF_LINES, Outer, commands, evil, hostile_folder, whole
from wizard.cli import main


if TYPE_CHECKING:
    from tests.conftest import Opener


UPLEVEL = str(Path(sys.executable).with_name("uplevel"))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is hostile throughout; one stands in it."""
    folder = hostile_folder(tmp_path)
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("kind", ["xterm-256color", "dumb"])
def test_a_session_line_by_line(here: Path, kind: str) -> None:
    terminal = Outer(UPLEVEL, "run", "--plain", "procedures/hostile.yaml", cwd=here, columns=150, rows=80, TERM=kind)
    try:
        terminal.sees(whole("title"), whole("summary"), whole("value"), whole("version"), "Begin? Type yes")
        terminal.press("yes\r", whole("step"), whole("why"), whole("ref"), whole("phase"), "run   by hand")
        terminal.press("run\r", whole("confirm"), "yes   back")
        terminal.press("yes\r", "| output[/x]<U+202E>[bold]", "<+2992 marks>", "try again")
        terminal.press("skip\r", "Why? It is listed")
        terminal.press("because[/x]\r", whole("later"), f"Type {whole('value')} to go on")
        terminal.press("x\r", f"What was typed is not {whole('value')}")
        terminal.press("note\r", "Note:")
        terminal.child.send(f"note[/x]{'' if kind == 'dumb' else chr(0x202E)}\r")
        assert terminal.ends("\x03") == 3
    finally:
        terminal.close()
    assert commands(terminal.heard) - (OF_LINES if kind != "dumb" else set()) == set()


Said = Callable[..., str]


@pytest.fixture
def said(here: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Said:
    """Runs words and gives back what they wrote, after seeing that a terminal obeys none of it."""
    del here

    def run(*words: str) -> str:
        main(open_screens, list(words))
        wrote = b"".join(capfdbinary.readouterr())
        assert commands(wrote) == set(), (words, wrote)
        return wrote.decode()

    return run


def test_every_command_that_quotes_a_procedure(said: Said) -> None:
    assert whole("title") in said("list")
    assert whole("broken").replace("/", ":") in said("list")
    page = said("show", "procedures/hostile.yaml")
    for tag in ("title", "source", "summary", "label", "value", "choice", "phase", "step", "why", "item"):
        assert whole(tag) in page, tag
    assert "cat output.bin" in said("show", "procedures/hostile.yaml", "--commands")
    said("lint", *map(str, Path("procedures").iterdir()))


def test_every_command_that_quotes_a_session(said: Said, sessions: "Opener") -> None:
    drive = sessions.open(HOSTILE_PROCEDURE, values={"word": evil("value"), "stage": evil("choice")})
    drive.ask_and_answer("run", sort="go")
    drive.ask_and_answer("yes", sort="confirm")
    drive.ask_and_answer("skip", evil("reason"))
    drive.until_asked()
    drive.leave()
    session = drive.engine.session
    assert whole("title") in said("sessions")
    assert json.loads(said("sessions", "--json"))[0]["id"] == session
    said("verify", session)
    page = said("export", session, "--format", "md")
    for tag in ("title", "version", "target", "choice", "value", "step", "reason", "output"):
        assert f"{tag}\\[/x\\]" in page or f"{tag}[/x]" in page, tag
    assert whole("reason") in json.dumps(json.loads(said("export", session, "--format", "json")))


BAD = evil("bad")


@pytest.mark.parametrize(
    "words",
    [
        *([word, BAD] for word in ("show", "run", "rehearse", "lint", "resume", "verify")),
        *([word, f"./{BAD}.yaml"] for word in ("show", "run", "rehearse", "lint", "resume", "verify")),
        [BAD],
        [f"--{BAD}"],
        ["run", f"--{BAD}"],
        ["run", f"-{BAD}"],
        ["list", BAD],
        ["run", "procedures/hostile.yaml", BAD],
        ["run", "procedures/hostile.yaml", "-p", BAD],
        ["run", "procedures/hostile.yaml", "-p", f"{BAD}={BAD}"],
        ["run", "procedures/hostile.yaml", "-p", f"stage={BAD}"],
        ["run", "procedures/hostile.yaml", "--params", BAD],
        ["run", "procedures/hostile.yaml", "--ticket", BAD],
        ["rehearse", "redis", "--speed", BAD],
        ["rehearse", "redis", f"--speed={BAD}"],
        ["rehearse", "redis", f"--auto={BAD}"],
        ["rehearse", "redis", "--seed", BAD],
        ["export", BAD, "--format", "md"],
        ["export", BAD, "--format", BAD],
        ["verify", BAD, "--head", BAD, "--signed-by", BAD],
        ["compare", BAD],
        ["compare", "search", BAD, BAD],
        ["compare", "redis", BAD, f"env:{BAD}"],
        ["copy", BAD],
        ["copy", "redis-sessions", BAD, f"env:{BAD}"],
        ["edit", BAD],
        ["edit", f"./{BAD}", BAD],
    ],
    ids=lambda words: " ".join(words).replace(BAD, "bad"),
)
def test_every_refusal_that_quotes_a_word(said: Said, words: list[str]) -> None:
    told = said(*words)
    assert told
    assert "Traceback" not in told
    assert "itself failed" not in told
