"""Parameters from the command line: `-p name=value`, and a YAML file of an estate's own defaults."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from wizard.errors import UsageProblem


def given_values(pairs: Iterable[str], file: Path | None) -> dict[str, str]:
    """All values that were given; `-p` wins over the file.

    Args:
        pairs: Texts of the form `name=value`.
        file: A YAML file of values, or None.

    Raises:
        UsageProblem: A pair has no name or no `=`, or the file is not a table of names and texts.
    """
    values = dict(_from_file(file)) if file is not None else {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name:
            raise UsageProblem(f"{pair!r} is not of the form name=value.", "Write it as -p stage=preview.")
        values[name] = value
    return values


def _from_file(file: Path) -> Mapping[str, str]:
    from wizard.model.reading import ProcedureProblem, SourceProblem, read_bytes
    from wizard.model.reading.parse import parse_bytes
    from wizard.model.reading.tree import Table, Text

    try:
        data = read_bytes(file, follow=True)
    except SourceProblem as problem:
        raise UsageProblem(f"The values {file} cannot be read. {problem}") from problem
    tree, faults = parse_bytes(str(file), data)
    if faults:
        raise ProcedureProblem(faults)
    if not isinstance(tree, Table):
        raise UsageProblem(f"{file} is no table of values.", "Write a line `name: value` for each.")
    for name, value in tree.entries.items():
        if not isinstance(value, Text):
            raise UsageProblem(f"{file}:{value.spot.line}: the value of {name} is no text.")
    return {name: value.value for name, value in tree.entries.items() if isinstance(value, Text)}
