"""Who decides in a session: each is named once, in a record of its own, and decisions carry the number."""

import secrets

from wizard.engine.session_context import SessionContext
from wizard.record.events import ActorNamed, CheckpointSigned, Event, FrontEndAttached
from wizard.session.record_shape import happened_of


_TELLING = frozenset({"actor.named", "checkpoint.signed"})


def name_actor(context: SessionContext, attached: FrontEndAttached) -> None:
    """Say who decides from here on; who was named before, just as they are now, keeps their number.

    Args:
        context: The session.
        attached: The front end that shows it.

    Raises:
        RecordProblem: It cannot be recorded.
    """
    telling = [record for record in context.recorder.journal.records if record.kind in _TELLING]
    known = [happened_of(record).event for record in telling]
    actor = _actor(context, attached, known)
    named = [event for event in known if isinstance(event, ActorNamed)]
    for before in named:
        if before.model_copy(update={"number": 0, "salt": ""}) == actor:
            context.recorder.actor = before.number
            return
    number = max((event.number for event in named), default=0) + 1
    context.recorder.record(actor.model_copy(update={"number": number, "salt": secrets.token_hex(16)}))
    context.recorder.actor = number


def _actor(context: SessionContext, attached: FrontEndAttached, known: list[Event]) -> ActorNamed:
    if attached.auto:
        return ActorNamed(number=0, actor_kind="auto", salt="", front_end=attached.front_end)
    person = context.state.current_operator
    keys = [event.key for event in known if isinstance(event, CheckpointSigned)]
    return ActorNamed(
        number=0,
        actor_kind="person",
        salt="",
        user=person.user,
        real_user=person.sudo_user,
        host=person.host,
        tty=person.tty,
        source=person.source,
        front_end=attached.front_end,
        key=keys[-1] if keys else "",
    )
