"""Every command of a procedure, in order, with the values of the form filled in."""

from textual.content import Content

from screens.shared.reading import ReadingPage
from screens.shared.words import safe_text
from wizard.engine import Preparation
from wizard.fields.templates import render_text
from wizard.session.rendering import commands_of_step


_KIND = len("undo already? ")
"""Cells of the column that says what a command is for."""


def commands_text(found: Preparation) -> Content:
    """The page: phases, steps, what each runs, what it checks, how it is taken back."""
    values = found.values
    parts: list[tuple[str, str]] = [(" At once, read-only\n", "bold")]
    parts += [(f"     {safe_text(command, newlines=True)}\n", "") for command in found.at_once]
    number = 0
    for phase in found.procedure.phases:
        parts.append((f"\n {safe_text(render_text(phase.title, values))}\n", "bold"))
        for step in phase.steps:
            number += 1
            parts.append((f"  {number} {safe_text(render_text(step.title, values))}\n", ""))
            for kind, command in commands_of_step(step, values):
                style = "bold" if kind in {"runs", "watches"} else "" if kind == "undo runs" else "dim"
                lead = [f"{kind:<{_KIND}}$ ", *[" " * (_KIND + 2)] * command.count("\n")]
                lines = safe_text(command, newlines=True).split("\n")
                parts += [(f"     {word}{line}\n", style) for word, line in zip(lead, lines, strict=False)]
    return Content.assemble(*parts)


class CommandsScreen(ReadingPage):
    """Shows them.

    Args:
        preparation: With the form's values.
    """

    WHERE = "commands"

    def __init__(self, preparation: Preparation) -> None:
        super().__init__()
        self._preparation = preparation

    def on_mount(self) -> None:
        """Show the page."""
        found = self._preparation
        self.banner.say(f"All commands: {found.title}", found.mode_words, production=found.production)
        self.read(commands_text(found))
