"""Line by line, nothing but a word that a person types starts anything: no paste, no empty line, no early key."""

import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import forked
from tests.conftest import HANG, until
from tests.pasted import BEGIN, END, contents, cut, cuts
from tests.whole.scripted_session import AT
from wizard.plain.pastes import flat
from wizard.plain.words import meant


PROGRAM = Path(__file__).with_name("scripted_session.py")
PROMPT = r"\n\r?(?:\x1b\[[0-9;?]*[A-Za-z])*>"
FIELD = r":(?:\x1b\[[0-9;?]*[A-Za-z])* ?"
TERMINALS = ["xterm-256color", "dumb"]
_MANY = pytest.mark.parametrize("count", [4, pytest.param(60, marks=pytest.mark.storm)])
_WORDS = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789_-. "), min_size=1, max_size=30)


class Session:
    """One question at a terminal.

    Args:
        sort: Its sort.
        folder: Where the program keeps what was submitted.
        terminal: The sort of terminal.
    """

    def __init__(self, sort: str, folder: Path, terminal: str) -> None:
        self._submitted = folder / "submitted"
        env = {**os.environ, "TERM": terminal, "PYTHONUTF8": "1", "PYTHONPATH": str(PROGRAM.parents[2])}
        words = [str(PROGRAM), sort, str(folder)]
        self.child: Any = forked.spawn(sys.executable, words, env=env, encoding="utf-8", timeout=HANG)
        self.child.delaybeforesend = None
        self.child.setwinsize(24, 200)

    def asked(self, sort: str = "") -> None:
        """Wait for the choices; a secret's are behind an empty line."""
        if sort == "secret":
            self.child.expect_exact("Secret, not shown")
            self.child.expect(FIELD)
            self.child.send("\r")
        self.child.expect_exact("its first letters")
        self.child.expect(PROMPT)

    def types(self, typed: str, *shown: str) -> None:
        """Type something and wait for what is said to it, and for the prompt."""
        self.child.send(typed)
        for each in shown:
            self.child.expect_exact(each)
        self.child.expect(PROMPT)

    @property
    def submitted(self) -> str:
        return self._submitted.read_text() if self._submitted.exists() else ""

    def ends(self, typed: str) -> str:
        """Type the last thing; what was submitted in the whole session."""
        self.child.send(typed)
        self.child.expect(pexpect.EOF)
        return self.submitted


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Callable[..., Session]]:
    made: list[Session] = []

    def begin(scene: str, terminal: str = "xterm-256color") -> Session:
        made.append(Session(scene, tmp_path, terminal))
        return made[-1]

    yield begin
    for each in made:
        each.child.close(force=True)


@pytest.mark.parametrize("terminal", TERMINALS)
@pytest.mark.parametrize("sort", AT)
def test_an_empty_line_and_a_digit_take_nothing(at: Callable[..., Session], sort: str, terminal: str) -> None:
    session = at(f"at:{sort}", terminal)
    session.asked(sort)
    session.types("\r", "its first letters")
    session.types("1\r", "there is")
    session.types("2\r", "there is")
    assert session.submitted == ""
    assert "choice='pause'" in session.ends("pause\r")


