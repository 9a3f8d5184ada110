"""Where uplevel keeps things: the folders of this user, and the assets that ship with it."""

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.errors import RecordProblem, UsageProblem
from wizard.places.private import make_folders, require_own_folder


if TYPE_CHECKING:
    from platformdirs import PlatformDirs


_APP = "uplevel"


def _dirs() -> "PlatformDirs":
    # Imported late: `--help` needs no folder and has 60 ms.
    from platformdirs import PlatformDirs

    return PlatformDirs(_APP, appauthor=False)


def _ready(path: Path, variable: str) -> Path:
    """Make a folder of this user ready for use and give it back.

    Raises:
        RecordProblem: It cannot be made, belongs to somebody else, or others may write in it.
    """
    make_folders(path)
    require_own_folder(path)
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise RecordProblem(f"The folder {path} cannot be written.", f"Make it writable, or set {variable} to another.")
    return path


def state_dir() -> Path:
    """The folder of everything uplevel remembers: sessions above all. Made (0700) when missing.

    Raises:
        RecordProblem: The folder cannot be made or trusted; the sentence says why.
    """
    return _ready(_dirs().user_state_path, "XDG_STATE_HOME")


def config_dir() -> Path:
    """The folder of the operator's settings and procedures. Made (0700) when missing; raises like `state_dir`."""
    return _ready(_dirs().user_config_path, "XDG_CONFIG_HOME")


def runtime_dir() -> Path:
    """The folder of what ends with the login (`${private}`). Made (0700) when missing; raises like `state_dir`."""
    with warnings.catch_warnings():
        # Without a login's own folder it falls back to one under /tmp, which `_ready` looks at as closely.
        warnings.simplefilter("ignore")
        path = _dirs().user_runtime_path
    return _ready(path, "XDG_RUNTIME_DIR")


def sessions_dir() -> Path:
    """The folder that holds one folder a session. Made (0700) when missing; raises like `state_dir`."""
    return _ready(state_dir() / "sessions", "XDG_STATE_HOME")


def lies_in_sessions(folder: Path) -> bool:
    """Whether a folder is one of this user's sessions by its place. Nothing is made."""
    return folder.resolve().parent == (_dirs().user_state_path / "sessions").resolve()


def asset(relative: str) -> Path:
    """The path of a file or folder that ships with uplevel.

    Args:
        relative: Path below the assets, such as `styles/run.tcss`; need not exist.

    Returns:
        Its absolute path, in an installed wheel as in a checkout.

    Raises:
        UsageProblem: The path is absolute or leads out of the assets.
    """
    wanted = Path(relative)
    if wanted.is_absolute() or ".." in wanted.parts:
        raise UsageProblem(f"{relative} is not a path below the assets of uplevel.")
    package = Path(__file__).resolve().parent.parent
    shipped = package / "_assets"
    return (shipped if shipped.is_dir() else package.parent / "assets") / wanted
