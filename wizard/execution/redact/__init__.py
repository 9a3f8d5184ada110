"""Secrets out: a stream of bytes in, the same stream with every registered value replaced by `[redacted:NAME]`."""

from wizard.execution.redact.spellings import SHORTEST, weak
from wizard.execution.redact.stream import Redactor, for_text


__all__ = ["SHORTEST", "Redactor", "for_text", "weak"]
