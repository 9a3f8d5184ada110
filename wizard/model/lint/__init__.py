"""What is wrong with a procedure that only a closer look finds. It runs nothing.

Whoever opens a session looks so first, and treats what it finds as faults of the file. A session that was opened goes
on with its own copy, whatever is found in it later.
"""

from collections.abc import Iterator
from pathlib import Path

from wizard.acts.kinds import KINDS
from wizard.fields.commands import PlainLine
from wizard.model.lint.dead_ends import dead_ends
from wizard.model.lint.order import order_faults
from wizard.model.lint.scripts import script_faults
from wizard.model.lint.values import value_faults
from wizard.model.lint.whens import when_faults
from wizard.model.procedure import Step
from wizard.model.reading import Fault, Loaded, ProcedureProblem, as_given, read_procedure
from wizard.model.reading.outline import Outline, items, outline, table, word, yes
from wizard.model.reading.tree import Table, locate
from wizard.places import asset


__all__ = ["examine", "is_built_in", "lint"]


MOST_WATCHES = 4
"""How many may run at a time: so many panes can still be read."""


def examine(path: Path) -> Loaded:
    """Read a procedure and look closely at it.

    Raises:
        ProcedureProblem: It cannot be read or has faults; all of them, those of a closer look included.
    """
    try:
        loaded = read_procedure(path)
    except ProcedureProblem as problem:
        closer = () if problem.tree is None else lint_tree(problem.tree)
        raise ProcedureProblem([*problem.faults, *(as_given(path, fault) for fault in closer)]) from None
    faults = lint(loaded)
    if faults:
        raise ProcedureProblem(faults)
    return loaded


def lint(loaded: Loaded) -> list[Fault]:
    """The faults of a procedure that was read, sorted by place; empty for a good one."""
    found = lint_tree(loaded.tree)
    if is_built_in(loaded):
        found.extend(_without_probe(loaded, outline(loaded.tree)))
    return sorted(set(found) if loaded.path is None else {as_given(loaded.path, fault) for fault in found})


def lint_tree(tree: Table) -> list[Fault]:
    """The same for a tree, whatever else is wrong with it."""
    found = outline(tree)
    looks = (script_faults, dead_ends, order_faults, when_faults, value_faults, _without_example, _crowded)
    return [fault for look in looks for fault in look(found)]


def is_built_in(loaded: Loaded) -> bool:
    """Whether it was read from the procedures that ship with uplevel."""
    return loaded.path is not None and loaded.path.resolve().is_relative_to(asset("procedures").resolve())


def _finds_out_itself(step: Step) -> bool:
    """Whether the step runs a command of uplevel that only looks, or begins by looking what is left to do."""
    command = step.command
    own = isinstance(command, PlainLine) and command.line.startswith(("uplevel compare ", "uplevel copy "))
    return own and step.repeat == "safe"


def _without_probe(loaded: Loaded, found: Outline) -> Iterator[Fault]:
    for step, (place, _) in zip(loaded.procedure.steps(), found.steps, strict=True):
        if step.starts_command and step.probe is None and not _finds_out_itself(step):
            spot = locate(place, ("id",))
            yield Fault(
                spot, f"Step {step.id} changes something and has no already:, so resume could not tell what is."
            )


def _crowded(found: Outline) -> Iterator[Fault]:
    """Watches that would run at the same time, counted along the order of the steps."""
    last: list[int] = []
    watching = [kind for kind in KINDS if kind.KEYS.until]
    each = ((index, step, kind) for index, (step, _) in enumerate(found.steps) for kind in watching)
    for index, step, kind in each:
        watch = table(step.get(kind.KEY))
        if not watch.entries:
            continue
        until = found.index_of(word(watch.get(kind.KEYS.until)))
        last = [*(end for end in last if end >= index), index if until is None else until]
        if len(last) > MOST_WATCHES:
            cure = "Let an earlier one end before this step."
            sentence = f"Here {len(last)} watches would run at a time; {MOST_WATCHES} are the most."
            yield Fault(step.keys[kind.KEY], sentence, cure)


def _without_example(found: Outline) -> Iterator[Fault]:
    """A rehearsal plays the operator; it must know what to answer."""
    rehearsal = found.root.get("rehearsal")
    if rehearsal is None:
        return
    answers = table(table(rehearsal).get("answers")).entries
    for each in found.asked:
        if each.name not in answers and _mute(each.rule):
            yield Fault(each.spot, f"A rehearsal cannot answer {each.name}.", "Give it default: or example:.")


def _mute(parameter: Table) -> bool:
    spoken = any(items(parameter.get(key)) for key in ("default", "example", "choices"))
    return not spoken and not yes(parameter.get("optional")) and not yes(parameter.get("secret"))
