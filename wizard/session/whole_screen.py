"""What is said of a program that has the whole screen: before it, and after it."""

from collections.abc import Mapping

from wizard.fields.commands import PlainLine
from wizard.fields.lines import LineProblem, split_line
from wizard.fields.templates import Slot, render
from wizard.model.procedure import Operation
from wizard.record.events import RunEnded, RunIntent


SCREEN_WANTED = (
    "This program wants the whole screen, which this step does not give it. "
    "If it waits for you, stop it; the step can say `screen: full`."
)
"""What is said when a command switches to the alternate screen of a terminal that it does not have."""
_OWN = {"editor": "your editor", "pager": "your pager"}


def lends_screen(operation: Operation, values: Mapping[str, str]) -> str:
    """That the terminal will be handed over, to which program, and how to come back; empty for any other act."""
    if operation.screen is None:
        return ""
    program = _program(operation, values)
    return (
        f"This hands your terminal to {program}. Leave {program} to come back here. What you type and see there is "
        f"recorded nowhere; {'its end and whether the files changed are' if operation.files else 'its end is'}."
    )


def _program(operation: Operation, values: Mapping[str, str]) -> str:
    if not isinstance(operation.command, PlainLine):
        return "the script"
    try:
        words = split_line(operation.command.line).words
    except LineProblem:
        return "the program"
    word = render(words[0], {**{part.name: part.name for part in words[0] if isinstance(part, Slot)}, **values})
    return _OWN.get(word, word.rpartition("/")[2])


def file_changes(intent: RunIntent, ended: RunEnded) -> tuple[str, ...]:
    """What became of each file that the step names, a line each."""
    after = {state.at: state.sha256 for state in ended.files}
    return tuple(_change(state.at, state.sha256, after.get(state.at, "")) for state in intent.files)


def _change(path: str, before: str, after: str) -> str:
    match before, after:
        case _, "":
            return f"not looked at afterwards: {path}"
        case ("unreadable", _) | (_, "unreadable"):
            when = "before" if before == "unreadable" else "now"
            return f"nobody knows whether it changed: {path} (it could not be read {when})"
        case "absent", "absent":
            return f"unchanged: {path} (not there)"
        case "absent", _:
            return f"changed: {path} (new, sha256 {_short(after)})"
        case _, "absent":
            return f"changed: {path} (gone, sha256 was {_short(before)})"
        case _ if before == after:
            return f"unchanged: {path} (sha256 {_short(after)})"
        case _:
            return f"changed: {path} (sha256 {_short(before)} to {_short(after)})"


def _short(digest: str) -> str:
    return f"{digest[:8]}…{digest[-4:]}"
