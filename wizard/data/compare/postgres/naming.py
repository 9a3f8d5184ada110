"""Names of things as the report shows them, and the choice of tables by `--only` and `--skip`."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wizard.errors import UsageProblem


Table = tuple[str, ...]
"""Schema and name of a table, as they are in the catalogue."""

_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*")
_OURS = "\x01"
"""Begins a part that is a word of ours; `subjects.word` puts it there."""


def full_name(parts: Sequence[str]) -> str:
    """A name in one piece: quoted where it is not plain, a point between schema and name, our words between spaces."""
    text = ""
    named = False  # whether the part before was a name
    for part in parts:
        if part.startswith(_OURS):
            text += f" {part.removeprefix(_OURS)}"
            named = False
        elif part.startswith("(") and named:
            text += part
        elif part:
            quoted = part if _PLAIN.fullmatch(part) else '"' + part.replace('"', '""') + '"'
            text += f"{'.' if named else ' '}{quoted}"
            named = True
    return text.strip()


@dataclass(frozen=True, slots=True)
class Choice:
    """Which tables take part.

    Attributes:
        only: Names given by `--only`; empty for all.
        skip: Names given by `--skip`.
    """

    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()

    def takes(self, table: Table) -> bool:
        """Whether a table takes part."""
        return (not self.only or _named(table, self.only)) and not _named(table, self.skip)

    def check(self, tables: Iterable[Table]) -> None:
        """Refuse a name that no table has: it was misspelt, and what it meant would go unlooked at.

        Raises:
            UsageProblem: There is such a name.
        """
        known = list(tables)
        for name in (*self.only, *self.skip):
            if not any(_named(table, (name,)) for table in known):
                raise UsageProblem(f"Neither database has a table {name}.", "Write it as schema.table or table.")


def _named(table: Table, names: Iterable[str]) -> bool:
    return any(name in {".".join(table), table[-1], full_name(table)} for name in names)
