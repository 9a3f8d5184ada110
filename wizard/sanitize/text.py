"""Text of people and files (names, parameters, notes, titles): what a terminal would obey is made visible."""

import re


INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e0fff\ud800-\udfff"
)
"""Inside a character class: bidi controls, zero-width and other unseen characters, lone surrogates."""

_UNSEEN = re.compile(f"[{INVISIBLE}]")
_CONTROL = re.compile(f"[\\x00-\\x1f\\x7f-\\x9f{INVISIBLE}]")


def visible(found: re.Match[str]) -> str:
    """A character by its number, such as `<U+202E>`."""
    return f"<U+{ord(found.group()):04X}>"


def show_invisible(text: str) -> str:
    """The text with bidi controls, zero-width characters and lone surrogates made visible; the rest untouched."""
    return text if text.isascii() else _UNSEEN.sub(visible, text)


def sanitize_text(text: str, *, newlines: bool = False, tabs: bool = False) -> str:
    """The text with every control character, bidi control and zero-width character made visible as `<U+001B>`.

    Args:
        text: Anything a person or a file said.
        newlines: Keep line ends; CR LF becomes LF. Otherwise they are made visible too.
        tabs: Keep tabs.
    """
    if text.isprintable() and text.isascii():
        return text
    if newlines:
        text = text.replace("\r\n", "\n")

    def shown(found: re.Match[str]) -> str:
        char = found.group()
        return char if (newlines and char == "\n") or (tabs and char == "\t") else visible(found)

    return _CONTROL.sub(shown, text)
