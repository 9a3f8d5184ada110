"""The program itself: what bare `uplevel` does, its version and its help."""

import click

from wizard.cli.cli_context import CliContext
from wizard.cli.group import Commands
from wizard.errors import UsageProblem


def _version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        # Slow to import, and every other command does without.
        from importlib.metadata import version

        click.echo(f"uplevel {version('uplevel-wizard')}")
        ctx.exit()


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version and exit."
)
@click.pass_context
def uplevel(ctx: click.Context) -> int:
    """Walk through the upgrade of a backend service: rehearsed, run for real, and written down.

    Without a command it opens the wizard.
    """
    if ctx.invoked_subcommand is not None:
        return 0
    context: CliContext = ctx.obj
    if context.plain(asked=False):
        raise UsageProblem(
            "The wizard needs a terminal that can move its cursor; there is none.",
            "uplevel list names the procedures; uplevel rehearse NAME --plain goes line by line.",
        )
    return context.open_screens()
