"""One line of output as text and style: the machine that stands before every widget and every export.

Kept are text, tab and SGR; carriage return, backspace, erase-line and cursor columns act within the line, so that a
progress bar ends as one line; all else a terminal could obey is dropped. The work is linear in the line's length.
"""

import re
from itertools import groupby
from typing import NamedTuple

from wizard.execution.sanitize.style import PLAIN, Style, restyle
from wizard.execution.sanitize.text import INVISIBLE, fewer_marks, show_invisible


class StyledRun(NamedTuple):
    """A piece of text in one style."""

    text: str
    style: Style


StyledLine = tuple[StyledRun, ...]

LONGEST_STRING = 4096
"""Characters of an OSC, DCS, APC, PM or SOS string before it is taken as unterminated and its rest as text."""

_RIGHTMOST = 512
"""Columns the cursor may be moved to beyond the text; wider terminals are not pretended."""

CONTROLS = re.compile(f"[\\x00-\\x08\\x0a-\\x1f\\x7f-\\x9f{INVISIBLE}]")
"""Any character that is not simply text or tab."""

SGR = re.compile("\x1b\\[([0-9;:]{0,256})m")

_TOKENS = re.compile(
    "(?P<text>[^\\x00-\\x08\\x0a-\\x1f\\x7f-\\x9f]+)"
    "|(?:\x1b\\[|\x9b)(?P<arg>[0-?]{0,256})(?P<mid>[ -/]{0,16})(?P<final>[@-~])?"
    f"|(?:\x1b\\]|\x9d)(?P<osc>[^\x07\x18\x1a\x1b\x9c\n]{{0,{LONGEST_STRING}}})(?:\x07|\x1b\\\\|\x9c)?"
    f"|(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])[^\x18\x1a\x1b\x9c\n]{{0,{LONGEST_STRING}}}(?:\x1b\\\\|\x9c)?"
    "|\x1b[ -/]{0,16}[0-~]?"
    "|(?P<control>[\\x00-\\x1f\\x7f-\\x9f])"
)
_WEB = re.compile(r"https?://[!-~]+")


def decode_line(raw: bytes, start: Style = PLAIN) -> StyledLine:
    """The line as it would stand after the terminal obeyed what it may obey.

    Args:
        raw: The bytes of one line, without its line end. Wrong UTF-8 becomes U+FFFD.
        start: The style the line begins with.
    """
    text = raw.rstrip(b"\r").decode("utf-8", "replace")
    if CONTROLS.search(text) is None:
        return (StyledRun(fewer_marks(text), start),) if text else ()
    if "\r" not in text and "\b" not in text and CONTROLS.search(SGR.sub("", text)) is None:
        return _coloured(text, start)
    if CONTROLS.search(text.replace("\r", "")) is None:
        return (StyledRun(fewer_marks(_over_each_other(text.split("\r"))), start),)
    cells = _Cells(start)
    for token in _TOKENS.finditer(text):
        _obey(cells, token)
    return cells.line()


def line_text(line: StyledLine) -> str:
    """The text alone."""
    return "".join(run.text for run in line)


def _coloured(text: str, style: Style) -> StyledLine:
    """The fast way for a line with nothing but text and SGR."""
    runs: list[StyledRun] = []
    parts = SGR.split(text)
    for place in range(0, len(parts), 2):
        if place:
            style = restyle(style, parts[place - 1])
        if parts[place]:
            runs.append(StyledRun(fewer_marks(parts[place]), style))
    return tuple(runs)


def _over_each_other(states: list[str]) -> str:
    """What is left to see of texts that were written over each other from the first column on."""
    seen: list[str] = []
    width = 0
    for state in reversed(states):
        if len(state) > width:
            seen.append(state[width:])
            width = len(state)
    return "".join(seen)


def _obey(cells: "_Cells", token: re.Match[str]) -> None:
    if token["text"] is not None:
        cells.write(show_invisible(token["text"]))
    elif token["control"] == "\r":
        cells.column = 0
    elif token["control"] == "\b":
        cells.column = max(0, cells.column - 1)
    elif token["osc"] is not None:
        cells.link(token["osc"])
    elif token["final"] is not None and not token["mid"]:
        _control(cells, token["final"], token["arg"])


def _control(cells: "_Cells", final: str, arg: str) -> None:
    if final == "m":
        cells.style = restyle(cells.style, arg)
        return
    if not (arg.isdecimal() and len(arg) < 6) and arg:
        return
    number = int(arg or 0)
    if final == "K" or (final == "J" and number == 0):
        cells.erase(number)
    elif final in "G`":
        cells.move(max(1, number) - 1)
    elif final == "C":
        cells.move(cells.column + max(1, number))
    elif final == "D":
        cells.move(cells.column - max(1, number))


class _Cells:
    """The characters of one line and the cursor in it."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self.column = 0
        self._chars: list[str] = []
        self._styles: list[Style] = []
        self._link = ""

    def write(self, text: str) -> None:
        """Put text at the cursor, over what stands there."""
        gap = self.column - len(self._chars)
        if gap > 0:
            self._chars += " " * gap
            self._styles += [PLAIN] * gap
        end = self.column + len(text)
        self._chars[self.column : end] = text
        self._styles[self.column : end] = [self.style] * len(text)
        self.column = end

    def move(self, column: int) -> None:
        """Put the cursor into a column, as far as there is text or a screen could be."""
        self.column = min(max(0, column), max(len(self._chars), _RIGHTMOST))

    def erase(self, how: int) -> None:
        """Erase to the end of the line (0), from its start (1), or all of it (2)."""
        if how == 0:
            del self._chars[self.column :], self._styles[self.column :]
        elif how == 1 and self.column < len(self._chars):
            blank = min(self.column + 1, _RIGHTMOST)
            self._chars[: self.column + 1] = " " * blank
            self._styles[: self.column + 1] = [PLAIN] * blank
            self.column = blank - 1
        elif how in (1, 2):
            self._chars.clear()
            self._styles.clear()
            self.column = min(self.column, _RIGHTMOST)

    def link(self, osc: str) -> None:
        """Say where a link leads, as text behind it; only web addresses."""
        if not osc.startswith("8;"):
            return
        if self._link:
            self.write(f" ({self._link})")
        address = osc.partition(";")[2].partition(";")[2]
        self._link = address if _WEB.fullmatch(address) else ""

    def line(self) -> StyledLine:
        """What stands there now, neighbours of one style together."""
        if self._link:
            self.column = len(self._chars)
            self.write(f" ({self._link})")
        pairs = groupby(zip(self._chars, self._styles, strict=True), key=lambda pair: pair[1])
        return tuple(StyledRun("".join(char for char, _ in run), style) for style, run in pairs)
