"""Ids are unique, and what points at a step, a choice or a target points at one that is there, and in time."""

from collections.abc import Iterator

from wizard.acts.kinds import KINDS
from wizard.errors import nearest
from wizard.model.reading.fault import Fault, Spot
from wizard.model.reading.outline import Declared, Outline, items, table, word
from wizard.model.reading.tree import Table, Text, Tree


def reference_faults(found: Outline) -> Iterator[Fault]:
    """Everything that points nowhere, or backwards in time."""
    yield from _ids(found)
    yield from _fence(found)
    for index, (step, _) in enumerate(found.steps):
        yield from _pointers(found, index, step)
        yield from _when(found, index, step)
    yield from _answers(found)


def _ids(found: Outline) -> Iterator[Fault]:
    seen: dict[str, Spot] = {}
    for step, step_id in found.steps:
        place = step.get("id")
        if not step_id or place is None:
            continue
        if step_id in seen:
            first = seen[step_id]
            yield Fault(place.spot, f"The id {step_id} is taken by the step in line {first.line} of {first.file}.")
        seen.setdefault(step_id, place.spot)


def _fence(found: Outline) -> Iterator[Fault]:
    fence = table(found.root.get("fence"))
    captured = [*table(found.root.get("target")).entries, *table(found.root.get("who")).entries]
    for name, spot in fence.keys.items():
        if name not in captured:
            cure = nearest(name, captured) or "Add it to target: with the check that captures it."
            yield Fault(spot, f"The fence names {name}, which neither target: nor who: captures.", cure)


def _pointers(found: Outline, index: int, step: Table) -> Iterator[Fault]:
    since = [("soak", "since"), *((kind.KEY, kind.KEYS.since) for kind in KINDS if kind.KEYS.since)]
    until = [(kind.KEY, kind.KEYS.until) for kind in KINDS if kind.KEYS.until]
    for pointer in (*items(step.get("needs")), *_below(step, since)):
        yield from _points(found, pointer, index, later=False)
    for pointer in _below(step, until):
        yield from _points(found, pointer, index, later=True)


def _below(step: Table, places: list[tuple[str, str]]) -> list[Tree]:
    """What stands at a key below a key of the step, for each of several such places."""
    there = (table(step.get(key)).get(inner) for key, inner in places)
    return [tree for tree in there if tree is not None]


def _points(found: Outline, pointer: Tree, index: int, *, later: bool) -> Iterator[Fault]:
    if not isinstance(pointer, Text):
        return
    meant = found.index_of(pointer.value)
    if meant is None:
        cure = nearest(pointer.value, [step_id for _, step_id in found.steps])
        yield Fault(pointer.spot, f"There is no step {pointer.value or repr('')}.", cure)
    elif later and meant <= index:
        yield Fault(pointer.spot, f"Step {pointer.value} does not come after this one.")
    elif not later and meant >= index:
        yield Fault(pointer.spot, f"Step {pointer.value} does not come before this one.")


def _when(found: Outline, index: int, step: Table) -> Iterator[Fault]:
    when = table(step.get("when"))
    for name, wanted in when.entries.items():
        declared = found.names.get(name)
        if declared is None or not declared.decides:
            deciding = [known for known, other in found.names.items() if other.decides]
            sentence = f"when: looks at parameters, asks and choices, and {name} is none of them."
            cure = (
                nearest(name, deciding) or "Have it decided: by a parameter, or by a step with choose: before this one."
            )
            yield Fault(when.keys[name], sentence, cure)
        elif declared.step >= index:
            yield Fault(when.keys[name], f"{name} is not decided yet here; step {declared.step_id} decides it.")
        else:
            yield from _known_values(name, declared, wanted)


def _known_values(name: str, declared: Declared, wanted: Tree) -> Iterator[Fault]:
    for value in items(wanted):
        if declared.values is not None and isinstance(value, Text) and value.value not in declared.values:
            cure = nearest(value.value, declared.values) or f"It can be {', '.join(declared.values)}."
            yield Fault(value.spot, f"{name} is never {value.value!r}.", cure)


def _answers(found: Outline) -> Iterator[Fault]:
    answers = table(table(found.root.get("rehearsal")).get("answers"))
    for name, answer in answers.entries.items():
        declared = found.names.get(name)
        if declared is None or not declared.decides:
            deciding = [known for known, other in found.names.items() if other.decides]
            yield Fault(answers.keys[name], f"Nothing asks for {name}.", nearest(name, deciding))
        elif declared.values is not None and word(answer) not in declared.values:
            yield Fault(answer.spot, f"{name} is never {word(answer)!r}.", f"It can be {', '.join(declared.values)}.")
