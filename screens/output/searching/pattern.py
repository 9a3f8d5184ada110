"""What is searched for: a text or a regular expression, ignoring case unless it has a capital."""

import re
import warnings
from dataclasses import dataclass

from wizard.errors import UsageProblem


_ESCAPED = re.compile(r"\\.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern as it was typed.

    Args:
        text: What was typed, not empty.
        regex: Whether it is a regular expression; otherwise it means itself.
    """

    text: str
    regex: bool = False

    @property
    def cased(self) -> bool:
        """Whether capitals and small letters differ: when a capital, not one behind a backslash, is in it."""
        plain = _ESCAPED.sub("", self.text) if self.regex else self.text
        return plain != plain.lower()

    @property
    def raw(self) -> bytes | None:
        """Bytes that can be counted in plain text instead of matching; None when the pattern needs matching."""
        if self.regex or not (self.text.isascii() and self.text.isprintable()):
            return None
        return self.text.encode()

    def compiled(self) -> re.Pattern[str]:
        """The pattern as Python matches it.

        Raises:
            UsageProblem: It is no regular expression; the sentence says why.
        """
        flags = re.NOFLAG if self.cased else re.IGNORECASE
        if not self.regex:
            # The letters of ASCII are told apart as bytes are, so that counting and matching agree.
            return re.compile(re.escape(self.text), flags | (re.ASCII if self.text.isascii() else re.NOFLAG))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return re.compile(self.text, flags)
        except re.error as problem:
            where = "" if problem.pos is None else f" at character {problem.pos + 1}"
            raise UsageProblem(f"Wrong{where}: {problem.msg}.") from problem
        except (OverflowError, RecursionError) as problem:
            raise UsageProblem("This regular expression is too large.") from problem
