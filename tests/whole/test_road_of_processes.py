"""One whole road as a user walks it: the real command, real processes, the fence of the kernel."""

import json
import os
import subprocess
import sys
from pathlib import Path

import wizard


PROGRAM = "import sys; from screens.launch import main; sys.exit(main())"


def test_the_rehearsal_of_nginx_completes(own_folders: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "rehearse", "nginx", "--auto", "--speed", "500"],
        env={**os.environ, "PYTHONPATH": str(Path(wizard.__file__).parents[1]), "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (journal,) = own_folders.rglob("journal.jsonl")
    records = [json.loads(line) for line in journal.read_text(encoding="ascii").splitlines()]
    ended = {each["data"]["step"]: each["data"]["state"] for each in records if each["kind"] == "step.ended"}
    assert ended.pop("stage-before") == "not applicable"
    assert set(ended.values()) == {"done"}
    assert not list((journal.parent / "sandbox" / "tmp").glob("private-*"))
