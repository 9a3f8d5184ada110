"""What is typed before a question stands there, or faster than a person types, is no part of a line."""

from hypothesis import given
from hypothesis import strategies as st

from wizard.plain.typeahead import BURST, DRAWN, drain_typeahead


class Hand:
    """Types keys at given seconds.

    Attributes:
        now: The clock.
        left: The keys that nobody read.
    """

    def __init__(self, times: list[float]) -> None:
        self.now = 0.0
        self.left = sorted(times)

    def read(self, seconds: float) -> bytes:
        until = self.now + seconds
        if not self.left or self.left[0] > until:
            self.now = until
            return b""
        self.now = max(self.now, self.left[0])
        came = [each for each in self.left if each <= self.now]
        self.left = self.left[len(came) :]
        return b"x" * len(came)

    def settles(self, patience: float) -> bool:
        return drain_typeahead(self.read, patience, lambda: self.now)


@given(st.lists(st.floats(0.02, 0.4), min_size=1, max_size=40), st.floats(0, 20))
def test_a_text_that_begins_too_early_is_thrown_away_to_its_end(gaps: list[float], before: float) -> None:
    first = min(before, sum(gaps[1:]))
    hand = Hand([sum(gaps[:at]) - first for at in range(len(gaps))])
    assert hand.settles(DRAWN)
    assert hand.left == []


def test_what_is_typed_when_the_question_has_stood_for_a_moment_is_left() -> None:
    hand = Hand([0.5, 0.6])
    assert not hand.settles(DRAWN)
    assert hand.now == DRAWN
    assert hand.left == [0.5, 0.6]


def test_after_a_rest_the_next_text_is_a_new_one() -> None:
    hand = Hand([-0.1, 0.2, 1.3, 1.4])
    assert hand.settles(DRAWN)
    assert hand.left == [1.3, 1.4]


def test_what_comes_right_behind_a_line_is_seen() -> None:
    assert Hand([0.0]).settles(BURST)
    assert Hand([0.05]).settles(BURST)
    assert not Hand([0.2]).settles(BURST)


def test_without_patience_only_what_waits_counts() -> None:
    assert Hand([0.0]).settles(0.0)
    hand = Hand([0.001])
    assert not hand.settles(0.0)
    assert hand.left == [0.001]
