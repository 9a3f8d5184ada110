"""Which command F8 would stop: in the line of keys, and whole in the window that asks."""

import shlex
from typing import TYPE_CHECKING

from screens.shared.words import cut, safe_text
from wizard.session.rendering import render_step


if TYPE_CHECKING:
    from screens.run.showing import Showing
    from wizard.session import RunState


_LABEL = 20
"""Cells of the command's name in the line of keys."""
_LINES, _LINE = 6, 400
"""Lines of a script that are shown where it is asked about, and characters of a line: the answers stay in sight."""


def stop_label(run: "RunState | None") -> str:
    """`stop cf rename-service`: what F8 does now."""
    if run is None:
        return "stop it"
    if run.intent.watch:
        return "stop the watch"
    if run.intent.script:
        return "stop the script"
    name, *words = run.intent.words
    name = name.rpartition("/")[2]
    named = " ".join((name, *words[:1]))
    return f"stop {named if len(named) <= _LABEL and named.isprintable() else cut(safe_text(name), _LABEL)}"


def stop_told(showing: "Showing", run: "RunState") -> str:
    """The command that would be stopped, and what stopping it means."""
    intent = run.intent
    lines = (intent.script or shlex.join(intent.words)).rstrip("\n").split("\n")
    told = [f"$ {lines[0][:_LINE]}", *(f"  {line[:_LINE]}" for line in lines[1:_LINES])]
    told += [f"  … {len(lines) - _LINES} lines more"] if len(lines) > _LINES else []
    if any(len(line) > _LINE for line in lines[:_LINES]):
        told.append("  … its lines are longer than this")
    step = render_step(showing.plan_input.procedure, intent.step, showing.state.values)
    means = "It is not started again by itself." if intent.watch else "Half of what it does may be done."
    return "\n".join([*told, "", f"Step {step}. {means}"])
