"""Whether a world is again what it was: what an undo has to give back, and what nobody can give back.

A platform says in words what counts; a team tests by it that its procedures take back what they did.
"""

from collections.abc import Mapping


NOTHING = "nothing"
"""What stands for something that is not there."""


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The differences between two worlds in plain words; empty when there is none.

    Args:
        before: What counts of the world as it was, by what it is of.
        after: The same of the world as it is.
    """
    found: list[str] = []
    for key in [*before, *(key for key in after if key not in before)]:
        was, is_now = before.get(key, NOTHING), after.get(key, NOTHING)
        if was != is_now:
            found.append(f"{key}: was {was}, is {is_now}")
    return found
