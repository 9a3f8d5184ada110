"""The start page: everything that can be known of a session before anything runs."""

import json
import pwd
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from wizard import settings
from wizard.acts.plan import Value
from wizard.archive.session_words import stood
from wizard.archive.sessions import SessionSummary, list_sessions
from wizard.checks.model import Check
from wizard.clock import parse_rfc3339
from wizard.engine.rehearsal_options import require_drill, servers_words, without_servers
from wizard.engine.request import Field, Preparation, Request, words_of
from wizard.errors import UsageProblem, nearest
from wizard.fields.commands import BashScript
from wizard.fields.parameters import MAX_WRITTEN, Parameter
from wizard.fields.templates import render_text
from wizard.model.library import find
from wizard.model.lint import examine, is_built_in
from wizard.model.procedure import Procedure
from wizard.model.reading import Loaded
from wizard.model.trust import Earlier, require_safe, standing
from wizard.record.journal import read_head
from wizard.record.modes import mode_words
from wizard.session.rendering import duration
from wizard.session.undo_path import undo_limit


_LONGEST_TICKET = 500
_PORTS = range(1024, 65536)
"""The ports that need no rights."""


def prepare(request: Request) -> Preparation:
    """Read, lint and trust a procedure, and fill in what is known. Nothing of it runs.

    Raises:
        UsageProblem: There is no such procedure, parameter or drill, a secret was given in the open, or the file cannot
            be trusted.
        ProcedureProblem: The file has faults; all of them.
    """
    require_ticket(request.ticket)
    settings.load_own()  # what is wrong with them is told before anything begins
    loaded = examine(find(request.procedure))
    require_safe(_paths(loaded))
    known = list_sessions()
    _refuse_stray_values(loaded.procedure, _for_parameters(loaded.procedure, request))
    if request.drill:
        require_drill(loaded.procedure, request.drill)
    manifest = [(file.path, file.sha256) for file in loaded.files]
    trust = standing(loaded.procedure.procedure, loaded.path, manifest, _earlier(known))
    fields = _fields(loaded.procedure, _given(loaded.procedure, request))
    return _with_fields(
        Preparation(
            request=request,
            loaded=loaded,
            origin="built in" if is_built_in(loaded) else str(loaded.path),
            owner=_owner(_paths(loaded)[0]),
            trust=trust.sentence,
            fields=fields,
            at_once=(),
            refusals=tuple(_refusals(loaded.procedure, request)),
            last_time=_last_time(loaded.procedure, known),
            undo_path="",
            mode_words="",
            production=False,
            known=tuple(known),
            servers=servers_words(loaded.procedure) if request.mode == "rehearsal" else "",
        ),
        fields,
    )


def with_values(preparation: Preparation, values: Mapping[str, str]) -> Preparation:
    """The start page with the form's values, looked at again.

    Args:
        preparation: The page.
        values: By name; parameters that are not in it keep what they have.

    Raises:
        UsageProblem: A name that is no parameter.
    """
    _refuse_stray_values(preparation.procedure, values, secrets_too=False)
    kept = {each.name: each.value for each in preparation.fields}
    return _with_fields(preparation, _fields(preparation.procedure, {**kept, **values}))


def _with_fields(preparation: Preparation, fields: tuple[Field, ...]) -> Preparation:
    values = {each.name: each.value for each in fields if each.value and not each.secret}
    stage = next((each.value for each in fields if each.name == "stage" and not each.problem), "")
    words, production = mode_words(preparation.request.mode, stage)
    return replace(
        preparation,
        fields=fields,
        at_once=tuple(_at_once(preparation.procedure, values)),
        undo_path=_turn_back(preparation.procedure, values),
        mode_words=words,
        production=production,
    )


def require_ticket(ticket: str) -> None:
    """See that a ticket can stand in the record.

    Raises:
        UsageProblem: It is too long, or no text that can be printed.
    """
    if len(ticket) > _LONGEST_TICKET or not (ticket.isprintable() or ticket == ""):
        raise UsageProblem(
            f"The ticket is no line of at most {_LONGEST_TICKET} characters that can be printed.",
            "Give the change's number or its address.",
        )


def _paths(loaded: Loaded) -> list[Path]:
    folder = (loaded.path or Path()).parent
    return [folder / file.path for file in loaded.files]


def _owner(path: Path) -> str:
    uid = path.stat().st_uid
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _for_parameters(procedure: Procedure, request: Request) -> Mapping[str, str]:
    """The values without those that a rehearsal which plays by itself answers on the way.

    Raises:
        UsageProblem: One of those is none of the options it chooses from, or does not fit what is asked.
    """
    if not request.auto:
        return request.values
    plans = [step.act.plan for step in procedure.steps()]
    asked = {plan.name: plan for plan in plans if isinstance(plan, Value) and not plan.secret}
    for name, value in request.values.items():
        plan = asked.get(name)
        if plan is None:
            continue
        if plan.rule is None and value not in plan.options:
            raise UsageProblem(f"{value!r} is none of the options of {name}.", f"Options: {', '.join(plan.options)}.")
        if plan.rule is not None and (wrong := plan.rule.misfit(value)) is not None:
            raise UsageProblem(f"{name}={value}: {wrong}")
    own = procedure.parameters.keys() | procedure.ports.keys()
    return {name: value for name, value in request.values.items() if name in own or name not in asked}


