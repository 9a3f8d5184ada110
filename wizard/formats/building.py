"""A session's folder to its transcript."""

from pathlib import Path

from wizard.errors import EvidenceBroken
from wizard.formats.cleaning import clean, line
from wizard.formats.collect import Collected, collect
from wizard.formats.model import DeviationPart, IntegrityPart, Transcript
from wizard.formats.session_part import session_part
from wizard.formats.steps import step_parts
from wizard.model.procedure import Procedure
from wizard.model.reading import ProcedureProblem, parse_procedure
from wizard.record.events import SessionOpened, has_its_shape
from wizard.record.journal import SessionFolder, VerificationReport, head_in_groups, scan, verify
from wizard.session import Deviation, SessionState


def build(folder: Path) -> Transcript:
    """Read a session and make its transcript. Nothing is changed; what is not whole is told in its integrity part.

    Args:
        folder: The session's folder.

    Raises:
        UsageProblem: There is no session there.
        EvidenceBroken: The first record cannot be read, so nothing after it has a meaning.
    """
    session = SessionFolder(folder)
    records = scan(session.journal).records
    found = collect(records)
    report = verify(folder, shape=has_its_shape)
    state = found.state
    opened = found.happened[0] if found.happened else None
    if state is None or opened is None or not isinstance(opened.event, SessionOpened) or opened.seq != 0:
        raise EvidenceBroken(
            f"The first record of {session.session_id} cannot be read by this version of uplevel.",
            "uplevel verify tells more; a newer uplevel may read it.",
        )
    procedure, missing = _procedure(session, opened.event)
    return Transcript(
        session=clean(session_part(found, state, procedure)),
        steps=step_parts(session, found, state, procedure),
        deviations=tuple(_deviations(state)),
        integrity=_integrity(report, found, state, missing),
    )


def _procedure(session: SessionFolder, opened: SessionOpened) -> tuple[Procedure | None, tuple[str, ...]]:
    """The session's own copy of its procedure, or why there is none."""
    try:
        files = {file.path: session.stored(file.path) for file in opened.files}
        return parse_procedure(files, opened.procedure.main).procedure, ()
    except (OSError, ValueError):
        why = "The session's copy of the procedure is missing"
    except ProcedureProblem:
        why = "The session's copy of the procedure cannot be read by this version of uplevel"
    return None, (f"{why}; the steps are those the journal names.",)


def _deviations(state: SessionState) -> list[DeviationPart]:
    told = [*(_deviation(each) for each in state.deviations), *_unsettled(state)]
    return sorted(told, key=lambda each: each.at)


def _deviation(each: Deviation) -> DeviationPart:
    return DeviationPart(
        each.at.at, each.step or "", line(each.what), line(each.reason), line(each.by), line(each.said)
    )


def _unsettled(state: SessionState) -> list[DeviationPart]:
    """Runs whose outcome nobody knows to this day."""
    return [
        DeviationPart(
            run.asked_at.at,
            run.intent.step,
            f"the outcome of run {number} is unknown",
            clean(run.ended.problem),
            "",
            "",
        )
        for number, run in state.runs.items()
        if run.ended is not None and run.ended.outcome == "unknown" and run.settled is None
    ]


def _integrity(
    report: VerificationReport, found: Collected, state: SessionState, missing: tuple[str, ...]
) -> IntegrityPart:
    signed = [each.event for each in found.happened if each.event.kind == "checkpoint.signed"]
    return IntegrityPart(
        verdict=report.title,
        head=report.head,
        head_groups=head_in_groups(report.head),
        records=report.count,
        manifest=state.opened.manifest,
        findings=tuple(line(finding) for finding in report.findings),
        notes=tuple(line(note) for note in (*report.notes, *missing)),
        signatures=tuple(clean(event.model_dump(mode="json", exclude={"kind"})) for event in signed),
        verify=f"uplevel verify {report.session} --head {report.head}",
        unknown=tuple(
            clean({"seq": record.seq, "at": record.at, "kind": record.kind, "data": dict(record.data)})
            for record in found.unknown
        ),
    )
