"""A key pressed before a question was drawn does not answer it."""

from screens.shared.guard import SETTLING, KeyGuard


class _Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_keys_wait_from_the_moment_the_question_is_drawn() -> None:
    clock = _Clock()
    guard = KeyGuard(clock)
    assert guard.changed(("question", 1))
    clock.now += 10
    assert not guard.ready  # long ago, but never drawn
    guard.drawn()
    clock.now += SETTLING * 0.9
    assert not guard.ready
    clock.now += SETTLING * 0.2
    assert guard.ready


def test_the_same_question_drawn_again_does_not_wait_again() -> None:
    clock = _Clock()
    guard = KeyGuard(clock)
    guard.changed(("question", 1))
    guard.drawn()
    clock.now += SETTLING
    assert not guard.changed(("question", 1))
    guard.drawn()
    assert guard.ready


def test_another_question_waits_anew() -> None:
    clock = _Clock()
    guard = KeyGuard(clock)
    guard.changed(("question", 1))
    guard.drawn()
    clock.now += SETTLING
    assert guard.changed(("question", 2))
    assert not guard.ready
    guard.drawn()
    assert not guard.ready
    clock.now += SETTLING
    assert guard.ready


def test_the_wait_is_four_tenths_of_a_second() -> None:
    assert SETTLING == 0.4
