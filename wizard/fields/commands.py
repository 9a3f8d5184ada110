"""The three ways in which a step or a check says what is to be started."""

from collections.abc import Callable
from dataclasses import dataclass


Fill = Callable[[str], str]
"""Makes a text of the procedure the text that is meant: its `${names}` filled in, or as people read it."""


@dataclass(frozen=True, slots=True)
class PlainLine:
    """A command line without a shell, as the file has it; `wizard.model.substitute` splits it and fills it in."""

    line: str


@dataclass(frozen=True, slots=True)
class BashScript:
    """A bash script, handed over unchanged; values are its environment."""

    script: str


@dataclass(frozen=True, slots=True)
class MadeWords:
    """The words of a command that were made for it; word 0 is the program.

    Attributes:
        words: Gives them, with the texts of the file in them filled in.
    """

    words: Callable[[Fill], list[str]]


CommandText = PlainLine | BashScript | MadeWords
"""What is to be started; exactly one of these."""
