"""Keys that must not act: parts of a text, what came while nothing could be seen, what has no effect. And pastes."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from screens.app import UplevelApp
from screens.picker.catalog import Catalog, CatalogEntry
from screens.picker.screen import PickerScreen
from screens.run.choices import Choices
from screens.run.screen import TEXT, RunScreen
from screens.shared.dialogs import ChooseDialog, TextDialog
from screens.shared.input_gate import PASTE, TEXT_ENDED
from screens.shared.marked_list import MarkedList
from screens.shared.page import ScreensResult
from screens.start.screen import StartScreen
from tests.ui.conftest import Hand
from wizard.engine import Preparation


if TYPE_CHECKING:
    from tests.ui.conftest import Desk, Prepares


Opens = Callable[[Preparation], UplevelApp]

_STEPS = """
format: 1
procedure: typed
title: Typed too early
phases:
  - title: Only
    steps:
      - {id: first, title: Say, run: echo said, undo: {run: echo back}}
      - {id: gate, title: Name it, type: digitalmarketplace, run: echo gone}
"""


class _Typist:
    """Presses keys at moments of its own choice.

    Args:
        desk: At the wizard.
        hand: The clock by which keys are pressed.
    """

    def __init__(self, desk: "Desk", hand: Hand) -> None:
        self.desk = desk
        self.hand = hand

    async def lone(self, *keys: str) -> None:
        """Press each key by itself, long after whatever was pressed before."""
        for key in keys:
            self.hand.seconds += 5.0
            await self.desk.pilot.press(key)
        await self.desk.pilot.pause()

    async def word(self, word: str, apart: float) -> None:
        """Type a word, so many seconds a key."""
        for char in word:
            self.hand.seconds += apart
            await self.desk.pilot.press(char)
        await self.desk.pilot.pause()

    async def at_go(self) -> None:
        """Begin, and wait for the first question."""
        await self.desk.until(lambda: isinstance(self.desk.app.screen, StartScreen))
        await self.desk.pilot.pause()
        await self.lone("f5")
        await self.question("go")

    async def question(self, sort: str) -> None:
        """Wait until such a question stands there and counts."""

        def asked() -> bool:
            screen = self.desk.app.screen
            question = screen.showing.state.question if isinstance(screen, RunScreen) else None
            return question is not None and question.question_kind == sort and self.desk.run.showing.kind == "question"

        await self.desk.until(asked)
        self.hand.seconds += 5.0


def _marked(it: "Desk") -> str:
    marked = it.run.query_one(Choices).marked
    return "" if marked is None else marked.id


def _typist(desk: "type[Desk]", pilot: Pilot[ScreensResult], hand: Hand) -> _Typist:
    return _Typist(desk(pilot), hand)


async def test_a_letter_marks_and_enter_takes(desk: "type[Desk]", prepared_from: "Prepares") -> None:
    hand = Hand()
    async with UplevelApp(preparation=prepared_from(_STEPS), ticks=hand).run_test(size=(80, 24)) as pilot:
        by = _typist(desk, pilot, hand)
        it = by.desk
        await by.at_go()
        assert _marked(it) == ""
        assert "Nothing is marked" in it.text()
        assert "mark, Enter takes" in it.text()
        await by.lone("enter")
        assert it.run.showing.state.runs == {}
        await by.lone("r")
        assert _marked(it) == "run"
        assert "Enter: run it" in it.text().splitlines()[-1]
        assert "> R" in it.text()
        assert it.run.showing.state.runs == {}
        await by.lone("k")
        assert _marked(it) == "skip"
        await by.lone("r", "enter")
        await it.until(lambda: it.run.showing.kind == "result")


@pytest.mark.parametrize("apart", [0.02, 0.4, 0.99])
@pytest.mark.parametrize("word", ["digitalmarketplace", "rr", "kr", "r r", "1r", "qr", "br"])
async def test_a_word_takes_and_opens_nothing(
    word: str, apart: float, desk: "type[Desk]", prepared_from: "Prepares"
) -> None:
    hand = Hand()
    async with UplevelApp(preparation=prepared_from(_STEPS), ticks=hand).run_test(size=(80, 24)) as pilot:
        by = _typist(desk, pilot, hand)
        it = by.desk
        await by.at_go()
        await by.word(word.replace(" ", "_"), apart)
        assert _marked(it) == ""
        assert TEXT in it.text().splitlines()[-1]
        hand.seconds += apart
        await it.pilot.press("enter")
        assert it.app.screen is it.run
        assert it.run.showing.state.runs == {}
        await by.lone("enter")
        assert it.run.showing.state.runs == {}
        await by.lone("down")  # the arrows mark again, and so does a key by itself
        assert _marked(it) == "run"
        await by.lone("k")
        assert _marked(it) == "skip"


async def test_a_word_at_a_result_is_no_acknowledgement(desk: "type[Desk]", prepared_from: "Prepares") -> None:
    hand = Hand()
    async with UplevelApp(preparation=prepared_from(_STEPS), ticks=hand).run_test(size=(80, 24)) as pilot:
        by = _typist(desk, pilot, hand)
        it = by.desk
        await by.at_go()
        await by.lone("r", "enter")
        await it.until(lambda: it.run.showing.kind == "result")
        hand.seconds += 1
        await by.word("production", 0.1)
        await it.pilot.press("enter")
        assert it.run.showing.kind == "result"
        assert TEXT_ENDED in " ".join(it.text().split())
        await by.lone("enter")
        await it.until(lambda: it.run.showing.kind == "question")


@pytest.mark.parametrize("word", ["pager", "save", "skip"])
async def test_a_word_over_the_output_opens_no_window_and_no_pager(
    word: str, desk: "type[Desk]", prepared_from: "Prepares"
) -> None:
    hand = Hand()
    async with UplevelApp(preparation=prepared_from(_STEPS), ticks=hand).run_test(size=(80, 24)) as pilot:
        by = _typist(desk, pilot, hand)
        it = by.desk
        await by.at_go()
        await by.lone("r", "enter")
        await it.until(lambda: it.run.showing.kind == "result")
        await by.lone("f5")
        await it.until(lambda: "said" in it.text())
        await by.word(word, 0.1)
        await it.pilot.press("enter")
        await it.pilot.pause(0.6)
        assert it.app.screen is it.run
        assert it.run.driver.heard
        if word == "save":
            await by.lone("s")
            await it.until(lambda: isinstance(it.app.screen, TextDialog))


async def test_a_word_opens_nothing_of_the_picker(desk: "type[Desk]") -> None:
    entries = Catalog(
        entries=(CatalogEntry("redis", "Redis", "Move", "5 steps"), CatalogEntry("nginx", "Nginx", "Move", "1 step"))
    )
    hand = Hand()
    app = UplevelApp(ticks=hand)
    app.first_screen = lambda: PickerScreen(lambda: entries)  # type: ignore[method-assign]
    async with app.run_test(size=(80, 24)) as pilot:
        by = _typist(desk, pilot, hand)
        it = by.desk
        await it.until(lambda: "Redis" in it.text())
        await by.word("orders", 0.2)
        assert it.app.screen.query_one(MarkedList).marked == ""
        await it.pilot.press("enter")
        assert isinstance(it.app.screen, PickerScreen)
        await by.lone("enter")
        assert "marked again" in it.text()
        await by.lone("enter")
        await it.until(lambda: isinstance(it.app.screen, StartScreen))


async def test_a_choice_of_ways_is_taken_by_arrows_and_enter_alone(
    desk: "type[Desk]", prepared_from: "Prepares"
) -> None:
    text = _STEPS.replace("echo said", "sleep 30")
    hand = Hand()
    async with UplevelApp(preparation=prepared_from(text), ticks=hand).run_test(size=(80, 24)) as pilot:
        by = _typist(desk, pilot, hand)
        it = by.desk
        await by.at_go()
        await by.lone("r", "enter")
        await it.until(lambda: it.run.outputs.command is not None)
        await by.lone("f8")
        assert isinstance(it.app.screen, ChooseDialog)
        await by.lone("down")
        await by.word("stop", 0.1)
        await it.pilot.press("enter")
        await by.lone("enter")
        assert isinstance(it.app.screen, ChooseDialog)
        await it.pilot.click("#ways", offset=(4, 1))
        assert isinstance(it.app.screen, ChooseDialog)
        assert it.app.screen.query_one(MarkedList).marked == "stop"
        hand.seconds += 1
        await by.lone("enter")
        await it.until(lambda: it.run.showing.state.question is not None)


async def test_a_click_marks_and_takes_nothing(desk: "type[Desk]", prepared_from: "Prepares") -> None:
    hand = Hand()
    async with UplevelApp(preparation=prepared_from(_STEPS), ticks=hand).run_test(size=(80, 24)) as pilot:
        by = _typist(desk, pilot, hand)
        it = by.desk
        await by.at_go()
        choices = it.run.query_one(Choices)
        for text, option in (("R   run it", "run"), ("K   skip", "skip"), ("X   stop", "stop")):
            y, line = next((y, line) for y, line in enumerate(it.text().splitlines()) if text in line)
            await it.pilot.click(offset=(line.index(text) + 5, y))
            assert _marked(it) == option
        assert choices.display
        assert it.run.showing.state.runs == {}


async def test_what_cannot_be_seen_is_not_answered(desk: "type[Desk]", prepared_from: "Prepares") -> None:
    hand = Hand()
    async with UplevelApp(preparation=prepared_from(_STEPS), ticks=hand).run_test(size=(20, 5)) as pilot:
        by = _typist(desk, pilot, hand)
        it = by.desk
        await it.until(lambda: isinstance(it.app.screen, StartScreen))
        await by.lone("f5", "r", "enter", "f6", "f4", "f1")
        assert isinstance(it.app.screen, StartScreen)
        await it.pilot.resize_terminal(40, 12)
        await by.lone("f5")
        assert "keys do nothing" in " ".join(it.text().split())
        await it.pilot.resize_terminal(80, 24)
        await it.pilot.press("f5")  # drawn only now
        assert len(it.app.screen_stack) == len(["blank", "start"])
        assert "before this was drawn" in it.text()
        await by.at_go()
        await by.lone("r")
        assert _marked(it) == "run"
        await it.pilot.resize_terminal(20, 5)
        await by.lone("r", "enter", "k", "enter", "f2", "f9", "ctrl+p")
        await it.paste("some text")
        await it.pilot.resize_terminal(80, 24)
        assert it.app.screen_stack[-1] is it.run
        assert _marked(it) == ""
        await it.pilot.press("r")
        assert _marked(it) == ""
        await by.lone("k", "enter")
        assert isinstance(it.app.screen, TextDialog)
        await it.pilot.resize_terminal(20, 5)
        await by.word("unseen", 0.1)
        await it.pilot.press("enter")
        await it.paste("unseen")
        assert "needs 60" in " ".join(it.text().split())
        await it.pilot.resize_terminal(80, 24)
        assert it.app.screen.query_one(Input).value == ""
        await it.pilot.resize_terminal(20, 5)
        await by.lone("escape", "ctrl+c")
        await it.until(lambda: it.app.return_value is not None)
        assert it.run.showing.state.runs == {}


_IDLE = [
    ("f9", "Nothing can be taken back now."),
    ("u", "Nothing can be taken back now."),
    ("f8", "No command runs"),
    ("f5", "There is no output yet."),
    ("f6", "There is no output yet."),
    ("tab", "No command runs"),
    ("a", "A stands for no answer here."),
    ("7", "There is nothing to choose by number here."),
    ("escape", "There is nothing to go back to."),
    ("p", "This key works on an output"),
    ("ctrl+f", "This key works on an output"),
    ("f12", "F12 does nothing here."),
    ("home", "Home does nothing here."),
]


async def test_a_key_without_effect_says_so(desk: "type[Desk]", prepared_from: "Prepares") -> None:
    hand = Hand()
    async with UplevelApp(preparation=prepared_from(_STEPS), ticks=hand).run_test(size=(80, 24)) as pilot:
        by = _typist(desk, pilot, hand)
        it = by.desk
        await by.at_go()
        for key, said in _IDLE:
            await by.lone("f2", "escape")
            hand.seconds += 5
            await by.lone(key)
            assert said in " ".join(it.said("#notice").split()), key
        await by.lone("f1", "f7")
        assert "F7 does nothing here." in it.text()


async def test_a_session_that_is_over_takes_nothing_more_and_says_so(
    desk: "type[Desk]", prepared_from: "Prepares"
) -> None:
    hand = Hand()
    async with UplevelApp(preparation=prepared_from(_STEPS), ticks=hand).run_test(size=(80, 24)) as pilot:
        by = _typist(desk, pilot, hand)
        it = by.desk
        await by.at_go()
        await by.lone("x", "enter")
        await by.word("over", 0.1)
        await by.lone("enter")
        await it.until(lambda: it.run.showing.kind == "closed" and it.run.showing.finished is not None)
        for key in ("f2", "f3", "ctrl+o"):
            await by.lone("escape", key)
            assert "its record is closed" in it.said("#notice"), key


async def test_a_paste_starts_nothing_and_says_so(desk: "type[Desk]", prepared_from: "Prepares") -> None:
    hand = Hand()
    async with UplevelApp(preparation=prepared_from(_STEPS), ticks=hand).run_test(size=(80, 24)) as pilot:
        by = _typist(desk, pilot, hand)
        it = by.desk
        await by.at_go()
        await by.lone("r")
        await it.paste("r\r")
        assert _marked(it) == ""
        assert PASTE in it.said("#notice")
        await by.lone("enter")
        assert it.run.showing.state.runs == {}


@pytest.mark.usefixtures("at_once")
async def test_a_paste_of_several_lines_is_kept_whole(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    text = f"parameters: {{secret: {{secret: true}}}}{_STEPS}"
    async with wizard_at(prepared_from(text)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.until(lambda: isinstance(it.app.screen, StartScreen))
        secret = it.app.screen.query_one("#field-secret", Input)
        secret.focus()
        await it.paste("hunter2\nhunter3")
        assert secret.value == ""
        assert "several" in it.said("#notice")
        await it.paste("hunter2hunter2\r\n")
        assert secret.value == "hunter2hunter2"
        await it.press("f5")
        await it.question("go")
        await it.take("k")
        await it.paste("line one\r\nline two\nrrr\n\x1b[31mred\r")
        await it.press("enter")
        await it.kind("question")
        journal = (it.run.driver.engine.folder / "journal.jsonl").read_text()
        assert "line one line two rrr \\u001b[31mred" in journal


async def test_a_key_that_does_something_ends_a_text(desk: "type[Desk]", prepared_from: "Prepares") -> None:
    hand = Hand()
    async with UplevelApp(preparation=prepared_from(_STEPS), ticks=hand).run_test(size=(80, 24)) as pilot:
        by = _typist(desk, pilot, hand)
        it = by.desk
        await by.at_go()
        for keys, marked in ((("k", "down", "r"), "run"), (("r", "k"), ""), (("r", "f12", "k"), "")):
            hand.seconds += 5
            await it.press(*keys)
            assert _marked(it) == marked, keys