@_MANY
@pytest.mark.parametrize("sort", AT)
def test_no_paste_answers(at: Callable[..., Session], sort: str, count: int) -> None:
    session = at(f"at:{sort}")
    session.asked(sort)

    @settings(max_examples=count, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
    @given(contents, cuts)
    def paste(content: str, ends: list[int]) -> None:
        for part in cut(f"{BEGIN}{content}{END}", ends):
            session.child.send(part)
        session.child.expect_exact("A paste answers nothing here")
        session.child.expect(PROMPT)
        assert session.submitted == ""

    paste()
    assert session.ends("pause\r").count("Answer(") == 1


@_MANY
@pytest.mark.parametrize("sort", AT)
def test_no_text_that_is_meant_for_another_place_answers(at: Callable[..., Session], sort: str, count: int) -> None:
    session = at(f"at:{sort}")
    session.asked(sort)

    @settings(max_examples=count, deadline=None)
    @given(_WORDS.filter(lambda text: text.strip() and not meant(text) and text.strip() not in {"w", "wa", "way"}))
    def word(text: str) -> None:
        session.types(f"{text}\r", "there is")
        assert session.submitted == ""

    word()
    assert session.ends("pause\r").count("Answer(") == 1


@pytest.mark.parametrize("behind", ["", "\r", "run\r", "\rrun\r"])
def test_a_pasted_word_is_refused_with_whatever_comes_behind_it(at: Callable[..., Session], behind: str) -> None:
    session = at("at:go")
    session.asked()
    session.types(f"ru{BEGIN}run\n{END}{behind}", "A paste answers nothing here, and nothing of it was taken")
    assert session.submitted == ""
    assert "choice='run'" in session.ends("run\r")


def test_a_paste_that_does_not_end_is_dropped_by_ctrl_c(at: Callable[..., Session]) -> None:
    session = at("at:go")
    session.asked()
    session.child.send(f"{BEGIN}run\nrun\n")
    session.child.expect_exact("A paste has begun and not ended; Ctrl+C drops it.")
    session.types("\x03", "nothing of it was taken")
    assert session.submitted == ""
    assert "choice='run'" in session.ends("run\r")


@pytest.mark.parametrize(
    ("sort", "word", "field"),
    [
        *(("go", "skip", "Why?"), ("failed", "accept", "Why?"), ("ask", "answer", "Value:")),
        *(("go", "note", "Note:"), ("unknown", "done", "file:PATH:"), ("go", "evidence", "file:PATH:")),
    ],
)
def test_a_paste_into_a_field_is_whole_and_one_line(
    at: Callable[..., Session], sort: str, word: str, field: str
) -> None:
    session = at(f"at:{sort}")
    session.asked()
    session.child.send(f"{word}\r")
    session.child.expect_exact(field)
    session.child.send(f"before {BEGIN}one\nrun\r\n\rthe last{END} after")
    session.child.expect_exact("after")
    assert session.submitted == ""
    session.child.send("\r")
    until(lambda: "text='before one run the last after'" in session.submitted)


@_MANY
def test_a_paste_into_a_reason_ends_nothing(at: Callable[..., Session], count: int) -> None:
    session = at("at:go")
    session.asked()

    @settings(max_examples=count, deadline=None)
    @given(contents, cuts)
    def paste(content: str, ends: list[int]) -> None:
        session.child.send("note\r")
        session.child.expect_exact("Note:")
        for part in cut(f"{BEGIN}{content}{END}", ends):
            session.child.send(part)
        session.child.send("end-of-it\r")
        session.child.expect_exact("  note: ")
        session.child.expect(PROMPT)
        assert session.submitted.endswith(f"AddNote(text={flat(content) + 'end-of-it'!r})\n")

    paste()
    assert "Answer(" not in session.submitted


def test_a_secret_that_is_pasted_is_whole(at: Callable[..., Session], tmp_path: Path) -> None:
    session = at("secret")
    session.child.expect_exact("Secret, not shown")
    session.child.expect(FIELD)
    session.child.send(f"{BEGIN}hunter2-hunter2\n{END}")
    session.ends("\r")
    assert (tmp_path / "secret").read_text() == hashlib.sha256(b"hunter2-hunter2").hexdigest()


@pytest.mark.parametrize("terminal", TERMINALS)
def test_lines_that_come_at_once_are_no_answer(at: Callable[..., Session], terminal: str) -> None:
    session = at("at:go", terminal)
    session.asked()
    for lines in ("some log\nrun\nrun\n", "run\nsome log\n", "run\r\n\r\n", "run\nr"):
        session.types(lines, "Several lines came at once, and none of them was taken: type one line.")
    assert session.submitted == ""
    assert "choice='run'" in session.ends("run\r")


def test_a_line_that_a_dumb_terminal_would_cut_is_not_taken(at: Callable[..., Session]) -> None:
    session = at("at:go", "dumb")
    session.asked()
    session.child.send("note\r")
    session.child.expect(FIELD)
    session.types("x" * 5000 + "\r", "nothing of it was taken")
    assert session.submitted == ""


@pytest.mark.parametrize("terminal", TERMINALS)
def test_a_word_begun_before_the_question_is_none(at: Callable[..., Session], tmp_path: Path, terminal: str) -> None:
    session = at("late", terminal)
    session.child.expect_exact("Say hello")
    session.child.send("digital")
    session.child.expect_exact("digital")
    (tmp_path / "come").touch()
    session.child.expect_exact("its first letters")
    session.types("run\r", "What was typed before the question stood here answers nothing.")
    assert session.submitted == ""
    assert "choice='run'" in session.ends("run\r")


def test_a_paste_opens_nothing_in_the_menu_beside_a_command(at: Callable[..., Session]) -> None:
    session = at("quiet")
    session.child.expect_exact("| started")
    session.types("\x1d", "back   halt   note   sign over   pause")
    session.types(f"{BEGIN}halt\npause\n{END}", "A paste answers nothing here")
    session.types("stop\r", "That is no answer here; there is: back, halt, note, sign over, pause.")
    session.types("\r", "back   halt   note   sign over   pause")
    assert "StopCommand" not in session.submitted
    session.child.send("halt\r")
    session.child.expect_exact("heard StopCommand(run=None)")
