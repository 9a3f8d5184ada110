"""Who comes second at a target, on the screens: who holds it is told whole, and nothing is begun."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from screens.app import UplevelApp
from screens.run.observe import READ_ONLY, ObserveScreen
from screens.run.run_keys import key_answering
from tests.conftest import Opener
from tests.two_operators import lay, procedure
from tests.ui.conftest import Desk, Prepares
from wizard.archive.sessions import list_sessions
from wizard.engine import Preparation


if TYPE_CHECKING:
    from pathlib import Path


pytestmark = pytest.mark.usefixtures("at_once")


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 40), (160, 50)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_second_comer_reads_who_holds_the_target_and_can_wait_or_ask(  # noqa: PLR0917  (fixtures)
    tmp_path: "Path",
    sessions: Opener,
    desk: type[Desk],
    prepared_from: Prepares,
    wizard_at: Callable[[Preparation], UplevelApp],
    size: tuple[int, int],
) -> None:
    values = lay(tmp_path)
    first = sessions.open(procedure("one"), values=values)
    first.until_asked("go")
    async with wizard_at(prepared_from(procedure("two"), folder=values["folder"])).run_test(size=size) as pilot:
        it = desk(pilot)
        await it.until(lambda: "F5" in it.text())
        await it.press("f5")
        await it.question("busy")
        text = " ".join(it.text().split())
        for word in (first.engine.session, "Procedure one", "Change it with one", "org dm", "looks on"):
            assert word in text, it.text()
        for word in (
            "A check again",
            "L look on, read-only",
            "T ask to take over",
            "pause and leave",
            "stop here for good",
        ):
            assert word in text, it.text()
        first.leave()
        await it.press("enter")  # what is marked from the start changes nothing: it is looked again
        await it.question("unfinished")
        text = " ".join(it.text().split())
        for word in (
            first.engine.session,
            "paused at step 1 of 2",
            "go on with that one",
            "close that one",
            "begin beside",
        ):
            assert word in text, it.text()


async def test_the_second_comer_looks_on_by_a_key_and_comes_back_to_the_question(
    tmp_path: "Path",
    sessions: Opener,
    desk: type[Desk],
    prepared_from: Prepares,
    wizard_at: Callable[[Preparation], UplevelApp],
) -> None:
    values = lay(tmp_path)
    first = sessions.open(procedure("one"), values=values)
    first.until_asked("go")
    async with wizard_at(prepared_from(procedure("two"), folder=values["folder"])).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.until(lambda: "F5" in it.text())
        await it.press("f5")
        await it.question("busy")
        asked = it.run.showing.state.question
        await it.take("l")
        await it.until(lambda: isinstance(it.app.screen, ObserveScreen) and "Change it with one" in it.text())
        assert "Procedure one" in it.text().splitlines()[0]
        assert "OBSERVING LIVE" in it.text().splitlines()[0]
        assert "Esc" in it.text().splitlines()[-1]
        await it.press("r")
        assert READ_ONLY in it.text()
        await it.press("escape")
        await it.question("busy")
        assert it.run.showing.state.question == asked
        await it.take("l")
        await it.until(lambda: isinstance(it.app.screen, ObserveScreen) and "Change it with one" in it.text())
        first.leave()
        await it.until(lambda: "Nobody is at the session." in it.text())
        await it.press("f7")
        await it.question("busy")
        await it.take("a")
        await it.question("unfinished")
        text = " ".join(it.text().split())
        for word in ("R go on with that one", "E close that one", "B begin beside"):
            assert word in text, it.text()


async def test_whoever_is_asked_for_the_target_answers_by_a_key(
    tmp_path: "Path",
    sessions: Opener,
    desk: type[Desk],
    prepared_from: Prepares,
    wizard_at: Callable[[Preparation], UplevelApp],
) -> None:
    values = lay(tmp_path)
    async with wizard_at(prepared_from(procedure("one"), folder=values["folder"])).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.until(lambda: "F5" in it.text())
        await it.press("f5")
        await it.question("go")
        second = sessions.open(procedure("two"), values=values)
        second.ask_and_answer("take-over", "the site is down", sort="busy")
        await it.question("take over")
        assert "Y   give the target" in it.text()
        assert "N   keep the target" in it.text()
        await it.take("n")
        await it.type("mine")
        await it.press("enter")
        await it.question("go")
        second.until_asked("busy")


@pytest.mark.parametrize(
    "options",
    [
        ("again", "observe", "take-over", "pause", "stop"),
        ("give", "refuse"),
        ("go-on", "close-other", "beside", "pause", "stop"),
        ("accept-session", "pause"),
    ],
)
def test_each_answer_at_a_shared_target_has_a_key_of_its_own(options: tuple[str, ...]) -> None:
    keys = [key_answering(option) for option in options]
    assert None not in keys
    assert len(set(keys)) == len(options)


async def test_a_session_is_handed_over_by_a_key_and_accepted_by_name(
    tmp_path: "Path", desk: type[Desk], prepared_from: Prepares, wizard_at: Callable[[Preparation], UplevelApp]
) -> None:
    values = lay(tmp_path)
    async with wizard_at(prepared_from(procedure("one"), folder=values["folder"])).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.until(lambda: "F5" in it.text())
        await it.press("f5")
        await it.question("go")
        await it.press("ctrl+o")
        await it.type("names are next")
        await it.press("enter")
        await it.until(lambda: it.run.showing.finished is not None)
    [left] = list_sessions()
    async with UplevelApp(session=left).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.question("handed over")
        assert "names are next" in " ".join(it.text().split())
        await it.take("y")
        await it.type("jon")
        await it.press("enter")
        await it.question("go")
        assert it.run.showing.state.who == "jon"
