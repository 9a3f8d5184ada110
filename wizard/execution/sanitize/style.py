"""Colours and attributes of text, as SGR codes set them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache


Colour = int | tuple[int, int, int] | None
"""A place in the terminal's palette (0 to 255), red-green-blue, or the terminal's own."""


@dataclass(frozen=True, slots=True)
class Style:
    """How text looks. Blinking and concealing are not kept: concealed text would hide evidence."""

    fg: Colour = None
    bg: Colour = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False
    reverse: bool = False


PLAIN = Style()

_SWITCHES: dict[int, dict[str, bool]] = {
    1: {"bold": True},
    2: {"dim": True},
    3: {"italic": True},
    4: {"underline": True},
    7: {"reverse": True},
    21: {"underline": True},
    22: {"bold": False, "dim": False},
    23: {"italic": False},
    24: {"underline": False},
    27: {"reverse": False},
}
_CODES = re.compile(r"[0-9:;]*")


@lru_cache(maxsize=2048)
def restyle(style: Style, codes: str) -> Style:
    """The style after `ESC [ codes m`. What is not understood changes nothing."""
    if not _CODES.fullmatch(codes):
        return style
    groups = iter(codes.split(";"))
    for group in groups:
        style = _step(style, group, groups)
    return style


def _step(style: Style, group: str, rest: Iterator[str]) -> Style:
    parts = group.split(":")
    code = _number(parts[0])
    if code == 0:
        return PLAIN
    if code in (38, 48, 58):
        colour = _extended(iter(_colon(parts[1:])) if len(parts) > 1 else rest)
        if colour is None or code == 58:
            return style
        return replace(style, fg=colour) if code == 38 else replace(style, bg=colour)
    if code == 4 and parts[1:] == ["0"]:
        return replace(style, underline=False)
    if code in _SWITCHES:
        return replace(style, **_SWITCHES[code])
    return _palette(style, code)


def _palette(style: Style, code: int) -> Style:
    tens, place = divmod(code, 10)
    bright = 8 if tens >= 9 else 0
    if tens in (3, 9) and place < 8:
        return replace(style, fg=place + bright)
    if tens in (4, 10) and place < 8:
        return replace(style, bg=place + bright)
    if code == 39:
        return replace(style, fg=None)
    return replace(style, bg=None) if code == 49 else style


def _colon(parts: list[str]) -> list[str]:
    """The arguments of `38:2::r:g:b` without the colour space that may stand before them."""
    return [parts[0], *parts[2:]] if parts[0] == "2" and len(parts) > 4 else parts


def _extended(parts: Iterator[str]) -> Colour:
    kind = _number(next(parts, ""))
    if kind == 5:
        place = _number(next(parts, ""))
        return place if place <= 255 else None
    if kind == 2:
        red, green, blue = (min(255, _number(next(parts, ""))) for _ in range(3))
        return red, green, blue
    return None


def _number(text: str) -> int:
    """The number, 0 for none; beyond five digits it means nothing to anybody."""
    return int(text) if text.isdecimal() and len(text) <= 5 else 0 if not text else 99999
