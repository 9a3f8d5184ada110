"""Acts: the order of one run, the events of its end, and the judgement of its output."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from wizard.checks import CheckVerdict, CommandAnswer, judge, other_end, take_captures, wanted_text
from wizard.checks.model import Expectation
from wizard.engine.captured_output import CapturedOutput
from wizard.engine.commands import Command, file_sha256
from wizard.engine.environments import ExecutionEnvironment
from wizard.engine.pattern_guard import PatternGuard
from wizard.engine.vault import Vault
from wizard.errors import UsageProblem
from wizard.execution.runner import Order
from wizard.fields.templates import parse_template, render
from wizard.model.procedure import Operation, Step
from wizard.model.substitute import fill_text
from wizard.record.events import FileState, OutputCited, RunEnded, RunIntent
from wizard.record.recovery import ExitReport, file_state
from wizard.session.rendering import render_command


ALONE = 600.0
"""Seconds that a watch goes on while no wizard is there."""
_SCRIPT = 64 * 1024
"""Characters of a script that its intent carries; the session's copy of the procedure has all of it."""


def files_of(operation: Operation, command: Command, values: Mapping[str, str]) -> tuple[str, ...]:
    """The absolute paths of the files that a full screen program may change.

    Raises:
        UsageProblem: A value is missing.
    """
    return tuple(str(Path(command.cwd, fill_text(file, values))) for file in operation.files)


def intent_of(command: Command, step: Step, operation: Operation, order: Order, *, attempt: int) -> RunIntent:
    """What is about to be started, for the record."""
    return RunIntent(
        run=order.run,
        step=step.id,
        attempt=attempt,
        undo=operation is not step,
        words=command.shown,
        script=command.script[:_SCRIPT],
        executable=str(command.program),
        executable_sha256=file_sha256(command.program),
        cwd=command.cwd,
        env=command.own,
        timeout=operation.timeout,
        repeat=step.repeat,
        private=operation.output == "private",
        stderr_apart=operation.stderr == "apart",
        watch=operation.act.beside is not None,
        full_screen=order.full,
        files=tuple(FileState(at=path, sha256=file_state(path)) for path in order.files),
    )


def impossible(operation: Operation, step: Step, line: str, cwd: str, *, run: int, attempt: int) -> RunIntent:
    """The intent of a command that cannot even be put together; `not started` follows it at once."""
    return RunIntent(
        run=run,
        step=step.id,
        attempt=attempt,
        undo=operation is not step,
        words=(line,),
        executable="",
        executable_sha256="",
        cwd=cwd,
        env=(),
        repeat=step.repeat,
        watch=operation.act.beside is not None,
    )


def order_of(
    command: Command,
    operation: Operation,
    environment: ExecutionEnvironment,
    vault: Vault,
    values: Mapping[str, str],
    *,
    run: int,
    folder: Path,
    size: tuple[int, int],
) -> Order:
    """What the supervisor is told.

    Raises:
        UsageProblem: A value is missing or does not do.
    """
    stdin = None if operation.stdin is None else fill_text(operation.stdin, {**values, **vault.secrets})
    return Order(
        run=run,
        folder=folder,
        argv=command.argv,
        env=dict(command.env),
        cwd=command.cwd,
        columns=size[0],
        rows=size[1],
        timeout=operation.timeout,
        stdin=stdin,
        secrets=dict(vault.secrets),
        private=operation.output == "private",
        stderr_apart=operation.stderr == "apart",
        keep=operation.keep,
        confine=environment.confine,
        channel=environment.channel(),
        alone=None if operation.act.beside is None else ALONE,
        full=operation.screen == "full",
        files=files_of(operation, command, values),
    )


def ended_event(run: int, report: ExitReport, *, while_away: bool) -> RunEnded:
    """The record of a run's end, from what its supervisor left."""
    return RunEnded(
        run=run,
        outcome="ended",
        exit=report.exit,
        signal=report.signal,
        started=report.started,
        finished=report.finished,
        seconds=report.seconds,
        output=OutputCited(sha256=report.sha256, len=report.length),
        gap=None if report.kept is None else (report.kept.at, report.kept.lost),
        redactions=dict(report.redactions),
        left_running=tuple(report.left_running),
        stopped_by=report.stopped_by or "",
        stop_reason=report.stop_reason or "",
        problem=report.problem or "",
        hidden_input=report.hidden_input,
        files=tuple(FileState(at=path, sha256=state) for path, state in report.files.items()),
        while_away=while_away,
    )


