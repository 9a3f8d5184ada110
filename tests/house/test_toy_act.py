"""A new kind of act is one file and one line: put into a copy of the house, it is there everywhere."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests import forked
from tests.conftest import HANG
from tests.house.copied import UPLEVEL, House, house_copied, put_behind


_TOY = '''\
"""`announce:` tells the people of a board something."""

from collections.abc import Mapping
from typing import ClassVar

from wizard.acts.act import Act, Keys, Wording
from wizard.fields.base import Model
from wizard.fields.commands import MadeWords


class Announce(Model, Act):
    """Tells the people of a board something.

    Attributes:
        text: What they are told.
        board: Which people.
    """

    KEY: ClassVar[str] = "announce"
    SAYS: ClassVar[str] = "What people are told."
    SHORTHAND: ClassVar[str] = "text"
    SENSELESS: ClassVar[Mapping[str, str]] = {"stdin": "An announcement reads nothing, so stdin says nothing here."}
    KEYS: ClassVar[Keys] = Keys(texts=("announce", "text"))

    text: str
    board: str = "all"

    @property
    def command(self) -> MadeWords:
        return MadeWords(lambda fill: ["echo", "to", f"{fill(self.board)}:", fill(self.text)])

    def shown(self, wording: Wording) -> str:
        return f"tells {wording.text(self.board)}: {wording.text(self.text)}"

    def gate(self, wording: Wording) -> str:
        return f"is heard by {wording.text(self.board)}"

    def came_to(self, values: Mapping[str, str]) -> str:
        del values
        return "They have heard it."
'''

_PROCEDURE = """\
format: 1
procedure: tell
title: Tell them
parameters: {who: {default: mara}}
phases:
  - title: Only
    steps:
      - id: tell
        title: Say hello
        announce: {text: 'Hello ${who}', board: ops}
        expect: {has: 'to ops: Hello mara'}
        undo: {announce: Never mind, title: Take it back}
        repeat: safe
      - {id: end, title: End it, run: 'true'}
"""

_WRONG = """\
format: 1
procedure: tell
title: Tell them
parameters: {who: {default: mara}}
phases:
  - title: Only
    steps:
      - {id: one, title: One, announce: {txt: Hello}}
      - {id: two, title: Two, announce: 'Hello ${whom}', stdin: x}
      - {id: three, title: Three, announce: Hello, run: ls}
      - {id: four, title: Four}
"""

_AT_THE_WIZARD = """
import asyncio, sys
from pathlib import Path
from screens.app import UplevelApp
from screens.shared import guard
from tests.ui.conftest import Desk
from wizard.engine import Request, prepare

for wait in ("SETTLING", "BURST", "OPENING"):
    setattr(guard, wait, 0.0)

async def main():
    app = UplevelApp(preparation=prepare(Request("./tell.yaml", "live")))
    async with app.run_test(size=(120, 40)) as pilot:
        it = Desk(pilot)
        await pilot.pause()
        await it.press("f5")
        await it.question("go")
        said = [it.text()]
        await it.take("r")
        await it.kind("result")
        said.append(it.text())
        await it.press("enter")
        await it.question("go")
        await it.press("u", "enter")
        await it.type("not yet")
        await it.press("enter")
        await it.question("undo")
        said.append(it.text())
        await it.take("r")
        await it.kind("result")
        said.append(it.text())
        await it.press("enter")
        await it.question("go")
        await it.press("f7")
    sys.stdout.write("\\f".join(said))

asyncio.run(main())
"""
_PROMPT = r"\n\r?(?:\x1b\[[0-9;?]*[A-Za-z])*>"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A copy of the house, with one file and one line more."""
    with house_copied(tmp_path_factory.mktemp("house")) as copy:
        (copy.folder / "wizard" / "acts" / "announce.py").write_text(_TOY)
        last = '    "wizard.acts.approve:Approve",'
        put_behind(copy.folder / "wizard" / "acts" / "kinds.py", last, '    "wizard.acts.announce:Announce",')
        yield copy


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """The folder of an author: a good procedure, and one with faults."""
    (tmp_path / "tell.yaml").write_text(_PROCEDURE)
    (tmp_path / "wrong.yaml").write_text(_WRONG)
    return tmp_path


def said(done: "subprocess.CompletedProcess[str]", code: int = 0) -> str:
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_file_itself_is_clean(house: House) -> None:
    for words in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *words, "wizard/acts"],
            cwd=house.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout


def test_it_is_read_and_its_wrong_uses_are_named(house: House, work: Path) -> None:
    said(house.uplevel("lint", "./tell.yaml", cwd=work))
    wrong = said(house.uplevel("lint", "./wrong.yaml", cwd=work), code=2)
    assert "txt is no key that belongs here. Did you mean text?" in wrong
    assert "An announcement reads nothing, so stdin says nothing here." in wrong
    assert "Nothing gives ${whom} a value. Did you mean who?" in wrong
    assert "A step does one thing, and this one does several." in wrong
    assert "it needs one of run, shell, edit, by_hand, ask, choose, wait, watch, approve, announce." in wrong


def test_it_is_shown_and_rehearsed(house: House, work: Path) -> None:
    assert "tells ops: Hello mara" in said(house.uplevel("show", "./tell.yaml", "-p", "who=mara", cwd=work))
    words = ("rehearse", "./tell.yaml", "--auto", "--plain", "--speed", "100000")
    played = said(house.uplevel(*words, cwd=work))
    assert "to ops: Hello mara" in played
    assert "The session is completed." in played


def _answer(child: Any, word: str) -> None:
    child.expect_exact("its first letters")
    child.expect(_PROMPT)
    child.send(f"{word}\r")


def test_it_is_run_line_by_line_taken_back_and_exported(house: House, work: Path) -> None:
    words = ["-P", "-c", UPLEVEL, "run", "./tell.yaml", "--plain"]
    child = forked.spawn(
        sys.executable,
        words,
        server=house.server(),
        env={**house.variables(), "TERM": "xterm-256color"},
        cwd=work,
        encoding="utf-8",
        timeout=HANG,
        dimensions=(40, 120),
    )
    try:
        child.expect_exact("Begin? Type yes:")
        child.send("yes\r")
        child.expect_exact("is heard by ops")
        _answer(child, "run")
        child.expect_exact("| to ops: Hello mara")
        child.expect_exact("[2/2] End it")
        _answer(child, "undo")
        child.expect(r":(?:\x1b\[[0-9;?]*[A-Za-z])* ?")
        child.send("not yet\r")
        child.expect_exact("Take it back")
        _answer(child, "run")
        child.expect_exact("| to all: Never mind")
        child.expect_exact("undone")
        _answer(child, "run")
        child.expect_exact("[2/2] End it")
        _answer(child, "run")
        child.expect(pexpect.EOF)
    finally:
        child.close(force=True)
    (session,) = (work / "home" / "state" / "uplevel" / "sessions").iterdir()
    told = said(house.uplevel("export", session.name, "--format", "md", cwd=work))
    assert "echo to ops: 'Hello mara'" in told
    assert "echo to all: 'Never mind'" in told
    assert "completed" in told


def test_it_is_run_and_taken_back_at_the_wizard(house: House, work: Path) -> None:
    before, result, undo, undone = said(house.run(_AT_THE_WIZARD, cwd=work)).split("\f")
    assert "is heard by ops" in before
    assert "$ echo to ops: 'Hello mara'" in before
    assert "They have heard it." in result
    assert "undo: Take it back" in undo
    assert "↶ undone" in undone
