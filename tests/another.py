"""Running a program as another user: of root's tests the ordinary operator, for whom most of the fences are meant."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


NOBODY = 65534

# In a mount namespace of its own an interpreter below a closed home folder is reachable: what hides it is covered by a
# folder that shows nothing else.
_OPEN = """
set -e
shown=$1 closed=$2 inner=$3 path=$PATH
shift 3
PATH=/usr/sbin:/usr/bin:/sbin:/bin
mkdir -p -m 755 "$shown/$inner"
mount --bind "$closed/$inner" "$shown/$inner"
mount --rbind "$shown" "$closed"
PATH=$path
exec "$@"
"""


def as_another(words: list[str], env: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run words as user 65534 where this is root and the other one can reach the interpreter; else as oneself.

    Args:
        words: The program and its words.
        env: Its environment.
        folder: An open folder of the test's, which the other user then owns; it starts there.
    """
    with words_of_another() as prefix:
        if prefix:
            os.chown(folder, NOBODY, NOBODY)
        return subprocess.run(
            [*prefix, *words],
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@contextmanager
def words_of_another() -> Iterator[list[str]]:
    """The words that make those behind them run as user 65534; none where that is not possible."""
    with tempfile.TemporaryDirectory(prefix="uplevel-shown-") as shown:
        Path(shown).chmod(0o755)
        if os.geteuid() != 0:
            yield []
            return
        who = [_tool("setpriv"), "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups"]
        ways = ([*_opened(shown), *who], who)
        yield next((way for way in ways if _works([*way, sys.executable, "-c", ""])), [])


def open_folder() -> Path:
    """A folder that everybody can reach; the caller removes it."""
    folder = Path(tempfile.mkdtemp(prefix="uplevel-another-"))
    folder.chmod(0o755)
    return folder


def _opened(shown: str) -> list[str]:
    closed = Path(sys.executable).resolve().parts
    where = [shown, str(Path(*closed[:2])), closed[2]]
    return [_tool("unshare"), "--mount", "--propagation", "private", _tool("bash"), "-c", _OPEN, "open", *where]


def _tool(name: str) -> str:
    # By absolute path: what the program is to be started with may have a trap in its PATH.
    return shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin") or name


def _works(words: list[str]) -> bool:
    try:
        return subprocess.run(words, capture_output=True, timeout=20, check=False).returncode == 0
    except OSError:
        return False
