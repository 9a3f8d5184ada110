"""Regular expressions and JMESPath of a file: they compile, they have the group they need, they cannot run away."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

from wizard.procedure.regex import compile_regex
from wizard.procedure.templates import Slot, parse_template
from wizard.reading.fault import Fault
from wizard.reading.tree import Text, Tree, texts


_REGEXES = frozenset({"has", "lacks", "no_answer", "matches", "capture", "progress"})
_FREE = frozenset({"env", "answers", "set", "world", "when", "fence", "choices"})
_DEEPEST = 100
_RUNAWAY = re.compile(r"\((?:\?:|\?P<\w+>)?(?:[^()\\]|\\.)*(?<!\\)[+*](?:[^()\\]|\\.)*\)(?:[+*]|\{\d+,)")


def pattern_faults(root: Tree) -> Iterator[Fault]:
    """Everything wrong with the patterns and questions to JSON of a tree."""
    for path, text in texts(root):
        keys = [part for part in path if isinstance(part, str)]
        if not keys or _FREE.intersection(keys):
            continue
        if keys[-1] in _REGEXES or keys[-2:-1] == ["capture"]:
            yield from _regex(text, groups=_groups(keys))
        elif keys[-2:] == ["json", "path"] or keys[-1] == "json":
            yield from _question(text)


def _groups(keys: list[str]) -> tuple[int, ...]:
    """How many groups the pattern at a key may have; nothing for any number."""
    if "capture" in keys[-2:]:
        return (1,)
    return (1, 2) if keys[-1] == "progress" else ()


def _regex(text: Text, *, groups: tuple[int, ...]) -> Iterator[Fault]:
    pattern = "".join("x" if isinstance(part, Slot) else part for part in parse_template(text.value))
    try:
        compiled = compile_regex(pattern, re.MULTILINE)
    except (re.error, OverflowError, RecursionError) as error:
        position = getattr(error, "pos", None)
        reason = "it is nested too deep" if isinstance(error, RecursionError) else getattr(error, "msg", error)
        spot = text.spot if position is None or pattern != text.value else text.at(position)
        yield Fault(spot, f"This is no regular expression: {reason}.")
        return
    if groups and compiled.groups not in groups:
        takes = "capture takes the one group ( )" if groups == (1,) else "progress takes one group ( ), or two,"
        yield Fault(
            text.spot,
            f"{takes} of its pattern, and this pattern has {compiled.groups}. "
            "Write (?: ) for a group that takes nothing.",
        )
    if _RUNAWAY.search(pattern):
        yield Fault(
            text.spot,
            "A repeated group repeats something inside itself, as in (a+)+. Such a pattern can take hours on a long "
            "answer; write it with one repetition.",
        )


def _question(text: Text) -> Iterator[Fault]:
    parts = parse_template(text.value)
    for index, part in enumerate(parts):
        before = parts[index - 1] if index else ""
        if isinstance(part, Slot) and isinstance(before, str) and before[-1:] in {"'", '"', "`"}:
            yield Fault(text.at(part.at), f"${{{part.name}}} stands for a whole text here; write it without quotes.")
            return
    question = "".join("'x'" if isinstance(part, Slot) else part for part in parts)
    try:
        deep = _is_deep(jmespath.compile(question).parsed)
    except JMESPathError as error:
        reason = str(error).splitlines()[0].rstrip(":.")
        yield Fault(text.spot, f"This is no JMESPath: {reason}.")
        return
    except RecursionError:
        deep = True
    if deep:
        yield Fault(text.spot, f"This JMESPath is nested more than {_DEEPEST} deep. Ask for less at once.")


def _is_deep(tree: Mapping[str, Any]) -> bool:
    """Whether a question is nested deeper than its answer could be looked for."""
    level = [tree]
    for _ in range(_DEEPEST):
        level = [child for node in level for child in node["children"] if isinstance(child, dict)]
        if not level:
            return False
    return True
