"""The operator's own settings: one small TOML file."""

import difflib
import errno
import os
import stat
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from wizard.errors import UplevelError, UsageProblem
from wizard.nesting import QUOTED, line_and_column, too_deep
from wizard.places import config_dir
from wizard.places.plain_file import open_plain


_MAX_DEPTH = 20
_MOST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator has set.

    Attributes:
        signing_key: The ssh key that signs the journal: a private key, or the public half of one in the agent.
        editor: Command that opens a file for `edit`; empty for the one of the environment.
        pager: Command that shows a long text; empty for the one of the environment.
        locks: A folder that the users of this machine share, for the locks of targets; None for one's own.
        bell: Ring the terminal's bell when a person is waited for who may be looking elsewhere.
        title: Say in the terminal's title where the session is.
    """

    signing_key: Path | None = None
    editor: str = ""
    pager: str = ""
    locks: Path | None = None
    bell: bool = True
    title: bool = True


_SWITCHES = frozenset({"bell", "title"})


def own() -> Settings:
    """This operator's. All default where they cannot be read; why is told where a session is prepared."""
    try:
        return load(config_dir() / "settings.toml")
    except UplevelError:
        return Settings()


def load(path: Path) -> Settings:
    """Read the settings.

    Args:
        path: The file; when there is none, everything is at its default.

    Raises:
        UsageProblem: It cannot be read or trusted, is no TOML, or has an unknown key or a value of another type.
    """
    try:
        with os.fdopen(open_plain(path, follow=True), "rb") as stream:
            _require_own(path, os.fstat(stream.fileno()))
            text = _text(stream.read(_MOST_BYTES + 1))
    except FileNotFoundError:
        return Settings()
    except OSError as problem:
        raise UsageProblem(f"The settings {path} cannot be read: {problem.strerror}.") from problem
    except UnicodeDecodeError as problem:
        raise UsageProblem(f"The settings {path} are not TOML: {problem}.") from problem
    return _settings(path, _read(path, text))


def _read(path: Path, text: str) -> dict[str, Any]:
    if (at := too_deep(text, _MAX_DEPTH, QUOTED)) is not None:
        line, column = line_and_column(text, at)
        raise UsageProblem(
            f"The settings {path} are nested too deep in line {line}, column {column}.",
            "Each setting is one line: name = 'text'.",
        )
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        raise UsageProblem(f"The settings {path} are not TOML: {problem}.") from problem


def _text(content: bytes) -> str:
    if len(content) > _MOST_BYTES:
        raise OSError(errno.EFBIG, "It is longer than settings can be")
    return content.decode("utf-8").replace("\r\n", "\n")


def _require_own(path: Path, found: os.stat_result) -> None:
    # The file names commands, so whoever may write it may run them as this user.
    if found.st_uid not in {0, os.geteuid()}:
        raise UsageProblem(f"The settings {path} belong to user {found.st_uid}, not to you.")
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise UsageProblem(f"Others may write to the settings {path}.", f"If that is not wanted: chmod go-w {path}")


def _settings(path: Path, found: dict[str, Any]) -> Settings:
    known = [field.name for field in fields(Settings)]
    for name, value in found.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            cure = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."
            raise UsageProblem(f"The settings {path} have an unknown key: {name}.", cure)
        if name in _SWITCHES:
            if not isinstance(value, bool):
                raise UsageProblem(f"In the settings {path}, {name} must be true or false, without quotes.")
        elif not isinstance(value, str):
            raise UsageProblem(f"In the settings {path}, {name} must be a text in quotes.")
    key = found.pop("signing_key", "")
    locks = found.pop("locks", "")
    return Settings(signing_key=_key(path, key) if key else None, locks=Path(locks) if locks else None, **found)


def _key(path: Path, text: str) -> Path:
    """The key's path; `~` is the home folder, a relative path is below the settings' folder."""
    try:
        return path.parent / Path(text).expanduser()
    except RuntimeError as problem:
        raise UsageProblem(f"In the settings {path}, signing_key names a home folder nobody has: {text}.") from problem
