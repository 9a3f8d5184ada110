"""What copies put into a target, remembered between them, so that a later one knows what is its own to take away.

Names of sessions are logins, so only digests under a random key of the ledger's own are written. An intention is
written before the target is changed, and what came of it after.
"""

import fcntl
import hashlib
import os
import struct
import time
from dataclasses import dataclass
from pathlib import Path

from wizard.errors import UsageProblem
from wizard.places.private import make_folders, open_file, write_whole


_MAGIC = b"uplcopy1"
_ROW = struct.Struct("<16s16s16sq")
_NOTHING = bytes(16)
_KEPT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Put:
    """What a copy put into the target under a key.

    Attributes:
        source: Digest of the value in the source.
        target: Digest of what the target then had; None where that was not seen any more.
        expires: Milliseconds since 1970 by the target's clock; 0 for never.
    """

    source: bytes
    target: bytes | None
    expires: int


class Ledger:
    """The ledger of one source and one target. One copy at a time may hold it.

    Args:
        folder: Where ledgers stand; made when missing.
        name: Of source and target; another name, another ledger.
        afresh: Forget what earlier copies did.

    Raises:
        UsageProblem: Another copy between the two is running.
        RecordProblem: It cannot be read or written.
    """

    def __init__(self, folder: Path, name: str, *, afresh: bool = False) -> None:
        make_folders(folder)
        _clear_up(folder)
        self._file = open_file(folder / f"{name}.ledger", os.O_RDWR | os.O_CREAT)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._file)
            raise UsageProblem(
                "Another copy between these two servers is running.", "Wait for its end, then run this again."
            ) from None
        self._puts: dict[bytes, Put] = {}
        content = b"" if afresh else os.pread(self._file, os.fstat(self._file).st_size, 0)
        if content.startswith(_MAGIC) and len(content) >= len(_MAGIC) + 16:
            self._salt = content[len(_MAGIC) : len(_MAGIC) + 16]
            self._load(content[len(_MAGIC) + 16 :])
        else:
            self._salt = os.urandom(16)
            os.ftruncate(self._file, 0)
            self._write(_MAGIC + self._salt)

    def close(self) -> None:
        """Let another copy have it."""
        os.close(self._file)

    def __len__(self) -> int:
        return len(self._puts)

    def digest(self, content: bytes) -> bytes:
        """The digest by which the ledger knows a key or a value."""
        return hashlib.blake2b(content, digest_size=16, key=self._salt).digest()

    def get(self, key: bytes) -> Put | None:
        """What was put under the key of this digest, if a copy did."""
        return self._puts.get(key)

    def write(self, puts: dict[bytes, Put | None]) -> None:
        """Remember what is being put under keys, or that nothing of ours is there any more.

        Args:
            puts: By the digest of the key; None to forget it.
        """
        for key, put in puts.items():
            if put is None:
                self._puts.pop(key, None)
            else:
                self._puts[key] = put
        self._write(b"".join(_row(key, put) for key, put in puts.items()))

    def _write(self, content: bytes) -> None:
        os.lseek(self._file, 0, os.SEEK_END)
        write_whole(self._file, content)

    def _load(self, rows: bytes) -> None:
        whole = len(rows) - len(rows) % _ROW.size
        for key, source, target, expires in _ROW.iter_unpack(rows[:whole]):
            if source == _NOTHING:
                self._puts.pop(key, None)
            else:
                self._puts[key] = Put(source, None if target == _NOTHING else target, expires)
        # A row that was cut off by a power loss would shift all behind it.
        os.ftruncate(self._file, len(_MAGIC) + 16 + whole)


def _row(key: bytes, put: Put | None) -> bytes:
    if put is None:
        return _ROW.pack(key, _NOTHING, _NOTHING, 0)
    return _ROW.pack(key, put.source, put.target or _NOTHING, put.expires)


def _clear_up(folder: Path) -> None:
    """Ledgers that nobody wrote to for a month go; the services they tell of are long gone."""
    for path in folder.glob("*.ledger"):
        if path.stat().st_mtime < time.time() - _KEPT_DAYS * 86400:
            path.unlink(missing_ok=True)
