"""The run screen on a real engine: what stands there, what keys do, what they never do."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from screens.app import UplevelApp
from screens.output.output_pane import OutputPane
from screens.run.choices import Choices
from screens.run.screen import RunScreen
from tests.ui.conftest import Hand
from wizard.archive.sessions import list_sessions
from wizard.engine import Preparation
from wizard.session import Mark


if TYPE_CHECKING:
    from tests.ui.conftest import Begins, Desk, Prepares


pytestmark = pytest.mark.usefixtures("at_once")

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])

_TWO = """
format: 1
procedure: two
title: Two steps
phases:
  - title: Only phase
    steps:
      - id: first
        ref: Page 1
        title: Write the first file
        why: The second file needs it.
        already: {run: 'test -e ${dir}/first'}
        run: touch ${dir}/first
        after: [{run: 'test -e ${dir}/first'}]
        undo: {run: 'rm ${dir}/first'}
      - id: second
        title: Write the second file
        type: second
        run: touch ${dir}/second
parameters:
  dir: {matches: '/.*'}
"""

_ONE = """
format: 1
procedure: one
title: One step
phases: [{title: Only, steps: [{id: it, title: Do it, %s}]}]
"""


Opens = Callable[[Preparation], UplevelApp]


@SIZES
async def test_two_steps_key_by_key(size: tuple[int, int], tmp_path: object, begun: "Begins") -> None:
    async with begun(_TWO, dir=str(tmp_path), size=size) as it:
        text = it.text()
        assert "1 of 2 · Page 1 · Write the first file" in text
        assert "! needs you" in text
        assert "The second file needs it." in text
        assert f"$touch{tmp_path}/first" in "".join(text.replace("│", "").split())  # it may take two rows
        assert "already done?  no" in text
        assert "nothing to undo" in text
        assert "LIVE" in text.splitlines()[0]

        await it.take("r")
        await it.kind("result")
        await it.until(lambda: it.run.showing.state.question is not None)
        text = it.text()
        assert "✓ done" in text
        assert "after" in text
        assert "Press Enter to go on" in text
        assert "2 of 2" not in text  # it is asked already, and not shown before the result was read

        await it.press("enter")
        await it.question("go")
        assert "2 of 2 · Write the second file" in it.text()
        assert "you will type second" in it.text()
        await it.take("r")
        await it.question("type")
        assert it.run.query_one(Choices).marked is None  # a gate has no default
        await it.press("enter")
        assert "Nothing is marked." in it.text()
        await it.take("t")
        await it.type("secon")
        await it.press("enter")
        assert "That is not second" in it.text()
        await it.press("d", "enter")
        await it.kind("result")
        assert "Only phase is over" in it.text()
        await it.press("enter")
        await it.kind("closed")
        await it.until(lambda: it.run.showing.finished is not None)
        assert "The session is completed." in it.text()
        assert "none" in it.text()
        await it.press("enter")
    assert it.app.return_value is not None
    assert it.app.return_value.code == 0


@SIZES
async def test_a_step_that_does_not_prove_itself(size: tuple[int, int], tmp_path: object, begun: "Begins") -> None:
    body = f"run: echo hello, after: [{{run: 'test -e {tmp_path}/nowhere', says: Look in the other place.}}]"
    async with begun(_ONE % body, size=size) as it:
        await it.take("r")
        await it.question("failed")
        text = it.text()
        assert "✗ failed" in text
        assert "✗ no" in text
        assert "check again" in text
        assert "run again" in text
        assert "skip this step" in text
        assert it.run.showing.card_mark is Mark.FAILED
        await it.press("f5")
        assert it.run.query_one(OutputPane).display
        await it.until(lambda: "hello" in it.text())
        await it.press("f5")
        await it.take("k")
        await it.press("enter")
        assert "A reason is needed." in it.text()
        await it.type("not today")
        await it.press("enter")
        await it.kind("closed")
        user = it.run.showing.state.opened.operator.user
        told = " ".join(it.text().replace("│", " ").split())
        assert f"1 · Do it: skipped, by {user}: not today. The check had said: " in told


async def test_a_question_of_the_command_is_answered_in_the_pane(begun: "Begins") -> None:
    text = _ONE % 'shell: \'read -r -p "Really? " word; echo "heard $word"\''
    async with begun(text) as it:
        await it.take("r")
        await it.kind("running")
        await it.until(lambda: "Really?" in it.text())
        assert "● running" in it.text()
        await it.take("k")  # the wizard has the keyboard: nothing is asked now, nothing happens
        assert "A command is running, so nothing is asked now." in it.text()
        assert it.run.showing.kind == "running"
        await it.press("tab")
        pane = it.run.query_one(OutputPane)
        assert pane.takes_keys
        assert "Ctrl+]" in it.text()
        await it.press("ctrl+right_square_bracket")
        assert not pane.takes_keys
        await it.press("tab")
        await it.type("yes")
        await it.press("enter")
        await it.kind("result")
        assert not pane.takes_keys
        await it.press("f5")
        await it.until(lambda: "heard yes" in it.text())


async def test_a_running_command_is_stopped_only_after_asking(begun: "Begins") -> None:
    async with begun(_ONE % "run: sleep 60") as it:
        await it.take("r")
        await it.kind("running")
        await it.press("ctrl+c")
        assert "A command is running" in it.text()
        await it.press("enter")  # the harmless way is the marked one
        assert it.run.showing.kind == "running"
        assert it.run.showing.state.open_run is not None
        assert not it.run.showing.state.open_run.stop_requested
        await it.press("f8")
        await it.press("down", "enter")
        await it.question("failed")


async def test_keys_typed_ahead_do_not_answer(
    desk: "type[Desk]", prepared_from: "Prepares", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("screens.shared.guard.SETTLING", 0.4)
    ticks = Hand()
    async with UplevelApp(preparation=prepared_from(_ONE % "run: 'true'"), ticks=ticks).run_test(
        size=(80, 24)
    ) as pilot:
        it = desk(pilot)
        await it.pilot.pause()
        ticks.seconds += 0.5
        await it.press("f5")
        await it.until(lambda: isinstance(it.app.screen, RunScreen) and it.run.showing.kind == "question")
        for key in ("enter", "r", "k", "x", "down", "enter"):
            await pilot.press(key)
            assert it.app.screen is it.run  # no window
            assert it.run.query_one(Choices).marked is None
        assert "before this was drawn" in it.text()
        assert it.run.showing.state.runs == {}
        ticks.seconds += 0.5
        await it.take("r")
        await it.until(lambda: it.run.showing.kind == "result")
        await pilot.press("enter")
        assert it.run.showing.result is not None  # not even an acknowledgement
        ticks.seconds += 0.5
        await it.press("enter")
        assert it.run.showing.result is None


async def test_the_first_enter_after_a_step_only_acknowledges(tmp_path: object, begun: "Begins") -> None:
    text = _TWO.replace("        type: second\n", "")
    async with begun(text, dir=str(tmp_path)) as it:
        await it.take("r")
        await it.kind("result")
        await it.until(lambda: it.run.showing.state.question is not None)  # the next one waits behind
        await it.press("k", "r", "f9")
        assert it.app.screen is it.run
        assert len(it.run.showing.state.runs) == 1
        await it.press("enter")
        await it.question("go")
        assert len(it.run.showing.state.runs) == 1


@SIZES
async def test_hostile_texts_are_shown_as_they_are(
    size: tuple[int, int], desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    text = """
