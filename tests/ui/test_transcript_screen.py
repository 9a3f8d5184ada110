"""The transcript screen: Markdown is drawn, whatever stands in it; searched, saved, and its head copied by one key."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.screen import Screen

from screens.app import UplevelApp
from screens.shared.key_line import KeyLine
from screens.transcript.markdown_blocks import Block, Piece
from screens.transcript.markdown_rows import rows_of
from screens.transcript.markdown_text import read
from screens.transcript.markdown_view import MarkdownView
from screens.transcript.screen import TranscriptScreen, TranscriptText, read_transcript
from wizard.archive.sessions import SessionSummary
from wizard.execution.sanitize import UNSAFE
from wizard.formats.escape import code, fenced, prose


if TYPE_CHECKING:
    from tests.conftest import Opener
    from tests.ui.conftest import Desk


pytestmark = pytest.mark.usefixtures("at_once")

SIZES = pytest.mark.parametrize(
    "size", [(80, 24), (100, 30), (120, 40), (160, 50)], ids=lambda size: f"{size[0]}x{size[1]}"
)
_SESSION = SessionSummary(
    id="01M83V02XC7FADYZ5950HBE5J1",
    procedure="redis",
    title="Upgrade Redis",
    mode="live",
    stage="production",
    state="completed",
    started="2026-11-23T09:15:07.580904Z",
    finished="",
    operator="mara",
    step_number=3,
    steps=5,
    folder=Path("nowhere"),
    last="2026-11-23T09:15:07.580904Z",
)
_TEXT = """# Upgrade Redis

**Nothing \\*was\\* touched.**

## Summary

|  |  |
| --- | --- |
| Session | 01M83V |
| Operator | mara@bastion, who wrote so much of it that the cell goes on in the next row and in one more row |

- `cf target` said `a b`

