"""What a question to JSON finds in an answer, and whether that is what was wanted."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal

import jmespath
from jmespath.exceptions import JMESPathError

from wizard.fields.templates import json_literal, parse_template, render
from wizard.nesting import JSON_TEXTS, too_deep


MISSING = object()
"""What a question finds where there is nothing, or where null stands: JMESPath cannot tell them apart."""

MAX_DEPTH = 200
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,4})?", re.ASCII)
_WORDS = {"yes": True, "true": True, "no": False, "false": False}


class NoJson(ValueError):
    """An answer that cannot be read as JSON; the text is a sentence."""


class TooDeep(NoJson):
    """It may be JSON, and nobody reads that deep."""


def read_json(text: str) -> object:
    """A text read as JSON.

    Raises:
        NoJson: It is none.
        TooDeep: It is nested deeper than uplevel reads.
    """
    if too_deep(text, MAX_DEPTH, JSON_TEXTS) is not None:
        raise TooDeep(f"The answer is JSON nested more than {MAX_DEPTH} levels deep; uplevel does not read that.")
    try:
        return json.loads(text)
    except ValueError as error:
        raise NoJson("The answer is no JSON.") from error


def from_json(path: str, text: str, values: Mapping[str, str]) -> object:
    """What a JMESPath finds in a text, or `MISSING`.

    Raises:
        NoJson: The text cannot be read as JSON.
        TooDeep: It is nested deeper than uplevel reads.
    """
    read = read_json(text)
    try:
        found = jmespath.search(render(parse_template(path), values, json_literal), read)
    except (JMESPathError, RecursionError, TypeError, ValueError):
        return MISSING
    return MISSING if found is None else found


def as_text(value: object) -> str:
    """A value of JSON as a text: a string is itself, anything else as JSON writes it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def same(found: object, wanted: str) -> bool:
    """Whether a value of JSON is what the file wants, which is a text there: what it is compared as, the value says."""
    if found is MISSING:
        return wanted == "null"
    if isinstance(found, str):
        return found == wanted
    if isinstance(found, bool):
        return _WORDS.get(wanted) is found
    if isinstance(found, int | float):
        return _NUMBER.fullmatch(wanted) is not None and Decimal(wanted) == Decimal(repr(found))
    try:
        return json.dumps(read_json(wanted), sort_keys=True) == json.dumps(found, sort_keys=True)
    except NoJson:
        return False
