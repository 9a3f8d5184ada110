"""Who decides in a session: each is named once, in a record of its own, and decisions carry the number."""

import secrets

from wizard.engine.kit import Kit
from wizard.engine.recorder import happened_of
from wizard.events import ActorNamed, CheckpointSigned, Event, FrontEndAttached


_TELLING = frozenset({"actor.named", "checkpoint.signed"})


def name_actor(kit: Kit, attached: FrontEndAttached) -> None:
    """Say who decides from here on; who was named before, just as they are now, keeps their number.

    Args:
        kit: The session.
        attached: The front end that shows it.

    Raises:
        RecordProblem: It cannot be recorded.
    """
    telling = [record for record in kit.recorder.journal.records if record.kind in _TELLING]
    known = [happened_of(record).event for record in telling]
    actor = _actor(kit, attached, known)
    named = [event for event in known if isinstance(event, ActorNamed)]
    for before in named:
        if before.model_copy(update={"number": 0, "salt": ""}) == actor:
            kit.recorder.actor = before.number
            return
    number = max((event.number for event in named), default=0) + 1
    kit.recorder.record(actor.model_copy(update={"number": number, "salt": secrets.token_hex(16)}))
    kit.recorder.actor = number


def _actor(kit: Kit, attached: FrontEndAttached, known: list[Event]) -> ActorNamed:
    if attached.auto:
        return ActorNamed(number=0, sort="auto", salt="", front_end=attached.front_end)
    person = kit.state.at_it
    keys = [event.key for event in known if isinstance(event, CheckpointSigned)]
    return ActorNamed(
        number=0,
        sort="person",
        salt="",
        user=person.user,
        real_user=person.sudo_user,
        host=person.host,
        tty=person.tty,
        source=person.source,
        front_end=attached.front_end,
        key=keys[-1] if keys else "",
    )
