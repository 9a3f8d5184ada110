"""Outputs of odd shapes in the pane: it stays alive, and shows what is there."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.app import App, ComposeResult

from screens.output.output_pane import OutputPane
from wizard.record.output import OutputFile


class _Shown(App[None]):
    BINDINGS = [("x", "pressed")]  # noqa: RUF012  Textual reads it from the class

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.presses = 0
        self.pane = OutputPane()

    def compose(self) -> ComposeResult:
        yield self.pane

    def on_mount(self) -> None:
        self.pane.show_file(OutputFile(self.path))
        self.pane.finished()

    def action_pressed(self) -> None:
        self.presses += 1

    def rows(self) -> list[str]:
        return [self.pane.window.render_line(y).text.rstrip() for y in range(self.pane.window.size.height)]


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.write(b"the beginning ")
        file.truncate(64 << 20)
        file.seek(0, os.SEEK_END)
        file.write(b"\nafter it\n")


SHAPES: dict[str, tuple[Callable[[Path], object], int, str, str]] = {
    "one line of 64 MB, mostly NULs": (_sparse, 2, "the beginning", "after it"),
    "binary": (lambda path: path.write_bytes(bytes(range(256)) * 4000), 4001, "", ""),
    "no UTF-8": (lambda path: path.write_bytes(b"\xff\xfe\xc0\x9b\n\xed\xa0\x80\nend"), 3, "\ufffd\ufffd", "end"),
    "no line end": (lambda path: path.write_bytes(b"only this"), 1, "only this", "only this"),
    "10 million empty lines": (lambda path: path.write_bytes(b"\n" * 10_000_000), 10_000_000, "", ""),
    "line ends of all sorts": (lambda path: path.write_bytes(b"a\r\nb\rc\n\r\n\x0b\x0c\x85d\n"), 4, "a", "d"),
    "one long line of words": (lambda path: path.write_bytes(b"word " * 2_000_000), 1, "word word", "word word"),
    "nothing": (lambda path: path.write_bytes(b""), 0, "", ""),
}


@pytest.mark.parametrize(("make", "lines", "first", "last"), SHAPES.values(), ids=SHAPES.keys())
async def test_the_pane_is_alive_and_right(
    tmp_path: Path, make: Callable[[Path], object], lines: int, first: str, last: str
) -> None:
    path = tmp_path / "output"
    make(path)
    app = _Shown(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("x")
        assert app.presses == 1
        while app.pane.lines < lines:
            await pilot.pause()
        assert app.pane.lines == lines
        shown = [row for row in app.rows() if row]
        assert last in (shown[-1] if shown else "")
        app.pane.action_first_line()
        await pilot.press("x")
        assert app.rows()[0].startswith(first)
        assert app.presses == 2


async def test_leaving_with_the_search_open_is_no_crash(tmp_path: Path) -> None:
    path = tmp_path / "output"
    path.write_bytes(b"here and there\n")
    app = _Shown(path)
    async with app.run_test(size=(80, 24)) as pilot:
        app.pane.search()
        await pilot.press("t", "h", "enter")
        app.exit()
