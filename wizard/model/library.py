"""Finding procedures: built in, the operator's own, and those of the folder one stands in. Loads no models."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from wizard.errors import UsageProblem, nearest
from wizard.places import asset, config_dir
from wizard.places.plain_file import read_plain


Origin = Literal["built in", "yours", "here"]
"""Where a procedure comes from: `here` is ./procedures, under a heading of its own."""

_MAX_BYTES = 1_000_000
_MAX_DEPTH = 12
_KEPT = 64
"""Files whose text is kept as it was read."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a list says of a procedure.

    Attributes:
        name: On the command line.
        title: For people.
        summary: Its first paragraph.
        steps: How many.
        path: Its file.
        origin: Where it comes from.
        problem: Why its head cannot be read, as a sentence; empty for a good one.
    """

    name: str
    title: str
    summary: str
    steps: int
    path: Path
    origin: Origin
    problem: str = ""


def folders() -> dict[Origin, Path]:
    """The folders procedures are looked for in, in this order."""
    return {"built in": asset("procedures"), "yours": config_dir() / "procedures", "here": Path("procedures")}


def heads() -> list[Head]:
    """The heads of all procedures, origin by origin, by name."""
    return [head for origin, folder in folders().items() for head in _of_origin(origin, folder)]


def clashes(found: list[Head]) -> list[str]:
    """One sentence for each name that several procedures have. None of them hides another."""
    by_name: dict[str, list[Head]] = {}
    for head in found:
        by_name.setdefault(head.name, []).append(head)
    return [
        f"{len(same)} procedures are called {name}: {', '.join(str(head.path) for head in same)}. Name one by its path."
        for name, same in by_name.items()
        if len(same) > 1
    ]


def find(wanted: str) -> Path:
    """The file of a procedure.

    Args:
        wanted: A name, or a path (anything with a / in it, or that ends in .yaml or .yml).

    Raises:
        UsageProblem: There is none of that name, or there are several.
    """
    if "/" in wanted or wanted.endswith((".yaml", ".yml")):
        return Path(wanted)
    found = heads()
    same = [head for head in found if head.name == wanted]
    if not same:
        names = sorted({head.name for head in found})
        cure = nearest(wanted, names) or (f"There are {', '.join(names)}." if names else "There are none at all.")
        raise UsageProblem(f"There is no procedure called {wanted}.", cure)
    if len(same) > 1:
        raise UsageProblem(*clashes(same))
    return same[0].path


def _of_origin(origin: Origin, folder: Path) -> list[Head]:
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix in {".yaml", ".yml"} and path.is_file())
    except OSError:
        return []
    return sorted((head(path, origin) for path in files), key=lambda found: found.name)


def head(path: Path, origin: Origin) -> Head:
    """The head of one file; one that cannot be read says so in `problem`."""
    try:
        tree = _read(path)
    except (OSError, ValueError):
        return Head(path.stem, path.stem, "", 0, path, origin, f"It cannot be read; uplevel lint {path} says why.")
    if not isinstance(tree, dict):
        return Head(path.stem, path.stem, "", 0, path, origin, f"It is no procedure; uplevel lint {path} says why.")
    name, title = _word(tree.get("procedure")) or path.stem, _word(tree.get("title")) or path.stem
    summary = _word(tree.get("summary")).strip().split("\n\n", maxsplit=1)[0].replace("\n", " ")
    return Head(name, title, summary, len(_steps(tree, path)), path, origin)


def order_of(path: Path) -> tuple[str, ...]:
    """The ids of the steps of a procedure, in order; empty when its file cannot be read."""
    try:
        tree = _read(path)
    except (OSError, ValueError):
        return ()
    return tuple(_word(step.get("id")) for step in _steps(tree, path) if isinstance(step, dict))


def defaults_of(path: Path) -> dict[str, str]:
    """What the parameters of a procedure are without an answer, by name; empty when its file cannot be read."""
    try:
        tree = _read(path)
    except (OSError, ValueError):
        return {}
    parameters = tree.get("parameters") if isinstance(tree, dict) else None
    listed = parameters.items() if isinstance(parameters, dict) else ()
    defaults = {name: rule.get("default") for name, rule in listed if isinstance(rule, dict)}
    return {name: value for name, value in defaults.items() if isinstance(value, str)}


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _steps(tree: Any, path: Path) -> list[Any]:
    phases = tree.get("phases") if isinstance(tree, dict) else None
    listed = [phase.get("steps") for phase in phases if isinstance(phase, dict)] if isinstance(phases, list) else []
    return [step for steps in listed for step in _with_included(steps, path, 0)]


def _with_included(steps: Any, path: Path, depth: int) -> Iterator[Any]:
    """The steps of a list with those of the files it includes; a file that cannot be read has none."""
    for step in steps if isinstance(steps, list) else ():
        included = _word(step.get("include")) if isinstance(step, dict) else ""
        if not included:
            yield step
        elif depth < 3 and not included.startswith("/") and ".." not in Path(included).parts:
            with suppress(OSError, ValueError):
                file = path.parent / included
                yield from _with_included(_read(file), file, depth + 1)


def _read(path: Path) -> Any:
    """The file as dicts, lists and texts; faults are the loader's business.

    Raises:
        OSError: It cannot be read.
        ValueError: It is no YAML, no text, too large or nested too deep.
    """
    if not path.is_file() or path.stat().st_size > _MAX_BYTES:
        raise ValueError(path)
    return _plain(read_plain(path, follow=True).decode("utf-8-sig"))


@lru_cache(_KEPT)
def _plain(text: str) -> Any:
    """What a file says, which is only to be looked at: the same text is read once, however often its head is shown."""
    import yaml

    root: list[Any] = []
    open_: list[_Open] = [_Open(root)]
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.ScalarEvent | yaml.AliasEvent):
                open_[-1].add(getattr(event, "value", ""))
            elif isinstance(event, yaml.CollectionStartEvent):
                inner: Any = [] if isinstance(event, yaml.SequenceStartEvent) else {}
                open_[-1].add(inner)
                open_.append(_Open(inner))
            elif isinstance(event, yaml.CollectionEndEvent):
                open_.pop()
            if len(open_) > _MAX_DEPTH + 1:
                raise ValueError("nested too deep")
    except yaml.YAMLError as error:
        raise ValueError("no YAML") from error
    return root[0] if root else None


class _Open:
    """A list or dict that is being filled."""

    def __init__(self, inside: Any) -> None:
        self.inside = inside
        self.key: Any = None
        self.has_key = False

    def add(self, value: Any) -> None:
        if isinstance(self.inside, list):
            self.inside.append(value)
        elif self.has_key:
            self.inside[self.key] = value
            self.has_key = False
        else:
            self.key, self.has_key = (value if isinstance(value, str) else id(value)), True


def problems(found: list[Head]) -> Iterator[str]:
    """One sentence for each head that cannot be read."""
    yield from (f"{head.path}: {head.problem}" for head in found if head.problem)
