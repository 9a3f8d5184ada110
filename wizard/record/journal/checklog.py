"""The answers of checks: one file a session, cited by place and hash."""

import os
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from wizard.record.journal.appending import AppendFile
from wizard.record.journal.folder import SessionFolder


@dataclass(frozen=True, slots=True)
class Cited:
    """Where an answer stands in `checks/output`.

    Attributes:
        offset: Its first byte.
        length: How many bytes.
        sha256: Their hash.
    """

    offset: int
    length: int
    sha256: str


class CheckLog:
    """The file `checks/output` of a session. Answers are redacted before they come here.

    Args:
        file: The open file.
    """

    def __init__(self, file: AppendFile) -> None:
        self._file = file

    @classmethod
    def open(cls, folder: SessionFolder) -> Self:
        """Open or make the file.

        Raises:
            RecordProblem: It cannot be opened or trusted.
        """
        return cls(AppendFile(folder.checks_output, os.O_CREAT))

    def append(self, answer: bytes) -> Cited:
        """Keep an answer; when this returns it is on the disk and may be cited.

        Raises:
            RecordProblem: It could not be kept.
        """
        offset = self._file.size
        if answer:
            self._file.add(answer)
            self._file.sync()
        return Cited(offset, len(answer), sha256(answer).hexdigest())

    def close(self) -> None:
        self._file.close()
