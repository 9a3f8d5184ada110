"""Every `${name}` of a file is known where it stands, and no secret stands where it would be seen."""

from collections.abc import Iterator

from wizard.acts.kinds import LINE_KEYS, PLAYED_KEYS, SCRIPT_KEYS
from wizard.errors import nearest
from wizard.fields.scalars import BUILT_IN
from wizard.fields.templates import Slot, broken_slots, parse_template, slots
from wizard.model.reading.fault import Fault
from wizard.model.reading.outline import BEFORE_ALL, Outline, items, known_at, table
from wizard.model.reading.tree import Text, Tree, texts


_UNFILLED = SCRIPT_KEYS | {"id", "include"}
_LINES = LINE_KEYS | PLAYED_KEYS
"""Command lines; splitting them finds a broken `${` already."""
_WITHOUT_NAMES = frozenset({"parameters", "rehearsal", "format", "procedure", "version", "source"})


def naming_faults(found: Outline) -> Iterator[Fault]:
    """Unknown names, names used too early, names given twice, secrets in sight."""
    for name, spot, first in found.twice:
        yield Fault(spot, f"The name {name} is taken: line {first.line} of {first.file} gives it a value already.")
    for key, tree in found.root.entries.items():
        if key not in _WITHOUT_NAMES and key != "phases":
            yield from _in_tree(found, tree, BEFORE_ALL, (key,))
    yield from _in_phase_texts(found)
    for index, (step, _) in enumerate(found.steps):
        yield from _in_tree(found, step, index, ())


def _in_phase_texts(found: Outline) -> Iterator[Fault]:
    first = 0
    for phase in items(found.root.get("phases")):
        for path, text in texts(phase):
            if "steps" not in path[:1]:
                yield from _in_text(found, text, first - 1, path)
        first += len(items(table(phase).get("steps")))


def _in_tree(found: Outline, tree: Tree, step: int, above: tuple[int | str, ...]) -> Iterator[Fault]:
    for path, text in texts(tree, above):
        if not _UNFILLED.intersection(path[-1:]):
            yield from _in_text(found, text, step, path)


def _in_text(found: Outline, text: Text, step: int, path: tuple[int | str, ...]) -> Iterator[Fault]:
    known = known_at(found, step)
    if not _LINES.intersection(path[-1:]):
        for at in broken_slots(text.value):
            yield Fault(
                text.at(at),
                "Here a ${ begins that is no ${name}.",
                "Close it behind the name; to write ${ itself, write $${.",
            )
    for slot in slots(parse_template(text.value)):
        if slot.name not in known:
            yield _unknown(found, text, slot, known)
        elif slot.name not in BUILT_IN and found.names[slot.name].secret and not _may_hold_secret(path, text, slot):
            yield Fault(
                text.at(slot.at),
                f"{slot.name} is a secret, and here it would be seen. A secret goes into env: or stdin: of the step.",
            )


def _unknown(found: Outline, text: Text, slot: Slot, known: set[str]) -> Fault:
    later = found.names.get(slot.name)
    if later is not None:
        return Fault(text.at(slot.at), f"{slot.name} has no value yet here; step {later.step_id} gives it one later.")
    cure = nearest(slot.name, known) or "To write ${ itself, write $${."
    return Fault(text.at(slot.at), f"Nothing gives ${{{slot.name}}} a value.", cure)


def _may_hold_secret(path: tuple[int | str, ...], text: Text, slot: Slot) -> bool:
    if "env" in path[-2:-1] or path[-1:] == ("stdin",):
        return True
    if not LINE_KEYS.intersection(path[-1:]):
        return False
    before = text.value[: slot.at].split()
    return all("=" in part and part.split("=", 1)[0].isidentifier() for part in before) and bool(before)
