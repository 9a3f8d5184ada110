"""A new kind of check is one file and one line: put into a copy of the house, it is there everywhere."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.copied import House, house_copied, put_behind


_TOY = '''\
"""`begins`: how an answer begins."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator

from wizard.checks.answer import first_line
from wizard.checks.assertion import Assertion, AssertionContext, JudgedAnswer
from wizard.fields.templates import parse_template, render


def _something(text: str | None) -> str | None:
    if text == "":
        raise ValueError("Every answer begins with nothing; say what it begins with.")
    return text


class Begins(Assertion[str]):
    """What stdout must begin with."""

    KEY = "begins"
    TYPE = Annotated[str | None, AfterValidator(_something)]

    def unmet(self, judged: JudgedAnswer) -> Iterator[str]:
        wanted = render(parse_template(self.wanted), judged.values)
        if not judged.answer.stdout.startswith(wanted):
            yield f"The answer begins with {first_line(judged.answer.stdout)}, not with {wanted}."

    def told(self, context: AssertionContext) -> Iterator[str]:
        yield f"an answer that begins with {render(parse_template(self.wanted), context.values)}"

    def proof(self, judged: JudgedAnswer) -> Iterator[str]:
        yield first_line(judged.answer.stdout)
'''

_PROCEDURE = """\
format: 1
procedure: greet
title: Greet them
parameters: {who: {default: mara}}
phases:
  - title: Only
    steps:
      - id: greet
        title: Greet
        run: echo Hello ${who}
        repeat: safe
        expect: {begins: 'Hello ${who}'}
        after: [{run: 'echo greeted ${who}', begins: 'greeted ${who}'}]
        undo: {run: echo bye, after: [{run: echo nobody is left, begins: nobody}]}
      - {id: end, title: End it, run: echo end, after: [{run: echo all is over, begins: %s}]}
"""

_WRONG = """\
format: 1
procedure: wrong
title: Wrong
phases:
  - title: Only
    steps:
      - id: greet
        title: Greet
        run: echo hello
        after:
          - {run: echo hello, begins: ''}
          - {run: echo hello, begin: x}
          - {run: echo hello, begins: '${whom}'}
          - {run: echo hello, exit: 1}
"""

_AT_THE_WIZARD = """
import asyncio, sys
from screens.app import UplevelApp
from screens.shared import guard
from tests.ui.conftest import Desk
from wizard.engine import Request, prepare

guard.SETTLING = guard.BURST = guard.OPENING = 0.0


async def main():
    app = UplevelApp(preparation=prepare(Request("./bad.yaml", "rehearsal")))
    async with app.run_test(size=(140, 50)) as pilot:
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
        await it.take("r")
        await it.kind("result")
        said.append(it.text())
        await it.press("enter")
        await it.question("go")
        await it.take("r")
        await it.kind("result")
        await it.press("enter")
        await it.question("go")
        await it.take("r")
        await it.question("failed")
        said.append(it.text())
    sys.stdout.write("\\f".join(said))


asyncio.run(main())
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A copy of the house, with one file and one line more."""
    with house_copied(tmp_path_factory.mktemp("house")) as copy:
        (copy.folder / "wizard" / "checks" / "toy.py").write_text(_TOY)
        registry = copy.folder / "wizard" / "checks" / "kinds.py"
        put_behind(registry, '    "wizard.checks.capture:CaptureGroup",', '    "wizard.checks.toy:Begins",')
        yield copy


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with procedures that use the new kind."""
    (tmp_path / "good.yaml").write_text(_PROCEDURE % "all is")
    (tmp_path / "bad.yaml").write_text(_PROCEDURE % "nothing is")
    (tmp_path / "wrong.yaml").write_text(_WRONG)
    return tmp_path


def test_a_wrong_use_is_told_with_its_place(house: House, desk: Path) -> None:
    done = house.uplevel("lint", "wrong.yaml", cwd=desk)
    assert done.returncode == 2
    said = done.stdout + done.stderr
    assert "wrong.yaml:11:31: Every answer begins with nothing; say what it begins with.\n" in said
    assert "wrong.yaml:12:31: begin is no key that belongs here. Did you mean begins?\n" in said
    assert "wrong.yaml:13:40: Nothing gives ${whom} a value." in said
    assert "wrong.yaml:14:13: A check that expects exit 1 must also name the text it expects, by " in said
    assert "json, capture or begins: " in said
    assert house.uplevel("lint", "good.yaml", cwd=desk).returncode == 0


def test_it_is_shown_rehearsed_and_exported(house: House, desk: Path) -> None:
    shown = house.uplevel("show", "./good.yaml", "-p", "who=ann", cwd=desk)
    assert "wanted  an answer that begins with greeted ann" in shown.stdout
    played = house.uplevel("rehearse", "./good.yaml", "--auto", "--speed", "500", "--plain", cwd=desk)
    assert played.returncode == 0, played.stdout + played.stderr
    assert "yes   greeted mara   wanted an answer that begins with greeted mara" in played.stdout
    session = house.uplevel("sessions", cwd=desk).stdout.split()[0]
    page = house.uplevel("export", session, "--format", "md", cwd=desk).stdout
    assert "an answer that begins with Hello mara" in page
    assert "an answer that begins with greeted mara" in page


def test_a_no_is_told_by_its_own_sentence(house: House, desk: Path) -> None:
    played = house.uplevel("rehearse", "./bad.yaml", "--auto", "--speed", "500", "--plain", cwd=desk)
    assert played.returncode == 1
    assert "The answer begins with all is over, not with nothing is." in played.stdout


def test_the_wizard_tells_and_judges_it_before_and_behind_a_step_and_its_undo(house: House, desk: Path) -> None:
    done = house.run(_AT_THE_WIZARD, cwd=desk)
    assert done.returncode == 0, done.stdout + done.stderr
    asked, proven, undone, failed = (" ".join(text.split()) for text in done.stdout.split("\f"))
    assert "an answer that begins with greeted mara" in asked
    assert "greeted mara" in proven
    assert "nobody is left" in undone
    assert "wanted an answer that begins with nothing is" in failed
    assert "with all is over, not with nothing is." in failed


def test_the_schema_knows_it_and_the_linters_have_nothing_to_say(house: House) -> None:
    made = house.run("from wizard.model.lint.schema import schema_text as s; print(s())", cwd=house.folder)
    key = json.loads(made.stdout)["$defs"]["Check"]["properties"]["begins"]
    assert key["description"] == "What stdout must begin with."
    for command in (["check"], ["format", "--check"]):
        ruff = [str(Path(sys.executable).with_name("ruff")), *command, "wizard/checks/toy.py", "wizard/checks/kinds.py"]
        done = subprocess.run(ruff, cwd=house.folder, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
