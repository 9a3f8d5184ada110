"""`run` and `rehearse`: from a command line to a session."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wizard.cli.cli_context import CliContext
from wizard.errors import ExitCode


if TYPE_CHECKING:
    from wizard.engine import Request
    from wizard.record.events import Mode


_SPEED = 30.0


def _common(command: Callable[..., int]) -> Callable[..., int]:
    """The options that running and rehearsing share."""
    for option in (
        click.option("--plain", is_flag=True, help="Line by line, without the screens."),
        click.option("--ticket", default="", metavar="ID", help="The change's number elsewhere, for the record."),
        click.option(
            "--params", type=click.Path(path_type=Path), metavar="FILE", help="A YAML file with values of parameters."
        ),
        click.option(
            "-p",
            "pairs",
            multiple=True,
            metavar="NAME=VALUE",
            help="A parameter's value; may be repeated. With --auto, also what is answered on the way.",
        ),
        click.argument("procedure"),
    ):
        command = option(command)
    return command


def positive(_ctx: click.Context, _option: click.Parameter, value: float) -> float:
    """A speed that time can go at."""
    if not 0 < value < float("inf"):
        raise click.BadParameter("it must be more than 0.")
    return value


@click.command()
@_common
@click.option("--by-hand", is_flag=True, help="uplevel starts nothing that changes something; you do, and say so.")
@click.pass_obj
def run(context: CliContext, /, *, by_hand: bool, plain: bool, **given: Any) -> int:
    """Run PROCEDURE (a name or a path) for real."""
    return _start(context, _request("by-hand" if by_hand else "live", **given), plain=plain)


@click.command()
@_common
@click.option(
    "--speed",
    type=float,
    default=_SPEED,
    callback=positive,
    help="Pretend seconds that pass in one second; 30 unless given.",
)
@click.option("--auto", is_flag=True, help="The rehearsal answers its own questions; no live run has this.")
@click.option("--seed", type=int, default=1, help="Decides the pretend platform's guids and durations; 1 unless given.")
@click.option("--drill", default="", metavar="NAME", help="Plant a fault; uplevel show PROCEDURE lists them.")
@click.pass_obj
def rehearse(context: CliContext, /, *, plain: bool, **given: Any) -> int:
    """Rehearse PROCEDURE (a name or a path) on a pretend platform."""
    return _start(context, _request("rehearsal", **given), plain=plain)


def _request(
    mode: "Mode",
    *,
    procedure: str,
    pairs: tuple[str, ...],
    params: Path | None,
    ticket: str,
    **how: Any,
) -> "Request":
    from wizard.cli.values import given_values
    from wizard.engine import Request

    return Request(procedure=procedure, mode=mode, values=given_values(pairs, params), ticket=ticket, **how)


def _start(context: CliContext, request: "Request", *, plain: bool) -> int:
    from wizard.engine import open_session, prepare, with_values
    from wizard.execution.helper.process import HELPER

    preparation = prepare(request)
    if not context.plain(asked=plain):
        return context.open_screens(preparation=preparation)
    from wizard.plain import begin, run_plain

    HELPER.prepare()
    verdict, preparation = begin(preparation, with_values)
    if verdict == "leave":
        click.echo("Nothing was run.")
        return ExitCode.PAUSED
    if verdict == "cannot ask":
        click.echo(
            "Nothing was run: what this page says must be confirmed at a terminal, and standard input is none. "
            "Start the same command at a terminal.",
            err=True,
        )
        return ExitCode.PAUSED
    context.say_opening()
    engine = context.opened(open_session(preparation, front_end="plain", news=context.news))
    return run_plain(engine, auto=request.auto)
