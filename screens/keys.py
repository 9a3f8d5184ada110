"""Every key, declared once: bindings, the line of keys, the palette, the help page and the README are made of this."""

from dataclasses import dataclass
from typing import Literal

from textual.binding import Binding, BindingType


Where = Literal[
    "app", "picker", "start", "opening", "run", "steps", "sessions", "transcript", "help", "dialog", "search"
]

_LISTS: tuple[Where, ...] = ("picker", "sessions")
_CARDS: tuple[Where, ...] = ("run", "steps", "start")
_PAGES: tuple[Where, ...] = ("picker", "start", "run", "steps", "sessions", "transcript")


@dataclass(frozen=True, slots=True)
class Key:
    """One key, or several that do the same.

    Attributes:
        id: Its name, unique; what a keymap of the operator's would name.
        keys: The keys as Textual names them; the first one is shown.
        action: What the screen does.
        label: Two or three words for the line of keys.
        help: A sentence for the help page.
        where: The screens it works on.
        answers: Ids of the options it answers a question with.
        foot: Whether it stands in the line of keys when it can be used.
        written: How several keys are written together; empty names each.
        decides: It marks, takes or begins something, so it counts only once that was seen for a moment.
        opens: A letter that leaves the screen or writes a file: it waits, since it may be the first one of a text.
    """

    id: str
    keys: tuple[str, ...]
    action: str
    label: str
    help: str
    where: tuple[Where, ...]
    answers: tuple[str, ...] = ()
    foot: bool = True
    written: str = ""
    decides: bool = False
    opens: bool = False


def _answer(name: str, keys: tuple[str, ...], options: tuple[str, ...], label: str, explained: str) -> Key:
    action = f"answer('answer-{name}')"
    return Key(f"answer-{name}", keys, action, label, explained, ("run",), options, foot=False, decides=True)


def _part(name: str, key: str, what: str, label: str, explained: str, *, foot: bool = True, opens: bool = False) -> Key:
    """A key that a part of the run screen obeys: `output.find`."""
    return Key(name, (key,), f"do('{what}')", label, explained, ("run",), foot=foot, opens=opens)


