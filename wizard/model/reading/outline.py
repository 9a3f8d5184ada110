"""What a tree declares: steps in order, and the names that get a value, with the place where each gets it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from wizard.acts.kinds import KINDS
from wizard.fields.scalars import BUILT_IN
from wizard.model.reading.fault import Spot
from wizard.model.reading.tree import Listing, Table, Text, Tree, plain


BEFORE_ALL = -1
"""The position of names that have a value before the first step."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A name that gets a value.

    Attributes:
        spot: Where.
        step: Index of the step that gives it, or `BEFORE_ALL`.
        step_id: The id of that step.
        secret: Whether it may never be shown.
        values: The values it may have, when the file says so.
        decides: Whether a person gives it, so that `when` may look at it.
    """

    spot: Spot
    step: int = BEFORE_ALL
    step_id: str = ""
    secret: bool = False
    values: tuple[str, ...] | None = None
    decides: bool = True


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A name whose value a person gives by a rule.

    Attributes:
        name: The name.
        rule: What stands there: the keys of a parameter.
        spot: Where its key stands.
    """

    name: str
    rule: Table
    spot: Spot


@dataclass(slots=True)
class Outline:
    """A tree's own declarations, found without a model, so that one fault hides no other."""

    root: Table
    steps: list[tuple[Table, str]] = field(default_factory=list)
    names: dict[str, Declared] = field(default_factory=dict)
    twice: list[tuple[str, Spot, Spot]] = field(default_factory=list)
    asked: list[AskedFor] = field(default_factory=list)

    def declare(self, name: str, declared: Declared) -> None:
        """Add a name; a second declaration is kept in `twice`."""
        if name in self.names:
            self.twice.append((name, declared.spot, self.names[name].spot))
        else:
            self.names[name] = declared

    def index_of(self, step_id: str) -> int | None:
        """The position of the first step of that id."""
        return next((index for index, (_, known) in enumerate(self.steps) if known == step_id), None)


def table(tree: Tree | None) -> Table:
    """The table a tree is, or an empty one."""
    return tree if isinstance(tree, Table) else Table(Spot("", 0, 0))


def items(tree: Tree | None) -> list[Tree]:
    """The items of a list, or the one thing that stands in place of it."""
    if tree is None:
        return []
    return tree.items if isinstance(tree, Listing) else [tree]


def word(tree: Tree | None) -> str:
    """The text a tree is, or an empty one."""
    return tree.value if isinstance(tree, Text) else ""


def yes(tree: Tree | None) -> bool:
    return word(tree) in {"yes", "true"}


def outline(root: Table) -> Outline:
    """The declarations of a tree."""
    found = Outline(root)
    parameters = table(root.get("parameters"))
    for name, entry in parameters.entries.items():
        rule = table(entry)
        found.asked.append(AskedFor(name, rule, parameters.keys[name]))
        found.declare(name, Declared(entry.spot, secret=yes(rule.get("secret")), values=_choices(rule)))
    for section in ("ports", "target", "who", "remember"):
        for name, spot in table(root.get(section)).keys.items():
            found.declare(name, Declared(spot, decides=False))
    for phase in items(root.get("phases")):
        for step in items(table(phase).get("steps")):
            found.steps.append((table(step), word(table(step).get("id"))))
    for index, (step, step_id) in enumerate(found.steps):
        _give(found, step, index, step_id)
        for name, declared in _taken_by(step, index, step_id):
            found.declare(name, declared)
    return found


def _give(found: Outline, step: Table, index: int, step_id: str) -> None:
    """Declare the names that the act of a step gives a value."""
    for kind in KINDS:
        stands = step.get(kind.KEY)
        if stands is None or (given := kind.gives(plain(stands))) is None:
            continue
        secret, values = False, given.values
        if given.as_parameter:
            rule = table(stands)
            secret, values = yes(rule.get("secret")), _choices(rule)
            found.asked.append(AskedFor(given.name, rule, step.keys[kind.KEY]))
        found.declare(given.name, Declared(stands.spot, index, step_id, secret, values))


def _taken_by(step: Table, index: int, step_id: str) -> Iterator[tuple[str, Declared]]:
    for name, spot in table(step.get("remember")).keys.items():
        yield name, Declared(spot, index, step_id, decides=False)
    for owner in (step, table(step.get("undo"))):
        captures = table(owner.get("capture"))
        for name, capture in captures.entries.items():
            yield name, Declared(captures.keys[name], index, step_id, yes(table(capture).get("secret")), decides=False)


def _choices(parameter: Table) -> tuple[str, ...] | None:
    return tuple(word(choice) for choice in items(parameter.get("choices")) if word(choice)) or None


def known_at(found: Outline, step: int) -> set[str]:
    """The names that have a value when a step runs."""
    return {*BUILT_IN, *(name for name, declared in found.names.items() if declared.step <= step)}
