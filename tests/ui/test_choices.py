"""The answers: whole, one below the other; of too many the marked one is seen, and a mark says how many are not."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.content import Content

from screens.run.choices import Choices
from wizard.record.events import Option


_LABELS = st.lists(st.from_regex(r"[a-z]{1,12}( [a-z_.-]{1,40}){0,6}", fullmatch=True), min_size=1, max_size=9)


class _Table(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.pointed: list[Option] = []

    def compose(self) -> ComposeResult:
        yield Choices(id="choices")

    def on_choices_pointed(self, message: Choices.Pointed) -> None:
        self.pointed.append(message.option)


def _shown(options: tuple[Option, ...], width: int, most: int, marked: int, *, brief: bool) -> tuple[list[str], int]:
    choices, said = Choices(), [Content("")]
    choices.update = lambda content="", **_: said.append(content)  # type: ignore[method-assign]
    choices.offer(options, "")
    choices.fit(width, most, brief=brief)
    choices.mark(options[marked])
    return said[-1].plain.split("\n"), choices.rows


@settings(deadline=None)
@given(_LABELS, st.integers(56, 120))
def test_each_answer_stands_whole_in_the_width_there_is(labels: list[str], width: int) -> None:
    options = tuple(Option(id=f"={at}", label=label, needs="reason") for at, label in enumerate(labels))
    lines, rows = _shown(options, width, 99, 0, brief=False)
    assert max(map(cell_len, lines)) <= width
    assert rows == len(lines) + 1  # the empty line above them
    text = "".join("".join(line.split()) for line in lines)
    for option in options:
        assert "".join(option.label.split()) + "(typewhy)" in text


@settings(deadline=None)
@given(st.integers(6, 30), st.integers(3, 12), st.data())
def test_of_too_many_the_marked_one_is_seen_and_a_mark_says_how_many_are_not(
    count: int, most: int, data: st.DataObject
) -> None:
    options = tuple(Option(id=f"={at}", label=f"answer-{at}") for at in range(count))
    marked = data.draw(st.integers(0, count - 1))
    lines, rows = _shown(options, 60, most, marked, brief=True)
    assert len(lines) == rows <= most or count <= most
    assert any(line.startswith(" > ") and line.endswith(f"answer-{marked}") for line in lines)
    if count > most:
        hidden = sum(int(number) for number in re.findall(r"[↓↑] (\d+) more line", lines[-1]))
        assert hidden == count - (len(lines) - 1)


@pytest.mark.parametrize("size", [(60, 18), (80, 24)])
async def test_an_answer_is_marked_by_a_click_on_any_of_its_rows(size: tuple[int, int]) -> None:
    long = "undo: " + "a-long-name " * 8
    options = (Option(id="run", label="run it"), Option(id="undo", label=long.strip(), needs="reason"))
    app = _Table()
    async with app.run_test(size=size) as pilot:
        choices = pilot.app.query_one(Choices)
        choices.offer(options, "")
        choices.fit(size[0], 20)
        await pilot.pause()
        for row in (1, 2):
            await pilot.click("#choices", offset=(9, row))
            await pilot.pause()
        assert app.pointed == [options[1], options[1]]