def _refuse_stray_values(procedure: Procedure, values: Mapping[str, str], *, secrets_too: bool = True) -> None:
    for name in values:
        parameter = procedure.parameters.get(name)
        if name in procedure.ports:
            _require_port(name, values[name])
            continue
        if parameter is None:
            cure = nearest(name, procedure.parameters) or f"There are {', '.join(procedure.parameters) or 'none'}."
            raise UsageProblem(f"{procedure.procedure} has no parameter {name}.", cure)
        if parameter.secret and secrets_too:
            source = f" or set {parameter.env}" if parameter.env else ""
            raise UsageProblem(
                f"{name} is a secret, and a command line or a file of values is no place for one.",
                f"Leave it out; uplevel asks for it{source}.",
            )


def _require_port(name: str, value: str) -> None:
    if re.fullmatch(r"[1-9][0-9]{3,4}", value, re.ASCII) is None or int(value) not in _PORTS:
        raise UsageProblem(
            f"{name}: {value!r} is no port that you may listen on.",
            f"Write a number from {_PORTS[0]} to {_PORTS[-1]}, or leave it out, and one that is free is chosen.",
        )


def _given(procedure: Procedure, request: Request) -> dict[str, str]:
    """What is known without asking. A rehearsal that plays by itself answers for the operator."""
    known = {name: each.default for name, each in procedure.parameters.items() if each.default is not None}
    if request.auto:
        answers = procedure.rehearsal.answers if procedure.rehearsal is not None else {}
        for name, parameter in procedure.parameters.items():
            answer = answers.get(name) or parameter.rehearsed()
            if answer is not None and not parameter.secret:
                known[name] = answer
    return {**known, **request.values}


def _fields(procedure: Procedure, values: Mapping[str, str]) -> tuple[Field, ...]:
    fields = _single_fields(procedure, values)
    together = len(json.dumps({each.name: each.value for each in fields}))
    if together <= MAX_WRITTEN or any(each.problem for each in fields):
        return fields
    longest = max(fields, key=lambda each: len(each.value))
    wrong = "All values together are too long for the first record. Put long text in a file."
    return tuple(replace(each, problem=wrong) if each is longest else each for each in fields)


def _single_fields(procedure: Procedure, values: Mapping[str, str]) -> tuple[Field, ...]:
    return tuple(
        Field(
            name=name,
            label=parameter.ask or name,
            choices=parameter.choices,
            value=values.get(name, ""),
            default=parameter.default or "",
            secret=parameter.secret,
            required=parameter.required,
            problem=_problem(name, parameter, values.get(name, "")),
            wanted=parameter.wanted,
        )
        for name, parameter in procedure.parameters.items()
    )


def _problem(name: str, parameter: Parameter, value: str) -> str:
    # Secrets are asked for when the session has begun: no start page holds one.
    if parameter.secret or (value == "" and parameter.optional):
        return ""
    if value == "" and parameter.choices:
        return f"Choose {_one(name)}."
    if value == "" and not parameter.any:
        return f"Enter {parameter.wanted or _one(name)}."
    return parameter.misfit(value) or ""


def _one(name: str) -> str:
    """`a stage`, `an old port`."""
    words = words_of(name)
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _refusals(procedure: Procedure, request: Request) -> Iterator[str]:
    scripts = any(isinstance(step.command, BashScript) for step in procedure.steps())
    if scripts and request.mode == "live" and shutil.which("bash") is None:
        yield "The procedure has bash scripts, and there is no bash on the PATH. Install bash."
    if request.mode == "rehearsal":
        lacking, needed = without_servers(procedure)
        if needed:
            yield lacking
    if request.auto and request.mode != "rehearsal":
        yield "Only a rehearsal plays by itself; nobody but a person answers a live session."


def _at_once(procedure: Procedure, values: Mapping[str, str]) -> list[str]:
    """The commands that run before the first question, once each."""
    first = procedure.steps()[0]
    checks: list[Check] = [*procedure.target.values(), *procedure.who.values(), *procedure.remember.values()]
    checks += [*([first.probe] if first.probe else []), *first.before]
    return list(dict.fromkeys(render_text(check.command, values) for check in checks))


def _turn_back(procedure: Procedure, values: Mapping[str, str]) -> str:
    ends = undo_limit(procedure, values)
    return "the end: each step that changes something has an undo" if ends is None else f"step {ends[0]}. {ends[1]}"


def _earlier(known: list[SessionSummary]) -> Iterator[Earlier]:
    for session in known:
        head = read_head(session.folder / "journal.jsonl")
        if head is None:
            continue
        files = head.data.get("files", [])
        yield Earlier(
            session=session.id,
            procedure=session.procedure,
            at=_time(session.finished or session.last or session.started),
            completed=session.completed_by_person,
            manifest=tuple((file["path"], file["sha256"]) for file in files),
        )


def _time(text: str) -> datetime:
    return parse_rfc3339(text)


def _last_time(procedure: Procedure, known: list[SessionSummary]) -> str:
    done = [each for each in known if each.procedure == procedure.procedure and each.completed_by_person]
    if not done:
        return ""
    last = max(done, key=lambda each: each.finished)
    took = duration((_time(last.finished) - _time(last.started)).total_seconds())
    return f"{stood(last.finished)}, {last.operator}, {last.mode}, {took}"