format: 1
procedure: bad
title: "[/x] [bold]T"
phases:
  - title: "[@click=app.quit]phase[/]"
    steps:
      - id: it
        title: "[@click=app.quit]go[/] \\u202Eevil"
        why: "[link=file:///etc]why[/link] [/nope] \\e[31m"
        run: "echo '[@click=app.bell]x[/]'"
"""
    async with wizard_at(prepared_from(text)).run_test(size=size) as pilot:
        it = desk(pilot)
        await it.pilot.pause()
        assert "[/x] [bold]T" in it.text()
        await it.press("f4")
        assert "[@click=app.quit]phase[/]" in it.text()
        await it.press("escape", "f5")
        await it.question("go")
        shown = it.text()
        assert "[@click=app.quit]go[/]" in shown
        assert "<U+202E>" in shown
        assert "\u202e" not in shown
        assert "[link=file:///etc]why[/link] [/nope]" in shown
        assert "<U+001B>" in shown
        assert "\x1b" not in shown
        assert "echo '[@click=app.bell]x[/]'" in shown
        await it.pilot.click("#card", offset=(6, 0))
        assert isinstance(it.app.screen, RunScreen)


async def test_a_note_and_the_steps_of_a_narrow_terminal(tmp_path: object, begun: "Begins") -> None:
    async with begun(_TWO, dir=str(tmp_path)) as it:
        await it.press("f4")
        assert "Only phase" in it.text()
        assert "2 Write the second file" in it.text()
        await it.press("f4")
        await it.press("f2")
        await it.type("told them")
        await it.press("enter")
        journal = it.run.driver.engine.folder / "journal.jsonl"
        await it.until(lambda: "told them" in journal.read_text())
        await it.press("f7")
        await it.until(lambda: _app_left(it))
    outcome = it.app.return_value
    assert outcome is not None
    assert outcome.code == 3
    assert "uplevel resume" in outcome.sentence


def _app_left(desk: "Desk") -> bool:
    """Whether the wizard was left."""
    return desk.app.return_value is not None


async def test_arrows_mark_and_enter_takes_what_is_marked(tmp_path: object, begun: "Begins") -> None:
    async with begun(_TWO, dir=str(tmp_path)) as it:
        choices = it.run.query_one(Choices)
        assert choices.marked is None
        await it.press("down", "down", "down")
        assert choices.marked is not None
        assert choices.marked.id == "skip"
        assert "Enter: skip this step" in it.text()
        await it.press("enter")
        assert "Skip this step: why?" in it.text()
        await it.press("escape")
        assert it.app.screen is it.run


async def test_a_terminal_that_is_too_small_says_what_it_needs(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    async with wizard_at(prepared_from(_ONE % "run: 'true'")).run_test(size=(50, 15)) as pilot:
        it = desk(pilot)
        await it.pilot.pause()
        assert "needs 60 columns and 18 rows" in " ".join(it.text().split())
        await pilot.resize_terminal(80, 24)
        await it.pilot.pause()
        assert "One step" in it.text()


async def test_what_no_longer_holds_after_a_resume_stands_in_a_table(
    tmp_path: Path, desk: "type[Desk]", begun: "Begins"
) -> None:
    async with begun(_TWO, dir=str(tmp_path)) as it:
        await it.take("r")
        await it.kind("result")
        await it.press("f7")
        await it.until(lambda: _app_left(it))
    (tmp_path / "first").unlink()
    [session] = list_sessions()
    async with UplevelApp(session=session).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.question("held")
        text = it.text()
        assert "Since this session was left, something changed." in text
        assert "test -e" in text
        assert "wanted" in text
        assert "✗ no" in text
        assert "check again" in text
        (tmp_path / "first").touch()
        await it.press("enter")
        await it.question("go")
        assert "2 of 2" in it.text()


async def test_a_session_that_is_open_elsewhere_is_told_and_left(
    tmp_path: Path, desk: "type[Desk]", begun: "Begins"
) -> None:
    async with begun(_TWO, dir=str(tmp_path)):
        [session] = list_sessions()
        second = UplevelApp(session=session)
        async with second.run_test(size=(80, 24)) as other:
            await desk(other).until(lambda: second.return_value is not None)
        assert second.return_value is not None
        assert second.return_value.code == 1
        assert "open" in second.return_value.sentence


_ACTS = """
format: 1
procedure: acts
title: Acts without a command
phases:
  - title: Only
    steps:
      - id: which
        title: Choose
        choose: {name: road, ask: Which road?, options: [{value: a, label: Short}, {value: b, label: Long}]}
      - {id: tell, title: Say a number, ask: {name: number, ask: How many?, matches: '[0-9]+', means: a whole number}}
      - {id: pass, title: Give it, ask: {name: word, ask: The password, secret: true}}
      - {id: waits, title: Wait a little, wait: {for: 1s}}
