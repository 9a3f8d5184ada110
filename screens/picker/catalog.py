"""What the picker offers: unfinished sessions, procedures, and those of the folder one stands in."""

import getpass
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from wizard.archive.sessions import SessionSummary
    from wizard.model.library import Head


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """One procedure as the picker shows it.

    Attributes:
        name: What a request names: a name, or a path for one of the person's own.
        title: Its title.
        about: The first line of its summary, or its title again.
        note: What stands at the end of the line: how many steps, or that it cannot be read.
        called: What the command line calls it; empty where that is the name of the request.
    """

    name: str
    title: str
    about: str
    note: str
    called: str = ""

    @property
    def short(self) -> str:
        """What the command line calls it."""
        return self.called or self.name


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything the picker lists.

    Attributes:
        unfinished: Sessions that are not over, newest first.
        entries: Built-in procedures and the operator's own.
        here: Those of `./procedures`.
        problems: What could not be read, as sentences.
    """

    unfinished: "tuple[SessionSummary, ...]" = ()
    entries: tuple[CatalogEntry, ...] = ()
    here: tuple[CatalogEntry, ...] = ()
    problems: tuple[str, ...] = ()


def load_catalog() -> Catalog:
    """Read what there is. Runs nothing and trusts nothing.

    Raises:
        UplevelError: The folder of sessions cannot be used.
    """
    from wizard.archive.sessions import unfinished
    from wizard.model.library import clashes, heads

    found = heads()
    several = {head.name for head in found if sum(other.name == head.name for other in found) > 1}
    entries = tuple(_entry(head, head.name in several) for head in found if head.origin != "here")
    here = tuple(_entry(head, True) for head in found if head.origin == "here")
    return Catalog(tuple(unfinished()), entries, here, tuple(clashes(found)))


def _entry(head: "Head", by_path: bool) -> CatalogEntry:
    name = str(head.path) if by_path else head.name
    note = "cannot be read" if head.problem else _steps(head.steps)
    return CatalogEntry(name, head.title or head.name, head.problem or head.summary, note, head.name)


def _steps(number: int) -> str:
    return "1 step" if number == 1 else f"{number} steps"


def this_person() -> str:
    """`mara@bastion`."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = "?"
    return f"{user}@{socket.gethostname().split('.')[0]}"
