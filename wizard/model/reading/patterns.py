"""Regular expressions and JMESPath of a file: they compile, they have the group they need, they cannot run away."""

import re
import warnings
from collections.abc import Iterator

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.lexer import Lexer

from wizard.acts.kinds import FREE_KEYS
from wizard.checks.kinds import KINDS
from wizard.fields.regex import compile_regex
from wizard.fields.templates import Slot, parse_template
from wizard.model.reading.fault import Fault
from wizard.model.reading.tree import Text, Tree, texts
from wizard.nesting import QUOTED, too_deep


_MAX_DEPTH, _MAX_TOKENS = 20, 200
_TOO_DEEP = (
    f"This question to JSON is nested more than {_MAX_DEPTH} levels deep, or has more than {_MAX_TOKENS} parts; "
    "no answer needs that."
)
_ANY: tuple[int, ...] = ()
_REGEXES = {
    "no_answer": _ANY,
    "matches": _ANY,
    "progress": (1, 2),
    **{key: _ANY if kind.GROUPS is None else (kind.GROUPS,) for kind in KINDS for key in kind.REGEXES},
}
"""How many groups the pattern under a key may have."""
_QUESTIONS = frozenset(key for kind in KINDS for key in kind.QUESTIONS)
_FREE = FREE_KEYS | {"choices"}
_RUNAWAY = re.compile(r"\((?:\?:|\?P<\w+>)?(?:[^()\\]|\\.)*(?<!\\)[+*](?:[^()\\]|\\.)*\)(?:[+*]|\{\d+,)")


def pattern_faults(root: Tree) -> Iterator[Fault]:
    """Everything wrong with the patterns and questions to JSON of a tree."""
    for path, text in texts(root):
        keys = [part for part in path if isinstance(part, str)]
        if not keys or _FREE.intersection(keys):
            continue
        named = [keys[-2]] if keys[-2:-1] == ["capture"] else [".".join(keys[-2:]), keys[-1]]
        if (regex := next((key for key in named if key in _REGEXES), None)) is not None:
            yield from _regex(text, regex, _REGEXES[regex])
        elif not _QUESTIONS.isdisjoint(named):
            yield from _question(text)


def _regex(text: Text, key: str, groups: tuple[int, ...]) -> Iterator[Fault]:
    pattern = "".join("x" if isinstance(part, Slot) else part for part in parse_template(text.value))
    try:
        compiled = compile_regex(pattern, re.MULTILINE)
    except re.error as error:
        position = getattr(error, "pos", None)
        spot = text.spot if position is None or pattern != text.value else text.at(position)
        yield Fault(spot, f"This is no regular expression: {getattr(error, 'msg', error)}.")
        return
    if groups and compiled.groups not in groups:
        takes = f"{key} takes the one group ( )" if groups == (1,) else f"{key} takes one group ( ), or two,"
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
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PendingDeprecationWarning)  # `x` for `"x"`, which old procedures may have
        deep = _too_deep(question)
        wrong = _wrong(question) if deep is None else ""
    if deep is not None:
        yield Fault(text.at(deep) if question == text.value else text.spot, _TOO_DEEP)
    elif wrong:
        yield Fault(text.spot, f"This is no JMESPath: {wrong}.")


def _wrong(question: str) -> str:
    """Why a text is no question to JSON; empty where it is one."""
    try:
        jmespath.compile(question)
    except JMESPathError as error:
        return str(error).splitlines()[0].rstrip(":.")
    return ""


def _too_deep(question: str) -> int | None:
    """Where a question nests, or goes on, further than the parser of JMESPath can follow; None where it can."""
    if (at := too_deep(question, _MAX_DEPTH, QUOTED)) is not None:
        return at
    try:
        for number, token in enumerate(Lexer().tokenize(question)):
            if number == _MAX_TOKENS:
                return int(token["start"])
    except JMESPathError:
        pass  # what is no JMESPath at all is said by its parser
    except RecursionError:  # a literal is JSON of its own
        return question.find("`")
    return None
