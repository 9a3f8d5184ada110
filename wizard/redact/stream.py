"""Redaction of a stream: the same result however it is cut into chunks, and nothing held back without need."""

from collections.abc import Callable, Mapping
from copy import copy
from typing import Protocol

from wizard.redact.finder import Finder
from wizard.redact.mask import LiteralMask
from wizard.redact.trie import Beginnings
from wizard.redact.variants import literals, weak
from wizard.redact.words import WordMask


class Stage(Protocol):
    """One pass over a stream of bytes."""

    def feed(self, chunk: bytes, *, final: bool = False) -> bytes: ...


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
        self._names: dict[bytes, str] = {}
        self._words: dict[bytes, str] = {}
        for name, value in secrets.items():
            for literal in literals(value):
                self._names.setdefault(literal, name)
            if value and weak(value):
                self._words.setdefault(value.encode("utf-8", "surrogatepass"), name)
        self._marks = {name: _mark(name, [*self._names, *self._words]) for name in secrets}
        self._finder = Finder(self._names) if self._names else None
        self._beginnings = Beginnings(list(self._names)) if self._names else None
        self.counts: dict[str, int] = dict.fromkeys(secrets, 0)
        """How often each secret was replaced so far, by name."""
        self._stages = self._new_stages(self.counts)

    def beside(self) -> "Redactor":
        """A redactor of another stream, for the same secrets; what it finds is counted here too."""
        other = copy(self)
        other._stages = other._new_stages(self.counts)  # noqa: SLF001  # its own class
        return other

    def feed(self, chunk: bytes) -> bytes:
        """Take the next bytes of the stream; give back what is decided by now."""
        for stage in self._stages:
            chunk = stage.feed(chunk)
        return chunk

    def finish(self) -> bytes:
        """Give back what was held; the redactor then stands at the start of a new stream, its counts going on."""
        rest = b""
        for stage in self._stages:
            rest = stage.feed(rest, final=True)
        self._stages = self._new_stages(self.counts)
        return rest

    def redact(self, data: bytes) -> bytes:
        """The redacted form of bytes that are no part of the stream; counts nothing."""
        for stage in self._new_stages(dict(self.counts)):
            data = stage.feed(data, final=True)
        return data

    def redact_text(self, text: str) -> str:
        """The redacted form of a text: words of a command, a title, the message of an exception."""
        if not self._stages:
            return text
        raw = text.encode("utf-8", "surrogatepass")
        clean = self.redact(raw)
        return text if clean == raw else clean.decode("utf-8", "replace")

    def _new_stages(self, counts: dict[str, int]) -> list[Stage]:
        stages: list[Stage] = []
        if self._finder is not None and self._beginnings is not None:
            stages.append(LiteralMask(self._finder, self._beginnings, self._marks, counts))
        if self._words:
            stages.append(WordMask(self._words, self._marks, counts))
        return stages


def for_text(secrets: Mapping[str, str]) -> Callable[[str], str]:
    """A function that redacts whole texts."""
    return Redactor(secrets).redact_text


def _mark(name: str, found: list[bytes]) -> bytes:
    """What stands for the secret; it must not spell a secret itself."""
    for mark in (f"[redacted:{name}]".encode(), b"[redacted]", b"[***]"):
        if not any(literal in mark for literal in found):
            return mark
    return b""
