"""An answer judged: yes, no, or no answer."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from wizard.checks.answer import CheckVerdict, CommandAnswer, first_line, telling_line
from wizard.checks.captures import as_regex, take_value
from wizard.checks.in_json import MISSING, NoJson, TooDeep, as_text, from_json, same
from wizard.checks.model import Check, Expectation, JsonQuestion
from wizard.checks.platform import CF_FAILED, cf_did_not_answer, is_cf, says_no
from wizard.fields.templates import parse_template, render


def judge(
    expectation: Expectation,
    answer: CommandAnswer,
    values: Mapping[str, str],
    *,
    command: str = "",
    takes: bool = False,
) -> CheckVerdict:
    """What an answer means.

    Args:
        expectation: What was wanted: a check, or the `expect` of an act.
        answer: What came.
        values: For the `${names}` in what was wanted.
        command: What was asked; needed for an act only, a check knows its own.
        takes: The value is kept, so one that says false is as good as any; one of several lines is not.

    Returns:
        Of a no, the reason ends with what the file `says` to do about it.
        For a check, another exit than the expected one is no answer, except where the program is known to say no by
        it. For an act it is a no: an act that was started has ended one way or the other.

    Raises:
        ValueMissing: A name has no value.
    """
    verdict = _judged(expectation, answer, values, command, takes=takes)
    if verdict.answer != "no" or expectation.says is None:
        return verdict
    said = " ".join(render(parse_template(expectation.says), values).split())
    stop = "" if verdict.why.endswith((".", "?", "!", "…")) else "."
    return replace(verdict, why=f"{verdict.why}{stop} {said}")


def _judged(
    expectation: Expectation, answer: CommandAnswer, values: Mapping[str, str], command: str, *, takes: bool
) -> CheckVerdict:
    answer = answer.cleaned()
    asked = expectation.command if isinstance(expectation, Check) else command
    unfit = _not_ended(answer)
    if unfit is not None:
        return CheckVerdict("no answer", unfit)
    try:
        unmet = next(_unmet(expectation, answer, values, takes=takes), None)
    except TooDeep as problem:
        return CheckVerdict("no answer", str(problem))
    silent = _silent(expectation, answer, values, asked, met=unmet is None)
    if silent is not None:
        return CheckVerdict("no answer", silent)
    if answer.exit != expectation.exit:
        return _other_exit(expectation, answer, asked, values)
    value = take_value(expectation, answer.stdout, values)
    if unmet is not None:
        return CheckVerdict("no", unmet, value)
    if takes and (unclear := _several(expectation, value)) is not None:
        return CheckVerdict("no answer", unclear, value)
    return CheckVerdict("yes", "", value)


def _several(expectation: Expectation, value: str) -> str | None:
    """Why a whole answer is no value: it has several lines, and nobody said which of them is meant."""
    lines = value.count("\n") + 1
    if lines == 1 or expectation.capture is not None or expectation.json_ is not None:
        return None
    return (
        f"The answer has {lines} lines, and a value is wanted. "
        "The procedure can take one out of it by capture: or json:."
    )


def _not_ended(answer: CommandAnswer) -> str | None:
    if answer.problem is not None:
        return answer.problem
    if answer.timed_out:
        return "It did not answer in time."
    if answer.signal is not None:
        return f"It was ended by signal {answer.signal}."
    return "It left no exit code." if answer.exit is None else None


def _silent(
    expectation: Expectation, answer: CommandAnswer, values: Mapping[str, str], asked: str, *, met: bool
) -> str | None:
    """Why the answer is none: a text of `no_answer`, or what cf is known to say."""
    output = answer.both
    for pattern in expectation.no_answer:
        found = as_regex(pattern, values).search(output)
        if found is not None:
            return f"It did not answer: {first_line(output[found.start() :])}"
    if not is_cf(asked):
        return None
    why = cf_did_not_answer(output, expected=met and expectation.judges_text)
    if why != CF_FAILED:
        return why
    if not isinstance(expectation, Check) and answer.exit != expectation.exit:
        return None  # an act that failed, and its exit says so too
    return f"{why}{_said(answer)}"


def _said(answer: CommandAnswer) -> str:
    said = first_line(answer.stderr) or telling_line(answer.stdout)
    return f" It says: {said}" if said else ""


def _other_exit(expectation: Expectation, answer: CommandAnswer, asked: str, values: Mapping[str, str]) -> CheckVerdict:
    # What must not be there tells more of why than whatever came last.
    unwanted = (as_regex(pattern, values).search(answer.both) for pattern in expectation.lacks)
    found = next((match for match in unwanted if match is not None), None)
    said = _said(answer) if found is None else f" It says: {_line_of(answer.both, found.start())}"
    why = f"It ended with {answer.exit}; {expectation.exit} was expected.{said}"
    if isinstance(expectation, Check) and not says_no(asked, answer.exit, answer.both):
        return CheckVerdict("no answer", why)
    return CheckVerdict("no", why)


def _line_of(text: str, at: int) -> str:
    end = text.find("\n", at)
    return first_line(text[text.rfind("\n", 0, at) + 1 : end if end >= 0 else None])


def _unmet(expectation: Expectation, answer: CommandAnswer, values: Mapping[str, str], *, takes: bool) -> Iterator[str]:
    """Sentences for what was wanted and did not come, the first being the one told."""
    output = answer.both
    for pattern in expectation.has:
        if as_regex(pattern, values).search(output) is None:
            yield f"The answer does not have {_shown(pattern, values)}."
    for pattern in expectation.lacks:
        found = as_regex(pattern, values).search(output)
        if found is not None:
            yield f"The answer has {first_line(found[0]) or _shown(pattern, values)}, which must not be there."
    compared = expectation.equals is not None
    if expectation.json_ is not None:
        yield from _unmet_json(expectation.json_, answer.stdout, values, judged=not takes and not compared)
    value = take_value(expectation, answer.stdout, values)
    if expectation.capture is not None and value == "":
        yield f"The answer has no {_shown(expectation.capture, values)} to take a value from."
    if expectation.equals is not None:
        wanted = render(parse_template(expectation.equals), values)
        if value != wanted.rstrip("\r\n"):
            yield f"The answer is {first_line(value) or 'empty'}; wanted is {first_line(wanted) or 'an empty one'}."


def _unmet_json(question: JsonQuestion, stdout: str, values: Mapping[str, str], *, judged: bool) -> Iterator[str]:
    """The same for a question to JSON.

    Args:
        question: What was asked.
        stdout: The answer.
        values: For the `${names}` in what was wanted.
        judged: A value that says false or nothing is a no where the file says nothing of what it must be.
    """
    try:
        found = from_json(question.path, stdout, values)
    except TooDeep:
        raise
    except NoJson as problem:
        yield str(problem)
        return
    if question.equals is not None:
        wanted = render(parse_template(question.equals), values)
        if not same(found, wanted):
            stands = "nothing" if found is MISSING else first_line(as_text(found))
            yield f"{question.path} is {stands}; wanted is {first_line(wanted)}."
    elif found is MISSING:
        yield f"The answer has nothing at {question.path}."
    else:
        yield from _unlike(question, found, values, judged=judged)


def _unlike(question: JsonQuestion, found: object, values: Mapping[str, str], *, judged: bool) -> Iterator[str]:
    text = as_text(found)
    if question.at_least is not None:
        least = render(parse_template(question.at_least), values)
        if not _at_least(found, least):
            yield f"{question.path} is {first_line(text)}; wanted is at least {least}."
    elif question.matches is not None:
        if as_regex(question.matches, values).search(text) is None:
            yield f"{question.path} is {first_line(text)}, which does not match {_shown(question.matches, values)}."
    elif judged and (found is False or found in ("", [], {})):
        yield f"{question.path} is {text or 'empty'}."


def _at_least(found: object, least: str) -> bool:
    """Whether a number of JSON, or a text that writes one, is as great as wanted."""
    if isinstance(found, bool):
        return False
    try:
        return float(as_text(found)) >= float(least)
    except ValueError:
        return False


_PLAINER = (
    (re.compile(r"\[0-9a-f-\]\{36\}"), "a guid"),
    (re.compile(r"(?<!\\)\$?(?<!\\)\|\^?"), " or "),
    (re.compile(r"^\^|(?<!\\)\$$|\\b"), ""),
    (re.compile(r"\\s[+*]?|\[ \\t\][+*]?"), " "),
    (re.compile(r"\((?:\\d\+|\[1-9\]\\d\*)\)|\\d\+|\\1"), "N"),
    (re.compile(r"\\S\+|(?<!\\)\.[*+]"), "…"),
    (re.compile(r"\\([^\w])"), r"\1"),
    (re.compile(r"…(?: *…)+"), "…"),
)
"""What patterns are made of, and what people read instead: `N/N` for a number and the same again, `…` for whatever."""


def _shown(pattern: str, values: Mapping[str, str]) -> str:
    """A pattern as people read it: values as they are, anchors gone, blanks, numbers and plain signs made plain."""
    text = render(parse_template(pattern), values)
    for part, plain in _PLAINER:
        text = part.sub(plain, text)
    return text


def wanted_text(expectation: Expectation, values: Mapping[str, str]) -> str:
    """What was wanted, for people, one line a demand.

    Raises:
        ValueMissing: A name has no value.
    """
    return "\n".join(_wanted(expectation, values))


def _wanted(expectation: Expectation, values: Mapping[str, str]) -> Iterator[str]:
    if expectation.exit != 0:
        yield f"exit {expectation.exit}"
    if expectation.equals is not None:
        yield render(parse_template(expectation.equals), values) or "an empty answer"
    yield from (f"an answer with {_shown(pattern, values)}" for pattern in expectation.has)
    yield from (f"an answer without {_shown(pattern, values)}" for pattern in expectation.lacks)
    if expectation.json_ is not None:
        yield _wanted_json(expectation.json_, values)
    if expectation.capture is not None and expectation.equals is None:
        yield f"a value at {_shown(expectation.capture, values)}"
    if expectation.exit == 0 and not expectation.judges_text:
        yield "exit 0"


def _wanted_json(question: JsonQuestion, values: Mapping[str, str]) -> str:
    if question.equals is not None:
        return f"{question.path} is {render(parse_template(question.equals), values)}"
    if question.at_least is not None:
        return f"{question.path} is at least {render(parse_template(question.at_least), values)}"
    if question.matches is not None:
        return f"{question.path} matches {_shown(question.matches, values)}"
    return f"something at {question.path}"