"""


async def test_what_is_asked_chosen_and_waited_for(begun: "Begins") -> None:
    async with begun(_ACTS, question="choose") as it:
        assert it.run.query_one(Choices).marked is None
        await it.press("down", "down", "enter")
        await it.kind("result")
        assert "You chose: Long." in it.text()
        await it.press("enter")
        await it.question("ask")
        await it.take("t")
        await it.press("x", "enter")
        await it.until(lambda: it.said("#problem") == "Enter a whole number.")
        await it.press("backspace", "7", "enter")
        await it.kind("result")
        assert "You answered: 7" in it.text()
        await it.press("enter")
        await it.question("secret")
        await it.take("t")
        await it.press(*"hunter2hunter2")
        assert "hunter" not in it.text()
        await it.press("enter")
        await it.kind("result")
        assert "stored nowhere" in it.text()
        await it.press("enter")
        await it.kind("result")
        assert "The wait is over." in it.text()
        await it.press("enter")
        await it.kind("closed")
        folder = it.run.driver.engine.folder
        assert all(b"hunter2" not in file.read_bytes() for file in folder.rglob("*") if file.is_file())
        assert it.run.secrets == {"word": "hunter2hunter2"}


async def test_a_notice_hides_no_answer(tmp_path: object, begun: "Begins") -> None:
    long = _TWO.replace("why: The second file needs it.", f"why: {'The second file needs it. ' * 40}")
    async with begun(long, dir=str(tmp_path)) as it:
        it.run.showing.refused = "It was not undone. " * 6
        it.run.draw()
        await it.until(lambda: "It was not undone." in it.text())
        for option in it.run.showing.options:
            assert option.label.partition(":")[0] in it.text()


async def test_a_long_answer_that_wraps_hides_no_other(tmp_path: object, begun: "Begins") -> None:
    long = f"Write {'and write ' * 12}the first file"
    steps = _TWO.replace("title: Write the first file", f"title: {long}") + "  more: {default: x}\n"
    steps = steps.replace(
        "type: second\n        run: touch ${dir}/second", "choose: {name: w, ask: Which?, options: {a: A, b: B, c: C}}"
    )
    async with begun(steps, dir=str(tmp_path)) as it:
        await it.take("r")
        await it.kind("result")
        await it.press("enter")
        await it.question("choose")
        assert "stop here for good" in it.text()
        assert "undo: Write and" in it.text()
        assert "target" not in it.text()


@SIZES
async def test_the_list_is_scrolled_to_where_we_are(size: tuple[int, int], begun: "Begins") -> None:
    later = ", ".join(f"{{id: s{at}, title: Step {at}, when: {{w: b}}, run: ls}}" for at in range(50))
    first = "{id: way, title: Way, choose: {name: w, ask: Which?, options: {a: A, b: B}}}"
    text = f"format: 1\nprocedure: p\ntitle: P\nphases: [{{title: Only, steps: [{first}, {later}, %s]}}]"
    async with begun(text % "{id: end, title: The last, run: ls}", size=size, question="choose") as it:
        await it.take("1")
        await it.kind("result")
        await it.press("enter")
        await it.question("go")
        if size[0] < 100:
            await it.press("f4")
        await it.until(lambda: "52 The last" in it.text())
