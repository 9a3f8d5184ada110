"""Ids with their labels: what a person cannot tell apart by itself is said to be what it was remembered as."""

import re
from collections.abc import Mapping

from wizard.model.procedure import Procedure


_GUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_NUMBER = r"(?=[a-f]*[0-9])[0-9a-f]{16,64}"
_ID = re.compile(rf"(?<![\w-])(?:{_GUID}|{_NUMBER})(?![\w-])", re.IGNORECASE)

UNKNOWN = "(an id that was not remembered)"


def labelled(text: str, procedure: Procedure, values: Mapping[str, str]) -> str:
    """The text with the label of each id behind it: `8f0c… (old_guid, remembered at the start)`.

    An id between other words has those to tell what it is; one that is alone in its line and that no name stands for
    is said to be another one.
    """
    return "\n".join(_line(line, procedure, values) for line in text.split("\n")) if _ID.search(text) else text


def _line(line: str, procedure: Procedure, values: Mapping[str, str]) -> str:
    def with_label(found: re.Match[str]) -> str:
        alone = found[0] == line.strip()
        name = next((name for name, value in values.items() if value == found[0]), None)
        label = (UNKNOWN if alone else "") if name is None else f"({name}{_origin(name, procedure)})"
        return f"{found[0]} {label}".rstrip()

    return _ID.sub(with_label, line)


def _origin(name: str, procedure: Procedure) -> str:
    """Where a value comes from, behind a comma; empty for a parameter, which the operator gave."""
    if name in procedure.remember:
        return ", remembered at the start"
    for number, step in enumerate(procedure.steps(), start=1):
        if name in step.remember or name in step.capture:
            return f", remembered in step {number}"
    return ""
