"""The error that carries all faults of a file."""

from collections.abc import Iterable

from wizard.errors import ExitCode, UplevelError
from wizard.model.reading.fault import Fault
from wizard.model.reading.tree import Table


_TOLD = 200
"""Faults a text lists; a file with more is no procedure, or was made to flood the screen."""


class ProcedureProblem(UplevelError):
    """A procedure file with faults; its text lists them all, one a line.

    Args:
        faults: At least one.
        tree: The whole file as far as it could be read, for whoever looks for more; None where parts are missing.
    """

    title = "The procedure cannot be used"
    code = ExitCode.USAGE

    def __init__(self, faults: Iterable[Fault], tree: Table | None = None) -> None:
        self.tree = tree
        self.faults = tuple(sorted(set(faults)))
        told = [str(fault) for fault in self.faults[:_TOLD]]
        more = len(self.faults) - len(told)
        super().__init__("\n".join([*told, f"And {more} more."] if more else told))
