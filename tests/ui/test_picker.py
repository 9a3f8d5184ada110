"""The picker and the lists: what stands there, how it is found, what opens."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.screen import Screen

from screens.app import UplevelApp
from screens.picker.catalog import Catalog, CatalogEntry
from screens.picker.screen import PickerScreen
from screens.sessions.screen import SessionsScreen
from screens.shared.marked_list import MarkedList
from screens.start.screen import StartScreen
from screens.transcript.screen import TranscriptScreen
from wizard.archive.sessions import SessionSummary
from wizard.errors import RecordProblem


if TYPE_CHECKING:
    from tests.ui.conftest import Desk


SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])

_PAUSED = SessionSummary(
    id="01M83V02XC7FADYZ5950HBE5J1",
    procedure="redis",
    title="Upgrade Redis",
    mode="live",
    stage="production",
    state="paused",
    started="2026-11-23T09:15:07.580904Z",
    finished="",
    operator="mara",
    step_number=3,
    steps=5,
    folder=Path("nowhere"),
    last="2026-11-23T09:15:07.580904Z",
    ticket="DM-4711",
    parameters={"stage": "production", "plan": "large-ha-7.x", "service": "digitalmarketplace_redis"},
    given={"stage": "production", "plan": "large-ha-7.x"},
)
_BAD = "[@click=app.quit]Quit[/] [/x]\u202e"


def _shelf() -> Catalog:
    return Catalog(
        unfinished=(_PAUSED, replace(_PAUSED, id="01B", mode="rehearsal", state="unknown")),
        entries=(
            CatalogEntry("redis", "Redis", "Move sessions to a newer Redis", "5 steps"),
            CatalogEntry("bad", _BAD, _BAD, "1 step"),
        ),
        here=(CatalogEntry("procedures/warm.yaml", "warm-cache", "Warm the caches", "2 steps"),),
        problems=("2 procedures are called redis.",),
    )


class _Opened(UplevelApp):
    def __init__(self, screen: Screen[None]) -> None:
        super().__init__()
        self._first = screen

    def first_screen(self) -> Screen[None]:
        return self._first


@SIZES
async def test_the_lists_are_whole_and_literal(size: tuple[int, int], desk: "type[Desk]") -> None:
    async with _Opened(PickerScreen(_shelf)).run_test(size=size) as pilot:
        it = desk(pilot)
        await it.until(lambda: "Redis" in it.text())
        lines = it.text().splitlines()
        assert "uplevel" in lines[0]
        assert "@" in lines[0]
        unfinished = next(line for line in lines if "LIVE PRODUCTION" in line)
        assert "! Upgrade Redis" in unfinished
        assert "step 3 of 5" in unfinished
        assert "paused" in unfinished
        unknown = next(line for line in lines if "REHEARSAL" in line)
        assert "? Upgrade Redis" in unknown
        assert "outcome unknown" in unknown
        assert "Yours: ./procedures" in it.text()
        assert "[@click=app.quit]Quit" in it.text()
        assert "\u202e" not in it.text()
        assert "2 procedures are called redis." in it.text()
        assert "F1 help" in lines[-1]


async def test_finding_narrows_the_list(desk: "type[Desk]") -> None:
    async with _Opened(PickerScreen(_shelf)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.until(lambda: "warm-cache" in it.text())
        await it.press("slash")
        await it.type("warm")
        await it.pilot.pause()
        assert "Redis" not in it.text().replace("called redis", "")
        await it.press("enter")
        assert it.app.screen.query_one(MarkedList).marked == "here:procedures/warm.yaml"
        marked = next(line for line in it.text().splitlines() if "warm-cache" in line)
        assert marked.startswith(">")
        await it.press("escape")
        assert "Redis" in it.text()


async def test_a_procedure_opens_at_its_start_page_and_escape_comes_back(desk: "type[Desk]") -> None:
    async with UplevelApp().run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.until(lambda: "Upgrade Redis" in it.text())
        await it.press("r")
        await it.until(lambda: isinstance(it.app.screen, StartScreen))
        assert "REHEARSAL" in it.text().splitlines()[0]
        await it.press("escape")
        assert isinstance(it.app.screen, PickerScreen)
        await it.press("enter")
        await it.until(lambda: isinstance(it.app.screen, StartScreen))
        assert "LIVE" in it.text().splitlines()[0]


async def test_a_procedure_that_cannot_be_read_is_told_in_place(desk: "type[Desk]") -> None:
    async with _Opened(PickerScreen(_shelf)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.until(lambda: "warm-cache" in it.text())
        listed = it.app.screen.query_one(MarkedList)
        listed.highlighted = listed.get_option_index("here:procedures/warm.yaml")
        await it.press("enter")
        await it.until(lambda: it.said("#notice").startswith("! ") and "warm.yaml" in it.said("#notice"))
        assert isinstance(it.app.screen, PickerScreen)


async def test_folders_that_cannot_be_used_are_told_in_place(desk: "type[Desk]") -> None:
    def broken() -> Catalog:
        raise RecordProblem("The folder of sessions cannot be read.", "Look at its owner.")

    async with _Opened(PickerScreen(broken)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.until(lambda: "Look at its owner." in it.text())


@SIZES
async def test_sessions_and_their_transcripts(size: tuple[int, int], desk: "type[Desk]") -> None:
    closed = replace(_PAUSED, id="01C", state="completed", title=_BAD)
    damaged = replace(_PAUSED, id="01D", state="damaged", problem="Record 7 was altered.")
    async with _Opened(SessionsScreen(lambda: [closed, damaged, _PAUSED])).run_test(size=size) as pilot:
        it = desk(pilot)
        await it.until(lambda: "completed" in it.text())
        assert "✓ [@click=app.quit]" in it.text()
        await it.press("down")
        assert "Record 7 was altered." in it.text()
        await it.press("up", "enter")
        await it.until(lambda: isinstance(it.app.screen, TranscriptScreen))
        await it.until(lambda: it.said("#notice").startswith("!"))  # the folder is nowhere
        await it.press("escape")
        assert isinstance(it.app.screen, SessionsScreen)


async def test_help_lists_the_keys_of_where_one_came_from(desk: "type[Desk]") -> None:
    async with _Opened(PickerScreen(_shelf)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.until(lambda: "warm-cache" in it.text())
        await it.press("f1")
        assert "Rehearse the marked procedure" in it.text()
        await it.press("end")
        assert "transcript" in it.text()
        await it.press("escape")
        assert isinstance(it.app.screen, PickerScreen)


async def test_the_palette_offers_what_the_keys_do(desk: "type[Desk]") -> None:
    async with _Opened(PickerScreen(_shelf)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.until(lambda: "warm-cache" in it.text())
        titles = [command.title for command in it.app.get_system_commands(it.app.screen)]
        assert "sessions (S)" in titles
        await it.press("ctrl+p")
        await it.type("sessions")
        await it.press("enter")
        await it.until(lambda: isinstance(it.app.screen, SessionsScreen))


_LONG = "Move the catalogue of everything that was ever bought to a newer cluster, and its words with it"


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (160, 50)], ids=["80x24", "100x30", "160x50"])
async def test_ids_and_titles_of_procedures_are_whole(size: tuple[int, int], desk: "type[Desk]") -> None:
    shelf = Catalog(
        entries=(
            CatalogEntry("catalogue", _LONG, "About it.", "12 steps"),
            CatalogEntry("r" * 50, "Redis", "", "5 steps"),
        )
    )
    async with _Opened(PickerScreen(lambda: shelf)).run_test(size=size) as pilot:
        it = desk(pilot)
        await it.until(lambda: "catalogue" in it.text())
        assert _LONG in " ".join(it.text().replace("12 steps", "").replace(">", "").split())
        first = next(line for line in it.text().splitlines() if "12 steps" in line)
        assert first.split()[:2] == [">", "catalogue"]
        assert sum(line[:44].count("r") for line in it.text().splitlines() if set(line[:24].strip()) == {"r"}) == 50
    async with UplevelApp().run_test(size=size) as pilot:
        it = desk(pilot)
        await it.until(lambda: "redis" in it.text())
        assert "postgresql     Move the API's database to a newer PostgreSQL" in it.text()


@SIZES
async def test_unfinished_live_sessions_stand_apart_from_rehearsals(size: tuple[int, int], desk: "type[Desk]") -> None:
    async with _Opened(PickerScreen(_shelf)).run_test(size=size) as pilot:
        it = desk(pilot)
        await it.until(lambda: "Redis" in it.text())
        lines = [line.strip() for line in it.text().splitlines()]
        live, others = lines.index("Unfinished LIVE sessions"), lines.index("Unfinished rehearsals")
        assert live < lines.index("Procedures") < others
        assert "LIVE PRODUCTION" in lines[live + 1]
        assert "REHEARSAL" in lines[others + 1]


@pytest.mark.parametrize(
    "make",
    [lambda: PickerScreen(lambda: Catalog(unfinished=(_PAUSED,))), lambda: SessionsScreen(lambda: [_PAUSED])],
    ids=["picker", "sessions"],
)
@SIZES
async def test_what_tells_sessions_apart_stands_whole_in_every_list(
    size: tuple[int, int], make: "Callable[[], Screen[None]]", desk: "type[Desk]"
) -> None:
    async with _Opened(make()).run_test(size=size) as pilot:
        it = desk(pilot)
        await it.until(lambda: "Redis" in it.text())
        for word in (
            *("ticket DM-4711", "stage production, plan large-ha-7.x", "begun 2026-11-23 09:15 UTC by mara"),
            *("session 01M83V02XC7FADYZ5950HBE5J1", "LIVE PRODUCTION", "step 3 of 5"),
        ):
            assert word in it.text()


async def test_the_line_of_keys_says_what_enter_does_with_what_is_marked(desk: "type[Desk]") -> None:
    async with _Opened(PickerScreen(_shelf)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.until(lambda: "Redis" in it.text())
        assert it.said("#keys").split()[:2] == ["Enter", "resume"]
        assert "R rehearse" not in it.said("#keys")
        await it.press("down")
        assert it.said("#keys").split()[:4] == ["Enter", "live", "R", "rehearse"]


async def test_a_click_marks_and_opens_nothing(desk: "type[Desk]") -> None:
    async with UplevelApp().run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.until(lambda: "Upgrade Redis" in it.text())
        row = next(at for at, line in enumerate(it.text().splitlines()) if "Upgrade Redis" in line)
        for times in (1, 2):
            await it.pilot.click(offset=(20, row), times=times)
            await it.pilot.pause()
            assert it.app.screen.query_one(MarkedList).marked == "entry:redis"
            assert isinstance(it.app.screen, PickerScreen)
            assert it.said("#notice") == ""


async def test_a_search_without_hits_says_so(desk: "type[Desk]") -> None:
    async with _Opened(PickerScreen(_shelf)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.until(lambda: "warm-cache" in it.text())
        await it.press("slash")
        await it.type("dm-4711")
        await it.pilot.pause()
        assert "LIVE PRODUCTION" in it.text(), "a session is found by its ticket"
        await it.type("zz")
        await it.pilot.pause()
        assert "Nothing was found for “dm-4711zz”. Esc shows everything again." in it.text()
        await it.press("escape")
        assert "warm-cache" in it.text()
