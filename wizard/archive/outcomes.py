"""How a closed session ended, folded from its records: the closing record's own word says less."""

from dataclasses import dataclass
from pathlib import Path

from wizard.errors import UsageProblem
from wizard.record.journal import Record
from wizard.record.journal.reader import read_journal, scan_bytes


_TELLING = (b'"state":"skipped"', b'"choice":"accept"')
"""What stands in the record of a session of which the closing record's own word says less than its steps."""
_AUTO = b'"auto":true'
"""What a front end leaves in the record that plays by itself; in a text these quotes are escaped."""


@dataclass(frozen=True, slots=True)
class ClosedSession:
    """How a closed session ended.

    Attributes:
        word: completed, ended, stopped, failed; `damaged` where its records cannot be folded.
        words: The same with how many steps were skipped or accepted.
        auto: It was a rehearsal that played by itself, at least for a while.
    """

    word: str
    words: str
    auto: bool = False


def closed_session(journal: Path, word: str) -> ClosedSession:
    """How a closed session ended.

    Args:
        journal: The session's `journal.jsonl`.
        word: What its closing record says.
    """
    try:
        content = read_journal(journal)
    except UsageProblem:
        return ClosedSession("damaged", "damaged")
    auto = _AUTO in content
    # The common case is decided without reading records.
    telling = any(told in content for told in _TELLING)
    return _folded(scan_bytes(content).records, auto=auto) if telling else ClosedSession(word, word, auto)


def _folded(records: list[Record], *, auto: bool) -> ClosedSession:
    # Late, because it loads the models, which a list of sessions that went well does not need.
    from pydantic import ValidationError

    from wizard.session import fold, outcome
    from wizard.session.record_shape import happened_of

    try:
        state = fold(map(happened_of, records))
    except (ValidationError, ValueError):
        return ClosedSession("damaged", "damaged")
    ended = outcome(state)
    return ClosedSession("damaged", "damaged") if ended is None else ClosedSession(ended.word, ended.words, auto)
