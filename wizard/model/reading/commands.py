"""`run:` lines can be started without a shell, and no value becomes code of another interpreter."""

from collections.abc import Iterator

from wizard.acts.kinds import FREE_KEYS, KINDS, LINE_KEYS, PLAYED_KEYS
from wizard.fields.interpreters import interpreted
from wizard.fields.lines import LineProblem, split_line
from wizard.model.reading.fault import Fault
from wizard.model.reading.outline import items, table, word
from wizard.model.reading.tree import Listing, Table, Text, Tree


_ASKED_AT_THE_START = frozenset({"target", "who", "remember"})
_STARTING = frozenset(kind.KEY for kind in KINDS if kind.KEYS.lines)
"""Acts that may have a command line below their key, which is the step's own."""


def command_faults(root: Tree, above: tuple[str, ...] = ()) -> Iterator[Fault]:
    """Everything wrong with the run lines of a tree.

    Args:
        root: The tree.
        above: The names that the step trusts whose act the tree is.
    """
    if isinstance(root, Listing):
        for item in root.items:
            yield from command_faults(item)
    if not isinstance(root, Table):
        return
    trusted = (*above, *(word(name) for name in items(root.get("trusts"))))
    for key, value in root.entries.items():
        if key in LINE_KEYS | PLAYED_KEYS and isinstance(value, Text):
            yield from _line(value, trusted)
        elif key in _ASKED_AT_THE_START:
            for check in table(value).entries.values():
                yield from command_faults(check)
        elif key not in FREE_KEYS | {"parameters"}:
            yield from command_faults(value, trusted if key in _STARTING else ())


def _line(text: Text, trusted: tuple[str, ...]) -> Iterator[Fault]:
    try:
        line = split_line(text.value)
    except LineProblem as problem:
        yield Fault(text.at(problem.at), problem.sentence)
        return
    found = [slot for slot in interpreted(line) if slot.name not in trusted]
    trusts = ", ".join(dict.fromkeys([*trusted, *(slot.name for slot in found)]))
    for slot in found:
        yield Fault(
            text.at(slot.at),
            f"Here another interpreter, or the shell of another machine, would read the value of {slot.name} as its "
            "own language.",
            f"Write trusts: [{trusts}] beside it if you know that it is harmless there.",
        )
