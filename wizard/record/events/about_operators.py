"""Events of several people at one target: who holds it, who asks for it, who hands it over."""

from typing import Literal

from pydantic import Field

from wizard.record.events.base import Decision, EventPart


class HolderCited(EventPart):
    """A session, and who is at it."""

    user: str
    uid: int
    host: str
    session: str
    procedure: str = ""
    step: str = ""
    since: str = ""
    """UTC, RFC 3339."""


class UnfinishedCited(EventPart):
    """A session on the same target that is not over and that nobody is at."""

    holder: HolderCited
    how: str
    """How it was left: paused, handed over, or its wizard was killed."""
    ours: bool = True
    """It is a session of this user, who can go on with it or close it."""


class TargetHeld(Decision):
    """From here on the session holds its target, until it is left or its wizard is gone."""

    kind: Literal["target.held"] = "target.held"
    lock: str
    """The lock's name, the same for every session on this target."""
    target: dict[str, str] = Field(default_factory=dict)


class TargetBusy(Decision):
    """Another session holds the target; nothing begins here meanwhile."""

    kind: Literal["target.busy"] = "target.busy"
    lock: str
    target: dict[str, str] = Field(default_factory=dict)
    holder: HolderCited | None = None
    """None where the lock does not say."""
    ours: bool = False
    """Its session is one of this user."""
    attended: bool = True
    """Its wizard is there, as far as is known; else only a command of it still runs."""


class UnfinishedFound(Decision):
    """Sessions on the same target that were left unfinished, found before this one began."""

    kind: Literal["target.unfinished"] = "target.unfinished"
    sessions: tuple[UnfinishedCited, ...] = ()


class OtherClosed(Decision):
    """An unfinished session on the same target was closed from here, or could not be (`problem`)."""

    kind: Literal["other.closed"] = "other.closed"
    session: str
    reason: str
    problem: str = ""


class TakeOverAsked(Decision):
    """This session asks another one for the target."""

    kind: Literal["take-over.asked"] = "take-over.asked"
    holder: HolderCited
    reason: str


TakeOverOutcome = Literal["given", "kept", "silent", "ended", "free", "impossible"]


class TakeOverEnded(Decision):
    """What came of asking.

    `given`: the holder handed it over. `kept`: they keep it. `silent`: no answer, and nobody was ended. `ended`: no
    answer, and the holder's wizard, one of the same user, was ended. `free`: nobody was there any more. `impossible`:
    it could not even be asked.
    """

    kind: Literal["take-over.ended"] = "take-over.ended"
    outcome: TakeOverOutcome
    why: str = ""


class TakeOverWanted(Decision):
    """Somebody else asks this session for its target."""

    kind: Literal["take-over.wanted"] = "take-over.wanted"
    by: HolderCited
    reason: str


class TakenOver(Decision):
    """The target went to another session; this one is left as it is, and can only be read until it is resumed."""

    kind: Literal["session.taken-over"] = "session.taken-over"
    by: HolderCited
    how: Literal["given", "ended"]
    """`given` by whoever was at it; or `ended` from outside, after nobody had answered."""
    reason: str = ""


class HandedOver(Decision):
    """Whoever was at the session leaves it to somebody else, with a note."""

    kind: Literal["session.handed-over"] = "session.handed-over"
    note: str
    step: str | None = None
    running: bool = False
    """A command goes on in its supervisor."""
