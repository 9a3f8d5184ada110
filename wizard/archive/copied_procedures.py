"""What lists of sessions need of their copies of procedures, each procedure read once."""

from collections.abc import Mapping
from pathlib import Path

from wizard.model.library import defaults_of, order_of
from wizard.record.journal import Record, SessionFolder
from wizard.record.journal.folder import inside


class Copies:
    """Reads the copies that sessions keep; sessions of one manifest have the same one."""

    def __init__(self) -> None:
        self._orders: dict[str, tuple[str, ...]] = {}
        self._defaults: dict[str, Mapping[str, str]] = {}

    def order(self, folder: Path, head: Record) -> tuple[str, ...]:
        """The step ids, in order; empty when the copy cannot be read."""
        manifest = str(head.data.get("manifest"))
        if manifest not in self._orders:
            self._orders[manifest] = order_of(SessionFolder(folder).procedure / _main(head))
        return self._orders[manifest]

    def defaults(self, folder: Path, head: Record) -> Mapping[str, str]:
        """What parameters are without an answer; empty when the copy cannot be read."""
        manifest = str(head.data.get("manifest"))
        if manifest not in self._defaults:
            self._defaults[manifest] = defaults_of(SessionFolder(folder).procedure / _main(head))
        return self._defaults[manifest]


def _main(head: Record) -> str:
    cited = head.data.get("procedure")
    main = cited.get("main") if isinstance(cited, Mapping) else None
    # A record of unknown origin names no file outside the session's own copy.
    return main if isinstance(main, str) and inside(main) else ""
