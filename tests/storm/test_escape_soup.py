"""A million escape soups: nothing a terminal obeys gets through, and the words between the escapes stay."""

import pytest

from tests.soups import FORBIDDEN, drawn, soups, ways
from wizard.execution.sanitize import decode_line, line_text


SOUPS = 1_000_000
SEED = 20261123


@pytest.mark.storm
def test_a_million_soups_of_whole_and_broken_escapes() -> None:
    for number, (whole, words, soup) in enumerate(soups(SEED, SOUPS)):
        assert line_text(decode_line(whole)) == words, (number, whole)
        for name, text in (*ways(soup), *(drawn(soup) if number % 10 == 0 else ())):
            assert not FORBIDDEN.search(text), (number, name, soup)
