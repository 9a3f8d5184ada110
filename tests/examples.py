"""How many examples a property is tried with: all of them in the storm, a part of them on every day."""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings


_Property = TypeVar("_Property", bound=Callable[..., Any])

_DAILY = 1 / 4

IN_FULL = "in_full"
"""The mark of what the storm runs again, in full."""

storm = False
"""Whether the storm is what is run; known before any test is collected."""


def examples(count: int) -> Callable[[_Property], _Property]:
    """Settings of a property whose examples are whole sessions, which take their time.

    Args:
        count: How many the storm tries.
    """
    tried = settings(
        max_examples=count if storm else max(1, round(count * _DAILY)),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )

    def mark(test: _Property) -> _Property:
        marked: _Property = getattr(pytest.mark, IN_FULL)(tried(test))
        return marked

    return mark
