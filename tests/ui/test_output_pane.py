"""The output pane: it follows, it scrolls, it gives keys away only when it says so, and nothing printed harms it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot

from screens.output.output_keys import key_bytes, paste_bytes
from screens.output.output_pane import TAKES_KEYS, OutputPane
from wizard.record.output import OutputFile


HOSTILE = {
    "closing tag": (b"[/x] gone?", "[/x] gone?"),
    "action": (b"[@click=app.quit]press[/]", "[@click=app.quit]press[/]"),
    "link markup": (b"[link=file:///etc]x[/link]", "[link=file:///etc]x[/link]"),
    "clipboard": (b"a\x1b]52;c;bWluZQ==\x07b", "ab"),
    "reset": (b"a\x1bcb", "ab"),
    "c1": (b"a\xc2\x9b2Jb", "ab"),
    "bidi": ("a\u202eb".encode(), "a<U+202E>b"),
    "binary": (bytes(range(32)).replace(b"\n", b"").replace(b"\r", b"").replace(b"\x1b", b"").replace(b"\t", b""), ""),
    "invalid utf-8": (b"a\xff\xfeb", "a\ufffd\ufffdb"),
    "wide": ("\u4e2d\u6587".encode(), "\u4e2d\u6587"),
    "tab": (b"a\tb", "a       b"),
    "progress": (b"10%\r100%", "100%"),
    "colour": (b"\x1b[31mred\x1b[0m", "red"),
}


class Harness(App[None]):
    def __init__(self, path: Path | None) -> None:
        super().__init__()
        self.path = path
        self.heard: list[Message] = []
        self.pane = OutputPane()

    def compose(self) -> ComposeResult:
        yield self.pane

    def on_mount(self) -> None:
        self.pane.show_file(None if self.path is None else OutputFile(self.path))
        self.pane.focus()

    def on_output_pane_keys_typed(self, message: OutputPane.KeysTyped) -> None:
        self.heard.append(message)

    def on_output_pane_left(self, message: OutputPane.Left) -> None:
        self.heard.append(message)

    def on_output_pane_size_changed(self, message: OutputPane.Resized) -> None:
        self.heard.append(message)

    def typed(self) -> bytes:
        return b"".join(message.data for message in self.heard if isinstance(message, OutputPane.KeysTyped))

    def rows(self) -> list[str]:
        return [self.pane.window.render_line(y).text.rstrip() for y in range(self.pane.window.size.height)]


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "output"


def put(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def add(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


async def until(pilot: Pilot[None], what: Callable[[], bool]) -> None:
    for _ in range(100):
        if what():
            return
        await pilot.pause(0.02)
    raise AssertionError("it did not come to that within two seconds")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_whatever_is_printed_is_shown_as_text(output: Path, size: tuple[int, int]) -> None:
    put(output, b"\n".join(raw for raw, _ in HOSTILE.values()) + b"\nno final line end")
    app = Harness(output)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.pane.lines == len(HOSTILE) + 1)
        await pilot.pause()
        seen = [shown for _, shown in HOSTILE.values()]
        assert app.rows()[: len(seen) + 1] == [*seen, "no final line end"]
        for y in range(len(seen)):
            await pilot.click(OutputPane, offset=(3, y + 1))
        assert app.is_running


async def test_it_follows_until_one_scrolls_up_and_again_from_the_end(output: Path) -> None:
    put(output, b"".join(b"line %d\n" % n for n in range(100)))
    app = Harness(output)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.rows()[-1] == "line 99")
        assert app.pane.border_subtitle == " follows · 100 lines "
        await pilot.press("up")
        assert not app.pane.following
        assert app.pane.border_subtitle == " line 99 of 100 "
        add(output, b"line 100\n")
        await until(pilot, lambda: app.pane.lines == 101)
        await pilot.pause()
        assert app.rows()[-1] == "line 98"
        await pilot.press("end")
        await until(pilot, lambda: app.rows()[-1] == "line 100")
        assert app.pane.following
        await pilot.press("home")
        await pilot.pause()
        assert app.rows()[0] == "line 0"
        await pilot.press("pagedown")
        await pilot.pause()
        assert app.rows()[0] == "line 21"


async def test_a_command_with_the_keyboard_gets_every_key_and_the_border_says_so(output: Path) -> None:
    put(output, b"Really delete? [y/N] ")
    app = Harness(output)
    async with app.run_test(size=(80, 24)) as pilot:
        assert app.pane.border_title == " output "
        await pilot.press("y")
        assert app.typed() == b""
        app.pane.takes_keys = True
        await pilot.pause()
        assert app.pane._border_title is not None
        assert app.pane._border_title.plain.strip() == TAKES_KEYS
        await pilot.press(
            "y", "enter", "ctrl+c", "up", "tab", "escape", "backspace", "f1", "full_stop", "\u00e9", "home"
        )
        assert app.typed() == b"y\r\x03\x1b[A\t\x1b\x7f\x1bOP.\xc3\xa9\x1b[H"
        app.pane.post_message(events.Paste("one\ntwo\x1b[201~\x07"))
        await pilot.pause()
        assert app.typed().endswith(b"one\rtwo[201~")
        before = len(app.heard)
        await pilot.press("ctrl+right_square_bracket")
        assert [type(message) for message in app.heard[before:]] == [OutputPane.Left]


async def test_the_room_is_told_at_the_start_and_when_it_changes(output: Path) -> None:
    app = Harness(output)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.resize_terminal(100, 30)
        await pilot.pause()
        rooms = [(m.columns, m.rows) for m in app.heard if isinstance(m, OutputPane.Resized)]
        assert rooms == [(80, 22), (100, 28)]


async def test_after_the_end_it_reads_the_rest_and_rests(output: Path) -> None:
    put(output, b"one\n")
    app = Harness(output)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.pane.lines == 1)
        add(output, b"two\n")
        app.pane.finished()
        await until(pilot, lambda: app.pane.lines == 2)
        await until(pilot, lambda: app.pane.window._timer is not None and not app.pane.window._timer._active.is_set())
        app.pane.show_file(None)
        await pilot.pause()
        assert app.rows() == [""] * 22


async def test_another_file_starts_afresh(output: Path, tmp_path: Path) -> None:
    put(output, b"".join(b"line %d\n" % n for n in range(100)))
    other = tmp_path / "other"
    put(other, b"only this\n")
    app = Harness(output)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.pane.lines == 100)
        await pilot.press("up")
        app.pane.show_file(OutputFile(other))
        await until(pilot, lambda: app.rows()[0] == "only this")
        assert app.pane.border_subtitle == " follows · 1 line "


async def test_long_lines_scroll_sideways_and_end_in_a_mark(output: Path) -> None:
    put(output, b"start " + b"x" * 100_000 + b"\nend\n")
    app = Harness(output)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.pane.lines == 2)
        await pilot.pause()
        await pilot.press("right")
        await pilot.pause()
        assert app.rows()[0] == "x" * 80
        app.pane.action_scroll_columns(10_000)
        await pilot.pause()
        assert app.rows()[0].endswith("cut: 8,192 of 100,006 bytes")


async def test_a_flood_costs_a_bounded_look_and_no_memory(output: Path) -> None:
    block = b"".join(b"%d\n" % n for n in range(10_000, 20_000))
    put(output, block * 100)
    app = Harness(output)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.pane.lines == 1_000_000)
        await until(pilot, lambda: app.rows()[-1] == "19999")
        index = app.pane.window.index
        assert index is not None
        assert len(index._ends) * index._ends.itemsize < 1000


@pytest.mark.parametrize("no_color", [True, False])
async def test_colour_only_where_it_is_wanted(output: Path, no_color: bool) -> None:
    put(output, b"\x1b[31mred\x1b[40;30mhidden\n")
    app = Harness(output)
    app.no_color = no_color
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.pane.lines == 1)
        segments = {segment.text: segment.style for segment in app.pane.window.render_line(0)}
        red, hidden = segments["red"], segments["hidden"]
        assert red is not None
        assert hidden is not None
        plain = app.pane.window.rich_style
        assert (red.color == plain.color) is no_color
        assert hidden.color != hidden.bgcolor


@pytest.mark.parametrize(
    ("key", "character", "sent"),
    [
        ("a", "a", b"a"),
        ("A", "A", b"A"),
        ("space", " ", b" "),
        ("ctrl+d", "\x04", b"\x04"),
        ("ctrl+z", "\x1a", b"\x1a"),
        ("ctrl+backslash", "\x1c", b"\x1c"),
        ("f12", None, b"\x1b[24~"),
        ("shift", None, b""),
        ("delete", None, b"\x1b[3~"),
    ],
)
def test_keys_become_what_a_terminal_sends(key: str, character: str | None, sent: bytes) -> None:
    assert key_bytes(key, character) == sent


def test_a_paste_is_typed_with_enter_and_without_controls() -> None:
    assert paste_bytes("a\r\nb\tc\x1b[31m\u00e9") == b"a\rb\tc[31m\xc3\xa9"
