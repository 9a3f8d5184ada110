"""One thing that is wrong with a file."""

from dataclasses import dataclass


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
