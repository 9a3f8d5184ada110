"""One whole road as a user walks it: the real command, real processes, the fence of the kernel."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import wizard
from tests import forked
from wizard.platforms.cloudfoundry import secrets
from wizard.platforms.cloudfoundry.things import LastOperation, RealServer, Service
from wizard.platforms.digitalmarketplace import scenario
from wizard.platforms.sdk.platform import WorldOptions


PROGRAM = "import sys; from screens.launch import main; sys.exit(main())"


def rehearsed(*words: str) -> "subprocess.CompletedProcess[str]":
    """A rehearsal that plays by itself, to its end."""
    return forked.run(
        [sys.executable, "-c", PROGRAM, "rehearse", *words, "--auto"],
        env={**os.environ, "PYTHONPATH": str(Path(wizard.__file__).parents[1]), "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_rehearsal_of_nginx_completes(own_folders: Path) -> None:
    done = rehearsed("nginx", "--speed", "500")
    assert done.returncode == 0, done.stdout + done.stderr
    (journal,) = own_folders.rglob("journal.jsonl")
    records = [json.loads(line) for line in journal.read_text(encoding="ascii").splitlines()]
    ended = {each["data"]["step"]: each["data"]["state"] for each in records if each["kind"] == "step.ended"}
    assert ended.pop("stage-before") == "not applicable"
    assert set(ended.values()) == {"done"}
    assert not list((journal.parent / "sandbox" / "tmp").glob("private-*"))


def test_sessions_are_carried_over_between_real_servers_behind_the_fence(own_folders: Path) -> None:
    done = rehearsed("redis", "--speed", "5000", "-p", "sessions=carry")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "with real Redis servers" in done.stdout + done.stderr
    assert "sessions that were looked for were there" in done.stdout + done.stderr
    (journal,) = own_folders.rglob("journal.jsonl")
    records = [json.loads(line) for line in journal.read_text(encoding="ascii").splitlines()]
    assert {"bulk", "delta", "still-there"} <= {e["data"]["step"] for e in records if e["kind"] == "run.intent"}
    kept = [path.read_bytes() for path in journal.parent.rglob("*") if path.is_file() and "world" not in path.parts]
    world = scenario.build("digitalmarketplace", WorldOptions(stage="preview", seed=1))
    passwords = {
        key.password for key in (secrets.of_server(world, redis_of(guid), RealServer(1), "") for guid in guids(records))
    }
    assert len(passwords) >= 2
    assert not [content for content in kept for password in passwords if password.encode() in content]


def redis_of(guid: str) -> Service:
    return Service(guid=guid, name="", offering="redis", last=LastOperation("create", 0, 0))


def guids(records: list[dict[str, Any]]) -> set[str]:
    """The guids that the session's checks showed."""
    shown = " ".join(str(each["data"].get("got", "")) for each in records if each["kind"] == "check.answered")
    remembered = " ".join(str(each["data"]) for each in records)
    return set(re.findall(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", shown + remembered))
