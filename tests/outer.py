"""What a stream of bytes tells the terminal it reaches: every command in it, by name, and the evil texts to send."""

import json
import os
import re
import time
from pathlib import Path
from typing import Any

import pexpect
import pyte

from tests.conftest import HANG


_COMMANDS = re.compile(
    rb"\x1b\[(?P<private>[<=>?]?)(?P<args>[0-9:;]*)(?P<mid>[ -/]*)(?P<final>[@-~])"
    rb"|\x1b(?P<string>[]PX^_])(?P<body>[^\x07\x1b\x9c]{0,40})(?:[^\x07\x1b]*(?:\x07|\x1b\\))?"
    rb"|\x1b(?P<short>[ -/]*[0-~]?)"
)
_STRINGS = {b"]": "OSC", b"P": "DCS", b"X": "SOS", b"^": "PM", b"_": "APC"}
_TITLE = re.compile(rb"2;(?:! )?(?:OBSERVING )?(?:LIVE|BY HAND|\[?REHEARSAL)")
_COLOURS = re.compile(rb"[345]8[;:](?:5[;:]\d+|2[;:]\d+[;:]\d+[;:]\d+)")
_HIDING = {b"5", b"6", b"8"}
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]"
)

OF_TEXTUAL = frozenset(
    {
        *("CSI H", "CSI m", "CSI >u", "CSI <u", "CSI ?$p", "OSC b'22;default'"),
        *("CSI t", "OSC title"),
        *(f"CSI ?{mode}{way}" for mode in (7, 25, 1000, 1003, 1004, 1006, 1015, 1049, 2004) for way in "hl"),
    }
)
"""What the wizard tells a terminal: what Textual does, and the title, put back at the end."""

OF_LINES = frozenset(
    {
        *("CSI m", "CSI C", "CSI D", "CSI A", "CSI B", "CSI K", "CSI J", "U+0008"),
        *(f"CSI ?{mode}{way}" for mode in (1, 7, 12, 25, 2004) for way in "hl"),
    }
)
"""What prompt_toolkit tells a terminal around a line that is typed."""


def evil(tag: str) -> str:
    """A text that takes over the terminal it reaches as it is; `tag` tells where it was put."""
    return f"{tag}[/x]\x1b]0;own\x07\x9b2J\x1bc\u202e[bold]"


def whole(tag: str) -> str:
    """An evil text as it must stand on the screen."""
    return f"{tag}[/x]<U+001B>]0;own<U+0007><U+009B>2J<U+001B>c<U+202E>[bold]"


def quoted(text: str) -> str:
    """A text as a quoted scalar of YAML, every strange character escaped."""
    return json.dumps(text)


HOSTILE_PROCEDURE = f"""
format: 1
procedure: hostile
title: {quoted(evil("title"))}
version: {quoted(evil("version"))}
source: {quoted(evil("source"))}
summary: {quoted(evil("summary"))}
parameters:
  word: {{ask: {quoted(evil("label"))}, default: {quoted(evil("value"))}, any: true}}
  stage: {{choices: [{quoted(evil("choice"))}, other], default: {quoted(evil("choice"))}}}
target:
  place: {{run: cat target.txt, capture: '^(.*)$'}}
remember:
  kept: {{run: cat kept.txt}}
phases:
  - title: {quoted(evil("phase"))}
    steps:
      - id: shown
        ref: {quoted(evil("ref"))}
        title: {quoted(evil("step"))}
        why: {quoted(evil("why"))}
        hint: {quoted(evil("hint"))}
        confirm: {quoted(evil("confirm"))}
        run: cat output.bin
        expect: {{has: {quoted("wanted.*nothing")}, says: {quoted(evil("says"))}}}
      - id: later
        title: {quoted(evil("later"))}
        type: '${{word}}'
        by_hand: [{{text: {quoted(evil("item"))}, evidence: text}}]
"""
HOSTILE_OUTPUT = b"\n".join(
    [
        evil("output").encode(),
        b"clip\x1b]52;c;bWluZQ==\x07board ti\x1b]2;owned\x1b\\tle li\x1b]8;;javascript:x\x1b\\nk\x1b]8;;\x1b\\",
        b"dcs\x1bP1$r0m\x1b\\ apc\x1b_Gi=1;A\x1b\\ pm\x1b^p\x1b\\ sos\x1bXs\x1b\\ sixel\x1bPq#0;2;0;0;0\x1b\\",
        b"ask\x1b[c\x1b[>c\x1b[6n\x1b[5n\x1b[?6n\x1bZ\x05 modes\x1b[?1049l\x1b[?1003h\x1b[?2004h\x1b[?47h\x1b[4h",
        b"c1 \xc2\x9b2J \xc2\x9d0;t\xc2\x9c \xc2\x90q\xc2\x9c \x9b2J \x9d0;t\x9c \x85",
        b"hide\x1b[8mden\x1b[5mblink \x0e\x0f\x00\x07\x08\x7f \xe2\x80\xae \xe2\x80\x8b \xef\xbb\xbf \xf3\xa0\x81\x81",
        b"overlong \xc0\x9b \xe0\x80\x9b \xc1\xbf surrogate \xed\xa0\x9b \xed\xb2\x9b past \xf5\x80\x80\x80 \xff\xfe",
        b"flood e" + b"\xcc\x81" * 3000,
        b"open \x1b]52;c;AAAA",
        b"open \x1bPq",
        b"last words \x1b[",
    ]
)


def hostile_folder(within: Path) -> Path:
    """A folder with a hostile name, hostile procedures (one is none at all) and the files they read."""
    here = within / evil("here").replace("/", ":")
    (here / "procedures").mkdir(parents=True)
    (here / "procedures" / "hostile.yaml").write_text(HOSTILE_PROCEDURE)
    (here / "procedures" / f"{evil('broken').replace('/', ':')}.yaml").write_text("title: [")
    (here / "output.bin").write_bytes(HOSTILE_OUTPUT)
    for name in ("target", "kept"):
        (here / f"{name}.txt").write_text(evil(name))
    return here


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
        if _TITLE.match(found["body"]):
            return "OSC title"
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
            timeout=HANG,
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
