"""What goes into the record: the record's own words left alone, long texts cut so that a line can hold them."""

import json
from collections.abc import Callable
from typing import Any

from wizard.errors import UsageProblem
from wizard.record.journal.line import MAX_LINE


_ROOM = MAX_LINE - 2048
"""Bytes of a line for an event's own fields; the rest is for the seal, the place and the time."""
_LEVELS = (1000, 200)
_MOST_ITEMS = 100

_OWN_WORDS = frozenset(
    {
        *("by", "choice", "default", "executable_sha256", "expects", "file", "front_end", "head", "id", "key", "main"),
        *("manifest", "mode", "name", "namespace", "needs", "nonce", "outcome", "path", "purpose", "repeat", "scope"),
        *("session", "sha256", "sort", "state", "step", "stop_reason", "today", "uplevel", "verdict", "world"),
    }
)
"""Fields whose texts the procedure's file or uplevel itself gives: ids, kinds, hashes. A secret that happens to spell
one of them tells nothing there, and without them the record could not be read again."""
_WHOLE = frozenset({"value", "parameters"})
"""Fields that later steps need as they are; what would not fit is refused where it comes from."""
_LISTS = frozenset({"words", "env", "left_running"})


def redacted(data: Any, redact: Callable[[str], str], key: str = "") -> Any:
    """An event's fields with secrets taken out of all texts that could hold one. Keys are names and stay.

    Args:
        data: A JSON value.
        redact: Takes secrets out of a text.
        key: The field it stands in.
    """
    if isinstance(data, str):
        return data if key in _OWN_WORDS else redact(data)
    if isinstance(data, dict):
        # The keys of parameters are the procedure's, and no field of an event.
        return {name: redacted(value, redact, "" if key == "parameters" else name) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return [redacted(value, redact, key) for value in data]
    return data


def fits_record(data: Any) -> bool:
    """Whether an event's fields go into one line of the journal."""
    return len(json.dumps(data)) <= _ROOM


def truncate_fields(data: dict[str, Any]) -> dict[str, Any]:
    """An event's fields with texts for people cut as far as a line needs it, each saying how much is missing."""
    short = data
    for most in _LEVELS:
        if fits_record(short):
            break
        short = _cut(data, most, "")
    return short


def _cut(data: Any, most: int, key: str) -> Any:
    if key in _WHOLE or key in _OWN_WORDS:
        return data
    if isinstance(data, str):
        return data if len(data) <= most else f"{data[:most]}… ({len(data)} characters in all)"
    if isinstance(data, dict):
        return {name: _cut(value, most, name) for name, value in data.items()}
    if isinstance(data, list | tuple):
        kept = data[:_MOST_ITEMS] if key in _LISTS and most == _LEVELS[-1] else data
        return [_cut(value, most, key) for value in kept]
    return data


def require_record_size(data: Any) -> None:
    """See that what a person brought goes into the record.

    Raises:
        UsageProblem: It is too long.
    """
    if not fits_record(data):
        raise UsageProblem("That is too long for the record.", "Shorten it, or bring it as a file.")
