"""Two rehearsals at the same moment through the real command line, each of its own operator."""

import os
import subprocess
import sys
from pathlib import Path

from tests import forked


REPO = Path(__file__).resolve().parents[1]
_UPLEVEL = [sys.executable, "-c", "import sys; from screens.launch import main; sys.exit(main())"]


def rehearsed_twice(folder: Path, *words: str) -> list[str]:
    """What both say; each must come to its end.

    Args:
        folder: Where the homes of both are made.
        words: Of `uplevel rehearse`.
    """
    begun = []
    for name in ("one", "other"):
        home = folder / name
        home.mkdir()
        env = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "PYTHONPATH": str(REPO),
            "LANG": "C.UTF-8",
            "TERM": "dumb",
        }
        command = [*_UPLEVEL, "rehearse", *words, "--auto", "--plain", "--speed", "100000", "-p", "stage=preview"]
        begun.append(
            forked.Popen(
                command,
                cwd=home,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
    said = []
    for process in begun:
        with process:
            try:
                said.append(process.communicate(timeout=600)[0])
            finally:
                process.kill()
        assert process.returncode == 0, said[-1][-3000:]
    return said
