"""Patterns of a file: compiled, filled with values, searched."""

import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wizard.fields.templates import parse_template, render
from wizard.nesting import too_deep


MAX_DEPTH = 50
_SINGLE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*+\]?|[\[\]{}]", re.DOTALL)
"""What opens no group: an escaped sign, a class of signs, and brackets that count nothing."""


def compile_regex(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern, compiled.

    Args:
        pattern: As the file has it.
        flags: Of `re`.

    Raises:
        re.error: It is none, is nested too deep, or Python means to read it differently one day, as with `[[a]`.
    """
    if (at := too_deep(pattern, MAX_DEPTH, _SINGLE)) is not None:
        raise re.error(f"it is nested more than {MAX_DEPTH} groups deep", pattern, at)
    with warnings.catch_warnings():
        warnings.simplefilter("error", FutureWarning)
        try:
            return re.compile(pattern, flags)
        except FutureWarning as doubt:
            advice = "put a backslash before a [, -, & or ~ that stands for itself inside [ ]"
            raise re.error(f"{str(doubt)[0].lower()}{str(doubt)[1:]}; {advice}") from doubt
        except OverflowError as problem:
            raise re.error("a repetition counts too high", pattern) from problem


def fill_regex(pattern: str, values: Mapping[str, str]) -> str:
    """A regular expression in which each value matches itself alone."""
    return render(parse_template(pattern), values, re.escape)


Spans = tuple[tuple[int, int], ...]
"""Where a match and each of its groups begin and end; -1 for a group that took no part."""


@dataclass(frozen=True, slots=True)
class PatternMatch:
    """The first place of a text that a pattern fits.

    Attributes:
        text: What was searched.
        spans: Of the match and of its groups.
    """

    text: str
    spans: Spans

    def __getitem__(self, group: int) -> str:
        """What a group took; empty for one that took no part."""
        start, end = self.spans[group]
        return self.text[start:end] if start >= 0 else ""

    @property
    def lines(self) -> str:
        """The whole lines it stands in."""
        start, end = self.spans[0]
        stop = self.text.find("\n", end)
        return self.text[self.text.rfind("\n", 0, start + 1) + 1 : stop if stop >= 0 else None]

    @property
    def onwards(self) -> str:
        """The text from where it begins."""
        return self.text[self.spans[0][0] :]


Search = Callable[[str, str], PatternMatch | None]
"""Searches a text for a pattern that has its values, line by line."""


def spans_of(pattern: str, text: str) -> Spans | None:
    """Where a pattern is found in a text; None where it is not."""
    found = re.compile(pattern, re.MULTILINE).search(text)
    return None if found is None else found.regs


def search_here(pattern: str, text: str) -> PatternMatch | None:
    """Search in this thread, however long that takes."""
    spans = spans_of(pattern, text)
    return None if spans is None else PatternMatch(text, spans)
