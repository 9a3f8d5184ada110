"""The group of commands: each loads its own module when it is called, and a slip gets the nearest name."""

from difflib import get_close_matches
from importlib import import_module

import click


_WHERE = {
    "list": "catalog",
    "show": "catalog",
    "run": "session",
    "rehearse": "session",
    "resume": "resume",
    "sessions": "resume",
    "observe": "observe",
    "export": "evidence",
    "verify": "evidence",
    "lint": "files",
    "schema": "files",
    "edit": "edit",
    "compare": "compare",
    "copy": "copy",
}
_HELP = {
    "list": "List the procedures there are.",
    "show": "Show one procedure as a page, or all it will run.",
    "run": "Run a procedure for real.",
    "rehearse": "Run a procedure on a pretend platform; nothing real is touched.",
    "resume": "Go on with a session that was left.",
    "sessions": "List the sessions there are.",
    "observe": "Look on at a session that is open elsewhere.",
    "export": "Write a session's transcript.",
    "verify": "Tell whether a session's record is whole.",
    "lint": "Say what is wrong with procedure files.",
    "schema": "Print the JSON schema of procedure files.",
    "edit": "Set and remove paths in a YAML or text file.",
    "compare": "Compare an old backend with a new one.",
    "copy": "Carry data from an old backend to a new one.",
}
_EXAMPLES = {
    "list": "uplevel list",
    "show": "uplevel show redis --commands",
    "run": "uplevel run redis -p stage=preview --ticket DM-4711",
    "rehearse": "uplevel rehearse redis --auto --speed 200 -p stage=preview",
    "resume": "uplevel resume --plain",
    "sessions": "uplevel sessions --json",
    "observe": "uplevel observe 01KAQ",
    "export": "uplevel export 01KAQ --format md -o upgrade.md",
    "verify": "uplevel verify 01KAQ --signed-by allowed_signers --live",
    "lint": "uplevel lint procedures/*.yaml",
    "schema": "uplevel schema > procedure.schema.json",
    "compare": "uplevel compare search --help",
    "copy": "uplevel copy redis-sessions --help",
}
"""Of those that tell none themselves."""
EXIT_CODES = {
    0: "completed; for verify: whole",
    1: "failed, or stopped",
    2: "wrong usage, or a procedure that cannot be read",
    3: "paused, or still open",
    4: "the record is damaged, or could not be written",
    5: "the evidence is broken, or is not what was asked for",
    6: "ended, but not proven: steps were skipped or accepted; for verify: whole, but nothing anchors it, or "
    "others may write to it",
    130: "interrupted",
}
"""What the process tells its caller, in the words of the README."""


class Commands(click.Group):
    """Finds a command by its name without loading the others."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(_WHERE)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _WHERE:
            return None
        module = import_module(f"wizard.cli.{_WHERE[cmd_name]}")
        command = getattr(module, "list_" if cmd_name == "list" else cmd_name)
        if not isinstance(command, click.Command):
            return None
        if cmd_name in _EXAMPLES:
            command.epilog = f"For example: {_EXAMPLES[cmd_name]}"
        return command

    def format_epilog(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(code), words) for code, words in EXIT_CODES.items()])
        formatter.write_paragraph()
        formatter.write_text("uplevel COMMAND --help tells more, with an example.")

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
