"""Texts of the procedure as a person sees them."""

import re
from collections.abc import Iterator, Mapping, Sequence

from wizard.acts.act import Wording
from wizard.checks import wanted_text
from wizard.checks.model import Expectation
from wizard.fields.commands import BashScript, MadeWords, PlainLine
from wizard.fields.templates import KnownValues, render_text
from wizard.model.procedure import Operation, Procedure, Soak, Step
from wizard.record.events import Answered
from wizard.session.state import Deviation, StepState


_EXPANDED = re.compile(r"\$\{?([a-z][a-z0-9_]*)")
_NEEDS_QUOTES = re.compile(r"[\s\"'\\]")


def render_wanted(check: Expectation, values: Mapping[str, str]) -> str:
    """What the answer to a check must be, one line a demand, with the values that are known filled in."""
    return wanted_text(check, KnownValues(values))


def render_private(text: str, session: str) -> str:
    """The text with the session's private folder written as `${private}`: its path is long and decides nothing."""
    return re.sub(rf"(?<![^\s'\"=])/[^\s'\"]*/private-{re.escape(session)}(?![^/\s'\"])", "${private}", text)


def render_command(operation: Operation, values: Mapping[str, str]) -> str:
    """The act's command, whole, with the values known so far; empty for an act without one."""
    match operation.command:
        case PlainLine(line=line):
            return render_text(line, values)
        case BashScript(script=script):
            return script.rstrip("\n")
        case MadeWords(words=words):
            return render_words(words(lambda text: render_text(text, values)))
        case None:
            return ""


def render_act(procedure: Procedure, operation: Operation, values: Mapping[str, str]) -> str:
    """The act in words: its command, or what a person does."""
    told = operation.act.shown(wording(procedure, values))
    return told or render_command(operation, values) or operation.act.KEY


def render_names(operation: Operation, values: Mapping[str, str]) -> str:
    """`plan is small, name is thing`: what the names in a script stand for, in their order; empty for any other act.

    A script is handed over as it stands, so that nobody could tell from it alone what it is about to touch.
    """
    if not isinstance(operation.command, BashScript):
        return ""
    named = dict.fromkeys(_EXPANDED.findall(operation.command.script))
    return ", ".join(f"{name} is {values[name]}" for name in named if name in values)


def render_step(procedure: Procedure, step_id: str, values: Mapping[str, str]) -> str:
    """`2 · Rename the old one`: a step as people know it; one that the procedure does not have by its id."""
    for number, step in enumerate(procedure.steps(), start=1):
        if step.id == step_id:
            return f"{number} · {render_text(step.title, values)}"
    return step_id


def render_watch(procedure: Procedure, operation: Operation, values: Mapping[str, str]) -> str:
    """How long a watch runs, in words; empty for any other act."""
    until = operation.act.beside
    return (
        "" if until is None else f"runs beside the steps until the end of step {render_step(procedure, until, values)}"
    )


def wording(procedure: Procedure, values: Mapping[str, str]) -> Wording:
    """How an act of the procedure writes what it tells."""
    return Wording(
        lambda text: render_text(text, values), lambda step_id: render_step(procedure, step_id, values), duration
    )


def render_soak(procedure: Procedure, soak: Soak, values: Mapping[str, str]) -> str:
    """How long is waited before a step, and since when."""
    return f"{duration(soak.for_)} since the end of step {render_step(procedure, soak.since, values)}"


def commands_of(operation: Operation, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Every command of a step or an undo, in order, with what it is for: already?, before, runs (or watches), after.

    Args:
        operation: The step or the undo.
        values: By name; a `${name}` without one stays as it is written.
    """
    if operation.probe is not None:
        yield "already?", render_text(operation.probe.command, values)
    yield from (("before", render_text(check.command, values)) for check in operation.before)
    if command := render_command(operation, values):
        yield "runs" if operation.act.beside is None else "watches", command
    yield from (("after", render_text(check.command, values)) for check in operation.after)


def commands_of_step(step: Step, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The same for a step and then for its undo, whose words begin with undo."""
    yield from commands_of(step, values)
    yield from (("remember", render_text(check.command, values)) for check in step.remember.values())
    if step.undo is not None:
        for kind, command in commands_of(step.undo, values):
            yield f"undo {kind}", command


def render_words(words: Sequence[str]) -> str:
    """Words as one reads a command: those that would be several, or none, in quotes."""
    return " ".join(word if word and not _NEEDS_QUOTES.search(word) else f"'{word}'" for word in words)


def beside(step: StepState) -> str:
    """What stands beside the word of how a step ended: who accepted it and why, or what the probe said; else empty."""
    if step.end == "accepted" and step.accepted is not None:
        told = f"accepted by {step.accepted.by}: {step.accepted.reason}".rstrip(".") + "."
        return told + _had_said(step.accepted.said)
    return step.found if step.end == "found done" else ""


def render_deviation(procedure: Procedure, each: Deviation, values: Mapping[str, str]) -> str:
    """At which step what was done instead, by whom and why, and what the checks had said; in one or two sentences."""
    where = f"{render_step(procedure, each.step, values)}: " if each.step else ""
    by = f", by {each.by}" if each.by else ""
    why = f": {each.reason}" if each.reason else ""
    told = f"{where}{each.what}{by}{why}".rstrip(".") + "."
    return told + _had_said(each.said)


def _had_said(said: str) -> str:
    return f" The check had said: {said}" if said else ""


_CAME_OF = {
    "back": "Back at the step. Nothing ran, and what was looked at before it was looked at again.",
    "leave": "It was not undone. The session goes on where it was.",
    "again": "The checks were made again.",
}


def came_of(event: Answered) -> str:
    """What an answer led to, where the next question may look like the one before it; else empty."""
    return _CAME_OF.get(event.choice, "")


def duration(seconds: float) -> str:
    """`4 s`, `12 min`, `2 h 5 min`, `3 d`; below ten seconds with one decimal where there is one."""
    if seconds < 10 and seconds != int(seconds):
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 120:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest and minutes < 10 else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{hours // 24} d"
