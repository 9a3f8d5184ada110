"""What can be typed at a question, and which of it a typed line is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from wizard.plain.words import WORDS, folded, meant


@dataclass(frozen=True, slots=True)
class Way:
    """One way to answer.

    Attributes:
        key: What the asker knows it by.
        text: What is typed.
        label: What it does, where the text does not say that by itself.
        kind: Whether the text is one of the fixed words, one of several values, or the name that a gate wants.
    """

    key: str
    text: str
    label: str = ""
    kind: Literal["word", "value", "name"] = "word"

    @property
    def shown(self) -> str:
        """What to type: a value that would be taken for the beginning of a word has `=` before it."""
        mistaken = self.kind == "value" and (self.text.startswith("=") or meant(self.text))
        return f"={self.text}" if mistaken else self.text


def taken(ways: Sequence[Way], typed: str) -> Way | str:
    """The one way that a typed line is, or the sentence that says why it is none.

    The exact name comes first. A word means the same at every question, so its first letters are compared with all
    words there are, and not only with those that are offered.
    """
    text = typed.strip()
    name = next((way for way in ways if way.kind == "name"), None)
    if name is not None and text == name.text:
        return name
    offered = {way.text: way for way in ways if way.kind == "word"}
    values = {f"={way.text}": way for way in ways if way.kind == "value"}
    if text.startswith("="):
        meanings = _begun(values, text)
    else:
        meanings = [*meant(text), *([] if folded(text) in WORDS else _begun(values, f"={text}"))]
    way = {**offered, **values}.get(meanings[0]) if len(meanings) == 1 else None
    return way or _refusal(ways, meanings, name)


def _begun(values: dict[str, Way], text: str) -> list[str]:
    """The values that a text is, or is the beginning of."""
    return [text] if text in values else [each for each in values if each.casefold().startswith(text.casefold())]


def _refusal(ways: Sequence[Way], meanings: list[str], name: Way | None) -> str:
    others = ", ".join(way.shown for way in ways if way is not name)
    if len(meanings) > 1:
        return f"That may be {', '.join(meanings[:-1])} or {meanings[-1]}; there is: {others}."
    if name is not None:
        return f"What was typed is not {name.text}, and no other answer; there is also: {others}."
    return f"That is no answer here; there is: {others}."


_GAP = "   "
_OF_WORDS, _OF_VALUES = "(a word or its first letters; the same everywhere)", "(one of these, or its first letters)"


def listed(ways: Sequence[Way], columns: int | None = None) -> list[str]:
    """The lines that say what can be typed.

    Args:
        ways: All there are.
        columns: The terminal's width; None where lines may be of any length.
    """
    told = [f"  {way.shown:<{_widest(ways)}}  {way.label}" for way in ways if way.label]
    return [*told, *choices(ways, columns)]


def choices(ways: Sequence[Way], columns: int | None = None) -> list[str]:
    """Nothing but what to type, in one line where there is room for it."""
    lines = [""]
    hint = _GAP + (_OF_WORDS if any(way.kind == "word" for way in ways) else _OF_VALUES)
    for each in [*(way.shown for way in ways if way.kind != "name"), hint]:
        longer = f"{lines[-1]}{_GAP}{each}" if lines[-1] else each
        if columns is None or len(longer) < columns or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(each.lstrip() if each is hint else each)
    return [*lines, *_namesakes(ways)]


def _widest(ways: Sequence[Way]) -> int:
    return min(24, max(len(way.shown) for way in ways if way.label))


def _namesakes(ways: Sequence[Way]) -> list[str]:
    """How to reach a word where the name that is wanted is the same: names are compared as they are written."""
    name = next((way.text for way in ways if way.kind == "name"), None)
    same = next((way.text for way in ways if way.kind == "word" and way.text == name), None)
    return [f"Here {same} is the name that was asked for; for the other answer type {same.upper()}."] if same else []