def judge_act(
    operation: Operation,
    ended: RunEnded,
    printed: CapturedOutput | None,
    values: Mapping[str, str],
    guard: PatternGuard,
) -> CheckVerdict:
    """Whether the act's own output is what the step expects; without `expect`, exit 0 is.

    Args:
        operation: The act.
        ended: How it ended.
        printed: Its output; None when it is not there to be judged, which is no answer and not a no.
        values: What `${names}` stand for.
        guard: Makes the searches; an output on which a pattern runs away is no answer.
    """
    if printed is None:
        how = "was private, and uplevel was not there to hear it" if operation.output == "private" else "cannot be read"
        return CheckVerdict("no answer", f"Its output {how}.")
    try:
        return _judged(operation, ended, printed, values, guard)
    except UsageProblem as problem:
        return CheckVerdict("no answer", str(problem))


def _without_its_words(operation: Operation, ended: RunEnded, values: Mapping[str, str]) -> str:
    """Why a private output is not what was wanted, without a word of it: it may be a password."""
    wanted = operation.expect or Expectation()
    if ended.stop_reason == "timeout":
        how = "It was stopped, because its time was over."
    elif ended.signal is not None:
        how = f"It was ended by signal {ended.signal}."
    else:
        how = other_end(wanted, CommandAnswer(exit=ended.exit)) or "Its output is not what is wanted."
    says = " ".join(render(parse_template(wanted.says), values).split()) if wanted.says is not None else ""
    return f"{how} {_HIDDEN} {says}".rstrip()


_HIDDEN = "The output is private, so nothing of it is shown."


def _judged(
    operation: Operation, ended: RunEnded, printed: CapturedOutput, values: Mapping[str, str], guard: PatternGuard
) -> CheckVerdict:
    answer = CommandAnswer(
        exit=ended.exit,
        signal=ended.signal,
        stdout=printed.stdout,
        stderr=printed.stderr,
        timed_out=ended.stop_reason == "timeout",
        problem=_nothing_to_judge(operation, ended),
    )
    wanted = operation.expect or Expectation()
    verdict = judge(wanted, answer, values, command=render_command(operation, values), search=guard.search)
    private = operation.output == "private"
    if not verdict.yes:
        why = _without_its_words(operation, ended, values) if private else verdict.why
        told = ended.problem if ended.problem not in why else ""  # what its supervisor says of its end
        return replace(verdict, why=f"{told} {why}".lstrip(), value="" if private else verdict.value)
    taken = take_captures(operation.capture, printed.stdout, values, guard.search)
    if not taken.why:
        return replace(verdict, captured=taken.values)
    return CheckVerdict("no", f"{taken.why} {_HIDDEN}" if private else taken.why)  # which quotes nothing by itself


def _nothing_to_judge(operation: Operation, ended: RunEnded) -> str | None:
    """Why a run cannot be judged: it told no exit, or a text is wanted of an output that the disk refused in part."""
    if not ended.problem or (ended.exit is None and ended.signal is None):
        return ended.problem or None
    wants_text = bool(operation.capture) or (operation.expect is not None and operation.expect.judges_text)
    return ended.problem if wants_text and ended.gap is not None else None


def last_lines(text: str, most: int) -> str:
    """The end of an output in at most so many characters, from the beginning of a line where there is one."""
    text = text.strip()
    if len(text) <= most:
        return text
    begun, _, whole = text[-most:].partition("\n")
    return whole.strip() or begun


def wanted_of_act(operation: Operation, values: Mapping[str, str]) -> str:
    """What the act's own output must be, for people."""
    try:
        return wanted_text(operation.expect or Expectation(), values)
    except UsageProblem as problem:
        return str(problem)
