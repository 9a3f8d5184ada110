"""What is wrong with a procedure that only a closer look finds. It runs nothing.

Everybody who opens a session runs this after reading, and treats what it finds as faults of the file.
"""

from collections.abc import Iterator
from dataclasses import replace

from wizard.lint.scripts import script_faults
from wizard.places import asset
from wizard.procedure import Ask, Parameter, Procedure, Run, Step, Watch
from wizard.reading import Fault, Loaded, ProcedureProblem
from wizard.reading.outline import Outline, outline
from wizard.reading.tree import locate


__all__ = ["is_built_in", "lint", "require_clean"]


MOST_WATCHES = 4
"""How many may run at a time: so many panes can still be read."""


def lint(loaded: Loaded) -> list[Fault]:
    """The faults of a procedure that was read, sorted by place; empty for a good one."""
    found = outline(loaded.tree)
    faults = [
        *script_faults(found),
        *_without_example(loaded.procedure, found),
        *_crowded(loaded.procedure, found),
    ]
    if is_built_in(loaded):
        faults.extend(_without_probe(loaded.procedure, found))
    return sorted({_as_given(loaded, fault) for fault in faults})


def require_clean(loaded: Loaded) -> None:
    """Let a procedure pass that has no such fault.

    Raises:
        ProcedureProblem: It has; all of them.
    """
    faults = lint(loaded)
    if faults:
        raise ProcedureProblem(faults)


def is_built_in(loaded: Loaded) -> bool:
    """Whether it was read from the procedures that ship with uplevel."""
    return loaded.path is not None and loaded.path.resolve().is_relative_to(asset("procedures").resolve())


def _as_given(loaded: Loaded, fault: Fault) -> Fault:
    if loaded.path is None:
        return fault
    return replace(fault, spot=replace(fault.spot, file=str(loaded.path.parent / fault.file)))


def _places(procedure: Procedure, found: Outline) -> Iterator[tuple[Step, int]]:
    yield from zip(procedure.steps(), range(len(found.steps)), strict=True)


def _finds_out_itself(step: Step) -> bool:
    """Whether the step runs a command of uplevel that only looks, or begins by looking what is left to do."""
    act = step.command
    own = isinstance(act, Run) and act.line.startswith(("uplevel compare ", "uplevel copy "))
    return own and step.repeat == "safe"


def _without_probe(procedure: Procedure, found: Outline) -> Iterator[Fault]:
    for step, index in _places(procedure, found):
        if step.starts_command and step.probe is None and not _finds_out_itself(step):
            spot = locate(found.steps[index][0], ("id",))
            yield Fault(
                spot, f"Step {step.id} changes something and has no already:, so resume could not tell what is."
            )


def _crowded(procedure: Procedure, found: Outline) -> Iterator[Fault]:
    """Watches that would run at the same time, counted along the order of the steps."""
    order = {step.id: number for number, step in enumerate(procedure.steps())}
    last: list[int] = []
    for step, index in _places(procedure, found):
        if not isinstance(step.act, Watch):
            continue
        last = [*(end for end in last if end >= index), order.get(step.act.until, index)]
        if len(last) > MOST_WATCHES:
            spot = locate(found.steps[index][0], ("watch",))
            cure = "Let an earlier one end before this step."
            yield Fault(spot, f"Here {len(last)} watches would run at a time; {MOST_WATCHES} are the most.", cure)


def _without_example(procedure: Procedure, found: Outline) -> Iterator[Fault]:
    """A rehearsal plays the operator; it must know what to answer."""
    if procedure.rehearsal is None:
        return
    answers = procedure.rehearsal.answers
    for name, parameter in procedure.parameters.items():
        if name not in answers and _mute(parameter):
            spot = locate(found.root, ("parameters", name))
            yield Fault(spot, f"A rehearsal cannot answer {name}.", "Give it default: or example:.")
    for step, index in _places(procedure, found):
        if isinstance(step.act, Ask) and step.act.name not in answers and _mute(step.act):
            spot = locate(found.steps[index][0], ("ask",))
            yield Fault(spot, f"A rehearsal cannot answer {step.act.name}.", "Give it default: or example:.")


def _mute(parameter: Parameter) -> bool:
    return parameter.rehearsed() is None and not parameter.optional and not parameter.secret
