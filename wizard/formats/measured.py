"""Who decided, by number, and what time a rehearsal took: here, and in its world."""

from collections.abc import Iterator
from typing import Any

from wizard.formats.cleaning import clean
from wizard.formats.collect import Collected
from wizard.record.events import ActorNamed, FrontEndAttached, Happened, SessionOpened, WorldCounted
from wizard.session import SessionState


def measured(found: Collected, state: SessionState) -> dict[str, Any]:
    """Whether the session played by itself, who decided, and what the world of a rehearsal counted."""
    return {"auto": state.was_auto, "actors": _actors(found.happened), "world": _world(found.happened, state)}


def _actors(happened: list[Happened]) -> list[dict[str, Any]]:
    """Everybody who decided, each with the number that their decisions carry; none in older journals."""
    named = [each.event for each in happened if isinstance(each.event, ActorNamed)]
    return [clean(event.model_dump(exclude={"kind", "salt"})) for event in named]


def _world(happened: list[Happened], state: SessionState) -> dict[str, Any] | None:
    """What the world of a rehearsal counted: its own time, that at the screen, its speed, and figures by name.

    None for a session that is no rehearsal, and for older journals.
    """
    opened = state.opened.rehearsal
    counted = [each.event for each in happened if isinstance(each.event, WorldCounted)]
    if opened is None or not counted:
        return None
    return {
        "seconds": counted[-1].now - counted[0].now,
        "here": round(sum(_sittings(happened)), 1),
        "speed": opened.speed,
        "counts": dict(counted[-1].counts),
    }


def _sittings(happened: list[Happened]) -> Iterator[float]:
    """How long somebody sat at the session, each time."""
    began = last = happened[0]
    for each in happened[1:]:
        if isinstance(each.event, FrontEndAttached) and not isinstance(last.event, SessionOpened):
            yield _between(began, last)
            began = each
        last = each
    yield _between(began, last)


def _between(began: Happened, ended: Happened) -> float:
    return max(0.0, (ended.boottime - began.boottime) / 1e9) if began.boot_id == ended.boot_id else 0.0
