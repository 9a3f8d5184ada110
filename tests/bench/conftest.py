"""What the benches share: a way to print past pytest's capture."""

import sys
from collections.abc import Callable, Sequence

import pytest

from tests.bench.measuring import table


Tell = Callable[[str, Sequence[str], Sequence[Sequence[str]]], None]


@pytest.fixture
def tell(capfd: pytest.CaptureFixture[str]) -> Tell:
    """Print a table where the person who started the bench reads it."""

    def past_the_capture(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        with capfd.disabled():
            sys.stdout.write(table(title, heads, rows) + "\n")
            sys.stdout.flush()

    return past_the_capture
