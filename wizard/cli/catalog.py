"""`list` and `show`: what procedures there are, and what one of them does. Nothing of a procedure runs."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wizard.errors import ExitCode, UsageProblem


if TYPE_CHECKING:
    from wizard.checks.model import Check
    from wizard.model.library import Head
    from wizard.model.procedure import Operation, Procedure, Step
    from wizard.model.reading import Loaded


_HEADINGS = {"built in": "Procedures", "yours": "Yours", "here": "Yours: ./procedures"}

_KIND = len("undo already?  ")
"""Cells of the column that says what a command is for."""
_WHAT = len("target endpoint ")
"""The same of the page."""


@click.command("list")
def list_() -> int:
    """List the procedures there are."""
    from wizard.execution.sanitize import sanitize_text
    from wizard.model.library import clashes, heads, problems

    found = heads()
    for line in _listed(found):
        click.echo(sanitize_text(line))
    for sentence in (*clashes(found), *problems(found)):
        click.echo(sanitize_text(sentence), err=True)
    return ExitCode.COMPLETED


def _listed(found: "list[Head]") -> Iterator[str]:
    wide = max((len(head.name) for head in found), default=0)
    origin = ""
    for head in found:
        if head.origin != origin:
            if origin:
                yield ""
            origin = head.origin
            yield _HEADINGS[origin]
        steps = "" if head.problem else f"   {head.steps} step{'' if head.steps == 1 else 's'}"
        yield f"  {head.name:<{wide}}  {head.title}{steps}"


@click.command()
@click.argument("procedure")
@click.option("--commands", is_flag=True, help="Every command it will run, in order, and nothing else.")
@click.option("--params", type=click.Path(path_type=Path), metavar="FILE", help="A YAML file with values to fill in.")
@click.option("-p", "pairs", multiple=True, metavar="NAME=VALUE", help="A value to fill in; may be repeated.")
def show(*, procedure: str, commands: bool, params: Path | None, pairs: tuple[str, ...]) -> int:
    """Show PROCEDURE (a name or a path) as a page; with values, everything that has one is filled in."""
    from wizard.execution.sanitize import sanitize_text
    from wizard.model.library import find
    from wizard.model.reading import read_procedure

    loaded = read_procedure(find(procedure))
    values = _values(procedure, params, pairs) if params is not None or pairs else {}
    lines = _commands(loaded.procedure, values) if commands else _page(loaded, values)
    for line in lines:
        click.echo(sanitize_text(line, newlines=True, tabs=True))
    return ExitCode.COMPLETED


def _values(procedure: str, params: Path | None, pairs: tuple[str, ...]) -> dict[str, str]:
    """The values that were given, over the procedure's own defaults.

    Raises:
        UsageProblem: One is no parameter, a secret, or not what its parameter takes.
    """
    from wizard.cli.values import given_values
    from wizard.engine import Request, prepare

    given = given_values(pairs, params)
    found = prepare(Request(procedure, "live", values=given))
    wrong = [each.told for each in found.fields if each.problem and each.name in given]
    if wrong:
        raise UsageProblem(" ".join(wrong))
    return {**found.values, **{name: port for name, port in found.ports.items() if port}}


def _file(loaded: "Loaded") -> Iterator[str]:
    """Which file it is, and its hash; of several the hash of each, and the one over all of them."""
    yield f"{loaded.path}, {' '.join(loaded.seal)}"
    if len(loaded.files) > 1:
        yield from (f"  {file.path}, sha256 {file.sha256}" for file in loaded.files)


def _drills(procedure: "Procedure") -> Iterator[str]:
    """What a rehearsal can be given to cope with."""
    from wizard.engine.rehearsal_options import offered_drills

    try:
        offered = offered_drills(procedure)
    except UsageProblem as problem:  # the page is there to see what is wrong, too
        yield ""
        yield str(problem)
        return
    if not offered:
        return
    yield ""
    yield f"Drills: uplevel rehearse {procedure.procedure} --drill NAME"
    wide = max(map(len, offered))
    yield from (f"  {name:<{wide}}   {about}" for name, about in offered.items())


def _page(loaded: "Loaded", values: Mapping[str, str]) -> Iterator[str]:
    from wizard.fields.templates import render_text

    procedure = loaded.procedure
    yield render_text(procedure.title, values)
    yield from _file(loaded)
    if procedure.source:
        yield f"after: {procedure.source}"
    if procedure.summary:
        yield ""
        yield procedure.summary.rstrip("\n")
    yield ""
    for name, parameter in procedure.parameters.items():
        rule = ", ".join(parameter.choices) or parameter.wanted
        default = f" (default {parameter.default})" if parameter.default is not None else ""
        default = f" ({values[name]})" if name in values else default
        if parameter.secret:
            source = f", or taken from {parameter.env}" if parameter.env else ""
            yield f"  {name}   {parameter.ask or ''}   a secret, asked for when it is needed{source}"
        else:
            yield f"  -p {name}=...   {parameter.ask or ''}{default}   {rule}".rstrip()
    for name in procedure.ports:
        yield f"  {name}   {values.get(name, 'a free port of this machine, chosen at the start')}"
    yield from _drills(procedure)
    yield from _fence(procedure, values)
    number = 0
    for phase in procedure.phases:
        yield ""
        yield render_text(phase.title, values)
        if phase.why:
            yield _indented(render_text(phase.why, values), 2)
        for step in phase.steps:
            number += 1
            yield from _step(procedure, step, number, values)


def _step(procedure: "Procedure", step: "Step", number: int, values: Mapping[str, str]) -> Iterator[str]:
    from wizard.fields.templates import render_text
    from wizard.session.rendering import render_soak, render_step, render_watch

    yield ""
    yield f"  {number}. {render_text(step.title, values)}" + (f"   ({step.ref})" if step.ref else "")
    if step.when:
        yield f"     only when: {_when(step)}"
    if step.why:
        yield _indented(render_text(step.why, values))
    for told in _of(procedure, step, values):
        yield from _told(*told)
    for label, text in (
        ("asks", render_text(step.confirm or "", values)),
        ("soaks", render_soak(procedure, step.soak, {}) if step.soak else ""),
        ("type", render_text(step.type or "", values)),
        ("no way back", render_text(step.no_return or "", values)),
        ("standard error", "kept apart" if step.stderr == "apart" else ""),
        ("needs", "; ".join(render_step(procedure, each, values) for each in step.needs)),
        ("watch", render_watch(procedure, step, values)),
        ("whole screen", _lent(step)),
        ("whole screen of undo", _lent(step.undo) if step.undo is not None else ""),
    ):
        if text:
            yield f"     {label}: {text}"


def _when(step: "Step") -> str:
    """The answers for which the step applies; all of them must be given."""
    return "; ".join(f"{name} is {' or '.join(wanted)}" for name, wanted in step.when.items())


def _lent(operation: "Operation") -> str:
    """What a full screen act takes, and what is kept of it."""
    if operation.screen is None:
        return ""
    files = f" and the hashes of {', '.join(operation.files)}" if operation.files else ""
    return (
        f"the program gets your terminal; its end{files} are recorded"
        if files
        else ("the program gets your terminal; its end is recorded")
    )


def _indented(text: str, by: int = 5) -> str:
    return "\n".join(" " * by + line for line in text.rstrip("\n").split("\n"))


def _of(procedure: "Procedure", step: "Step", values: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """The step's checks and acts in the order in which they run: what for, what it is, what the answer must be."""
    from wizard.session.rendering import render_act

    yield from _checks("already?", [step.probe] if step.probe is not None else [], values)
    yield from _checks("before", step.before, values)
    yield "does", render_act(procedure, step, values), ""
    yield from _checks("after", step.after, values)
    yield from _checks("remember", step.remember.values(), values)
    if step.undo is not None:
        yield "undo", render_act(procedure, step.undo, values), ""
        yield from _checks("undo after", step.undo.after, values)


