"""Whoever looks at another page is told that the wizard waits for them: its last line, the bell, the title."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Static

from screens.app import UplevelApp
from screens.shared.page import Page
from wizard.engine import Engine, Preparation
from wizard.places import config_dir


if TYPE_CHECKING:
    from tests.ui.conftest import Desk, Prepares


pytestmark = pytest.mark.usefixtures("at_once")

Opens = Callable[[Preparation], UplevelApp]

_PROCEDURE = """
format: 1
procedure: called
title: Called
parameters: {fifo: {matches: '/.*'}, stage: {choices: [preview, staging]}}
phases:
  - title: All
    steps:
      - {id: one, title: First, run: echo one}
      - {id: two, title: Second, shell: 'cat "$fifo"; false'}
"""


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry each time the bell of the terminal was rung."""
    rung: list[str] = []
    monkeypatch.setattr(UplevelApp, "bell", lambda _self: rung.append("rung"))
    return rung


@pytest.fixture
def titles(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles that the terminal was given."""
    titles: list[str] = []
    monkeypatch.setattr(UplevelApp, "say_title", lambda _self, title: titles.append(title))
    return titles


@pytest.fixture
def called(tmp_path: Path, prepared_from: "Prepares", wizard_at: Opens) -> tuple[UplevelApp, Path]:
    """A wizard, and the pipe whose end the second step's command waits for."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    return wizard_at(prepared_from(_PROCEDURE, fifo=str(fifo), stage="preview")), fifo


async def _first(it: "Desk") -> None:
    await it.until(lambda: "F5" in it.text())
    await it.press("f5")
    await it.question("go")


async def _second_runs(it: "Desk") -> None:
    await _first(it)
    await it.take("r")
    await it.kind("result")
    await it.press("enter")
    await it.until(lambda: it.run.showing.state.current == "two")
    await it.question("go")
    await it.take("r")
    await it.kind("running")


def _last_line(it: "Desk") -> str:
    front = it.app.screen
    assert isinstance(front, Page)
    return str(front.query_one("#keys", Static).render())


@pytest.mark.parametrize("key", ["f5", "f6"])
async def test_the_output_says_in_its_last_line_that_the_wizard_waits(
    key: str, desk: "type[Desk]", called: tuple[UplevelApp, Path]
) -> None:
    async with called[0].run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await _first(it)
        await it.take("r")
        await it.kind("result")
        await it.press("f5")
        assert "! The step has ended. Esc goes back." in it.text().splitlines()[-1]
        await it.press("escape")
        assert "Enter: go on" in it.text().splitlines()[-1]
        await it.press("enter")
        await it.question("go")
        await it.press("f5")
        if key == "f6":
            await it.press("f6")
        assert "! Something is asked. Esc goes back." in it.text().splitlines()[-1]


async def test_the_list_of_steps_in_a_narrow_terminal_says_that_the_wizard_waits(
    desk: "type[Desk]", called: tuple[UplevelApp, Path]
) -> None:
    async with called[0].run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await _first(it)
        await it.press("f4")
        assert "! Something is asked. Esc goes back." in it.text().splitlines()[-1]


async def test_a_page_in_front_says_that_the_wizard_waits_and_the_bell_rings_once(
    desk: "type[Desk]", called: tuple[UplevelApp, Path], rung: list[str], titles: list[str]
) -> None:
    app, fifo = called
    async with app.run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await _second_runs(it)
        assert rung == []  # who pressed the last key sees what came of it
        assert titles[-1] == "LIVE preview · Called · 2/2"
        await it.press("f1")
        assert "waits" not in _last_line(it)
        fifo.write_bytes(b"")
        await it.until(lambda: it.run.showing.kind == "question")
        await it.until(lambda: "! Something is asked. Esc goes back." in _last_line(it))
        assert rung == ["rung"]
        assert titles[-1] == "! LIVE preview · Called · 2/2"
        await it.press("escape")
        await it.question("failed")
        assert "! Something" not in _last_line(it)
        await it.press("f1")
        await it.until(lambda: "! Something is asked" in _last_line(it))
        assert rung == ["rung"]


async def test_no_secret_stands_in_the_title(
    desk: "type[Desk]", called: tuple[UplevelApp, Path], titles: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Engine, "redact", lambda _self, text: text.replace("Called", "[secret token]"))
    async with called[0].run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await _first(it)
        assert titles[-1] == "! LIVE preview · [secret token] · 1/2"
        assert not any("Called" in title for title in titles)


async def test_a_note_being_typed_does_not_hide_that_the_wizard_waits(
    desk: "type[Desk]", called: tuple[UplevelApp, Path], rung: list[str]
) -> None:
    app, fifo = called
    async with app.run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await _second_runs(it)
        await it.press("f2")
        fifo.write_bytes(b"")
        await it.until(lambda: it.said("#foot").startswith("! Something is asked."))
        assert "Esc back" in it.said("#foot")
        assert rung == ["rung"]


async def test_an_answer_being_typed_rings_no_bell(
    desk: "type[Desk]", called: tuple[UplevelApp, Path], rung: list[str]
) -> None:
    async with called[0].run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await _first(it)
        await it.take("k")
        assert "!" not in it.said("#foot")
        await it.type("because")
        await it.press("enter")
        await it.until(lambda: it.run.showing.state.current == "two")
        await it.question("go")
        assert rung == []


async def test_the_bell_can_be_turned_off(
    desk: "type[Desk]", called: tuple[UplevelApp, Path], rung: list[str], own_folders: Path
) -> None:
    settings = config_dir() / "settings.toml"
    assert own_folders in settings.parents
    settings.write_text("bell = false\n")
    settings.chmod(0o600)
    app, fifo = called
    async with app.run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await _second_runs(it)
        await it.press("f1")
        fifo.write_bytes(b"")
        await it.until(lambda: "! Something is asked" in _last_line(it))
        assert rung == []
