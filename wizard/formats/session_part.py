"""The facts about a session that an auditor asks for; what nobody provided says so."""

from typing import Any

from wizard.fields.templates import render_text
from wizard.formats.annotations import breaks, notes
from wizard.formats.collect import Collected, StepEvents
from wizard.formats.measured import measured
from wizard.formats.model import NOT_PROVIDED, fields_of
from wizard.formats.steps import check_parts, confirmation_parts
from wizard.model.procedure import Procedure
from wizard.record.events import Happened, Operator, ValueRemembered
from wizard.session import SessionState, outcome
from wizard.session.event_words import value_words


_CIRCUMSTANCES = frozenset(
    {
        "front-end.attached",
        "front-end.detached",
        "session.paused",
        "session.resumed",
        "clock.stepped",
        "journal.recovered",
        "record.moved",
        "checkpoint.unsigned",
        "run.quiet",
    }
)


def session_part(found: Collected, state: SessionState, procedure: Procedure | None) -> dict[str, Any]:
    """Every fact about the session as a whole, as JSON values."""
    opened = state.opened
    closing = next((each for each in found.happened if each.event.kind == "session.closed"), None)
    own = found.steps.get("", StepEvents())
    return {
        "id": opened.session,
        "procedure": opened.procedure.name,
        "title": render_text(opened.procedure.title, state.values),
        "mode": opened.mode,
        "state": state.closed or ("paused" if state.paused else "open"),
        "outcome": _outcome(state),
        "reason": getattr(closing.event, "reason", "") if closing else "",
        "started": state.opened_at.at,
        "finished": closing.at if closing else "",
        "operator": opened.operator.user,
        "operator_from": opened.operator.model_dump(),
        "operators": _operators(found.happened, opened.operator),
        **measured(found, state),
        "requester": NOT_PROVIDED,
        "approver": NOT_PROVIDED,
        "approved": NOT_PROVIDED,
        "approval_evidence": NOT_PROVIDED,
        "requester_is_approver": "not applicable: neither was provided",
        "second_person": NOT_PROVIDED,
        "emergency": NOT_PROVIDED,
        "ticket": opened.ticket or NOT_PROVIDED,
        "change_reason": NOT_PROVIDED,
        "procedure_version": opened.procedure.version or NOT_PROVIDED,
        "procedure_source": opened.procedure.source or NOT_PROVIDED,
        "procedure_builtin": opened.procedure.builtin,
        "procedure_manifest": opened.manifest,
        "procedure_files": [file.model_dump() for file in opened.files],
        "procedure_commit": NOT_PROVIDED,
        "trust": opened.trust or NOT_PROVIDED,
        "uplevel": opened.uplevel,
        "uplevel_package_hash": NOT_PROVIDED,
        "python": opened.python,
        "system": opened.system,
        "clock_synchronised": NOT_PROVIDED,
        "boots": sorted({each.boot_id for each in found.happened}),
        "signing_keys": _keys(found.happened) or NOT_PROVIDED,
        **_values(found, state, procedure),
        "rehearsal": opened.rehearsal.model_dump() if opened.rehearsal else None,
        "undo_available": procedure is not None and any(step.undo for step in procedure.steps()),
        "undo_used": any(each.event.kind == "undo.began" for each in found.happened),
        "checks": [fields_of(check) for check in check_parts(own)],
        "confirmations": [fields_of(each) for each in confirmation_parts(found, own)],
        "remarks": list(own.remarks),
        "notes": notes(found.happened, opened.operator),
        "breaks": breaks(found.happened, opened.operator),
        "circumstances": [_circumstance(each) for each in found.happened if each.event.kind in _CIRCUMSTANCES],
        "retention": NOT_PROVIDED,
        "second_copy": NOT_PROVIDED,
    }


def _outcome(state: SessionState) -> str:
    """How the session ended, folded from its steps; `state` is the closing record's own word."""
    ended = outcome(state)
    return "not ended" if ended is None else ended.words


def _operators(happened: list[Happened], first: Operator) -> list[str]:
    """Everybody who sat at the session, in order, each once."""
    seen = [first, *(each.event.operator for each in happened if each.event.kind == "session.resumed")]
    return list(dict.fromkeys(f"{who.user}@{who.host}" for who in seen))


def _keys(happened: list[Happened]) -> list[str]:
    return list(dict.fromkeys(each.event.key for each in happened if each.event.kind == "checkpoint.signed"))


def _values(found: Collected, state: SessionState, procedure: Procedure | None) -> dict[str, Any]:
    """What the session was given, and what it took from the world."""
    opened = state.opened
    return {
        "parameters": dict(opened.parameters),
        "parameters_changed": _changed(procedure, opened.parameters),
        "ports": dict(opened.ports),
        "secrets": list(opened.secrets),
        "target": _remembered(found.happened, "target"),
        "who": _remembered(found.happened, "who"),
        "remembered": _remembered(found.happened, "remember"),
    }


def _changed(procedure: Procedure | None, parameters: dict[str, str]) -> list[str] | str:
    """The parameters that are not at their default."""
    if procedure is None:
        return NOT_PROVIDED
    defaults = {name: parameter.default for name, parameter in procedure.parameters.items()}
    return [name for name, value in parameters.items() if defaults.get(name) != value]


def _remembered(happened: list[Happened], scope: str) -> dict[str, str]:
    return {
        each.event.name: value_words(each.event.value)
        for each in happened
        if isinstance(each.event, ValueRemembered) and each.event.scope == scope
    }


def _circumstance(each: Happened) -> dict[str, Any]:
    return {"seq": each.seq, "at": each.at, "kind": each.event.kind, **each.event.model_dump(exclude={"kind"})}
