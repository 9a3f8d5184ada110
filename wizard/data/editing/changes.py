"""What is to be changed in a text, whichever kind of text it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from wizard.errors import UsageProblem


Value = str | list["Value"] | dict[str, "Value"]
"""What a path is set to: a text, or a list or mapping of such."""


class EditProblem(UsageProblem):
    """The file is not what the edit was written for; nothing was changed."""

    title = "The edit does not fit the file"


@dataclass(frozen=True, slots=True)
class Changes:
    """The paths of one edit.

    Attributes:
        kind: `yaml` (dotted keys; numbers count the items of a list from 0) or `text` (regular expressions, each
            picking lines).
        set: Path to new value. In a text a pattern picks exactly one line, which the value replaces.
        remove: Paths that go. One that is gone already is no fault; removing is done then.
    """

    kind: Literal["yaml", "text"]
    set: Mapping[str, Value] = field(default_factory=dict)
    remove: tuple[str, ...] = ()
