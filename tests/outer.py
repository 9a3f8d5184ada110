"""What a stream of bytes tells the terminal it reaches: every command in it, by name, and the evil texts to send."""

import json
import os
import re
import time
from pathlib import Path
from typing import Any

import pexpect
import pyte


_COMMANDS = re.compile(
    rb"\x1b\[(?P<private>[<=>?]?)(?P<args>[0-9:;]*)(?P<mid>[ -/]*)(?P<final>[@-~])"
    rb"|\x1b(?P<string>[]PX^_])(?P<body>[^\x07\x1b\x9c]{0,40})(?:[^\x07\x1b]*(?:\x07|\x1b\\))?"
    rb"|\x1b(?P<short>[ -/]*[0-~]?)"
)
_STRINGS = {b"]": "OSC", b"P": "DCS", b"X": "SOS", b"^": "PM", b"_": "APC"}
_COLOURS = re.compile(rb"[345]8[;:](?:5[;:]\d+|2[;:]\d+[;:]\d+[;:]\d+)")
_HIDING = {b"5", b"6", b"8"}
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]"
)

OF_TEXTUAL = frozenset(
    {
        *("CSI H", "CSI m", "CSI >u", "CSI <u", "CSI ?$p", "OSC b'22;default'"),
        *(f"CSI ?{mode}{way}" for mode in (7, 25, 1000, 1003, 1004, 1006, 1015, 1049, 2004) for way in "hl"),
    }
)
"""What Textual itself tells a terminal."""

OF_LINES = frozenset(
    {
        *("CSI m", "CSI C", "CSI D", "CSI A", "CSI B", "CSI K", "CSI J"),
        *(f"CSI ?{mode}{way}" for mode in (1, 7, 12, 25, 2004) for way in "hl"),
    }
)
"""What prompt_toolkit tells a terminal around a line that is typed."""


def evil(tag: str) -> str:
    """A text that takes over the terminal it reaches as it is; `tag` tells where it was put."""
    return f"{tag}[/x]\x1b]0;own\x07\x9b2J\x1bc\u202e[bold]"


def quoted(text: str) -> str:
    """A text as a quoted scalar of YAML, every strange character escaped."""
    return json.dumps(text)


def commands(data: bytes) -> set[str]:
    """Names of all that the bytes tell a terminal, beside text and the ends of lines."""
    found = {_name(each) for each in _COMMANDS.finditer(data)}
    rest = _COMMANDS.sub(b"", data)
    text = rest.decode("utf-8", "replace").replace("\r", "").replace("\n", "")
    found |= {f"U+{ord(char):04X}" for char in text if ord(char) < 32 or 127 <= ord(char) < 160}
    found |= {f"U+{ord(char):04X}" for char in _UNSEEN.findall(text)}
    return found | ({"no UTF-8"} if "\ufffd" in text and "\ufffd".encode() not in rest else set())


def _name(found: re.Match[bytes]) -> str:
    if found["string"] is not None:
        return f"{_STRINGS[found['string']]} {found['body']!r}"
    if found["short"] is not None:
        return f"ESC {found['short'].decode('ascii')}"
    private, args, final = (found[name].decode("ascii") for name in ("private", "args", "final"))
    if final in "hl":
        return f"CSI {private}{args}{final}"
    if final == "m" and not private and _HIDING & set(re.split(rb"[;:]", _COLOURS.sub(b"", found["args"]))):
        return "CSI 8m"
    return f"CSI {private}{found['mid'].decode('ascii')}{final}"


class Outer:
    """A program on a terminal of its own, seen as the person sees it and as the terminal hears it.

    Args:
        words: The program and its arguments.
        cwd: Where it runs.
        columns: Width.
        rows: Height.
        env: Added to the environment.
    """

    def __init__(self, *words: str, cwd: Path, columns: int = 120, rows: int = 40, **env: str) -> None:
        self.child: Any = pexpect.spawn(
            words[0],
            list(words[1:]),
            env={**os.environ, "TERM": "xterm-256color", "PYTHONUTF8": "1", **env},
            cwd=str(cwd),
            dimensions=(rows, columns),
            timeout=20,
        )
        self.heard = b""
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)

    @property
    def shown(self) -> str:
        """What stands on the screen."""
        return "\n".join(self._screen.display)

    def sees(self, *texts: str) -> None:
        """Wait until all the texts stand on the screen."""
        while missing := [text for text in texts if text not in self.shown]:
            assert self._more(), f"never showed {missing}:\n{self.shown}"

    def press(self, keys: str, *texts: str, gone: str = "\0") -> None:
        """Press keys, again where they were pressed too early, until the texts stand on the screen and one does not."""
        for _ in range(20):
            self.child.send(keys)
            patience = time.monotonic() + 1.0
            while time.monotonic() < patience:
                self._more(0.1)
                if gone not in self.shown and all(text in self.shown for text in texts):
                    return
        raise AssertionError(f"never showed {texts}:\n{self.shown}")

    def ends(self, keys: str) -> int:
        """Press keys, again where they were pressed too early, until the program has ended; its exit code."""
        for _ in range(20):
            self.child.send(keys)
            patience = time.monotonic() + 2.0
            while time.monotonic() < patience and not self.child.eof():
                self._more(0.1)
            if self.child.eof():
                break
        self.child.close()
        return int(self.child.exitstatus or 0)

    def _more(self, seconds: float = 20.0) -> bool:
        try:
            data = self.child.read_nonblocking(1 << 16, timeout=seconds)
        except (pexpect.EOF, pexpect.TIMEOUT):
            return False
        self.heard += data
        self._stream.feed(data)
        return True

    def close(self) -> None:
        """End the program, if it still runs."""
        self.child.close(force=True)
