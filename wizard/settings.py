"""The operator's own settings: one small TOML file. Each setting is declared by the part that uses it."""

import errno
import os
import stat
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, Generic, TypeVar

from wizard.errors import UplevelError, UsageProblem, nearest
from wizard.nesting import QUOTED, line_and_column, too_deep
from wizard.places import config_dir
from wizard.places.plain_file import open_plain


SETTINGS = (
    "wizard.record.signing:SIGNING_KEY",
    "wizard.engine.operator_programs:EDITOR",
    "wizard.engine.operator_programs:PAGER",
    "wizard.record.locks.folder:LOCKS",
    "wizard.session.calling:BELL",
    "wizard.session.calling:TITLE",
)
"""All there are. A new one is declared where it is used, and is one line here."""

Value = TypeVar("Value")

_MAX_DEPTH = 20
_MOST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class GivenSetting:
    """What stands in the file for one setting.

    Attributes:
        path: The file.
        name: The setting.
        value: As TOML has it.
    """

    path: Path
    name: str
    value: object

    def text(self) -> str:
        """A text.

        Raises:
            UsageProblem: It is none.
        """
        if not isinstance(self.value, str):
            raise UsageProblem(f"In the settings {self.path}, {self.name} must be a text in quotes.")
        return self.value

    def switch(self) -> bool:
        """On or off.

        Raises:
            UsageProblem: It is neither.
        """
        if not isinstance(self.value, bool):
            raise UsageProblem(f"In the settings {self.path}, {self.name} must be true or false, without quotes.")
        return self.value


@dataclass(frozen=True, slots=True)
class Setting(Generic[Value]):
    """One setting.

    Attributes:
        name: As the file has it.
        read: Makes the value of what stands there; raises UsageProblem where that does not do.
        default: Where it does not stand there.
    """

    name: str
    read: Callable[[GivenSetting], Value]
    default: Value


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator has set, by the name of each setting."""

    given: Mapping[str, GivenSetting] = field(default_factory=dict)

    def __getitem__(self, setting: Setting[Value]) -> Value:
        given = self.given.get(setting.name)
        return setting.default if given is None else setting.read(given)


def own() -> Settings:
    """This operator's. All default where they cannot be read; why is told where a session is prepared."""
    try:
        return load_own()
    except UplevelError:
        return Settings()


def load_own() -> Settings:
    """This operator's.

    Raises:
        UsageProblem: As `load` does.
    """
    return load(config_dir() / "settings.toml")


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


def _read(path: Path, text: str) -> dict[str, object]:
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


def known() -> dict[str, Setting[Any]]:
    """Every setting there is, by name."""
    return {setting.name: setting for setting in map(resolve_name, SETTINGS)}


def _settings(path: Path, found: dict[str, object]) -> Settings:
    settings = known() if found else {}
    given = {name: GivenSetting(path, name, value) for name, value in found.items()}
    for name, each in given.items():
        if name not in settings:
            cure = nearest(name, settings) or f"There are: {', '.join(settings)}."
            raise UsageProblem(f"The settings {path} have an unknown key: {name}.", cure)
        settings[name].read(each)
    return Settings(given)
