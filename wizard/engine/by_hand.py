"""Which acts a session does not start by itself, and why: the mode, or a rehearsal's first fence."""

from wizard.engine.environments import ExecutionEnvironment, SandboxEnvironment
from wizard.engine.operator_programs import YOURS, your_words
from wizard.fields.commands import BashScript, PlainLine
from wizard.fields.lines import LineProblem, split_line
from wizard.fields.own_commands import OWN
from wizard.fields.templates import Slot, render_text
from wizard.model.procedure import Operation, Procedure
from wizard.session import SessionState


_REAL_SERVERS = {
    ("compare", "postgres"): "postgres",
    ("compare", "redis"): "redis",
    ("copy", "redis-sessions"): "redis",
}
"""What uplevel's own commands talk to: servers of these offerings, which a rehearsal may have."""


def by_hand_acts(
    procedure: Procedure, environment: ExecutionEnvironment, state: SessionState, *, auto: bool
) -> dict[str, str]:
    """The acts that are shown instead of started: by step id, with `.undo` behind it for an undo; and the reason.

    Args:
        procedure: The session's own copy.
        environment: Where commands run.
        state: The session so far.
        auto: The rehearsal plays by itself, and no person sits before a full screen program.
    """
    found: dict[str, str] = {}
    for step in procedure.steps():
        for key, operation in ((step.id, step), (f"{step.id}.undo", step.undo)):
            why = None if operation is None else _why(operation, environment, state, auto=auto)
            if why is not None:
                found[key] = why
    return found


def _why(operation: Operation, environment: ExecutionEnvironment, state: SessionState, *, auto: bool) -> str | None:
    command = operation.command
    if command is None:
        return None
    if state.opened.mode == "by-hand":
        return "In this session you run the commands yourself."
    if not isinstance(environment, SandboxEnvironment):
        return None
    if auto and operation.screen is not None:
        return "A rehearsal that plays by itself opens no program that needs the whole screen."
    if isinstance(command, BashScript):
        if state.opened.procedure.builtin or environment.shell() is not None:
            return None
        return "This machine cannot fence a script off, so the rehearsal shows it instead of running it."
    if not isinstance(command, PlainLine):
        return None
    words = _words(command.line, state)
    server = _REAL_SERVERS.get((words[1], words[2])) if words[0] == OWN and len(words) > 2 else None
    if server is not None and server not in environment.servers:
        support = environment.support()
        name, brings = (server, "") if support is None else (support.names[server], f" {support.install} brings one.")
        return f"This rehearsal has no real {name}, so this is shown and not started.{brings}"
    return _not_there(words[0], operation, environment)


def _not_there(word: str, operation: Operation, environment: ExecutionEnvironment) -> str | None:
    """The first fence: why a rehearsal does not start this program; None when it does."""
    if operation.screen is not None and word in YOURS:
        word = your_words(word)[0]
    if word == OWN or environment.resolve(word, {}, environment.cwd) is not None:
        return None
    return f"A rehearsal does not start {word}: it is not part of the pretend platform."


def _words(line: str, state: SessionState) -> list[str]:
    """The words as far as they are known before the step."""
    try:
        words = split_line(line).words
    except LineProblem:
        return [line]
    shown = ["".join(f"${{{part.name}}}" if isinstance(part, Slot) else part for part in word) for word in words]
    return [render_text(word, state.values) for word in shown or [line]]