KEYS: tuple[Key, ...] = (
    Key(
        "begin-live",
        ("enter",),
        "open",
        "live",
        "Open the start page of the marked procedure, for real; resume the marked session.",
        ("picker",),
        decides=True,
    ),
    Key(
        "open",
        ("enter",),
        "open",
        "open",
        "Resume the marked session; read the transcript of one that is over.",
        ("sessions",),
        decides=True,
    ),
    Key(
        "rehearse",
        ("r",),
        "rehearse",
        "rehearse",
        "Rehearse the marked procedure on a pretend platform.",
        ("picker",),
        decides=True,
    ),
    Key(
        "find", ("slash",), "find", "find", "Find a procedure or a session by a part of what stands there.", ("picker",)
    ),
    Key("end-find", ("escape",), "end_find", "all", "End finding; show all.", ("picker",), foot=False),
    Key("sessions", ("s",), "sessions", "sessions", "All sessions, finished ones too.", ("picker",)),
    Key("transcript", ("t",), "transcript", "transcript", "Read the marked session's transcript.", ("sessions",)),
    Key("next-field", ("tab",), "move(1)", "next", "Go to the next field.", ("start",)),
    Key("previous-field", ("shift+tab",), "move(-1)", "previous", "Go to the field before.", ("start",), foot=False),
    Key("begin", ("f5",), "begin", "begin", "Begin the session. Before it nothing has run.", ("start",), decides=True),
    Key(
        "rehearse-instead",
        ("f6",),
        "rehearse_instead",
        "rehearse instead",
        "Rehearse with the same values; nothing real is touched.",
        ("start",),
        decides=True,
    ),
    Key(
        "go-on",
        ("f3",),
        "go_on",
        "resume it",
        "Resume the unfinished session that stands on the page.",
        ("start",),
        decides=True,
    ),
    Key("commands", ("f4",), "commands", "commands", "Every command, in order, filled in.", ("start",)),
    Key("back-out", ("escape",), "back", "back", "Go back; nothing has run.", ("start",)),
    Key(
        "enter",
        ("enter",),
        "enter",
        "go on",
        "Take the marked answer; after a step ended, go on to the next.",
        ("run",),
        foot=False,
        decides=True,
    ),
    Key("up", ("up",), "mark(-1)", "up", "Mark the answer above.", ("run",), foot=False, decides=True),
    Key("down", ("down",), "mark(1)", "down", "Mark the answer below.", ("run",), foot=False, decides=True),
    Key("page-up", ("pageup",), "turn(-1)", "page up", "Scroll the card or the text up.", _CARDS, foot=False),
    Key(
        "page-down",
        ("pagedown",),
        "turn(1)",
        "page down",
        "Scroll the card or the text down.",
        _CARDS,
        foot=False,
    ),
    _answer(
        "run",
        ("r",),
        ("run", "rerun", "not-done", "anyway", "go-on"),
        "run",
        "Mark: run it, run it again, or go on with what was left.",
    ),
    _answer("again", ("a",), ("again", "check"), "check again", "Mark: make the checks again, or check what happened."),
    _answer(
        "yes",
        ("y",),
        ("yes", "take", "acknowledge", "give", "accept-session"),
        "yes",
        "Mark: yes, where a yes is asked for; give, or accept.",
    ),
    _answer(
        "no",
        ("n",),
        ("back", "leave", "refuse"),
        "no",
        "Mark: back to the step; leave an undo not begun; keep the target.",
    ),
    _answer(
        "type",
        ("t",),
        ("typed", "answer", "take-over"),
        "type",
        "Mark: type the name, the value or the secret; ask to take over.",
    ),
    _answer("done", ("d",), ("tick", "did-it", "finished"), "done", "Mark: it is done."),
    _answer("by-hand", ("b",), ("by-hand", "beside"), "by hand", "Mark: by hand; begin beside what was left."),
    _answer("observe", ("l",), ("observe",), "look on", "Mark: look on at the session that holds the target."),
    _answer("skip", ("k",), ("skip",), "skip", "Mark: skip the step, with a reason."),
    _answer(
        "end",
        ("e",),
        ("cut-short", "close-other"),
        "end it",
        "Mark: end the wait before its time, or the session that was left, with a reason.",
    ),
    _answer("accept", ("o",), ("accept",), "go on all the same", "Mark: go on all the same, with a reason."),
    _answer("stop", ("x",), ("stop",), "stop for good", "Mark: stop the session for good, with a reason."),
    Key(
        "number",
        tuple("123456789"),
        "number({key})",
        "mark by number",
        "Mark the option of that number where there is something to choose.",
        ("run",),
        foot=False,
        written="1 to 9",
        decides=True,
    ),
    _part("keyboard", "tab", "outputs.give_keyboard", "keyboard to command", "Give the keyboard to the command."),
    _part("stop-command", "f8", "session.stop_command", "stop it", "Stop the running command."),
    _part("note", "f2", "session.note", "note", "Write a remark into the record."),
    _part("evidence", "f3", "session.evidence", "evidence", "Add a text, an address or a file to the record."),
    _part("steps", "f4", "view.steps", "steps", "All steps: walk them and read the card of each."),
    Key("walk-up", ("up",), "walk(-1)", "step above", "Go to the step above.", ("steps",), foot=False),
    Key("walk-down", ("down",), "walk(1)", "next step", "Go to the step below.", ("steps",)),
    Key("leave-steps", ("f4",), "dismiss", "back", "Go back to where the session is.", ("steps",), foot=False),
    Key("read", ("enter",), "read", "read its card", "Read the card of that step; nothing is done.", ("steps",)),
    _part("output", "f5", "view.output", "output", "Show the last command's output, and back."),
    _part("next-pane", "f6", "view.next_pane", "next output", "Choose the next output of those that run."),
    Key("leave", ("f7",), "interrupt", "pause and leave", "Pause the session and leave it.", ("run",), ("pause",)),
    _part(
        "hand-over",
        "ctrl+o",
        "session.hand_over",
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
        ("run",),
        ("undo",),
        decides=True,
    ),
    _part("find-output", "ctrl+f", "output.find", "find", "Search in the output that is shown."),
    _part("maximise", "m", "view.maximise", "maximise", "Give the output the whole screen, and back."),
    _part("wrap", "w", "output.wrap", "wrap", "Let long lines go on in the next row, and back."),
    _part("go-to-time", "g", "output.go_to_time", "go to time", "Go to what was printed at a time."),
    _part("mark-lines", "v", "output.mark_lines(0)", "mark lines", "Mark lines of the output for copying."),
    _part("mark-up", "shift+up", "output.mark_lines(-1)", "mark up", "Mark one line more, upwards.", foot=False),
    _part("mark-down", "shift+down", "output.mark_lines(1)", "mark down", "Mark one line more, downwards.", foot=False),
    _part("copy-output", "c", "output.copy", "copy", "Copy the marked lines of the output."),
    _part("save-output", "s", "output.save", "save", "Save the output, byte by byte, to a file.", opens=True),
    _part(
        "pager",
        "p",
        "terminal.pager",
        "pager",
        "Read the output in your own pager, as a text without escapes.",
        opens=True,
    ),
    _part(
        "control-marks",
        "i",
        "output.control_marks",
        "invisible",
        "Show escapes and control characters of the output by marks, and back.",
    ),
    Key("find-text", ("ctrl+f",), "find_text", "find", "Search in the transcript.", ("transcript",)),
    Key(
        "save-transcript",
        ("s",),
        "save_transcript",
        "save",
        "Save the transcript to a file, as Markdown.",
        ("transcript",),
        opens=True,
    ),
    Key(
        "copy-head",
        ("c",),
        "copy_head",
        "copy the head",
        "Copy the hash of the record's last line, for the ticket.",
        ("transcript",),
    ),
    Key(
        "interrupt", ("ctrl+c",), "interrupt", "leave", "Leave; asks first while a command runs.", (*_PAGES, "opening")
    ),
    Key(
        "palette", ("ctrl+p",), "command_palette", "find a command", "Find a command by its name.", ("app",), foot=False
    ),
    Key("help", ("f1",), "help", "help", "This page.", _PAGES),
    Key("next", ("enter", "down", "ctrl+f"), "search('next')", "next", "Go to the next match.", ("search",)),
    Key(
        "previous",
        ("up", "shift+enter"),
        "search('previous')",
        "previous",
        "Go to the match before; without one at the end, to the last.",
        ("search",),
    ),
    Key(
        "regex", ("ctrl+r",), "search('regex')", "regex", "Search for a regular expression, or for a text.", ("search",)
    ),
    Key("search-page-up", ("pageup",), "search('page-up')", "page up", "Scroll up.", ("search",), foot=False),
    Key(
        "search-page-down",
        ("pagedown",),
        "search('page-down')",
        "page down",
        "Scroll down.",
        ("search",),
        foot=False,
    ),
    Key("end-search", ("escape",), "search('end')", "end the search", "End the search and stay there.", ("search",)),
    Key("take", ("enter",), "take", "take it", "Take what is marked or typed.", ("dialog",)),
    Key("back", ("escape",), "back", "back", "Go back.", (*_PAGES[2:], "help", "dialog")),
)
"""All of them. Ctrl+] and what is typed to a running command belong to the output pane."""

