"""All that gives some secrets away, ready to be looked for."""

from collections.abc import Mapping

from wizard.execution.redact.guard import Prefilter
from wizard.execution.redact.mask import Sought
from wizard.execution.redact.spellings import in_digits, in_letters, weak
from wizard.execution.redact.views import DIGITS, LETTERS


class Known:
    """The spellings of secrets, and what stands for each.

    Args:
        secrets: Values by name. Empty values are ignored.

    Attributes:
        sought: The literals of each view; the one of letters is the first.
        words: The values that are masked as whole words only, and their names.
        marks: What stands for each name.
    """

    def __init__(self, secrets: Mapping[str, str]) -> None:
        letters: dict[bytes, str] = {}
        numbers: dict[bytes, str] = {}
        self.words: dict[bytes, str] = {}
        for name, value in secrets.items():
            for literal in in_letters(value):
                letters.setdefault(literal, name)
            for literal in in_digits(value):
                numbers.setdefault(literal, name)
            if value and weak(value):
                self.words.setdefault(value.encode("utf-8", "surrogatepass"), name)
        self.marks = {name: _mark(name, [*letters, *self.words]) for name in secrets}
        self.sought = [Sought(view, names) for view, names in ((LETTERS, letters), (DIGITS, numbers)) if names]
        self._guard = Prefilter([*letters, *numbers]) if letters else None

    def __bool__(self) -> bool:
        return bool(self.sought or self.words)

    def guard(self) -> Prefilter | None:
        """Tells of one stream what needs no closer look."""
        return self._guard.anew() if self._guard is not None else None


def _mark(name: str, found: list[bytes]) -> bytes:
    """What stands for the secret; it must not spell a secret itself."""
    for mark in (f"[redacted:{name}]".encode(), b"[redacted]", b"[***]"):
        if not any(literal in mark or literal in mark.lower() for literal in found):
            return mark
    return b""
