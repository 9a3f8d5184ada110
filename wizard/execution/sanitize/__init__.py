"""Escapes out: what a command printed, or a person typed, as text and style that no terminal will obey."""

from wizard.execution.sanitize.line import LONGEST_STRING, decode_line, line_text
from wizard.execution.sanitize.marks import mark_line
from wizard.execution.sanitize.plain import PlainStream, plain_text
from wizard.execution.sanitize.style import PLAIN, Style
from wizard.execution.sanitize.text import INVISIBLE, UNSAFE, sanitize_text
from wizard.execution.sanitize.whole_screen import WholeScreen


__all__ = [
    "INVISIBLE",
    "LONGEST_STRING",
    "PLAIN",
    "UNSAFE",
    "PlainStream",
    "Style",
    "WholeScreen",
    "decode_line",
    "line_text",
    "mark_line",
    "plain_text",
    "sanitize_text",
]