OUTPUT_KEYS = frozenset(
    {"find-output", "maximise", "wrap", "go-to-time", "mark-lines", "copy-output", "save-output", "control-marks"}
    | {"pager"}
)
"""Ids of the keys that can be used only where output is shown."""

PANE_KEYS = (("Ctrl+]", "Take the keyboard back from the command."),)
"""Keys of the output pane, which hands every other key to the command."""

READING_KEYS = (("↑ ↓ PgUp PgDn Home End", "Scroll; the space bar turns the page."),)
"""Keys of every page that is read, which scrolls itself."""

_NAMES = {
    "enter": "Enter",
    "escape": "Esc",
    "slash": "/",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "up": "↑",
    "down": "↓",
    "tab": "Tab",
}


def key_name(key: str) -> str:
    """The key as it is written on a keyboard: `F9`, `Ctrl+C`, `Enter`, `K`."""
    for held, name in (("ctrl+", "Ctrl+"), ("shift+", "Shift+")):
        if key.startswith(held):
            return f"{name}{key_name(key.removeprefix(held))}"
    short = len(key) == 1 or key[1:].isdecimal()
    return _NAMES.get(key) or (key.upper() if short else key.replace("_", " ").capitalize())


def keys_of(where: Where) -> tuple[Key, ...]:
    """The keys of one screen, in the order of the line of keys."""
    return tuple(key for key in KEYS if where in key.where)


def bindings_of(where: Where) -> list[BindingType]:
    """The keys of one screen as Textual binds them."""
    return [
        Binding(
            ",".join(_both_cases(names)),
            key.action.format(key=names[0]),
            key.label,
            show=key.foot,
            tooltip=key.help,
            id=f"{where}.{key.id}{suffix}",
        )
        for key in keys_of(where)
        for suffix, names in _bound(key)
    ]


def _bound(key: Key) -> list[tuple[str, tuple[str, ...]]]:
    """The keys that are bound together; each for itself where the action has to know which one it was."""
    return [(f":{name}", (name,)) for name in key.keys] if "{key}" in key.action else [("", key.keys)]


def _both_cases(keys: tuple[str, ...]) -> list[str]:
    """A letter is the same key with Shift or Caps Lock: the line of keys writes it as a capital."""
    return [each for key in keys for each in ((key, key.upper()) if len(key) == 1 else (key,))]


def written(key: Key) -> str:
    """All its keys as they are written for people: `F9 or U`."""
    return key.written or " or ".join(key_name(name) for name in key.keys)


def key_of(key_id: str) -> Key:
    """The key of that id.

    Raises:
        KeyError: There is none.
    """
    for key in KEYS:
        if key.id == key_id:
            return key
    raise KeyError(key_id)


def key_answering(option: str) -> Key | None:
    """The key that answers with this option, or None when only the arrows reach it."""
    return next((key for key in KEYS if option in key.answers), None)


def readme_table() -> str:
    """The keys as a Markdown table for the README."""
    rows = [f"| {written(key)} | {', '.join(key.where)} | {key.help} |" for key in KEYS]
    rows += [f"| {name} | run | {explained} |" for name, explained in PANE_KEYS]
    rows += [f"| {name} | transcript, help | {explained} |" for name, explained in READING_KEYS]
    return "\n".join(["| key | where | what it does |", "|---|---|---|", *rows])
