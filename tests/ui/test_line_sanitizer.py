"""Behind every widget stands one barrier: nothing that a terminal would obey leaves the screens."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from screens.shared.line_sanitizer import LineSanitizer
from wizard.execution.sanitize import UNSAFE


BLACK = Color(0, 0, 0)


@given(st.lists(st.text(st.characters(exclude_categories=[]))))
def test_no_text_gets_past_it_and_no_width_changes(texts: list[str]) -> None:
    drawn = LineSanitizer().apply([Segment(text) for text in texts], BLACK)
    assert not any(UNSAFE.search(segment.text) for segment in drawn)
    assert [cell_len(segment.text) for segment in drawn] == [cell_len(text) for text in texts]


def test_what_is_harmless_is_left_as_it_is() -> None:
    drawn = [Segment("héllo", Style(bold=True)), Segment("plain")]
    assert LineSanitizer().apply(drawn, BLACK) is drawn


def test_no_link_gets_past_it() -> None:
    [drawn] = LineSanitizer().apply([Segment("click", Style(link="javascript:alert(1)", bold=True))], BLACK)
    assert drawn.style == Style(bold=True)
