"""A secret that shows in every encoding, and the looking for it in all that uplevel leaves behind."""

import base64
import html
import json
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus


# Its own in each worker: the processes of all of them are looked through.
_WORD = f"sesame{os.environ.get('PYTEST_XDIST_WORKER', '')}"
SECRET = f"{_WORD}/é+\"q'$HOME\\ %<&>"

PRINTS = """
import base64, html, json, os, sys, urllib.parse
s = os.environ["token"]
b = s.encode()
for text in (s, repr(s), json.dumps(s), urllib.parse.quote(s), urllib.parse.quote_plus(s), html.escape(s), b.hex()):
    print("it is", text, flush=True)
for before in (b"", b"x", b"xy", b"user:"):
    print(base64.b64encode(before + b).decode(), base64.urlsafe_b64encode(before + b + b"!").decode(), flush=True)
for at in range(len(s)):
    sys.stdout.write(s[at]); sys.stdout.flush()
print(file=sys.stderr)
"""


def spellings(secret: str = SECRET) -> list[bytes]:
    """What gives the secret away."""
    raw = secret.encode()
    found = [secret, repr(secret)[1:-1], json.dumps(secret)[1:-1], quote(secret), quote_plus(secret)]
    encoded = [text.encode() for text in (*found, html.escape(secret), raw.hex())]
    for shift in range(3):
        text = base64.b64encode(bytes(shift) + raw)
        encoded.append(text[(shift * 8 + 5) // 6 : (shift + len(raw)) * 8 // 6])
    return [*encoded, _WORD.encode()]


def given_away(*where: bytes, secret: str = SECRET) -> list[bytes]:
    """The spellings that stand in some bytes."""
    return [spelling for spelling in spellings(secret) if any(spelling in each for each in where)]


def files_with_it(top: Path, secret: str = SECRET) -> list[str]:
    """The files below a folder in whose content or name it stands."""
    found = []
    for path in top.rglob("*"):
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        if given_away(content, os.fsencode(path), secret=secret):
            found.append(str(path))
    return found


def processes_with_it(secret: str = SECRET) -> Iterator[tuple[int, str]]:
    """Number and command line of the processes that anybody's `ps` would show it of, or their user's."""
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            command, environ = (folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()
        except OSError:
            continue
        if given_away(command, environ, secret=secret):
            yield int(folder.name), command.replace(b"\0", b" ").decode("utf-8", "replace")
