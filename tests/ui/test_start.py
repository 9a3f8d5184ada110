"""The start page: what is known before anything runs, and the form."""

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input, Select

from screens.app import UplevelApp
from screens.run.screen import RunScreen
from screens.start.screen import StartScreen
from wizard.engine import Preparation, Request, open_session, prepare


if TYPE_CHECKING:
    from tests.conftest import Opener
    from tests.ui.conftest import Desk, Prepares


Opens = Callable[[Preparation], UplevelApp]
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])

_FORM = """
format: 1
procedure: form
title: A form
summary: What it is about.
parameters:
  stage: {ask: Which stage?, choices: [preview, production]}
  name: {ask: Name of the thing, default: thing-1}
  token: {ask: The token, secret: true}
target:
  place: {run: echo here, capture: '(.*)'}
phases:
  - title: Only
    steps: [{id: it, title: 'Greet ${name}', run: 'echo ${name}', undo: {run: 'echo back'}}]
"""


@SIZES
async def test_it_shows_the_file_and_what_runs_at_once(
    size: tuple[int, int], desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    preparation = prepared_from(_FORM, stage="production")
    async with wizard_at(preparation).run_test(size=size) as pilot:
        it = desk(pilot)
        await it.pilot.pause()
        text = it.text()
        assert "LIVE PRODUCTION" in text.splitlines()[0]
        own = hashlib.sha256(_FORM.encode()).hexdigest()
        assert f", sha256 {own[:4]}…{own[-4:]}" in " ".join(text.split())
        assert "What it is about." in text
        assert "Which stage?" in text
        assert "Runs at once, read-only (1)" in text
        assert "echo here" in text
        assert "F5 begin" in text
        await it.press("f4")
        page = [" ".join(line.split()) for line in it.text().splitlines()]
        assert "runs $ echo thing-1" in page
        assert "undo runs $ echo back" in page


async def test_a_value_that_does_not_do_keeps_it_from_beginning(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    async with wizard_at(prepared_from(_FORM)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.pilot.pause()
        await it.press("f5")
        assert isinstance(it.app.screen, StartScreen)
        assert "Which stage?" in it.said("#notice")
        assert it.app.focused is it.app.screen.query_one("#field-stage")
        it.app.screen.query_one("#field-stage", Select).value = "preview"
        await it.pilot.pause()
        assert it.said("#notice") == ""
        field = it.app.screen.query_one("#field-name", Input)
        field.value = "two words"
        field.focus()
        await it.pilot.pause()
        assert "LIVE preview" in it.text().splitlines()[0]
        await it.press("f5")
        assert isinstance(it.app.screen, StartScreen)
        assert "Name of the thing" in it.said("#notice")


async def test_what_is_typed_unseen_reaches_the_engine_and_nothing_else(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens, own_folders: object
) -> None:
    async with wizard_at(prepared_from(_FORM, stage="preview")).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.pilot.pause()
        it.app.screen.query_one("#field-token", Input).value = "hunter2-hunter2"
        it.app.screen.query_one("#ticket", Input).value = "DM-1"
        assert "hunter2" not in it.text()
        await it.press("f5")
        await it.until(lambda: isinstance(it.app.screen, RunScreen))
        await it.question("go")  # nobody asks for the token again
        opened = it.run.showing.state.opened
        assert opened.ticket == "DM-1"
        assert opened.parameters["name"] == "thing-1"
        folder = it.run.driver.engine.folder
        assert all(b"hunter2" not in file.read_bytes() for file in folder.rglob("*") if file.is_file())
        assert "hunter2" not in it.text()


async def test_rehearsing_instead_is_offered_where_it_can_be(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    async with wizard_at(prepared_from(_FORM, stage="preview")).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.pilot.pause()
        assert "rehearse instead" not in it.said("#keys")
    text = _FORM + "rehearsal: {world: digitalmarketplace}\n"
    async with wizard_at(prepared_from(text, stage="preview")).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.pilot.pause()
        assert "rehearse instead" in it.said("#keys")
        await it.press("f6")
        await it.until(lambda: "REHEARSAL" in it.text().splitlines()[0])


async def test_escape_leaves_without_having_run_anything(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    app = wizard_at(prepared_from(_FORM))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
    assert app.return_value is not None
    assert app.return_value.code == 0


@pytest.mark.usefixtures("at_once")
async def test_redis_is_filled_in_by_keys_alone_at_80x24(desk: "type[Desk]", wizard_at: Opens) -> None:
    async with wizard_at(prepare(Request("redis", "live"))).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.pilot.pause()
        page = it.app.screen.query_one("#page")

        def pointed() -> str:
            row = next(line for line in it.text().splitlines() if line.startswith(">"))
            return row[2:34].strip()

        assert pointed() == "Which stage?"
        await it.press("enter", "down")
        assert "> preview" in it.text()
        assert "> staging" not in it.text()
        await it.press("enter")
        assert "LIVE preview" in it.text().splitlines()[0]
        await it.press("tab")
        assert pointed().startswith("Plan of the new service")
        await it.press("end", *["backspace"] * 3)
        await it.type("7.x")
        for label in ("Name that the frontends", "The app that a way", "Ticket"):
            await it.press("tab")
            assert pointed().startswith(label)
        await it.type("DM-4711")
        await it.press("shift+tab")
        assert pointed().startswith("The app that a way")
        await it.press("pagedown", "pagedown")
        assert page.scroll_y == page.max_scroll_y
        assert "Turn back until" in it.text()
        assert "more below" not in it.text()
        await it.press("pageup", "pageup")
        assert page.scroll_y == 0
        assert "more below: PgDn" in it.text()
        screen = it.app.screen
        assert isinstance(screen, StartScreen)
        screen.action_commands()
        await it.pilot.pause()
        assert screen.preparation.ready
        assert screen.preparation.values["plan"] == "medium-ha-7.x"
        assert screen.preparation.request.ticket == "DM-4711"


async def test_nothing_is_said_of_a_value_before_it_was_entered(desk: "type[Desk]", wizard_at: Opens) -> None:
    async with wizard_at(prepare(Request("redis", "live"))).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.pilot.pause()
        assert "!" not in it.text()
        await it.press("tab", "tab", "shift+tab")
        assert "!" not in it.text()
        await it.press("end", "backspace")
        assert "!" not in it.text(), "while it is being typed"
        await it.press("tab")
        assert "! Enter a plan of Redis, such as" in it.text()
        await it.press("shift+tab", "end")
        await it.type("x")
        assert "!" not in it.text(), "as soon as it is right"
        await it.press("f5")
        assert "! Choose a stage." in it.text()
        assert it.said("#notice") == "! Which stage? Choose a stage."


@SIZES
async def test_the_field_that_has_the_keyboard_is_seen_without_colour(
    size: tuple[int, int], desk: "type[Desk]", wizard_at: Opens
) -> None:
    async with wizard_at(prepare(Request("postgresql", "live"))).run_test(size=size) as pilot:
        it = desk(pilot)
        await it.pilot.pause()
        fields = len(it.app.screen.query("FormRow"))
        for _ in range(fields):
            assert sum(line.startswith(">") for line in it.text().splitlines()) == 1
            await it.press("tab")


_LEFT = """
format: 1
procedure: left
title: Left here
parameters:
  place: {ask: Which place?, choices: [here, there]}
  speed: {default: slow}
target:
  at: {run: 'echo ${place}', capture: '^(.*)$'}
fence: {at: '${place}'}
phases:
  - title: Only
    steps: [{id: it, title: Do it, run: 'true'}]
"""


async def test_what_was_left_unfinished_on_the_target_is_shown_before_another_begins(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens, sessions: "Opener"
) -> None:
    first = sessions.drive(open_session(prepared_from(_LEFT, place="here"), front_end="none"))
    first.until_asked("go")
    first.leave()
    other = _LEFT.replace("procedure: left", "procedure: other")
    async with wizard_at(prepared_from(other, speed="fast")).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.pilot.pause()
        assert "Unfinished" not in it.text(), "nobody knows yet where this one would go"
        await it.press("enter", "down", "down", "enter")
        assert "Unfinished" not in it.text(), "it goes there, and the other one is here"
        await it.press("enter", "up", "enter")
        told = " ".join(it.text().split())
        assert "! Unfinished: Left here, step 1 of 1, paused" in told
        assert f"session {first.engine.session}" in told
        assert "you are asked: go on with it, close it, or begin beside it." in told
        assert "F3 resume it" in it.said("#keys")
        assert it.said("#notice") == "! A live session is unfinished here: see the top of this page."
        await it.press("f3")
        await it.until(lambda: isinstance(it.app.screen, RunScreen))
        assert it.run.driver.engine.session == first.engine.session


async def test_a_value_that_its_field_cannot_show_stands_whole_below_it(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    name = "a-thing-with-a-name-that-is-longer-than-any-field"
    async with wizard_at(prepared_from(_FORM, stage="preview", name=name)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.until(lambda: name in it.text().replace("\n", "").replace(" ", ""))
        await it.pilot.resize_terminal(120, 40)
        await it.until(lambda: it.text().count(name) == 1)


async def test_it_says_which_ports_it_will_take(desk: "type[Desk]", wizard_at: Opens) -> None:
    preparation = prepare(Request("redis", "rehearsal", {"stage": "preview", "new_port": "20123"}))
    async with wizard_at(preparation).run_test(size=(120, 40)) as pilot:
        it = desk(pilot)
        await it.pilot.pause()
        text = " ".join(it.text().split())
        assert "Ports old_port a free port, chosen at the start; new_port 20123" in text
        assert "Plays on the pretend platform" in text
        assert "Turn back until step 16" in text
