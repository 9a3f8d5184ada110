"""The fence: where a session is and whose account it uses, compared before each changing step."""

from dataclasses import dataclass

from wizard.acts.plan import TickAll
from wizard.checks import must_equal
from wizard.checks.model import Check
from wizard.model.procedure import Operation, Procedure


@dataclass(frozen=True, slots=True)
class FenceComparison:
    """One comparison of the fence.

    Attributes:
        name: The capture of `target` or `who` that is compared.
        check: Takes it anew; its answer must be what `fence` says, or what it was when the session was opened.
    """

    name: str
    check: Check


def is_fenced(operation: Operation) -> bool:
    """Whether the fence is looked at before an act: it is where something is done, by a command or by hand."""
    return operation.command is not None or isinstance(operation.act.plan, TickAll)


def fence_of(procedure: Procedure) -> tuple[FenceComparison, ...]:
    """The whole fence: what `fence` says first, in its order, then every other capture of `target` and `who`."""
    captures = {**procedure.target, **procedure.who}
    names = [*procedure.fence, *(name for name in captures if name not in procedure.fence)]
    return tuple(
        FenceComparison(name, must_equal(captures[name], procedure.fence.get(name, f"${{{name}}}"))) for name in names
    )