```sh
$ cf service -v
\tname   digitalmarketplace_redis
```
"""
_HOSTILE = """[@click=app.quit]x[/] \u202e\x1b[31m
[press](https://evil.example) <https://evil.example> https://evil.example ![p](file:///etc/passwd)

<b onclick=x>y</b>

[press]: https://evil.example

<script>alert(1)</script>
"""


class _Opened(UplevelApp):
    def __init__(self, text: str, head: str = "") -> None:
        super().__init__()
        self._page = TranscriptText(text, ["md"], lambda _path: text.encode(), head, 17)

    def first_screen(self) -> Screen[None]:
        return TranscriptScreen(_SESSION, lambda _folder: self._page)


@SIZES
async def test_headings_tables_points_and_code_are_drawn(desk: "type[Desk]", size: tuple[int, int]) -> None:
    async with _Opened(_TEXT).run_test(size=size) as pilot:
        it = desk(pilot)
        await it.until(lambda: "Summary" in it.text())
        text = it.text()
        assert "LIVE PRODUCTION" in text.splitlines()[0]
        assert not re.search(r"\*\*|##|\| ---|```|`cf", text)
        for words in ("Nothing *was* touched.", "Session  │ 01M83V", "• cf target said a b", "$ cf service -v"):
            assert words in text
        assert "        name   digitalmarketplace_redis" in text
        assert text.count("│") >= 2  # what a cell has no room for goes on below
        assert "goes on in the next row and in one more row" in re.sub(r"[│\s]+", " ", text)


async def test_nothing_in_it_opens_anything_or_reaches_the_terminal(desk: "type[Desk]") -> None:
    async with _Opened(_HOSTILE).run_test(size=(160, 50)) as pilot:
        it = desk(pilot)
        await it.until(lambda: "evil" in it.text())
        text = it.text()
        for words in (
            "[@click=app.quit]x[/] <U+202E><U+001B>[31m",
            "[press](https://evil.example) <https://evil.example> https://evil.example ![p](file:///etc/passwd)",
            "<b onclick=x>y</b>",
            "[press]: https://evil.example",
            "<script>alert(1)</script>",
        ):
            assert words in text
        for y in range(it.app.screen.query_one(MarkdownView).size.height):
            for segment in it.app.screen.query_one(MarkdownView).render_line(y):
                assert segment.style is None or (segment.style.link is None and not segment.style.meta)


@given(st.lists(st.text(max_size=30), min_size=2, max_size=5))
def test_every_text_of_a_transcript_is_shown_as_it_is(texts: list[str]) -> None:
    lines = [f"- {prose(texts[0])}", "", *fenced(texts[1]), "", "| a | b |", "| --- | --- |"]
    lines += [f"| {prose(text)} | {code(text)} |" for text in texts]
    blocks = read("\n".join(lines))
    shown = [piece.text for block in blocks for row in block.rows for piece in row]
    table = [block for block in blocks if block.kind == "table"]
    assert len(table) == 1
    assert len(table[0].rows) == len(texts) + 1
    assert not any(UNSAFE.search(each.replace("\n", "")) for each in shown)


@settings(max_examples=50)
@given(
    st.lists(st.lists(st.text("ab c\n日", max_size=40), min_size=1, max_size=7), min_size=1, max_size=4),
    st.integers(20, 100),
)
def test_no_text_is_lost_between_the_rows(table: list[list[str]], width: int) -> None:
    rows = [[Piece(text) for text in row] for row in [table[0], *table]]
    blocks = [Block("table", rows), *(Block("code", [[Piece(text)]]) for row in table for text in row)]
    laid = rows_of(blocks, width)
    pieces = [piece for block in blocks for row in block.rows for piece in row]
    for number, piece in enumerate(pieces):
        if number < len(table[0]) and not any(table[0]):
            continue  # a head without a word is left out
        drawn = [part for row in laid for part in row if part.piece == number]
        assert "".join(part.text for part in drawn).split() == piece.text.split() or "".join(
            "".join(part.text for part in drawn).split()
        ) == "".join(piece.text.split())
        assert all(piece.text[part.start :].startswith(part.text) for part in drawn)


async def test_it_is_searched_by_the_keys_of_the_output(desk: "type[Desk]") -> None:
    far = "".join(f"- line {number}\n" for number in range(200))
    async with _Opened(f"{_TEXT}\n{far}\nthe *needle* is here\n").run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.until(lambda: "Summary" in it.text())
        await it.press("ctrl+f")
        assert ("Esc", "end the search") in it.app.screen.query_one(KeyLine).pairs
        await it.type("needle")
        await it.until(lambda: "the needle is here" in it.text() and "1 of 1" in it.text())

        def marked() -> list[str]:
            view = it.app.screen.query_one(MarkdownView)
            drawn = (segment for y in range(24) for segment in view.render_line(y))
            return [segment.text for segment in drawn if segment.style is not None and segment.style.reverse]

        await it.until(lambda: marked() == ["needle"])
        await it.press("backspace", "backspace", "backspace", "backspace", "backspace", "backspace")
        await it.type("line")
        await it.until(lambda: "of 200" in it.text())
        await it.press("ctrl+r")
        await it.press("escape")
        assert ("Ctrl+F", "find") in it.app.screen.query_one(KeyLine).pairs
        assert "find" not in it.text().splitlines()[-2]


async def test_what_is_not_there_is_said(desk: "type[Desk]") -> None:
    async with _Opened(_TEXT).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.until(lambda: "Summary" in it.text())
        await it.press("ctrl+f")
        await it.type("nowhere")
        await it.until(lambda: "no match" in it.text())


async def test_it_is_saved_as_export_writes_it_and_nothing_is_overwritten(
    desk: "type[Desk]", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with _Opened(_TEXT).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.until(lambda: "Summary" in it.text())
        for said in (f"Saved {len(_TEXT.encode())} bytes", "is there already, and nothing is overwritten"):
            await it.press("s")
            await it.until(lambda: f"{_SESSION.id}.md" in it.text())
            await it.press("enter")
            await it.until(lambda said=said: said in " ".join(it.text().split()))  # type: ignore[misc]
    assert (tmp_path / f"{_SESSION.id}.md").read_text() == _TEXT


async def test_the_head_of_the_record_is_copied_by_one_key(
    desk: "type[Desk]", sessions: "Opener", tmp_path: Path
) -> None:
    drive = sessions.open(
        "{format: 1, procedure: p, title: P, phases: [{title: A, steps: [{id: s, title: S, run: 'true'}]}]}"
    )
    drive.ask_and_answer("run", sort="go")
    finished = drive.until_finished()
    page = read_transcript(drive.engine.folder)
    assert (page.head, page.records) == (finished.head, finished.records)
    assert tmp_path in drive.engine.folder.parents
    async with _Opened(page.text, page.head).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.until(lambda: "Summary" in it.text())
        await it.press("c")
        assert it.app.clipboard == finished.head
        assert finished.head in " ".join(it.text().split()).replace(" ", "")


async def test_it_is_fitted_anew_and_stays_where_one_reads(desk: "type[Desk]") -> None:
    far = "".join(f"- line {number} {'word ' * 20}\n" for number in range(200))
    async with _Opened(f"# Title\n\n{far}").run_test(size=(120, 40)) as pilot:
        it = desk(pilot)
        await it.until(lambda: "Title" in it.text())
        for _ in range(3):
            await it.press("pagedown")
        view = it.app.screen.query_one(MarkdownView)
        first = view.first_seen
        await pilot.resize_terminal(80, 24)
        await it.until(lambda: view.size.width < 100)
        await it.until(lambda: abs(view.first_seen - first) <= 1)
        await it.press("end")
        assert "line 199" in it.text()
        await it.press("home")
        assert "Title" in it.text()
