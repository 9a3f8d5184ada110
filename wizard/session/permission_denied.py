"""What a `Permission denied` in an output is about: a path that was to be written, a connection, or something else."""

import re
from typing import Literal


Denied = Literal["path", "connection", "else"]

_DENIED = re.compile(r"permission ?denied|permissionerror|\beacces\b", re.IGNORECASE)
_LOGIN = re.compile(r"permission denied(?: \((?!\d)|, please)", re.IGNORECASE)
_PATH = re.compile(r"(?<![^\s'\"\u2018`:=(])(?:\.\.)?/[^\s'\"\u2019`:,;()]+")
_NETWORK = re.compile(r"/dev/(?:tcp|udp)/\S*")
_SOCKET = re.compile(r"\.(?:sock|socket)$|/\.s\.PGSQL\.")
_CONNECTS = re.compile(
    r"connect|\bsockets?\b|\bbind|\blisten|\bport\b|\btunnel|\bsendto\b|forwarding|urlopen|getaddrinfo", re.IGNORECASE
)
_WRITES = re.compile(
    r"(?:cannot|can't|could not|couldn't|unable to|failed to|not) "
    r"(?:touch|create|write|remove|delete|move|rename|overwrite|truncate|change|set|make|save|link|unlink|lock"
    r"|open (?:temporary|output|the file)|open .* for writing)"
    r"|changing|setting times|preserving|mkstemp|mkdir|\bunlink\b|\brename\b|\brmdir\b"
    r"|open\(\)|^(?:\S*/)?(?:tee|dd|sponge|truncate|install): ",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"^-?(?:\S*/)?(?:ba|da|z|k)?sh: |: line \d+: |PermissionError: \[Errno 13\]|\bEACCES: |\bopen /", re.IGNORECASE
)
"""What shells, Python, Node and Go say of a file that they opened, to write it or to start it."""
_PROGRAM = re.compile(r"/(?:s?bin|libexec)/[^/]+$")
_NO_FILES = ("/proc/", "/sys/")


def what_was_denied(text: str, session: str) -> Denied | None:
    """What an output that says `Permission denied` was about; None where it says no such thing.

    Reading is free in a rehearsal, so only a path that was to be written is told from all else.

    Args:
        text: What was printed.
        session: The session's id, which stands in the path of its sandbox.
    """
    found = [_of_line(line, text, session) for line in text.splitlines() if _DENIED.search(line)]
    return next((kind for kind in ("path", "connection", "else") if kind in found), None)


def _of_line(line: str, text: str, session: str) -> Denied:
    if _LOGIN.search(line):
        return "else"
    if _NETWORK.search(line):
        return "connection"
    paths = _PATH.findall(line)
    if any(map(_SOCKET.search, paths)) or _CONNECTS.search(_PATH.sub("", line)):
        return "connection"
    outside = [path for path in paths if f"/{session}/sandbox" not in path and not path.startswith(_NO_FILES)]
    if any(_WRITES.search(line) or (_OPENS.search(line) and not _PROGRAM.search(path)) for path in outside):
        return "path"
    # An error of a connection names none: what was called stands above it.
    return "connection" if not paths and "PermissionError" in line and _CONNECTS.search(text) else "else"
