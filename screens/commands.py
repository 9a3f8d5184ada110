"""Every command of a procedure, in order, with the values of the form filled in."""

from textual.content import Content

from screens.keys import bindings_of
from screens.reading import ReadingPage
from screens.words import shown
from wizard.engine import Preparation
from wizard.session.shown import command_shown, fill_shown


def commands_text(found: Preparation) -> Content:
    """The page: phases, steps, what each runs, what it checks, how it is taken back."""
    values = found.values
    parts: list[tuple[str, str]] = [(" At once, read-only\n", "bold")]
    parts += [(f"     {shown(command, newlines=True)}\n", "") for command in found.at_once]
    number = 0
    for phase in found.procedure.phases:
        parts.append((f"\n {shown(phase.title)}\n", "bold"))
        for step in phase.steps:
            number += 1
            parts.append((f"  {number} {shown(fill_shown(step.title, values))}\n", ""))
            for check in ([step.already] if step.already else []) + list(step.before):
                parts.append((f"     {shown(fill_shown(check.command, values))}\n", "dim"))
            command = command_shown(step, values)
            parts += [(f"     $ {line}\n", "bold") for line in shown(command, newlines=True).splitlines()]
            parts += [(f"     {shown(fill_shown(check.command, values))}\n", "dim") for check in step.after]
            undo = command_shown(step.undo, values) if step.undo else ""
            parts += [(f"     undo $ {line}\n", "") for line in shown(undo, newlines=True).splitlines()]
    return Content.assemble(*parts)


class CommandsScreen(ReadingPage):
    """Shows them.

    Args:
        preparation: With the form's values.
    """

    WHERE = "transcript"
    BINDINGS = bindings_of("transcript")

    def __init__(self, preparation: Preparation) -> None:
        super().__init__()
        self._preparation = preparation

    def on_mount(self) -> None:
        """Show the page."""
        found = self._preparation
        self.banner.say(f"All commands: {found.procedure.title}", found.mode_words, production=found.production)
        self.read(commands_text(found))
