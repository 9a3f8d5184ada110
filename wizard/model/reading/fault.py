"""One thing that is wrong with a file, and the error that carries all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wizard.errors import ExitCode, UplevelError, nearest


if TYPE_CHECKING:
    from wizard.model.reading.tree import Table


__all__ = ["Fault", "ProcedureProblem", "Spot", "nearest"]

_TOLD = 200
"""Faults a text lists; a file with more is no procedure, or was made to flood the screen."""


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A place in a file; line and column count from 1, in characters."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        spot: Where.
        sentence: What is wrong and why.
        cure: What to write instead: a near name, or a line to paste. Empty when the sentence says it all.
    """

    spot: Spot
    sentence: str
    cure: str = ""

    @property
    def file(self) -> str:
        """The file it stands in, as the reader named it."""
        return self.spot.file

    @property
    def line(self) -> int:
        """Its line, from 1."""
        return self.spot.line

    @property
    def column(self) -> int:
        """Its column in characters, from 1."""
        return self.spot.column

    def __str__(self) -> str:
        said = f"{self.spot.file}:{self.spot.line}:{self.spot.column}: {self.sentence}"
        return f"{said} {self.cure}" if self.cure else said


class ProcedureProblem(UplevelError):
    """A procedure file with faults; its text lists them all, one a line.

    Args:
        faults: At least one.
        tree: The whole file as far as it could be read, for whoever looks for more; None where parts are missing.
    """

    title = "The procedure cannot be used"
    code = ExitCode.USAGE

    def __init__(self, faults: Iterable[Fault], tree: "Table | None" = None) -> None:
        self.tree = tree
        self.faults = tuple(sorted(set(faults)))
        told = [str(fault) for fault in self.faults[:_TOLD]]
        more = len(self.faults) - len(told)
        super().__init__("\n".join([*told, f"And {more} more."] if more else told))
