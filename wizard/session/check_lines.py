"""The checks of an act as every front end shows them: what each asks, what its answer must be, and what came."""

from dataclasses import dataclass

from wizard.checks import exit_told
from wizard.checks.model import Check
from wizard.fields.templates import render_text
from wizard.model.procedure import Operation, Procedure, Step
from wizard.record.events import CheckAnswered
from wizard.session.fencing import fence_of, is_fenced
from wizard.session.labels import labelled
from wizard.session.rendering import render_private, render_wanted
from wizard.session.state import SessionState, StepState


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check as the card shows it.

    Attributes:
        label: `already done?`, `before`, `target space`, `command`, `after`, `old_guid is`.
        verdict: yes, no, no answer, or nothing while it has not been made.
        wanted: What its answer must be, for people.
        got: What the answer was, for people; empty before it was made.
        why: What to do when it is not what was wanted.
        command: What it asks.
    """

    label: str
    verdict: str
    wanted: str
    got: str
    why: str
    command: str


def check_lines(procedure: Procedure, operation: Operation, actor: StepState, state: SessionState) -> list[CheckLine]:
    """The checks of an act in the order in which they are made, the fence first."""
    lines: list[CheckLine] = []
    for index, guard in enumerate(fence_of(procedure) if is_fenced(operation) else ()):
        lines.append(
            line_of(f"target {guard.name}", guard.check, actor.check_results.get(("fence", index)), procedure, state)
        )
    if operation.probe is not None:
        lines.append(line_of(PROBE, operation.probe, actor.check_results.get(("already", 0)), procedure, state))
    for index, check in enumerate(operation.before):
        lines.append(line_of("before", check, actor.check_results.get(("before", index)), procedure, state))
    if ("expect", 0) in actor.check_results:
        lines.append(answered_line("command", actor.check_results["expect", 0], procedure, state))
    for index, check in enumerate(operation.after):
        lines.append(line_of("after", check, actor.check_results.get(("after", index)), procedure, state))
    for index, (name, check) in enumerate(operation.remember.items() if isinstance(operation, Step) else ()):
        lines.append(line_of(f"{name} is", check, actor.check_results.get(("remember", index)), procedure, state))
    return lines


def line_of(
    label: str, check: Check, answer: CheckAnswered | None, procedure: Procedure, state: SessionState
) -> CheckLine:
    """A check as it is shown. Before it was made it tells what it will ask and want, as far as the values are known."""
    if answer is not None:
        return answered_line(label, answer, procedure, state)
    values = state.values
    wanted = labelled(render_wanted(check, values), procedure, values)
    return CheckLine(label, "", wanted, "", "", render_text(check.command, values))


def answered_line(label: str, answer: CheckAnswered, procedure: Procedure, state: SessionState) -> CheckLine:
    """A check that was made, as it is shown."""
    # Where the exit alone decided, what the command printed proves nothing, and stands in the output anyway.
    by_exit = answer.purpose == "expect" and answer.verdict == "yes" and answer.wanted == exit_told(answer.exit)
    came = answer.wanted if by_exit else answer.got
    wanted, got, why = (labelled(text, procedure, state.values) for text in (answer.wanted, came, answer.why))
    return CheckLine(label, answer.verdict, wanted, got, why, render_private(answer.command, state.opened.session))


PROBE = "already done?"
"""The label of the probe."""

_LABELS = {"already": PROBE, "held": "still true?", "expect": "command"}


def label_of(answer: CheckAnswered, procedure: Procedure) -> str:
    """What a check that was made is called."""
    match answer.purpose:
        case "fence":
            guards = fence_of(procedure)
            return f"target {guards[answer.index].name}" if answer.index < len(guards) else "target"
        case "remember" if answer.step is not None:
            return f"{list(procedure.step(answer.step).remember)[answer.index]} is"
        case purpose:
            return purpose_label(purpose)


def purpose_label(purpose: str) -> str:
    """What checks of a purpose are called."""
    return _LABELS.get(purpose, purpose)


def is_good(line: CheckLine) -> bool:
    """Whether the answer lets the step go on: of the probe that is a no."""
    return line.verdict == ("no" if line.label == PROBE else "yes")


def must_word(line: CheckLine) -> str:
    """What stands before what the answer must be: of the probe, when the step is done already."""
    return "done if" if line.label == PROBE else "wanted"


def what_came(line: CheckLine) -> str:
    """What the answer was, also where it was empty."""
    return line.got or ("nothing of it" if line.verdict == "yes" else "nothing")


def details(line: CheckLine) -> tuple[tuple[str, str], ...]:
    """What stands beside the command of a check, each with its word: what must be, what came, what to do about it."""
    must = must_word(line)
    if not line.verdict:
        return ((must, line.wanted),) if line.wanted else ()
    if line.got == line.wanted and line.got and line.label != PROBE:
        return (("wanted and got", line.got),)
    why = (("", line.why),) if line.why and not is_good(line) else ()
    return ((must, line.wanted), ("got", what_came(line)), *why)
