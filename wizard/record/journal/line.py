"""One record as one line: how it is written, hashed and read back.

The hash stands last, so `sed` can cut it out and `sha256sum` can check it without knowing anything of uplevel.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from wizard.clock import Instant
from wizard.errors import RecordProblem


FIRST_PREV = "0" * 64
"""What stands as `prev` in record 0."""
MAX_LINE = 256 * 1024
"""The longest line, newline included, in bytes."""
_SEAL = re.compile(rb',"h":"([0-9a-f]{64})"}\Z')
_SEAL_LENGTH = len(',"h":""}') + 64
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)
_HASH = re.compile(r"[0-9a-f]{64}")
_KIND = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
_MOST_BOOTTIME = 1 << 63
_TYPES: dict[str, type] = {
    "at": str,
    "boot_id": str,
    "boottime": int,
    "data": dict,
    "kind": str,
    "prev": str,
    "seq": int,
    "h": str,
}


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a journal.

    Attributes:
        seq: Its number, from 0; the only order there is.
        at: UTC in RFC 3339 with microseconds.
        boottime: CLOCK_BOOTTIME in nanoseconds.
        boot_id: The boot the boottime belongs to.
        kind: What happened, such as `run.ended`.
        data: The event's own fields, as JSON gives them back.
        prev: The hash of the record before it.
        h: Its own hash.
        raw: The line as it stands in the file, newline included.
    """

    seq: int
    at: str
    boottime: int
    boot_id: str
    kind: str
    data: Mapping[str, Any]
    prev: str
    h: str
    raw: bytes


def seal(kind: str, data: Mapping[str, Any], *, seq: int, prev: str, now: Instant) -> Record:
    """Make the record of an event.

    Args:
        kind: The event's kind.
        data: Its fields; JSON values only.
        seq: Its number.
        prev: The hash of the record before it.
        now: When it happened.

    Raises:
        RecordProblem: The line would be longer than `MAX_LINE`.
    """
    body = _canonical(
        {
            "at": now.rfc3339(),
            "boot_id": now.boot_id,
            "boottime": now.boottime,
            "data": dict(data),
            "kind": kind,
            "prev": prev,
            "seq": seq,
        },
    )
    h = sha256(body).hexdigest()
    line = body[:-1] + f',"h":"{h}"}}\n'.encode("ascii")
    if len(line) > MAX_LINE:
        raise RecordProblem(
            f"The record {kind} would be {len(line)} bytes long; a line of the journal holds at most {MAX_LINE}.",
            "Keep long text in a file and cite its hash.",
        )
    return _record(json.loads(body), h, line)


def _canonical(fields: Mapping[str, Any]) -> bytes:
    """The one way in which fields are written; ValueError for what JSON has no number for."""
    return _ENCODER.encode(fields).encode("ascii")


def _record(fields: Mapping[str, Any], h: str, raw: bytes) -> Record:
    return Record(
        seq=fields["seq"],
        at=fields["at"],
        boottime=fields["boottime"],
        boot_id=fields["boot_id"],
        kind=fields["kind"],
        data=fields["data"],
        prev=fields["prev"],
        h=h,
        raw=raw,
    )


def parse(line: bytes) -> Record | str:
    """Read one line, newline included, and check it against its own hash; its place in the chain is not looked at.

    Returns:
        The record, or what is wrong with the line, as the end of a sentence that begins with "it".
    """
    if len(line) > MAX_LINE:
        return "is longer than a record can be"
    text = line[:-1]
    found = _SEAL.search(text[-_SEAL_LENGTH:])
    if not line.endswith(b"\n") or found is None:
        return "does not end in a hash"
    body = text[:-_SEAL_LENGTH] + b"}"
    h = found[1].decode("ascii")
    if sha256(body).hexdigest() != h:
        return "does not match its own hash"
    try:
        fields = json.loads(body.decode("ascii"))
        if not _is_record(fields):
            return "does not have the fields of a record"
        if _canonical(fields) != body:
            return "is not written in the one way that a record is"
    except (ValueError, RecursionError):
        return "is not JSON"
    return _impossible(fields) or _record(fields, h, line)


def _impossible(fields: Mapping[str, Any]) -> str:
    """What no record can say, as the end of a sentence; empty where there is nothing."""
    if not _KIND.fullmatch(fields["kind"]):
        return "is of a kind that cannot be"
    if not 0 <= fields["boottime"] < _MOST_BOOTTIME:
        return "has a boot time that no machine reaches"
    return "" if _is_time(fields["at"]) else "has a time that is none"


def _is_time(text: str) -> bool:
    try:
        return _TIME.fullmatch(text) is not None and datetime.fromisoformat(text) is not None
    except ValueError:
        return False


def _is_record(fields: object) -> bool:
    """Whether parsed JSON has exactly the fields of a record, each of its type."""
    if not isinstance(fields, dict) or fields.keys() != _TYPES.keys() - {"h"}:
        return False
    if any(type(value) is not _TYPES[name] for name, value in fields.items()):
        return False
    return fields["seq"] >= 0 and _HASH.fullmatch(fields["prev"]) is not None