def _checks(label: str, checks: Iterable["Check"], values: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    from wizard.fields.templates import render_text
    from wizard.session.rendering import render_wanted

    return ((label, render_text(check.command, values), render_wanted(check, values)) for check in checks)


def _told(label: str, what: str, wanted: str) -> Iterator[str]:
    """An act, or a check with what its answer must be."""
    yield f"     {label:<{_WHAT}}{_indented(what, 5 + _WHAT).lstrip()}"
    if wanted:
        word = "done if" if label == "already?" else "wanted"
        yield f"{' ' * (5 + _WHAT)}{word:<8}{_indented(wanted, 13 + _WHAT).lstrip()}"


def _fence(procedure: "Procedure", values: Mapping[str, str]) -> Iterator[str]:
    """Where a session has to be, looked at before every step that changes something."""
    from wizard.session.fencing import fence_of

    guards = fence_of(procedure)
    if guards:
        yield ""
        yield "Before every step that changes something"
    for guard in guards:
        for told in _checks(f"target {guard.name}", [guard.check], values):
            yield from _told(*told)


def _commands(procedure: "Procedure", values: Mapping[str, str]) -> Iterator[str]:
    """Every command, what it is for before it, in the order in which a session that goes well runs them."""
    from wizard.fields.templates import render_text
    from wizard.session.rendering import commands_of_step, render_step

    found = [("target", render_text(check.command, values)) for check in procedure.target.values()]
    found += [("account", render_text(check.command, values)) for check in procedure.who.values()]
    found += [("remember", render_text(check.command, values)) for check in procedure.remember.values()]
    yield from _kinds("At once, read-only", found)
    for step in procedure.steps():
        yield from _kinds(render_step(procedure, step.id, values), commands_of_step(step, values))


def _kinds(heading: str, found: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The commands below what they belong to."""
    lines = [f"{kind:<{_KIND}}{_indented(command, _KIND).lstrip()}" for kind, command in found]
    if lines:
        yield from (heading, *lines, "")
