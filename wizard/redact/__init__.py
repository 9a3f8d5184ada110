"""Secrets out: a stream of bytes in, the same stream with every registered value replaced by `[redacted:NAME]`."""

from wizard.redact.spellings import SHORTEST, weak
from wizard.redact.stream import Redactor, for_text


__all__ = ["SHORTEST", "Redactor", "for_text", "weak"]
