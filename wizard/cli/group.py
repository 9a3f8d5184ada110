"""The group of commands: each loads its own module when it is called, and a slip gets the nearest name."""

from difflib import get_close_matches
from importlib import import_module

import click


_WHERE = {
    "list": "shelf",
    "show": "shelf",
    "run": "session",
    "rehearse": "session",
    "resume": "going_on",
    "sessions": "going_on",
    "export": "evidence",
    "verify": "evidence",
    "lint": "files",
    "schema": "files",
    "edit": "edit",
    "compare": "compare",
}
_HELP = {
    "list": "List the procedures there are.",
    "show": "Show one procedure as a page, or all it will run.",
    "run": "Run a procedure for real.",
    "rehearse": "Run a procedure on a pretend platform; nothing real is touched.",
    "resume": "Go on with a session that was left.",
    "sessions": "List the sessions there are.",
    "export": "Write a session's transcript.",
    "verify": "Tell whether a session's record is whole.",
    "lint": "Say what is wrong with procedure files.",
    "schema": "Print the JSON schema of procedure files.",
    "edit": "Set and remove paths in a YAML or text file.",
    "compare": "Compare an old backend with a new one.",
}


class Commands(click.Group):
    """Finds a command by its name without loading the others."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(_WHERE)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _WHERE:
            return None
        module = import_module(f"wizard.cli.{_WHERE[cmd_name]}")
        command = getattr(module, "list_" if cmd_name == "list" else cmd_name)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_HELP.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _WHERE and not args[0].startswith("-"):
            near = get_close_matches(args[0], _WHERE, n=1, cutoff=0.5)
            cure = f"Did you mean {near[0]}?" if near else "uplevel --help lists the commands."
            raise click.UsageError(f"There is no command {args[0]!r}. {cure}", ctx)
        return super().resolve_command(ctx, args)
