"""The keys that work on the output while it is shown."""

from screens.keys import Key


OUTPUT_KEYS = (
    Key("find-output", ("ctrl+f",), "do('output.find')", "find", "Search in the output that is shown."),
    Key("maximise", ("m",), "do('view.maximise')", "maximise", "Give the output the whole screen, and back."),
    Key("wrap", ("w",), "do('output.wrap')", "wrap", "Let long lines go on in the next row, and back."),
    Key("go-to-time", ("g",), "do('output.go_to_time')", "go to time", "Go to what was printed at a time."),
    Key("mark-lines", ("v",), "do('output.mark_lines(0)')", "mark lines", "Mark lines of the output for copying."),
    Key("mark-up", ("shift+up",), "do('output.mark_lines(-1)')", "mark up", "Mark one line more, upwards.", foot=False),
    Key(
        "mark-down",
        ("shift+down",),
        "do('output.mark_lines(1)')",
        "mark down",
        "Mark one line more, downwards.",
        foot=False,
    ),
    Key("copy-output", ("c",), "do('output.copy')", "copy", "Copy the marked lines of the output."),
    Key("save-output", ("s",), "do('output.save')", "save", "Save the output, byte by byte, to a file.", opens=True),
    Key(
        "pager",
        ("p",),
        "do('terminal.pager')",
        "pager",
        "Read the output in your own pager, as a text without escapes.",
        opens=True,
    ),
    Key(
        "control-marks",
        ("i",),
        "do('output.control_marks')",
        "invisible",
        "Show escapes and control characters of the output by marks, and back.",
    ),
)

OUTPUT_KEY_IDS = frozenset(key.id for key in OUTPUT_KEYS)

PANE_KEYS = (("Ctrl+]", "Take the keyboard back from the command."),)
"""Keys of the output pane, which hands every other key to the command."""
