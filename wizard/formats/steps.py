"""The steps of a transcript: all of the procedure's, in order, and what happened to each."""

import shlex

from wizard.fields.templates import render_text
from wizard.formats.cleaning import clean, line
from wizard.formats.collect import Collected, RunEvents, StepEvents
from wizard.formats.model import COVERED, CheckPart, ConfirmationPart, RunPart, StepPart
from wizard.formats.output import output_text
from wizard.formats.record_times import between
from wizard.model.procedure import Procedure
from wizard.record.events import Answered, Asked, CheckAnswered, RunEnded
from wizard.record.journal import SessionFolder, differs
from wizard.record.output import OutputFile, OutputLog
from wizard.session import Mark, SessionState, mark
from wizard.session.event_words import chosen
from wizard.session.rendering import beside
from wizard.session.run_words import settled_words
from wizard.session.whole_screen import file_changes


def step_parts(
    folder: SessionFolder, found: Collected, state: SessionState, procedure: Procedure | None
) -> tuple[StepPart, ...]:
    """Every step of the procedure in its order; without a procedure those that the journal names."""
    if procedure is None:
        order = [(step_id, "", step_id, "", "", "") for step_id in found.steps if step_id]
    else:
        order = [
            (step.id, step.ref or "", step.title, phase.title, step.why or "", step.no_return or "")
            for phase in procedure.phases
            for step in phase.steps
        ]
    parts = []
    for number, (step_id, ref, title, phase, why, no_return) in enumerate(order, start=1):
        events = found.steps.get(step_id, StepEvents())
        parts.append(
            StepPart(
                number=number,
                id=step_id,
                ref=line(ref),
                title=_shown(title, state),
                phase=_shown(phase, state),
                why=_shown(why, state),
                state=_state(found, events, state, step_id),
                reason=line(events.reason or beside(state.step(step_id))),
                began=events.began,
                ended=events.ended,
                no_return=_shown(no_return, state),
                runs=tuple(run_part(folder, found.runs[run]) for run in events.runs),
                checks=check_parts(events),
                confirmations=confirmation_parts(found, events),
                remarks=tuple(line(remark) for remark in events.remarks),
            )
        )
    return tuple(parts)


def _state(found: Collected, events: StepEvents, state: SessionState, step_id: str) -> str:
    """The step's state in the words of the screens; one that was left half way when the session closed is not to do."""
    shown = mark(state, step_id)
    if shown is not Mark.TO_DO or not events.began or not events.runs or events.state == "undone":
        return str(shown)
    ended = found.runs[events.runs[-1]].ended
    return str(Mark.FAILED if ended is not None and ended.outcome == "ended" else Mark.UNKNOWN)


def _shown(text: str, state: SessionState) -> str:
    return line(render_text(text, state.values))


def check_parts(events: StepEvents) -> tuple[CheckPart, ...]:
    """The checks of a step, in the order in which they answered."""
    return tuple(_check(at, check) for at, check in events.checks)


def _check(at: str, check: CheckAnswered) -> CheckPart:
    return CheckPart(
        at=at,
        purpose=check.purpose,
        undo=check.undo,
        command=clean(check.command),
        wanted=clean(check.wanted),
        verdict=check.verdict,
        got=clean(check.got),
        why=clean(check.why),
        exit=check.exit,
        attempts=check.attempts,
        seconds=check.seconds,
        answer=None if check.answer is None else check.answer.model_dump(),
    )


def confirmation_parts(found: Collected, events: StepEvents) -> tuple[ConfirmationPart, ...]:
    """The questions of a step and their answers, in the order in which they were asked."""
    return tuple(_confirmation(at, asked, found.answers.get(asked.question)) for at, asked in events.questions)


