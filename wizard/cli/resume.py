"""`sessions` and `resume`: what there is to go on with, and going on."""

import json
import sys
from typing import TYPE_CHECKING

import click

from wizard.cli.cli_context import CliContext
from wizard.errors import ExitCode


if TYPE_CHECKING:
    from wizard.archive.sessions import SessionSummary


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As a JSON array.")
def sessions(*, as_json: bool) -> int:
    """List the sessions there are, newest first."""
    from wizard.archive.sessions import list_sessions

    found = list_sessions()
    if as_json:
        click.echo(json.dumps([_fields(each) for each in found], indent=2))
        return ExitCode.COMPLETED
    if not found:
        click.echo("There are no sessions yet.", err=True)
    for each in found:
        click.echo(_line(each))
    return ExitCode.COMPLETED


def _fields(each: "SessionSummary") -> dict[str, str | bool | int | dict[str, str] | None]:
    return {
        "id": each.id,
        "procedure": each.procedure,
        "mode": each.mode,
        "state": each.state,
        "outcome": each.outcome or None,
        "auto": each.auto,
        "started": each.started or None,
        "finished": each.finished or None,
        "operator": each.operator,
        "title": each.title,
        "stage": each.stage or None,
        "ticket": each.ticket or None,
        "parameters": dict(each.parameters),
        "step": each.step_number or None,
        "steps": each.steps or None,
    }


def _mode(each: "SessionSummary") -> str:
    return "REHEARSAL" if each.mode == "rehearsal" else f"{each.mode.upper()} {each.stage}".strip()


def _line(each: "SessionSummary") -> str:
    from wizard.archive.session_words import given_words, stood, ticket_words
    from wizard.execution.sanitize import sanitize_text
    from wizard.record.locks import where_held

    mode = _mode(each)
    at = f"step {each.step_number} of {each.steps}" if each.step_number else ""
    held = f"open {where_held(each.folder)}; uplevel observe {each.id}" if each.state == "running" else ""
    more = each.outcome if each.outcome != each.state else ""
    auto = "played by itself" if each.auto else ""
    begun = (f"{stood(each.started):<20}", f"{each.operator:<10}")
    parts = (each.id, f"{each.state:<9}", f"{mode:<16}", *begun, each.title, ticket_words(each), given_words(each))
    return sanitize_text("  ".join(part for part in (*parts, at, held, more, auto, each.problem) if part))


@click.command()
@click.argument("session", required=False)
@click.option("--plain", is_flag=True, help="Line by line, without the screens.")
@click.option("--auto", is_flag=True, help="A rehearsal goes on by itself.")
@click.pass_obj
def resume(context: CliContext, *, session: str | None, plain: bool, auto: bool) -> int:
    """Go on with SESSION: an id, the beginning or end of one, or a folder. Without it, with the one that was left."""
    from wizard.archive.sessions import find_session
    from wizard.execution.helper.process import HELPER

    chosen = find_session(session) if session is not None else _unfinished()
    if chosen is None:
        return ExitCode.COMPLETED
    # The screens have no player of their own for a session that is taken up again.
    if not auto and not context.plain(asked=plain):
        return context.open_screens(session=chosen)
    from wizard.engine import resume_session
    from wizard.plain import run_plain

    HELPER.prepare()
    context.say_opening()
    engine = context.opened(resume_session(chosen, front_end="plain", auto=auto, news=context.news))
    return run_plain(engine, auto=auto)


def _unfinished() -> "SessionSummary | None":
    """The session to go on with when none was named."""
    from wizard.archive.sessions import unfinished
    from wizard.record.locks import where_held

    found = unfinished()
    idle = [each for each in found if each.state != "running"]
    for each in found:
        if each.state == "running":
            looks_on = f"`uplevel observe {each.id}` looks on."
            click.echo(f"{each.title} is open {where_held(each.folder)}: session {each.id}. {looks_on}", err=True)
    if not idle:
        click.echo("Nothing is unfinished.", err=True)
        return None
    if len(idle) == 1:
        return idle[0]
    if sys.stdin.isatty():
        return _ask(idle)
    click.echo(f"{len(idle)} sessions are unfinished; the newest is taken: session {idle[0].id}.", err=True)
    return idle[0]


def _ask(idle: "list[SessionSummary]") -> "SessionSummary | None":
    from wizard.engine.unfinished_sessions import left_words
    from wizard.plain import pick

    click.echo(f"{len(idle)} sessions are unfinished. Which one?")
    # Ids begin with the time, and those of one week begin alike: their ends tell them apart.
    size = next(size for size in range(6, 27) if len({each.id[-size:] for each in idle}) == len(idle))
    named = {each.id[-size:]: each for each in idle}
    try:
        return named[pick({name: f"{_mode(each)}: {left_words(each)}" for name, each in named.items()})]
    except EOFError:
        return None
