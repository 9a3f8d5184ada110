"""Redaction of a stream: the same result however it is cut into chunks, and nothing held back without need."""

from collections.abc import Callable, Mapping
from copy import copy

from wizard.redact.dumps import DumpMask
from wizard.redact.guard import Guard
from wizard.redact.mask import LiteralMask, Sought
from wizard.redact.pipeline import Pipeline
from wizard.redact.spellings import in_digits, in_letters, weak
from wizard.redact.views import DIGITS, LETTERS
from wizard.redact.words import WordMask


class Redactor:
    """Replaces secrets in a stream of bytes by `[redacted:NAME]`.

    Found are the values, their usual encodings and escapes, each line of a value of several, also when colour codes
    or line ends stand inside. The result does not depend on how the stream is cut; held back is only the longest end
    that may be the beginning of a secret. Values shorter than `SHORTEST` are masked only as whole words.

    Args:
        secrets: Values by name. Empty values are ignored.
    """

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._secrets = dict(secrets)
        letters: dict[bytes, str] = {}
        numbers: dict[bytes, str] = {}
        self._words: dict[bytes, str] = {}
        for name, value in secrets.items():
            for literal in in_letters(value):
                letters.setdefault(literal, name)
            for literal in in_digits(value):
                numbers.setdefault(literal, name)
            if value and weak(value):
                self._words.setdefault(value.encode("utf-8", "surrogatepass"), name)
        self._marks = {name: _mark(name, [*letters, *self._words]) for name in secrets}
        self._sought = [Sought(view, names) for view, names in ((LETTERS, letters), (DIGITS, numbers)) if names]
        self._guard = Guard([*letters, *numbers]) if letters else None
        self.counts: dict[str, int] = dict.fromkeys(secrets, 0)
        """How often each secret was replaced so far, by name."""
        self._pipeline = self._new_pipeline(self.counts)

    def beside(self) -> "Redactor":
        """A redactor of another stream, for the same secrets; what it finds is counted here too."""
        other = copy(self)
        other._pipeline = other._new_pipeline(self.counts)  # noqa: SLF001  # its own class
        return other

    def feed(self, chunk: bytes) -> bytes:
        """Take the next bytes of the stream; give back what is decided by now."""
        return self._pipeline.feed(chunk)

    def finish(self) -> bytes:
        """Give back what was held; the redactor then stands at the start of a new stream, its counts going on."""
        rest = self._pipeline.feed(b"", final=True)
        self._pipeline = self._new_pipeline(self.counts)
        return rest

    def redact(self, data: bytes) -> bytes:
        """The redacted form of bytes that are no part of the stream; counts nothing."""
        return self._new_pipeline(dict(self.counts)).feed(data, final=True)

    def redact_text(self, text: str) -> str:
        """The redacted form of a text: words of a command, a title, the message of an exception."""
        raw = text.encode("utf-8", "surrogatepass")
        clean = self.redact(raw)
        return text if clean == raw else clean.decode("utf-8", "replace")

    def _new_pipeline(self, counts: dict[str, int]) -> Pipeline:
        return Pipeline(
            None if self._guard is None else self._guard.anew(),
            [DumpMask(self._sought[0], self._marks, counts)] if self._sought else [],
            [LiteralMask(sought, self._marks, counts) for sought in self._sought],
            [WordMask(self._words, self._marks, counts)] if self._words else [],
        )


def for_text(secrets: Mapping[str, str]) -> Callable[[str], str]:
    """A function that redacts whole texts."""
    return Redactor(secrets).redact_text


def _mark(name: str, found: list[bytes]) -> bytes:
    """What stands for the secret; it must not spell a secret itself."""
    for mark in (f"[redacted:{name}]".encode(), b"[redacted]", b"[***]"):
        if not any(literal in mark.lower() for literal in found):
            return mark
    return b""
