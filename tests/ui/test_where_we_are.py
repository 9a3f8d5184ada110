"""Where we are, on the first line of every screen and window: the real thing is louder than a rehearsal."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from rich.style import Style

from screens.app import UplevelApp
from screens.run.choices import Choices
from screens.shared.banner import banner_line, mode_text
from screens.shared.dialogs import TextDialog
from wizard.engine import Preparation


if TYPE_CHECKING:
    from tests.ui.conftest import Desk, Prepares


pytestmark = pytest.mark.usefixtures("at_once")

Opens = Callable[[Preparation], UplevelApp]

_STAGED = """
format: 1
procedure: staged
title: Staged
parameters: {stage: {ask: Which stage?, choices: [preview, production]}}
phases:
  - title: All
    steps:
      - {id: one, title: First, run: echo one, undo: {run: echo back}}
      - {id: two, title: Second, run: echo two, no_return: It is gone.}
"""
_LOUD = [
    ("LIVE PRODUCTION", True, "bold reverse ansi_red"),
    ("LIVE preview", False, "bold reverse ansi_yellow"),
    ("BY HAND preview", False, "bold reverse"),
    ("REHEARSAL", False, ""),
]


@pytest.mark.parametrize(("mode", "production", "style"), _LOUD)
def test_live_is_louder_than_by_hand_and_that_than_a_rehearsal(mode: str, production: bool, style: str) -> None:
    line = banner_line(80, "Upgrade", mode, "org x", production=production)
    spans = [span.style for span in line.spans if mode in line.plain[span.start : span.end]]
    assert [each for each in spans if each] == ([style] if style else [])
    assert mode in line.plain
    assert mode_text("REHEARSAL") == " [REHEARSAL]"


def _styles(it: "Desk", text: str) -> list[Style]:
    """The styles in which a text stands on the screen."""
    strips = it.app.screen._compositor.render_strips()
    return [segment.style for strip in strips for segment in strip if text in segment.text and segment.style]


@pytest.mark.parametrize("colour", [True, False], ids=["colour", "NO_COLOR"])
@pytest.mark.parametrize(("stage", "words"), [("production", "LIVE PRODUCTION"), ("preview", "LIVE preview")])
async def test_every_screen_and_window_says_it_reversed_with_and_without_colour(
    *,
    stage: str,
    words: str,
    colour: bool,
    desk: "type[Desk]",
    prepared_from: "Prepares",
    wizard_at: Opens,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not colour:
        monkeypatch.setenv("NO_COLOR", "1")
    async with wizard_at(prepared_from(_STAGED, stage=stage)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.press("f5")
        await it.question("go")
        for key in ("", "f4", "f1", "f2"):
            if key:
                await it.press(key)
            await it.until(lambda: any(style.reverse for style in _styles(it, words)))
            if key == "f2":
                assert isinstance(it.app.screen, TextDialog)
                window = it.app.screen.query_one("#window").region
                rows = it.text().splitlines()
                assert words in rows[window.y + 2]
            if key:
                await it.press("escape")
        if not colour:
            assert all(style.color is None or style.color.is_default for style in _styles(it, words))


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 40), (160, 50)])
async def test_no_way_back_stands_above_the_answers(
    size: tuple[int, int], desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Opens
) -> None:
    async with wizard_at(prepared_from(_STAGED, stage="production")).run_test(size=size) as pilot:
        it = desk(pilot)
        await it.press("f5")
        await it.question("go")
        assert "No way back" not in it.text()
        await it.take("r")
        await it.kind("result")
        await it.press("enter")
        await it.question("go")
        rows = it.text().splitlines()
        at = next(at for at, row in enumerate(rows) if "! No way back after this step: It is gone." in row)
        assert 0 < it.run.query_one(Choices).content_region.y - at <= 2
        (style,) = _styles(it, "No way back")
        assert style.bold
        assert style.color is not None
        keys = rows[-1]
        assert "F7 pause and leave" in keys
        assert "F9 undo" in keys
