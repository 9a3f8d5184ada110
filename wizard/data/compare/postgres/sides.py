"""Which two databases: a service of the service file, or a variable that holds a connection string."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from wizard.errors import UsageProblem


Which = Literal["old", "new"]

_PLAIN = re.compile(r"[\w.@-]+")
_USUAL = {
    "connect_timeout": "10",
    "application_name": "uplevel compare",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two databases.

    Attributes:
        which: Whether it is the old or the new one.
        name: How it was named on the command line.
        conninfo: What libpq connects by; may hold a password, so it is never shown.
    """

    which: Which
    name: str
    conninfo: str = field(repr=False)


def side_of(which: Which, word: str, environment: Mapping[str, str]) -> Side:
    """The database that a word of the command line names.

    Args:
        which: Whether it is OLD or NEW.
        word: `NAME` or `service=NAME` of a service, or `env:NAME` of a variable with a connection string or URL.
        environment: Where the variable is looked up.

    Raises:
        UsageProblem: It is neither, or the variable is not set or holds no connection string.
    """
    place = which.upper()
    if word.startswith("env:"):
        given = _from_variable(place, word.removeprefix("env:"), environment)
    else:
        service = word.removeprefix("service=")
        if not _PLAIN.fullmatch(service):
            # The word is not repeated: it may hold a password.
            raise UsageProblem(
                f"{place} looks like a connection string. On a command line everybody who lists processes sees it.",
                "Put it into a variable and write env:NAME, or into a service file and write the service's name.",
            )
        given = {"service": service}
    return Side(which, word, make_conninfo("", **{**_USUAL, **given, "client_encoding": "UTF8"}))


def _from_variable(place: str, name: str, environment: Mapping[str, str]) -> dict[str, str]:
    text = environment.get(name, "") if _PLAIN.fullmatch(name) else ""
    if not text:
        raise UsageProblem(
            f"{place} names a variable that is not set or is empty.",
            "Set it to the connection string and export it; the command line has its name only: env:NAME.",
        )
    try:
        found = conninfo_to_dict(text)
    except ProgrammingError:
        # libpq quotes the text in what it says, and with it the password.
        raise UsageProblem(
            f"The variable {name} holds no connection string that libpq can read.",
            "It is written postgresql://user:password@host:port/database, special characters in %XX.",
        ) from None
    return {key: str(value) for key, value in found.items() if value is not None}
