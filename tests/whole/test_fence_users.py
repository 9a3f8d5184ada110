"""Promise 6 through the real command line, as oneself and as another user."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import forked
from tests.another import as_another, open_folder
from tests.trap import EVERYBODYS, Trap, everybodys_cf, picture, set_trap
from wizard.execution.supervisor import confine


pytestmark = pytest.mark.skipif(not confine.supported(), reason="the kernel has no Landlock")
UPLEVEL = [sys.executable, "-c", "import sys; from screens.launch import main; sys.exit(main())"]
Run = Callable[[list[str], dict[str, str], Path], subprocess.CompletedProcess[str]]
REPO = Path(__file__).resolve().parents[2]

OWN = """
format: 1
procedure: own
title: Own
rehearsal: {{world: digitalmarketplace}}
remember: {{nothing: {{shell: '{cf} || touch {victim} || echo nothing'}}}}
phases:
  - title: All
    steps:
      - {{id: path, title: Path, run: '{cf} login', undo: {{run: '{cf} login'}}}}
      - {{id: here, title: Here, run: './cf login'}}
      - {{id: environ, title: Environ, run: 'env cf'}}
      - {{id: super, title: Super, run: 'sudo {cf}'}}
      - {{id: all, title: All, run: '{everybodys} login'}}
      - id: script
        title: Script
        already: {{shell: '{cf} || ./cf || echo x > {victim} || echo no', has: '^yes'}}
        env: {{PATH: '{planted}'}}
        shell: |
          cf login || {cf} || {here}/cf || {everybodys} || true
          PATH=/usr/bin:/bin
          env cf || sudo {cf} || bash {cf} || (exec {cf}) || true
          echo x > /dev/tcp/127.0.0.1/22 || true
          {python} -c 'import subprocess; subprocess.run("{cf}")' || true
          echo x > {victim} || touch {outside}/new || touch /tmp/{word} || true
          touch "$HOME"/../../journal.jsonl || true
        after: [{{shell: '{cf} || rm {victim} || echo no', has: '^no'}}]
      - {{id: pretend, title: Pretend, run: cf version, expect: {{has: '^cf version 8'}}}}
"""


def run_as_is(words: list[str], env: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    return forked.run(
        words, cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder outside pytest's own, which nobody else can enter."""
    made = open_folder()
    yield made
    shutil.rmtree(made)


def environment(trap: Trap, home: Path) -> dict[str, str]:
    return {
        "HOME": str(home),
        "XDG_STATE_HOME": str(home / "state"),
        "PATH": f"{trap.planted}:{os.environ['PATH']}",
        "PYTHONPATH": str(REPO),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": "C.UTF-8",
        "TERM": "dumb",
    }


@pytest.mark.parametrize(
    ("run", "procedure"), [(run_as_is, "own.yaml"), (as_another, "own.yaml"), (as_another, "redis")]
)
def test_a_rehearsal_by_command_line_starts_and_changes_nothing_real(place: Path, run: Run, procedure: str) -> None:
    trap, home = set_trap(place), place / "home"
    home.mkdir(mode=0o700)
    own = place / "own.yaml"
    own.write_text(
        OWN.format(
            cf=trap.cf,
            planted=trap.planted,
            here=trap.here,
            outside=trap.outside,
            victim=trap.victim,
            everybodys=EVERYBODYS,
            python=Path(sys.executable).resolve(),
            word=trap.word,
        )
    )
    if run is as_another and os.geteuid() == 0:
        for path in (place, *place.rglob("*")):
            os.chown(path, 65534, 65534)
    before = picture(place, but=home)
    name = "redis" if procedure == "redis" else str(own)
    words = ["rehearse", name, "--auto", "--plain", "--speed", "100000"]
    with everybodys_cf(trap):
        answer = run(
            [*UPLEVEL, *words, *(["-p", "stage=preview"] if procedure == "redis" else [])],
            environment(trap, home),
            trap.here,
        )
    assert answer.returncode == 0, answer.stdout[-3000:] + answer.stderr
    assert "Traceback" not in answer.stderr
    assert trap.sprung == []
    assert picture(place, but=home) == before
    assert not Path("/tmp", trap.word).exists()
    sessions = run([*UPLEVEL, "sessions", "--json"], environment(trap, home), trap.here)
    listed = json.loads(sessions.stdout)
    assert [(each["mode"], each["state"]) for each in listed] == [("rehearsal", "completed")]
    verified = run([*UPLEVEL, "verify", listed[0]["id"]], environment(trap, home), trap.here)
    assert verified.stdout.startswith("REHEARSAL VERIFIED-UNSIGNED"), verified
    live = run([*UPLEVEL, "verify", "--live", listed[0]["id"]], environment(trap, home), trap.here)
    assert live.returncode == 5
    own_user = 65534 if run is as_another and os.geteuid() == 0 else os.geteuid()
    assert (home / "state").stat().st_uid == own_user
