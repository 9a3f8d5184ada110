"""What reaches the operator's terminal from the screens, read from a pty, while every text from outside is hostile."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.outer import OF_TEXTUAL, Outer, commands, evil, quoted


UPLEVEL = str(Path(sys.executable).with_name("uplevel"))

HOSTILE = f"""
format: 1
procedure: hostile
title: {quoted(evil("title"))}
version: {quoted(evil("version"))}
source: {quoted(evil("source"))}
summary: {quoted(evil("summary"))}
parameters:
  word: {{ask: {quoted(evil("label"))}, default: {quoted(evil("value"))}, any: true}}
  stage: {{choices: [{quoted(evil("choice"))}, other], default: {quoted(evil("choice"))}}}
target:
  place: {{run: cat target.txt, capture: '^(.*)$'}}
remember:
  kept: {{run: cat kept.txt}}
phases:
  - title: {quoted(evil("phase"))}
    steps:
      - id: shown
        ref: {quoted(evil("ref"))}
        title: {quoted(evil("step"))}
        why: {quoted(evil("why"))}
        hint: {quoted(evil("hint"))}
        confirm: {quoted(evil("confirm"))}
        run: cat output.bin
        expect: {{has: {quoted("wanted.*nothing")}, says: {quoted(evil("says"))}}}
      - id: later
        title: {quoted(evil("later"))}
        by_hand: [{{text: {quoted(evil("item"))}, evidence: text}}]
"""
OUTPUT = b"\n".join(
    [
        evil("output").encode(),
        b"clip\x1b]52;c;bWluZQ==\x07board ti\x1b]2;owned\x1b\\tle li\x1b]8;;javascript:x\x1b\\nk\x1b]8;;\x1b\\",
        b"dcs\x1bP1$r0m\x1b\\ apc\x1b_Gi=1;A\x1b\\ pm\x1b^p\x1b\\ sos\x1bXs\x1b\\ sixel\x1bPq#0;2;0;0;0\x1b\\",
        b"ask\x1b[c\x1b[>c\x1b[6n\x1b[5n\x1b[?6n\x1bZ\x05 modes\x1b[?1049l\x1b[?1003h\x1b[?2004h\x1b[?47h\x1b[4h",
        b"c1 \xc2\x9b2J \xc2\x9d0;t\xc2\x9c \xc2\x90q\xc2\x9c \x9b2J \x9d0;t\x9c \x85",
        b"hide\x1b[8mden\x1b[5mblink \x0e\x0f\x00\x07\x08\x7f \xe2\x80\xae \xe2\x80\x8b \xef\xbb\xbf \xf3\xa0\x81\x81",
        b"overlong \xc0\x9b \xe0\x80\x9b \xc1\xbf surrogate \xed\xa0\x9b \xed\xb2\x9b past \xf5\x80\x80\x80 \xff\xfe",
        b"flood e" + b"\xcc\x81" * 3000,
        b"open \x1b]52;c;AAAA",
        b"open \x1bPq",
        b"last words \x1b[",
    ]
)


@pytest.fixture
def outer(tmp_path: Path) -> Iterator[Callable[..., Outer]]:
    """Starts uplevel on a terminal, in a folder that is hostile throughout."""
    here = tmp_path / evil("here").replace("/", ":")
    (here / "procedures").mkdir(parents=True)
    for name, text in (("hostile.yaml", HOSTILE), (f"{evil('broken').replace('/', ':')}.yaml", "title: [")):
        (here / "procedures" / name).write_text(text)
    (here / "output.bin").write_bytes(OUTPUT)
    for name in ("target", "kept"):
        (here / f"{name}.txt").write_text(evil(name))
    started: list[Outer] = []

    def start(*words: str) -> Outer:
        started.append(Outer(UPLEVEL, *words, cwd=here, columns=150))
        return started[-1]

    yield start
    for each in started:
        each.close()


F1, F2, F4, F5, F7, ESCAPE, CTRL_C, CTRL_P, ENTER, END = (
    *("\x1bOP", "\x1bOQ", "\x1bOS", "\x1b[15~", "\x1b[18~", "\x1b", "\x03", "\x10", "\r", "\x1b[F"),
)


def pasted(text: str) -> str:
    """A text as a terminal sends it when it is pasted."""
    return f"\x1b[200~{text}\x1b[201~"


def whole(tag: str) -> str:
    """An evil text as it must stand on the screen."""
    return f"{tag}[/x]<U+001B>]0;own<U+0007><U+009B>2J<U+001B>c<U+202E>[bold]"


def test_pages_before_a_session(outer: Callable[..., Outer]) -> None:
    terminal = outer()
    terminal.sees("title[/x]<U+001B>]0;own", whole("summary"), "broken[:x]<U+001B>")
    terminal.press(END, ">   title")
    terminal.press("\x1b[A", ">   broken")
    terminal.press(ENTER, "This is no YAML")
    terminal.press("/", "a part of the name")
    terminal.press(pasted("title[/x]\x1b[2Jre\u202e"), "title[/x]")
    terminal.child.send(ESCAPE)
    terminal.press(END, ">   title")
    terminal.press(ENTER, whole("title"), whole("version"), "value[/x]", "It holds", "choice[/x]<U+001B>")
    terminal.press(F4, "All commands", whole("later"), whole("phase"))
    terminal.press(ESCAPE, "F5 begin")
    terminal.press(F1, "Keys here")
    terminal.press(ESCAPE, "F5 begin")
    terminal.press(CTRL_P, "Search for commands")
    terminal.press(ESCAPE, gone="Search for commands")
    assert terminal.ends(CTRL_C) == 0
    assert commands(terminal.heard) - OF_TEXTUAL == set()


def test_a_session_and_what_is_left_of_it(outer: Callable[..., Outer]) -> None:
    terminal = outer("run", "procedures/hostile.yaml")
    terminal.sees(whole("title"))
    terminal.press(F5, whole("step"), whole("why"), whole("hint"), "target[/x]")
    terminal.press("r", whole("confirm"))
    terminal.press("y", "got", "output[/x]")
    terminal.press(
        F5, "output[/x]<U+202E>[bold]", "clipboard title link", "dcs apc pm sos sixel", "ask modes", "last words"
    )
    assert "hidedenblink" in terminal.shown
    assert "<+2992 marks>" in terminal.shown
    terminal.press(ESCAPE, whole("hint"))
    terminal.press(F2, "A note for the record")
    terminal.press(pasted(evil("noted")), "noted[/x]")
    terminal.child.send(ENTER)
    terminal.press("k", "Skip this step: why?")
    terminal.press(pasted(evil("reason")), "reason[/x]")
    terminal.press(ENTER, whole("item"))
    assert terminal.ends(F7) == 3
    assert b"uplevel resume" in terminal.heard
    assert commands(terminal.heard) - OF_TEXTUAL == set()

    again = outer()
    again.sees("Unfinished", "LIVE choice")
    again.press("s", "step 2" if "step 2" in again.shown else "Sessions")
    again.press("t", "Deviations", r"reason\[/x\]", r"title\[/x\]\<U+001B\>")
    assert again.ends(CTRL_C) == 0
    assert commands(again.heard) - OF_TEXTUAL == set()
