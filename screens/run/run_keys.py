"""The keys of the run screen: those that mark an answer, and those that open and show what is beside it."""

from screens.keys import Key
from screens.output.tool_keys import OUTPUT_KEYS
from screens.shared.shared_keys import PAGE_DOWN, PAGE_UP


def _answer(name: str, key: str, options: tuple[str, ...], label: str, explained: str) -> Key:
    action = f"answer('answer-{name}')"
    return Key(f"answer-{name}", (key,), action, label, explained, options, foot=False, decides=True)


RUN_KEYS = (
    Key(
        "enter",
        ("enter",),
        "enter",
        "go on",
        "Take the marked answer; after a step ended, go on to the next.",
        foot=False,
        decides=True,
    ),
    Key("up", ("up",), "mark(-1)", "up", "Mark the answer above.", foot=False, decides=True),
    Key("down", ("down",), "mark(1)", "down", "Mark the answer below.", foot=False, decides=True),
    PAGE_UP,
    PAGE_DOWN,
    _answer(
        "run",
        "r",
        ("run", "rerun", "not-done", "anyway", "go-on"),
        "run",
        "Mark: run it, run it again, or go on with what was left.",
    ),
    _answer("again", "a", ("again", "check"), "check again", "Mark: make the checks again, or check what happened."),
    _answer(
        "yes",
        "y",
        ("yes", "take", "acknowledge", "give", "accept-session"),
        "yes",
        "Mark: yes, where a yes is asked for; give, or accept.",
    ),
    _answer(
        "no",
        "n",
        ("back", "leave", "refuse"),
        "no",
        "Mark: back to the step; leave an undo not begun; keep the target.",
    ),
    _answer(
        "type",
        "t",
        ("typed", "answer", "take-over"),
        "type",
        "Mark: type the name, the value or the secret; ask to take over.",
    ),
    _answer("done", "d", ("tick", "did-it", "finished"), "done", "Mark: it is done."),
    _answer("by-hand", "b", ("by-hand", "beside"), "by hand", "Mark: by hand; begin beside what was left."),
    _answer("observe", "l", ("observe",), "look on", "Mark: look on at the session that holds the target."),
    _answer("skip", "k", ("skip",), "skip", "Mark: skip the step, with a reason."),
    _answer(
        "end",
        "e",
        ("cut-short", "close-other"),
        "end it",
        "Mark: end the wait before its time, or the session that was left, with a reason.",
    ),
    _answer("accept", "o", ("accept",), "go on all the same", "Mark: go on all the same, with a reason."),
    _answer("stop", "x", ("stop",), "stop for good", "Mark: stop the session for good, with a reason."),
    Key(
        "number",
        tuple("123456789"),
        "number({key})",
        "mark by number",
        "Mark the option of that number where there is something to choose.",
        foot=False,
        written="1 to 9",
        decides=True,
    ),
    Key(
        "keyboard", ("tab",), "do('outputs.give_keyboard')", "keyboard to command", "Give the keyboard to the command."
    ),
    Key("stop-command", ("f8",), "do('session.stop_command')", "stop it", "Stop the running command."),
    Key("note", ("f2",), "do('session.note')", "note", "Write a remark into the record."),
    Key("evidence", ("f3",), "do('session.evidence')", "evidence", "Add a text, an address or a file to the record."),
    Key("steps", ("f4",), "do('view.steps')", "steps", "All steps: walk them and read the card of each."),
    Key("output", ("f5",), "do('view.output')", "output", "Show the last command's output, and back."),
    Key("next-pane", ("f6",), "do('view.next_pane')", "next output", "Choose the next output of those that run."),
    Key("leave", ("f7",), "interrupt", "pause and leave", "Pause the session and leave it.", ("pause",)),
    Key(
        "hand-over",
        ("ctrl+o",),
        "do('session.hand_over')",
        "hand over",
        "Leave the session to somebody else, with a note; the target is free then.",
        foot=False,
    ),
    Key(
        "undo",
        ("f9", "u"),
        "answer('undo')",
        "undo",
        "Mark: take back the last step that can be.",
        ("undo",),
        decides=True,
    ),
    *OUTPUT_KEYS,
)


ABOUT_ANSWERS = (
    "A letter, a digit, an arrow or a click marks an answer, and Enter takes it.\n"
    "  A text typed or pasted here marks nothing, and Enter after it takes nothing."
)
"""How questions are answered, for the help page."""


def key_answering(option: str) -> Key | None:
    """The key that answers with this option, or None when only the arrows reach it."""
    return next((key for key in RUN_KEYS if option in key.answers), None)
