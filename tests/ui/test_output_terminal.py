"""What really reaches the operator's terminal, read from a pty, while hostile output stands in the pane."""

import os
import pty
import re
import select
import sys
import time
from pathlib import Path

from tests import forked


PROGRAM = """
import sys
from pathlib import Path
from textual.app import App, ComposeResult
from screens.output.output_pane import OutputPane
from wizard.record.output import OutputFile

class Shown(App[None]):
    def compose(self) -> ComposeResult:
        yield OutputPane()
    def on_mount(self) -> None:
        self.query_one(OutputPane).show_file(OutputFile(Path(sys.argv[1])))

Shown().run()
"""
FORBIDDEN = [
    *(
        b"]52;",
        b"\x1bc",
        b"\xc2\x9b",
        b"\xc2\x9d",
        b"]0;owned",
        b"\x1bP1$r",
        b"\x1b_G",
        b"\x1b]8;",
        b"\x0e",
        b"bell\x07",
    ),
    *(b"\x00", b"\xe2\x80\xae", b"\x1b[8m", b"\x1b[?47h"),
]
HOSTILE = b"\n".join(
    [
        b"clip\x1b]52;c;bWluZQ==\x07board",
        b"re\x1bcset",
        b"c1\xc2\x9b31m \xc2\x9d52;c;AAAA\xc2\x9cend",
        b"ti\x1b]0;owned\x07tle",
        b"dcs\x1bP1$r0m\x1b\\ apc\x1b_Gi=1;A\x1b\\",
        b"li\x1b]8;;javascript:alert(1)\x1b\\nk\x1b]8;;\x1b\\",
        b"con\x1b[8mceal",
        b"shift\x0e\x0f nul\x00 bell\x07 bidi\xe2\x80\xae \x1b[?47h alt",
        b"[@click=app.quit]markup[/x]",
        b"lone escape \x1b",
    ]
)


def screen_bytes(path: Path, marker: bytes) -> bytes:
    """All the program wrote to its terminal until the marker stood there."""
    parent, child = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}
    program = forked.Popen(
        [sys.executable, "-c", PROGRAM, str(path)], stdin=child, stdout=child, stderr=child, env=environment
    )
    os.close(child)
    seen, deadline = b"", time.monotonic() + 20
    try:
        while marker not in seen and time.monotonic() < deadline:
            if select.select([parent], [], [], 0.1)[0]:
                seen += os.read(parent, 65536)
    finally:
        program.kill()
        program.wait()
        os.close(parent)
    return seen


def test_no_escape_of_a_command_reaches_the_operators_terminal(tmp_path: Path) -> None:
    path = tmp_path / "output"
    path.write_bytes(HOSTILE)
    seen = screen_bytes(path, b"lone escape")
    assert b"lone escape" in seen
    assert [code for code in FORBIDDEN if code in seen] == []
    text = re.sub(rb"\x1b\[[0-?]*[ -/]*[@-~]", b"", seen)
    for words in (b"clipboard", b"reset", b"title", b"link", b"conceal", b"[@click=app.quit]markup[/x]", b"<U+202E>"):
        assert words in text
