"""A tree to the models; what pydantic says becomes sentences with places."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from wizard.errors import nearest
from wizard.fields.base import KeyFault, KeyFaults
from wizard.model.procedure import Procedure
from wizard.model.reading.fault import Fault
from wizard.model.reading.tree import Listing, Table, Text, Tree, locate, plain


_ROUNDS = 4
"""How often a file is read again without its unknown keys; one whose mended keys are unknown once more is no file."""
_SHAPES = {
    "string_type": "must be a text; a list or a table stands here",
    **dict.fromkeys(("float_type", "int_type", "bool_type"), "must be one word; a list or a table stands here"),
    "list_type": "must be a list: each item begins with '- '",
    "tuple_type": "must be a list: each item begins with '- '",
    "dict_type": "must be a table of `key: value`",
    "mapping_type": "must be a table of `key: value`",
    "model_type": "must be a table of `key: value`",
    "model_attributes_type": "must be a table of `key: value`",
}


def to_model(tree: Tree, *, whole: bool = True) -> tuple[Procedure | None, list[Fault]]:
    """The procedure of a tree, or everything its models say against it.

    Args:
        tree: The whole file.
        whole: Whether every included file is in it; if not, a list that is too short is no fault of its own.
    """
    given = plain(tree)
    faults: list[Fault] = []
    for _ in range(_ROUNDS):
        try:
            procedure = Procedure.model_validate(given)
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False)
        else:
            return (None if faults else procedure), faults
        told = [
            each for details in found if not _consequence(details, tree, whole=whole) for each in _faults(details, tree)
        ]
        faults.extend(each for each in told if each not in faults)
        if not _mended(given, found):
            break
    return None, faults


def _mended(given: Any, found: list[ErrorDetails]) -> bool:
    """Take unknown keys for the known ones they look like, or away: behind them a model says nothing more of itself."""
    unknown = [details["loc"] for details in found if details["type"] == "extra_forbidden"]
    mended = False
    for *path, last in unknown:
        inside = given
        for part in path:
            inside = _part(inside, part)
        if not isinstance(inside, dict) or last not in inside:
            continue
        value, mended = inside.pop(last), True
        meant = nearest(str(last), known_keys(tuple(path))).removeprefix("Did you mean ").removesuffix("?")
        if meant and meant not in inside:
            inside[meant] = value
    return mended


def _part(inside: Any, part: int | str) -> Any:
    """What a part of a model's path leads to; one thing that stands for a list of it is its first item."""
    if isinstance(inside, list):
        return inside[part] if isinstance(part, int) and part < len(inside) else None
    if isinstance(inside, dict):
        return inside if part == 0 else inside.get(part)
    return None


def _consequence(details: ErrorDetails, tree: Tree, *, whole: bool) -> bool:
    """Whether a list only counts as too short because its items have faults of their own, or could not be included."""
    if details["type"] != "too_short":
        return False
    if not whole:
        return True
    for part in details["loc"]:
        if isinstance(tree, Listing) and isinstance(part, int) and part < len(tree.items):
            tree = tree.items[part]
        elif isinstance(tree, Table) and (inner := tree.get(str(part))) is not None:
            tree = inner
    present = tree.items if isinstance(tree, Listing) else tree.entries if isinstance(tree, Table) else ()
    least: int = details.get("ctx", {}).get("min_length", 1)
    return len(present) >= least


def _faults(details: ErrorDetails, tree: Tree) -> list[Fault]:
    problem = details.get("ctx", {}).get("error")
    if not isinstance(problem, KeyFaults):
        return [_fault(details, tree)]
    path = tuple(part for part in details["loc"] if part != "[key]")
    return [Fault(locate(tree, (*path, each.key) if each.key else path), str(each)) for each in problem.faults]


def _fault(details: ErrorDetails, tree: Tree) -> Fault:
    path = tuple(part for part in details["loc"] if part != "[key]")
    last = _called(path)
    problem = details.get("ctx", {}).get("error")
    if isinstance(problem, KeyFault):
        return Fault(locate(tree, (*path, problem.key)), str(problem))
    if isinstance(problem, ValueError):
        return Fault(locate(tree, path), str(problem))
    kind = details["type"]
    if kind == "missing":
        return Fault(locate(tree, path[:-1]), f"The key {last} is missing here.")
    if kind == "extra_forbidden":
        known = known_keys(path[:-1])
        cure = nearest(last, known) or (f"Known here: {', '.join(sorted(known))}." if known else "")
        if (opener := _without_value_above(tree, path)) is not None:
            cure = f"It is indented too little if it belongs to {opener}, which has no value."
        return Fault(locate(tree, path), f"{last} is no key that belongs here.", cure)
    if kind == "literal_error":
        wanted = details.get("ctx", {}).get("expected", "")
        return Fault(locate(tree, path), f"{last} must be {wanted}.")
    if kind in _SHAPES:
        return Fault(locate(tree, path), f"{last} {_SHAPES[kind]}.")
    if kind == "too_short":
        least = details.get("ctx", {}).get("min_length", 1)
        return Fault(locate(tree, path), f"{last} has too few items; it needs at least {least}.")
    return Fault(locate(tree, path), f"{last} does not fit: {details['msg']}.")


def _without_value_above(tree: Tree, path: tuple[int | str, ...]) -> str | None:
    """The key right above an unknown one, where it has no value of its own."""
    for part in path[:-1]:
        inner = tree.items[part] if isinstance(tree, Listing) and isinstance(part, int) else None
        inner = tree.get(str(part)) if isinstance(tree, Table) else inner
        if inner is None:
            return None
        tree = inner
    keys = list(tree.entries) if isinstance(tree, Table) else []
    at = keys.index(str(path[-1])) if str(path[-1]) in keys else 0
    above = tree.get(keys[at - 1]) if at and isinstance(tree, Table) else None
    return keys[at - 1] if isinstance(above, Text) and above.value == "" and not above.style else None


def _called(path: tuple[int | str, ...]) -> str:
    """What a person calls the last part of a path."""
    if not path:
        return "the file"
    if isinstance(path[-1], int):
        return f"An item of {next((part for part in reversed(path) if isinstance(part, str)), 'the list')}"
    return path[-1]


def known_keys(path: tuple[int | str, ...]) -> list[str]:
    """The keys of the model a path of the file leads to; empty when it leads to none."""
    models: list[type[BaseModel]] = [Procedure]
    free = False
    for part in path:
        if isinstance(part, int):
            continue
        if free:
            free = False  # a name of the file's own choice, such as a parameter's
            continue
        if not models:
            return []
        field = next((info for key, info in _fields(models[0]) if key == part), None)
        if field is None:
            return []
        annotation = field.annotation
        models = list(_models_in(annotation))
        free = _is_mapping(annotation)
    return [key for key, _ in _fields(models[0])] if models and not free else []


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    for name, info in model.model_fields.items():
        yield info.alias or name, info


def _is_mapping(annotation: Any) -> bool:
    origin = get_origin(annotation)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    inner = get_args(annotation)
    if not inner and isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in inner:
        yield from _models_in(argument)