def _confirmation(at: str, asked: Asked, given: tuple[str, Answered, str] | None) -> ConfirmationPart:
    answered_at, answer, by = given or ("", None, "")
    return ConfirmationPart(
        question=asked.question,
        sort=asked.question_kind,
        gate=asked.gate,
        text=clean(asked.text),
        options=tuple(line(option.label) for option in asked.options),
        choice=line(answer.choice) if answer else "",
        answer=line(chosen(asked, answer)) if answer else "",
        reason=clean(answer.reason) if answer else "",
        value=clean(answer.value) if answer else None,
        evidence=tuple(clean(each.model_dump()) for each in answer.evidence) if answer else (),
        asked=at,
        answered=answered_at,
        by=line(by),
        actor=answer.actor if answer else 0,
        seconds=between(at, answered_at),
    )


def run_part(folder: SessionFolder, run: RunEvents) -> RunPart:
    """One run with its recorded output."""
    intent, ended = run.intent, run.ended
    cited = ended.output if ended else None
    sha256 = cited.sha256 if cited else ""
    file = OutputLog(folder.run(intent.run)).file
    streams = _streams(file, run)
    output = output_text(file, sha256, apart=streams == COVERED)
    return RunPart(
        run=intent.run,
        attempt=intent.attempt,
        undo=intent.undo,
        command=clean(intent.script.rstrip("\n") if intent.script else shlex.join(intent.words)),
        exit=ended.exit if ended else None,
        signal=ended.signal if ended else None,
        started=(ended.started if ended else "") or run.started,
        finished=ended.finished if ended else "",
        output=output.text,
        excerpt=output.excerpt,
        output_sha256=sha256,
        output_bytes=cited.len if cited else output.size,
        output_cut=output.cut,
        outcome=ended.outcome if ended else "",
        settled=_settled(run),
        seconds=ended.seconds if ended else None,
        executable=line(intent.executable),
        executable_sha256=intent.executable_sha256,
        cwd=line(intent.cwd),
        env=tuple(line(name) for name in intent.env),
        timeout=intent.timeout,
        private=intent.private,
        stderr_apart=intent.stderr_apart,
        streams=streams,
        beside=tuple(each.model_dump() for each in ended.beside) if ended else (),
        redactions=clean(dict(ended.redactions)) if ended else {},
        left_running=tuple(line(f"{left.pid} {left.command}") for left in ended.left_running) if ended else (),
        lost=ended.gap if ended else None,
        tail=tuple(each.model_dump() for each in ended.tail) if ended else (),
        stopped_by=_stopped(run, ended),
        problem=clean(ended.problem) if ended else "",
        hidden_input=ended.hidden_input if ended else False,
        full_screen=intent.full_screen,
        files=tuple(line(change) for change in file_changes(intent, ended)) if ended else (),
        screen_wanted=run.screen_wanted,
        while_away=ended.while_away if ended else False,
        watch=intent.watch,
    )


def _streams(file: OutputFile, run: RunEvents) -> str:
    """Whether the record covers which line is of which stream; empty where the streams were not kept apart."""
    if not run.intent.stderr_apart:
        return ""
    beside = run.ended.beside if run.ended else ()
    cited = [each for each in beside if each.name == file.timing.name]
    if not cited:
        return "not told apart here, because no record covers which line is of which"
    if differs(file.timing, cited[0].sha256, cited[0].len) is not False:
        return "not told apart here, because timing is not what the record cites"
    return COVERED


def _stopped(run: RunEvents, ended: RunEnded | None) -> str:
    if run.intent.watch:  # a step may have ended it, or the session's end; `operator` would say it wrong
        return line((ended.stopped_by if ended else "") or run.stopped_by)
    if ended and ended.stopped_by:
        return line(f"{ended.stopped_by}: {ended.stop_reason}" if ended.stop_reason else ended.stopped_by)
    return line(run.stopped_by)


def _settled(run: RunEvents) -> str:
    if run.settled is None:
        return ""
    proof = "; ".join(each.text for each in run.settled.evidence)
    return line(settled_words(run.settled) + (f": {proof}" if proof else ""))
