"""Names that are used before they can have a value, or where they never have one."""

from collections.abc import Iterator

from wizard.acts.kinds import ACT_KEYS, SCRIPT_KEYS
from wizard.fields.templates import parse_template, slots
from wizard.model.lint.bash import EXPANSIONS, parse, source, walk
from wizard.model.lint.commands import Written, written
from wizard.model.lint.whens import conditions, excluded
from wizard.model.reading.fault import Fault, Spot
from wizard.model.reading.outline import BEFORE_ALL, Outline, table
from wizard.model.reading.tree import texts


_BEFORE_THE_ACT = frozenset({"already", "before", "env", "stdin", "in", "confirm", "type", "files", "soak", *ACT_KEYS})
"""Keys of a step, and of an undo, that are looked at before its own act has given anything."""
_SECTIONS = ("target", "who", "fence", "remember")
"""The order in which a session takes its first values."""


def order_faults(found: Outline) -> Iterator[Fault]:
    """Every use of a name in a command, a check or a question that could never be filled in."""
    yield from _at_the_start(found)
    for index, (step, _) in enumerate(found.steps):
        for path, text in texts(step):
            if not SCRIPT_KEYS.intersection(path[-1:]):
                for slot in slots(parse_template(text.value)):
                    yield from _used(found, index, slot.name, path, text.at(slot.at))
    for each in written(found):
        if each.key in SCRIPT_KEYS and each.step != BEFORE_ALL:
            yield from _in_script(found, each)


def _at_the_start(found: Outline) -> Iterator[Fault]:
    order = [(section, name) for section in _SECTIONS for name in table(found.root.get(section)).entries]
    place = {name: at for at, (section, name) in enumerate(order) if section != "fence"}
    for at, (section, name) in enumerate(order):
        entry = table(found.root.get(section)).entries[name]
        for _, text in texts(entry):
            for slot in slots(parse_template(text.value)):
                if place.get(slot.name, -1) > at or (place.get(slot.name) == at and section != "fence"):
                    sentence = (
                        f"{slot.name} has no value yet here: target, who, fence and remember are taken in this order."
                    )
                    yield Fault(text.at(slot.at), sentence, "Take it first, or do without it.")


def _used(found: Outline, index: int, name: str, path: tuple[int | str, ...], spot: Spot) -> Iterator[Fault]:
    declared = found.names.get(name)
    if declared is None or declared.step == BEFORE_ALL or declared.step > index:
        return
    by_undo = name in _taken_by_undo(found, declared.step)
    inside_undo = path[:1] == ("undo",)
    own = path[1:] if inside_undo else path
    if declared.step < index:
        against = excluded(conditions(found, index), conditions(found, declared.step))
        if by_undo:
            yield Fault(spot, f"{name} never has a value here: only the undo of step {declared.step_id} takes it.")
        elif against is not None:
            where = f"step {declared.step_id}, which gives it, applies only where {against} is something else"
            yield Fault(spot, f"{name} never has a value here: {where}.")
    elif by_undo and not inside_undo:
        yield Fault(spot, f"{name} never has a value here: only the undo of this step takes it.")
    elif by_undo == inside_undo and _BEFORE_THE_ACT.intersection(own[:1]):
        yield Fault(
            spot, f"{name} has no value yet here: the step gives it by what it does.", "Take it in a step before."
        )


def _taken_by_undo(found: Outline, index: int) -> set[str]:
    return set(table(table(found.steps[index][0].get("undo")).get("capture")).entries)


def _in_script(found: Outline, each: Written) -> Iterator[Fault]:
    """Values that a script wants and that its environment cannot have."""
    used: dict[str, int] = {}
    own: set[str] = set()
    for node in walk(parse(each.text.value)):
        if node.type == "variable_name" and node.parent is not None:
            if node.parent.type == "simple_expansion" or (
                node.parent.type in EXPANSIONS and len(node.parent.children) == 3
            ):
                used.setdefault(source(node), node.start_byte)
            else:
                own.add(source(node))
        elif node.type == "word":
            own.add(source(node))  # of read and its like
    for name, at in used.items():
        declared = found.names.get(name)
        if declared is None or name in own:
            continue
        spot = each.text.at(len(each.text.value.encode()[:at].decode("utf-8", "replace")))
        if declared.step > each.step:
            yield Fault(spot, f"{name} has no value yet here; step {declared.step_id} gives it one later.")
        else:
            yield from _used(found, each.step, name, each.path, spot)
