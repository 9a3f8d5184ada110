"""`uplevel observe` from another terminal: read-only and live."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from tests import forked
from tests.conftest import HANG, Opener, until
from tests.two_operators import Wizard, lay, procedure
from wizard.engine.record_follower import Observed
from wizard.errors import EvidenceBroken
from wizard.plain import LinePrinter
from wizard.plain.observe import Observer
from wizard.record.locks import is_held


_PROMPT = r"\n\r?(?:\x1b\[[0-9;?]*[A-Za-z])*>"
UPLEVEL = [sys.executable, "-c", "import sys; from screens.launch import main; sys.exit(main())"]


class Terminal:
    """`uplevel observe` in a process of its own, and the lines it says."""

    def __init__(self, session: str) -> None:
        self.process = forked.Popen(
            [*UPLEVEL, "observe", session], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.said: list[str] = []

    def until(self, word: str) -> str:
        """The next line with a word in it."""
        assert self.process.stdout is not None
        for line in map(str, self.process.stdout):
            self.said.append(line)
            if word in line:
                return line
        raise AssertionError("".join(self.said))

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    opened: list[Terminal] = []
    yield opened
    for each in opened:
        each.end()


def everything(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_an_observer_sees_questions_commands_output_and_the_end_and_changes_nothing(
    sessions: Opener, terminals: list[Terminal], tmp_path: Path
) -> None:
    values = lay(tmp_path)
    text = procedure("one", slow=True).replace('touch "$folder/begun"', 'echo hear this; touch "$folder/begun"')
    first = sessions.open(text, values=values)
    first.until_asked("go")
    terminals.append(Terminal(first.engine.session))
    looking = terminals[0]
    looking.until("Looking on at session")
    looking.until("Change it with one")
    first.answer("run")
    looking.until("running")
    looking.until("| hear this")
    (tmp_path / "go").touch()
    looking.until("done")
    first.ask_and_answer("stop", "enough", sort="go")
    first.until_finished()
    looking.until("The session was stopped")
    assert looking.process.wait(20) == 0


def test_an_observer_writes_nothing_and_takes_no_lock(sessions: Opener, tmp_path: Path) -> None:
    first = sessions.open(procedure("one"), values=lay(tmp_path))
    first.until_asked("go")
    before = everything(first.engine.folder)
    observed = Observed(first.engine.folder)
    looks = 0

    def rest(_seconds: float) -> None:
        nonlocal looks
        looks += 1
        if looks == 5:
            raise KeyboardInterrupt

    with (tmp_path / "said").open("w", encoding="utf-8") as said, pytest.raises(KeyboardInterrupt):
        Observer(observed, LinePrinter(said)).run(rest)
    observed.close()
    assert everything(first.engine.folder) == before
    assert "target held" in (tmp_path / "said").read_text()


def test_an_observer_says_when_the_wizard_is_gone_and_when_it_is_back(
    sessions: Opener, terminals: list[Terminal], tmp_path: Path
) -> None:
    first = Wizard(procedure("one", slow=True), lay(tmp_path), {"go": ("run",)})
    try:
        until((tmp_path / "begun").exists)
        terminals.append(Terminal(first.session))
        terminals[0].until("running")
    finally:
        first.end()
    terminals[0].until("nobody is at the session, and its command goes on")
    again = sessions.resume(first.session)
    (tmp_path / "go").touch()
    terminals[0].until("somebody is at the session again")
    again.until_asked("go")


def test_a_record_that_goes_on_wrongly_is_not_looked_at_any_further(sessions: Opener, tmp_path: Path) -> None:
    first = sessions.open(procedure("one"), values=lay(tmp_path))
    first.until_asked("go")
    observed = Observed(first.engine.folder)
    observed.news()
    first.leave()
    journal = first.engine.folder / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    with journal.open("ab") as file:
        file.write(lines[2])
    with pytest.raises(EvidenceBroken):
        observed.news()
    observed.close()


def test_a_session_that_is_open_is_refused_to_a_second_terminal_which_is_told_how_to_look_on(
    sessions: Opener, tmp_path: Path
) -> None:
    first = sessions.open(procedure("one"), values=lay(tmp_path))
    first.until_asked("go")
    told = forked.run(
        [*UPLEVEL, "resume", first.engine.session, "--plain"], capture_output=True, text=True, timeout=60, check=False
    )
    assert f"uplevel observe {first.engine.session}" in told.stderr
    listed = forked.run([*UPLEVEL, "sessions"], capture_output=True, text=True, timeout=60, check=False)
    assert f"uplevel observe {first.engine.session}" in listed.stdout


def test_the_second_comer_looks_on_line_by_line_and_comes_back_to_the_question(
    sessions: Opener, tmp_path: Path
) -> None:
    values = lay(tmp_path)
    first = sessions.open(procedure("one"), values=values)
    first.until_asked("go")
    (tmp_path / "two.yaml").write_text(procedure("two"))
    words = [*UPLEVEL[1:], "run", "./two.yaml", "--plain", "-p", f"folder={values['folder']}"]
    child = forked.spawn(
        sys.executable,
        words,
        env={**os.environ, "TERM": "xterm-256color", "PYTHONUTF8": "1"},
        cwd=str(tmp_path),
        encoding="utf-8",
        timeout=HANG,
        dimensions=(40, 120),
    )
    try:
        child.expect_exact("Begin? Type yes:")
        child.send("yes\r")
        child.expect_exact("its first letters")
        child.expect(_PROMPT)
        child.send("observe\r")
        child.expect_exact("Looking on at session")
        child.expect_exact("target held")
        child.sendintr()
        child.expect_exact("its first letters")
        child.expect(_PROMPT)
        child.send("pause\r")
        child.expect(pexpect.EOF)
    finally:
        child.close(force=True)
    assert is_held(first.engine.folder)


def test_plain_can_be_asked_for(sessions: Opener, tmp_path: Path) -> None:
    first = sessions.open(procedure("one"), values=lay(tmp_path))
    first.until_asked("go")
    child = forked.spawn(
        sys.executable,
        [*UPLEVEL[1:], "observe", first.engine.session, "--plain"],
        env={**os.environ, "TERM": "xterm-256color", "PYTHONUTF8": "1"},
        encoding="utf-8",
        timeout=HANG,
    )
    try:
        child.expect_exact("Looking on at session")
        child.sendintr()
        child.expect(pexpect.EOF)
        child.wait()
        assert child.exitstatus == 0
    finally:
        child.close(force=True)


def test_on_a_terminal_it_is_the_wizard_that_looks_on(sessions: Opener, tmp_path: Path) -> None:
    first = sessions.open(procedure("one"), values=lay(tmp_path))
    first.until_asked("go")
    before = everything(first.engine.folder)
    child = forked.spawn(
        sys.executable,
        [*UPLEVEL[1:], "observe", first.engine.session],
        env={**os.environ, "TERM": "xterm-256color", "PYTHONUTF8": "1"},
        encoding="utf-8",
        timeout=HANG,
        dimensions=(24, 80),
    )
    try:
        child.expect_exact("OBSERVING LIVE")
        child.expect_exact("Observing: read only.")
        child.send("\x1b[18~")  # F7
        child.expect_exact(f"`uplevel observe {first.engine.session}` looks on again.")
        child.expect(pexpect.EOF)
        child.wait()
        assert child.exitstatus == 0
    finally:
        child.close(force=True)
    assert everything(first.engine.folder) == before
