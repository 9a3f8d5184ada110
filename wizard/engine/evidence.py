"""What a person brings as proof: looked at, hashed, and a copy kept in the session."""

import hashlib
import os
from pathlib import Path

from wizard.engine.session_context import SessionContext
from wizard.errors import UsageProblem
from wizard.places.plain_file import plain_file, read_plain
from wizard.record.events import Evidence


MOST_KEPT = 16 << 20
"""Bytes of a file of which a copy is kept; of a longer one the hash alone stands in the record."""


def prove(evidence: Evidence, context: SessionContext) -> Evidence:
    """The evidence with the hash of the file it names, a copy of which is kept where that may be.

    Args:
        evidence: What was brought. A hash in it is not believed.
        context: The session; a file that holds one of its secrets is not copied.

    Raises:
        UsageProblem: It is empty, or there is no such file.
        RecordProblem: The copy cannot be written.
    """
    if not evidence.text.strip():
        raise UsageProblem("Evidence needs a text, an address or the path of a file.")
    if evidence.kind != "file" or context.auto is not None:  # what plays by itself has no files to show
        return evidence
    try:
        path = Path(evidence.text).expanduser()
        content = read_plain(path, MOST_KEPT + 1, follow=True)
        if len(content) > MOST_KEPT:
            return evidence.model_copy(update=_hash_of(path))
    except (OSError, RuntimeError) as problem:  # RuntimeError: ~name of nobody
        why = problem.strerror if isinstance(problem, OSError) else problem
        raise UsageProblem(f"{evidence.text} cannot be read: {why}.", "Name another file.") from problem
    text = content.decode("utf-8", "surrogateescape")
    kept = context.vault.redact(text) == text
    if kept:
        context.folder.keep_evidence(content)
    return evidence.model_copy(
        update={"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), "kept": kept}
    )


def _hash_of(path: Path) -> dict[str, object]:
    with plain_file(path, follow=True) as file, os.fdopen(file, "rb", closefd=False) as stream:
        return {"sha256": hashlib.file_digest(stream, "sha256").hexdigest(), "bytes": os.fstat(file).st_size}
