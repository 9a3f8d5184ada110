"""An answer judged: yes, no, or no answer."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

from wizard.checks.answer import CheckVerdict, CommandAnswer, first_line, telling_line
from wizard.checks.assertion import Assertion, AssertionContext, JudgedAnswer, Part, Unjudgeable
from wizard.checks.captures import take_value
from wizard.checks.kinds import TAKING_KINDS
from wizard.checks.model import Check, Expectation
from wizard.checks.platform import CF_FAILED, cf_did_not_answer, is_cf, says_no
from wizard.fields.parameters import either
from wizard.fields.regex import Search, search_here
from wizard.fields.templates import parse_template, render


def judge(
    expectation: Expectation,
    answer: CommandAnswer,
    values: Mapping[str, str],
    *,
    command: str = "",
    takes: bool = False,
    search: Search = search_here,
) -> CheckVerdict:
    """What an answer means.

    Args:
        expectation: What was wanted: a check, or the `expect` of an act.
        answer: What came.
        values: For the `${names}` in what was wanted.
        command: What was asked; needed for an act only, a check knows its own.
        takes: The value is kept, so one that says false is as good as any; one of several lines is not.
        search: Makes the searches, none of them twice. A pattern can take for ever on an unlucky text, and Python's
            matching holds up every thread of its process; so the engine has them made where they can be ended.

    Returns:
        Of a no, the reason ends with what the file `says` to do about it.
        For a check, another exit than the expected one is no answer, except where the program is known to say no by
        it. For an act it is a no: an act that was started has ended one way or the other.

    Raises:
        ValueMissing: A name has no value.
    """
    judged = JudgedAnswer(answer.cleaned(), _context(expectation, values, kept=takes), cache(search))
    verdict = _judged(expectation, judged, command)
    if verdict.answer != "no" or expectation.says is None:
        return verdict
    said = " ".join(render(parse_template(expectation.says), values).split())
    stop = "" if verdict.why.endswith((".", "?", "!", "…")) else "."
    return replace(verdict, why=f"{verdict.why}{stop} {said}")


def _judged(expectation: Expectation, judged: JudgedAnswer, command: str) -> CheckVerdict:
    asked = expectation.command if isinstance(expectation, Check) else command
    unfit = _not_ended(judged.answer)
    if unfit is not None:
        return CheckVerdict("no answer", unfit)
    value = take_value(expectation.assertions, judged)
    judged = replace(judged, value=value)
    try:
        unmet = next(_unmet(expectation, judged, "text", "value"), None)
    except Unjudgeable as problem:
        return CheckVerdict("no answer", str(problem))
    other = other_end(expectation, judged.answer)
    silent = _silent(expectation, judged, asked, met=unmet is None, failed=other is not None)
    if silent is not None:
        return CheckVerdict("no answer", silent)
    if other is not None:
        why = f"{other}{_symptom(expectation, judged)}"
        answers = not isinstance(expectation, Check) or says_no(asked, judged.answer.exit, judged.answer.both)
        return CheckVerdict("no" if answers else "no answer", why)
    if unmet is not None:
        return CheckVerdict("no", unmet, value)
    if judged.context.kept and (unclear := _several(expectation, value)) is not None:
        return CheckVerdict("no answer", unclear, value)
    return CheckVerdict("yes", "", value, _proof(expectation, judged))


def _several(expectation: Expectation, value: str) -> str | None:
    """Why a whole answer is no value: it has several lines, and nobody said which of them is meant."""
    lines = value.count("\n") + 1
    if lines == 1 or any(each.TAKING for each in expectation.assertions):
        return None
    return (
        f"The answer has {lines} lines, and a value is wanted. "
        f"The procedure can take one out of it by {either([f'{kind.KEY}:' for kind in TAKING_KINDS])}."
    )


def _not_ended(answer: CommandAnswer) -> str | None:
    if answer.problem is not None:
        return answer.problem
    if answer.timed_out:
        return "It did not answer in time."
    if answer.signal is not None:
        return f"It was ended by signal {answer.signal}."
    return "It left no exit code." if answer.exit is None else None


def other_end(expectation: Expectation, answer: CommandAnswer) -> str | None:
    """How an answer ended, as a sentence, where it should have ended otherwise."""
    return next(_unmet(expectation, JudgedAnswer(answer, _context(expectation, {})), "end"), None)


def _silent(expectation: Expectation, judged: JudgedAnswer, asked: str, *, met: bool, failed: bool) -> str | None:
    """Why the answer is none: a text of `no_answer`, or what cf is known to say."""
    output = judged.answer.both
    for pattern in expectation.no_answer:
        found = judged.find(pattern, output)
        if found is not None:
            return f"It did not answer: {first_line(found.onwards)}"
    if not is_cf(asked):
        return None
    why = cf_did_not_answer(output, expected=met and expectation.judges_text)
    if why != CF_FAILED:
        return why
    if not isinstance(expectation, Check) and failed:
        return None  # an act that failed, and its exit says so too
    return f"{why}{_said(judged.answer)}"


def _said(answer: CommandAnswer) -> str:
    said = first_line(answer.stderr) or telling_line(answer.stdout)
    return f" It says: {said}" if said else ""


def _symptom(expectation: Expectation, judged: JudgedAnswer) -> str:
    """What tells why it ended otherwise: what an assertion finds tells more than whatever came last."""
    found = next(filter(None, (each.symptom(judged) for each in expectation.assertions)), "")
    return f" It says: {found}" if found else _said(judged.answer)


def _context(expectation: Expectation, values: Mapping[str, str], *, kept: bool = False) -> AssertionContext:
    compared = any(each.JUDGES == "value" for each in expectation.assertions)
    return AssertionContext(values, alone=not expectation.judges_text, compared=compared, kept=kept)


def _on(parts: tuple[Part, ...], expectation: Expectation) -> Iterator[Assertion[object]]:
    """What is wanted of these parts of an answer, part by part."""
    return (each for part in parts for each in expectation.assertions if part == each.JUDGES)


def _unmet(expectation: Expectation, judged: JudgedAnswer, *parts: Part) -> Iterator[str]:
    """Sentences for what was wanted and did not come."""
    return (sentence for each in _on(parts, expectation) for sentence in each.unmet(judged))


def _proof(expectation: Expectation, judged: JudgedAnswer) -> str | None:
    if any(each.TAKING or each.JUDGES == "value" for each in expectation.assertions):
        return None
    lines = (line for each in expectation.assertions for line in each.proof(judged))
    return "\n".join(dict.fromkeys(filter(None, lines)))


def wanted_text(expectation: Expectation, values: Mapping[str, str]) -> str:
    """What was wanted, for people, one line a demand: how it ends, the value it holds, then what else it says.

    Raises:
        ValueMissing: A name has no value.
    """
    context = _context(expectation, values)
    wanted = _on(("end", "value", "text"), expectation)
    return "\n".join(line for each in wanted for line in each.told(context))
