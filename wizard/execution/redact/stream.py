"""Redaction of a stream: the same result however it is cut into chunks, and nothing held back without need."""

from collections.abc import Callable, Mapping
from copy import copy

from wizard.execution.redact.known import Known
from wizard.execution.redact.pipeline import Pipeline


class Redactor:
    """Replaces secrets in a stream of bytes by `[redacted:NAME]`.

    Searched is what a reader could see: without all that sanitizing drops, folds or marks, in either case of letters,
    with encodings, escapes and numbers read as what they stand for. The result does not depend on how the stream is
    cut; held back is only the longest end that may be the beginning of a secret. Values shorter than `SHORTEST` are
    masked only as whole words.

    Not found are: a secret that a program compresses, encrypts or encodes twice (but base64 of base64); one of which
    only some characters are escaped in a way that no usual library does; one that stands together only for a moment
    on a line that is written over again. A line that shows one at its end is written anew behind it, its parts stay on
    disk where they are.

    Args:
        secrets: Values by name. Empty values are ignored.
    """

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._known = Known(secrets)
        self.counts: dict[str, int] = dict.fromkeys(secrets, 0)
        """How often each secret was replaced so far, by name."""
        self._pipeline = Pipeline(self._known, self.counts)

    def beside(self) -> "Redactor":
        """A redactor of another stream, for the same secrets; what it finds is counted here too."""
        other = copy(self)
        other._pipeline = Pipeline(self._known, self.counts)  # noqa: SLF001  # its own class
        return other

    def feed(self, chunk: bytes) -> bytes:
        """Take the next bytes of the stream; give back what is decided by now."""
        return self._pipeline.feed(chunk) if self._known else chunk

    def finish(self) -> bytes:
        """Give back what was held; the redactor then stands at the start of a new stream, its counts going on."""
        rest = self._pipeline.feed(b"", final=True)
        self._pipeline = Pipeline(self._known, self.counts)
        return rest

    def redact(self, data: bytes) -> bytes:
        """The redacted form of bytes that are no part of the stream; counts nothing."""
        return Pipeline(self._known, dict(self.counts)).feed(data, final=True) if self._known else data

    def redact_text(self, text: str) -> str:
        """The redacted form of a text: words of a command, a title, the message of an exception."""
        raw = text.encode("utf-8", "surrogatepass")
        clean = self.redact(raw)
        return text if clean == raw else clean.decode("utf-8", "replace")


def for_text(secrets: Mapping[str, str]) -> Callable[[str], str]:
    """A function that redacts whole texts."""
    return Redactor(secrets).redact_text
