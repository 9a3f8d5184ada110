"""Output as plain text, for exports and for the line-by-line front end."""

import re

from wizard.execution.sanitize.line import CONTROLS, SGR, decode_line, line_text
from wizard.execution.sanitize.text import fewer_marks


_LONGEST_LINE = 8192
_UNFINISHED = re.compile(
    rb"(?:\x1b(?:\[[0-?]{0,256}[ -/]{0,16}|[]PX^_][^\x07\x1b\n]{0,4096}\x1b?|[ -/]{0,16})"
    rb"|[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})\Z"
)
_LONGEST_UNFINISHED = 4200
_ALL_BUT_LINES = re.compile(CONTROLS.pattern.replace("\\x0a-", "\\x0b-"))


def plain_text(raw: bytes) -> str:
    """The output as a person saw it at the end: no escapes, no colours, progress bars as their last state.

    Line ends are LF; a last line without one stays without one.
    """
    text = raw.decode("utf-8", "replace").replace("\r\n", "\n")
    quiet = SGR.sub("", text)
    if _ALL_BUT_LINES.search(quiet) is None:
        return fewer_marks(quiet)
    return "\n".join(_plain_line(line) for line in text.split("\n"))


def _plain_line(line: str) -> str:
    quiet = SGR.sub("", line)
    return fewer_marks(quiet) if CONTROLS.search(quiet) is None else line_text(decode_line(line.encode()))


class PlainStream:
    """Turns output, as it comes, into text to append: whole lines, and the beginning of a line that is a prompt.

    A line that is redrawn in place (a progress bar) is shown once as it began and once as it ended.
    """

    def __init__(self) -> None:
        self._line = b""
        self._shown = ""

    def feed(self, data: bytes) -> str:
        """What to append to the terminal now."""
        *whole, rest = (self._line + data).split(b"\n")
        out = [self._closing(line) for line in whole]
        self._line = rest
        while len(self._line) > _LONGEST_LINE:
            end = _settled(self._line[:_LONGEST_LINE]) or _LONGEST_LINE
            out.append(self._more(_render(self._line[:end])))
            self._line, self._shown = self._line[end:], ""
        out.append(self._prompt())
        return "".join(out)

    def finish(self) -> str:
        """What is left at the end of the output."""
        rest = self._more(_render(self._line)) if self._line else ""
        self._line, self._shown = b"", ""
        return rest

    def _prompt(self) -> str:
        text = _render(self._line[: _settled(self._line)])
        if not text.startswith(self._shown):
            return ""
        more, self._shown = text[len(self._shown) :], text
        return more

    def _closing(self, line: bytes) -> str:
        out = self._more(_render(line)) + "\n"
        self._shown = ""
        return out

    def _more(self, text: str) -> str:
        """What completes the text shown so far; what was redrawn goes onto a line of its own."""
        return text[len(self._shown) :] if text.startswith(self._shown) else "\n" + text


def _settled(line: bytes) -> int:
    """The length of the line without an escape or a character that has only begun."""
    begun = _UNFINISHED.search(line, max(0, len(line) - _LONGEST_UNFINISHED))
    return begun.start() if begun else len(line)


def _render(line: bytes) -> str:
    return line_text(decode_line(line))
