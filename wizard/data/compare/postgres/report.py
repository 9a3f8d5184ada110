"""What a comparison found: rows of each table, differences with their cures, and notes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not the same on both sides.

    Attributes:
        subject: What sort of thing: `index`, `sequence`.
        name: Which one.
        what: What differs.
        cure: What to do about it, in one sentence.
    """

    subject: str
    name: str
    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.subject} {self.name}: {self.what}. {self.cure}"


@dataclass(frozen=True, slots=True)
class TableRows:
    """The rows of one table on both sides.

    Attributes:
        name: Of the table.
        old: How many the old database has.
        new: The same of the new one.
        hashed: Whether they were compared, and not only counted.
        same: Whether nothing of what was looked at differs.
    """

    name: str
    old: int
    new: int
    hashed: bool
    same: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """How many things of one subject there are on each side, and how many of them differ."""

    subject: str
    old: int
    new: int
    differ: int


@dataclass(frozen=True, slots=True)
class ComparisonReport:
    """A whole comparison; one that could not be made to its end has none."""

    old: str
    new: str
    tables: tuple[TableRows, ...]
    counted: tuple[Counted, ...]
    differences: tuple[Difference, ...]
    notes: tuple[str, ...]
