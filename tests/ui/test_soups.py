"""The small sibling of the storm of escape soups: every way to the eye, in every format."""

from tests.soups import FORBIDDEN, drawn, soups, ways
from wizard.execution.sanitize import decode_line, line_text


def test_two_thousand_soups_of_whole_and_broken_escapes() -> None:
    for whole, words, soup in soups(7, 2000):
        assert line_text(decode_line(whole)) == words, whole
        for name, text in (*ways(soup), *drawn(soup)):
            assert not FORBIDDEN.search(text), (name, soup)
