"""Promise 6: a rehearsal cannot touch anything real, whatever its procedure tries and whoever runs it."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.trap import EVERYBODYS, Trap, everybodys_cf, picture, set_trap
from wizard.engine.engine import Engine
from wizard.errors import ExitCode
from wizard.execution.supervisor import confine
from wizard.platforms.sdk.sandbox import Sandbox
from wizard.record.events import Evidence, RunIntent
from wizard.record.journal import verify


if TYPE_CHECKING:
    from tests.conftest import Drive, Opener


pytestmark = pytest.mark.skipif(not confine.supported(), reason="the kernel has no Landlock")
PYTHON = str(Path(sys.executable).resolve())

STARTS = """
cf version
{cf}
./cf
{here}/cf
{everybodys}
PATH={planted}:$PATH cf version
PATH={planted}:$PATH; hash -r; cf version
hash -p {cf} cf; cf version
env cf
/usr/bin/env {cf}
/usr/bin/env PATH={planted} cf
sudo cf
sudo -n {cf}
command cf
exec {cf}
bash {cf}
bash -c {cf}
sh -c {cf}
source {cf}
{cf} &
coproc {cf}
trap {cf} EXIT
nohup {cf}
setsid {cf}
nice {cf}
timeout 5 {cf}
echo x | xargs {cf}
find . -maxdepth 0 -exec {cf} ';'
perl -e 'exec "{cf}"'
awk 'BEGIN {{ system("{cf}") }}'
sed -n '1e {cf}' /etc/hostname
sort --compress-program={cf} -S 1 /etc/services
at now <<< {cf}
BASH_ENV={cf} bash -c true
echo {cf} > $HOME/.bashrc; bash -i < /dev/null
cp {cf} $TMPDIR/cf && $TMPDIR/cf
ln -s {cf} $HOME/cf && $HOME/cf
ln {cf} $HOME/cf2 && $HOME/cf2
cp {cf} $HOME/../bin/cf
ln -sf {cf} $HOME/../bin/cf
/lib64/ld-linux-x86-64.so.2 /bin/sh {cf}
/lib64/ld-linux-x86-64.so.2 /usr/bin/env {cf}
{python} -c 'import os; os.execv("{cf}", ["cf"])'
{python} -c 'import subprocess; subprocess.run(["{cf}"])'
{python} -c 'import os; os.posix_spawn("{cf}", ["cf"], {{}})'
{python} -c 'import os; os.execve(os.open("{cf}", os.O_RDONLY), ["cf"], {{}})'
{python} -c 'import os; f = os.memfd_create("cf"); os.write(f, open("{cf}", "rb").read()); os.execve(f, ["cf"], {{}})'
{python} -c 'import subprocess; subprocess.run(["cf"], env={{"PATH": "{planted}"}})'
"""

WRITES = """
echo x > {victim}
echo x >> {victim}
: > {victim}
rm -f {victim}
mv {victim} $HOME/
cp /etc/hostname {victim}
sed -i s/as/is/ {victim}
tee {victim} <<< x
touch {victim}
touch -d 1999-01-01 {victim}
chmod 777 {victim}
chown 65534 {victim}
truncate -s 0 {victim}
dd if=/dev/zero of={victim} count=1
mkdir {outside}/folder
mkfifo {outside}/fifo
ln -s /etc/hostname {outside}/link
ln -s {victim} $HOME/out && echo x > $HOME/out
ln -s {outside} $HOME/away && echo x > $HOME/away/new
ln {victim} $HOME/hard && echo x > $HOME/hard
mv $HOME {outside}/home
cd {outside} && touch here
cd / && touch {word}
touch /tmp/{word}
touch /var/tmp/{word}
touch /dev/shm/{word}
mkdir -p $HOME/../../../{word}
echo x >> $HOME/../../journal.jsonl
rm -rf $HOME/../../runs $HOME/../../procedure
touch $HOME/../../runs/0001/exit.json
touch $HOME/../{word}
rm -rf $HOME/../bin
mv $HOME/../world $HOME/../gone
for f in /proc/$PPID/fd/*; do echo x > $f; done
for n in 3 4 5 6 7 8 9 10 11 12; do echo x >&$n; done
echo x > /proc/$PPID/mem
echo 1000 > /proc/$PPID/oom_score_adj
{python} -c 'open("{victim}", "w").write("x")'
{python} -c 'import os; os.chmod("{victim}", 0o777)'
{python} -c 'import os; os.utime("{victim}", (1, 1))'
{python} -c 'import os; os.setxattr("{victim}", "user.x", b"y")'
{python} -c 'import os; os.rename("{victim}", "mine")'
"""


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trap:
    laid = set_trap(tmp_path)
    monkeypatch.setenv("PATH", f"{laid.planted}:{os.environ['PATH']}")
    monkeypatch.chdir(laid.here)
    return laid


def script(ways: str, trap: Trap, indent: int) -> str:
    """The ways as the lines of a block of YAML, each in a shell of its own that may fail."""
    filled = ways.format(
        cf=trap.cf,
        planted=trap.planted,
        here=trap.here,
        outside=trap.outside,
        victim=trap.victim,
        everybodys=EVERYBODYS,
        python=PYTHON,
        word=trap.word,
    )
    return "".join(f"{' ' * indent}( {line}\n{' ' * indent}) || true\n" for line in filled.split("\n") if line)


def attack(trap: Trap) -> str:
    """A procedure that tries everything wherever something runs, and gets to its end with the good operator."""
    starts, writes = script(STARTS, trap, 10), script(WRITES, trap, 10)
    checked = script(f'{{cf}} check\necho x > {{victim}}\n{PYTHON} -c \'open("{{victim}}", "w")\'', trap, 12)
    lines = (f"{trap.cf} login", "./cf login", "env cf", f"sudo {trap.cf}", f"bash {trap.cf}", f"{EVERYBODYS} login")
    runs = "".join(
        f"      - {{id: run-{number}, title: Run, run: '{line}', undo: {{run: '{line}'}}}}\n"
        for number, line in enumerate(lines)
    )
    return f"""
format: 1
procedure: attack
title: Attack
remember:
  known:
    shell: |
{checked}
            echo nothing
phases:
  - title: All
    steps:
      - id: starts
        title: Start what is real
        already:
          shell: |
{checked}
          has: the effect is there
        before:
        - shell: |
{checked}
        shell: |
{starts}
        after:
        - shell: |
{checked}
      - id: writes
        title: Write outside
        in: {trap.outside}
        env: {{PATH: '{trap.planted}', BASH_ENV: '{trap.cf}', ENV: '{trap.cf}', LD_PRELOAD: '{trap.cf}'}}
        shell: |
          PATH=/usr/bin:/bin
{writes}
{runs}
"""


def run_whole(drive: "Drive") -> None:
    assert drive.until_finished(90).code is ExitCode.COMPLETED


def assert_untouched(trap: Trap, before: dict[str, tuple[object, ...]], engine: Engine, tmp_path: Path) -> None:
    """Nothing was started, nothing outside the session's folder changed, and in it only what uplevel itself writes."""
    assert trap.sprung == []
    sessions = engine.folder.parent
    after = picture(tmp_path, but=tmp_path / "home")
    assert after == before
    shared = [Path(top) / trap.word for top in ("/", "/tmp", "/var/tmp", "/dev/shm", sessions, engine.folder)]
    assert [path for path in shared if os.path.lexists(path)] == []
    assert [path.name for path in sessions.iterdir()] == [engine.session]
    assert verify(engine.folder).title in {"REHEARSAL VERIFIED-UNSIGNED", "REHEARSAL OPEN"}
    own = {"journal.jsonl", "procedure", "runs", "checks", "checkpoints", "lock", "holder.json", "reserve", "sandbox"}
    assert {path.name for path in engine.folder.iterdir()} <= own
    box = engine.folder / "sandbox"
    assert {path.name for path in box.iterdir() if not path.name.startswith("private-")} == {
        "bin",
        "home",
        "lab",
        "tmp",
        "work",
        "world",
    }
    assert "REALLY-STARTED" not in (box / "bin" / "cf").read_text()
    assert Sandbox.open(box).world().space is not None


def test_the_trap_works(trap: Trap) -> None:
    assert os.system("cf login > /dev/null") == 0
    assert [mark.split()[0] for mark in trap.sprung] == [str(trap.cf)]


def test_whatever_a_procedure_tries_nothing_real_is_started_or_changed(
    sessions: "Opener", trap: Trap, tmp_path: Path
) -> None:
    before = picture(tmp_path, but=tmp_path / "home")
    with everybodys_cf(trap):
        drive = sessions.open(attack(trap), "rehearsal", auto=True, speed=100000.0)
        run_whole(drive)
    assert [event.step for event in drive.events if isinstance(event, RunIntent)] == ["starts", "writes"]
    assert b"cf version 8." in drive.engine.output(1).file.path.read_bytes()
    assert_untouched(trap, before, drive.engine, tmp_path)


CHECKS = """
format: 1
procedure: checks
title: Checks
phases:
  - title: All
    steps:
      - id: first
        title: First
        before:
          - {{run: '{cf} check'}}
          - {{run: './cf check', in: '{here}'}}
          - {{run: 'env PATH={planted} cf', env: {{PATH: '{planted}'}}}}
          - {{run: 'PATH={planted} cf version', has: 'cf version'}}
        run: cf version
        env: {{PATH: '{planted}'}}
        in: '{here}'
        after: [{{run: '{cf} check'}}]
        undo:
          run: '{cf} undo'
          after: [{{run: '{cf} check'}}]
      - id: ticked
        title: Ticked
        by_hand:
          - {{text: Tick, plays: '{cf} played'}}
          - {{text: Tick, plays: './cf played'}}
          - {{text: Tick, plays: 'env PATH={planted} cf'}}
          - {{text: Tick, plays: 'PATH={planted} cf version'}}
      - {{id: last, title: Last, run: 'cf version'}}
"""


def test_checks_undo_and_what_the_world_plays_start_nothing_real(
    sessions: "Opener", trap: Trap, tmp_path: Path
) -> None:
    before = picture(tmp_path, but=tmp_path / "home")
    text = CHECKS.format(cf=trap.cf, here=trap.here, planted=trap.planted)
    drive = sessions.open(text, "rehearsal", speed=100000.0)
    for _ in range(3):
        drive.ask_and_answer("accept", "only a rehearsal", sort="no answer")
    drive.ask_and_answer("run", sort="go")
    # What was asked before the gates is asked again after them.
    while drive.ask_and_answer("accept", "only a rehearsal").question_kind != "failed":
        pass
    for _ in range(4):
        drive.ask_and_answer("tick", sort="item")
    assert drive.until_asked("go").step == "last"
    drive.leave()
    assert b"cf version 8." in drive.engine.output(1).file.path.read_bytes()
    assert_untouched(trap, before, drive.engine, tmp_path)


def test_an_undo_of_a_real_command_is_only_ticked(sessions: "Opener", trap: Trap) -> None:
    seen = Evidence(kind="text", text="seen")
    drive = sessions.open(UNDO.format(cf=trap.cf), "rehearsal", speed=100000.0)
    for sort in ("go", "undo"):
        drive.ask_and_answer("run", sort=sort)
        question = drive.until_asked(sort)
        assert f"does not start {trap.cf}" in question.text
        drive.answer("did-it", "", seen)
        drive.answered = question.question
        if sort == "go":
            drive.ask_and_answer("undo", sort="go")
    assert drive.until_asked("go").step == "made"
    assert trap.sprung == []


UNDO = """
format: 1
procedure: undo
title: Undo
phases:
  - title: All
    steps:
      - {{id: made, title: Made, run: '{cf} make', undo: {{run: '{cf} unmake'}}}}
      - {{id: last, title: Last, run: 'cf version'}}
"""
