"""The small windows: what they give back, what they refuse, what they show."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from textual.screen import Screen
from textual.widgets import Input

from screens.app import UplevelApp
from screens.picker.catalog import Catalog
from screens.picker.screen import PickerScreen
from screens.shared.dialogs import ChooseDialog, EvidenceDialog, TextDialog, evidence_kind
from wizard.record.events import Evidence


if TYPE_CHECKING:
    from tests.ui.conftest import Desk


SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 18)], ids=["80x24", "120x40", "60x18"])
_BAD = "[@click=app.quit]x[/] [/nope] \u202e"


class _App(UplevelApp):
    def first_screen(self) -> Screen[None]:
        return PickerScreen(Catalog)


async def _open(it: "Desk", dialog: Screen[Any]) -> list[Any]:
    given: list[Any] = []
    it.app.push_screen(dialog, given.append)
    await it.until(lambda: it.app.screen is dialog and dialog.is_mounted and dialog.focused is not None)
    return given


@SIZES
async def test_texts_are_shown_literally_at_every_size(size: tuple[int, int], desk: "type[Desk]") -> None:
    async with _App().run_test(size=size) as pilot:
        it = desk(pilot)
        await _open(it, TextDialog(_BAD, _BAD))
        assert "[@click=app.quit]x[/] [/nope] <U+202E>" in it.text()
        assert "Enter accept" in it.text()


async def test_a_text_comes_back_and_an_empty_one_does_not(desk: "type[Desk]") -> None:
    async with _App().run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        given = await _open(it, TextDialog("Why?", empty="A reason is needed."))
        await it.press("space", "enter")
        assert given == []
        assert "A reason is needed." in it.text()
        await it.press("b", "enter")
        assert given == ["b"]


async def test_leaving_gives_nothing(desk: "type[Desk]") -> None:
    async with _App().run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        given = await _open(it, TextDialog("Why?"))
        await it.press("a", "escape")
        assert given == [None]


async def test_a_secret_is_not_drawn_and_keeps_its_spaces(desk: "type[Desk]") -> None:
    async with _App().run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        given = await _open(it, TextDialog("The token", hidden=True))
        it.app.screen.query_one(Input).value = " hunter2 "
        await it.pilot.pause()
        assert "hunter2" not in it.text()
        await it.press("enter")
        assert given == [" hunter2 "]


@pytest.mark.parametrize(
    ("text", "sort"),
    [("https://ci/1", "url"), ("http://x", "url"), ("/etc/hosts", "file"), ("./a", "file"), ("it is green", "text")],
)
def test_what_a_text_is_evidence_as(text: str, sort: str) -> None:
    assert evidence_kind(text) == sort


async def test_a_file_is_kept_by_its_hash(desk: "type[Desk]", tmp_path: Path) -> None:
    file = tmp_path / "proof.txt"
    file.write_bytes(b"green")
    async with _App().run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        given = await _open(it, EvidenceDialog("Proof"))
        it.app.screen.query_one(Input).value = str(tmp_path / "missing")
        await it.press("enter")
        await it.until(lambda: "cannot be read" in it.text())
        it.app.screen.query_one(Input).value = str(file)
        await it.pilot.pause()
        assert "Recorded as a file" in it.text()
        await it.press("enter")
        await it.until(lambda: bool(given))
    assert given == [Evidence(kind="file", text=str(file), sha256=hashlib.sha256(b"green").hexdigest())]


async def test_where_nothing_happens_there_may_be_nothing_to_show(desk: "type[Desk]") -> None:
    async with _App().run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        given = await _open(it, EvidenceDialog("Proof", "", "url", may_miss=True))
        assert "Enter alone: none" in it.text()
        await it.press("enter")
        await it.until(lambda: bool(given))
    assert given == [Evidence(kind="text", text="")]


async def test_where_an_address_is_asked_for_a_text_does_not_do(desk: "type[Desk]") -> None:
    async with _App().run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        given = await _open(it, EvidenceDialog("Proof", "", "url"))
        await it.press("g", "enter")
        assert "An address is asked for here" in it.text()
        it.app.screen.query_one(Input).value = "https://ci/1"
        await it.press("enter")
        await it.until(lambda: bool(given))
    assert given == [Evidence(kind="url", text="https://ci/1")]


@pytest.mark.parametrize(("keys", "way"), [(("enter",), "stay"), (("down", "enter"), "stop"), (("escape",), None)])
async def test_the_harmless_way_is_the_marked_one(keys: tuple[str, ...], way: str | None, desk: "type[Desk]") -> None:
    async with _App().run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        given = await _open(it, ChooseDialog("Stop?", "", (("stay", "Stay"), ("stop", "Stop it"))))
        await it.press(*keys)
        assert given == [way]
