"""Checks: which one an action asks for, one attempt of it, and what its answer is worth."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from wizard.checks import CheckVerdict, CommandAnswer, judge, wanted_text
from wizard.checks.model import Check
from wizard.engine.commands import Command, command_of
from wizard.engine.environments import ExecutionEnvironment
from wizard.engine.pattern_guard import PatternGuard
from wizard.engine.vault import Vault
from wizard.errors import CannotRun, UsageProblem
from wizard.execution.runner import CheckOrder, CheckReply
from wizard.execution.sanitize import plain_text
from wizard.fields.parameters import unfit
from wizard.fields.templates import render_text
from wizard.model.procedure import Procedure
from wizard.record.events import Purpose
from wizard.session.actions import Evaluate, RunCheck, Scope
from wizard.session.fencing import fence_of


_SHOWN = 2000
"""Characters of an answer that a record itself carries; the whole answer is cited."""


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """A check, ready to be asked.

    Attributes:
        check: What is asked and what its answer must be.
        purpose: Why.
        index: Which of its purpose.
        step: The step it belongs to, or None.
        undo: Whether it belongs to the step's undo.
        values: What `${names}` stand for.
        name: The name that a yes gives a value; empty where it gives none.
    """

    check: Check
    purpose: Purpose
    index: int
    step: str | None
    undo: bool
    values: Mapping[str, str]
    name: str = ""

    @property
    def taken(self) -> bool:
        """Whether its answer is kept as a value."""
        return self.purpose in {"target", "who", "remember"}

    @property
    def command(self) -> str:
        """What it asks, for people."""
        return render_text(self.check.command, self.values)

    @property
    def wanted(self) -> str:
        """What its answer must be, for people."""
        if self.taken and not self.check.judges_text:
            return "one line, which is the value"
        try:
            return wanted_text(self.check, self.values)
        except UsageProblem as problem:
            return str(problem)


def check_request_of(action: RunCheck | Evaluate, procedure: Procedure, values: Mapping[str, str]) -> CheckRequest:
    """The check that an action asks for.

    Raises:
        UsageProblem: The fence names a value that is not known.
    """
    if isinstance(action, Evaluate):
        named = _scopes(procedure)[action.scope]
        at = list(named).index(action.name)
        return CheckRequest(named[action.name], action.scope, at, None, undo=False, values=values, name=action.name)
    if action.purpose == "fence":
        check = fence_of(procedure)[action.index].check
        return CheckRequest(check, "fence", action.index, action.step, action.undo, values)
    step = procedure.step(action.step or "")
    operation = step.undo if action.undo and step.undo is not None else step
    checks = {
        "already": (operation.probe,) if operation.probe is not None else (),
        "before": operation.before,
        "after": operation.after,
        "held": step.after,
        "remember": tuple(step.remember.values()),
    }[action.purpose if action.purpose in {"already", "before", "after", "held", "remember"} else "before"]
    name = list(step.remember)[action.index] if action.purpose == "remember" else ""
    return CheckRequest(checks[action.index], action.purpose, action.index, action.step, action.undo, values, name)


def _scopes(procedure: Procedure) -> dict[Scope, Mapping[str, Check]]:
    return {"target": procedure.target, "who": procedure.who, "remember": procedure.remember}


def together(action: RunCheck | Evaluate, procedure: Procedure, values: Mapping[str, str]) -> list[CheckRequest]:
    """The check that an action asks for, and behind it those that the same answer of the same command settles as well.

    `cf target` tells API, org, space and user at once; asked one by one, it would be run for each.

    Raises:
        UsageProblem: The fence names a value that is not known.
    """
    first = check_request_of(action, procedure, values)
    others: list[RunCheck | Evaluate] = []
    if isinstance(action, Evaluate):
        own = list(_scopes(procedure)[action.scope])
        others += [Evaluate(action.scope, name) for name in own[own.index(action.name) + 1 :]]
        others += [Evaluate("who", name) for name in procedure.who if action.scope == "target"]
    elif action.purpose == "fence":
        others += [replace(action, index=at) for at in range(action.index + 1, len(fence_of(procedure)))]
    asked = [check_request_of(other, procedure, values) for other in others]
    return [first, *(each for each in asked if _same_command(each.check, first.check))]


def _same_command(one: Check, other: Check) -> bool:
    words = ("asks", "env", "in_", "timeout", "within")
    return all(getattr(one, word) == getattr(other, word) for word in words)


def check_order(
    question: CheckRequest, procedure: Procedure, environment: ExecutionEnvironment, vault: Vault
) -> CheckOrder | str:
    """One attempt, ready for a checker; or the sentence that says why it cannot be started."""
    try:
        command: Command = command_of(question.check, procedure, environment, question.values, vault)
        channel = environment.channel()
    except (CannotRun, UsageProblem) as problem:
        return str(problem)
    return CheckOrder(
        argv=command.argv,
        env=dict(command.env),
        cwd=command.cwd,
        timeout=question.check.timeout,
        confine=environment.confine,
        channel=channel,
    )


def _answer(reply: CheckReply) -> CommandAnswer:
    return CommandAnswer(
        exit=reply.exit,
        signal=reply.signal,
        stdout=reply.stdout.decode("utf-8", "replace"),
        stderr=reply.stderr.decode("utf-8", "replace"),
        timed_out=reply.timed_out,
        problem=reply.problem,
    )


def judge_reply(question: CheckRequest, reply: CheckReply, guard: PatternGuard) -> CheckVerdict:
    """What one attempt's answer is worth; one on which a pattern runs away is no answer."""
    answer = _answer(reply)
    try:
        verdict = judge(question.check, answer, question.values, takes=question.taken, search=guard.search)
    except UsageProblem as problem:
        return CheckVerdict("no answer", str(problem))
    if not (question.taken and verdict.yes):
        return verdict
    wrong = "It gave nothing." if verdict.value == "" else unfit(verdict.value)
    return verdict if wrong is None else CheckVerdict("no answer", f"The answer cannot be kept as a value. {wrong}")


def render_answer(question: CheckRequest, reply: CheckReply, verdict: CheckVerdict) -> str:
    """What an answer was, short and harmless, for the record and the screen; the whole answer is cited.

    Of a yes the lines that made it one; of anything else the beginning of the answer.
    """
    if verdict.yes:
        text = verdict.value if verdict.proof is None else plain_text(verdict.proof.encode())
        if not question.check.judges_text:  # the exit code alone says yes, and a person may want to read what was said
            text = plain_text(reply.stdout)
    else:
        text = plain_text(reply.stderr).strip() or verdict.value or plain_text(reply.stdout).strip()
    text = text.strip() or (reply.problem or "")
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def no_reply(problem: str) -> CheckReply:
    """The reply of a check that could not be asked."""
    return CheckReply(exit=None, signal=None, stdout=b"", stderr=b"", timed_out=False, problem=problem)
