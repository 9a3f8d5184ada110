"""A format is a distribution of its own: installed beside a copy of the house, which nobody edits, it is there."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.copied import House, house_copied
from tests.house.installed import Distribution, venv_with


_TOY = '''\
"""A transcript as a toy."""

from wizard.formats import Transcript


def render(transcript: Transcript) -> bytes:
    """A line for the session and one for each step."""
    lines = [f"{transcript.session['title']}: {transcript.session['outcome']}"]
    lines += [f"{step.number}. {step.title}: {step.state}, {len(step.runs)} run" for step in transcript.steps]
    return "\\n".join(["toy", *lines, transcript.integrity.verdict, ""]).encode("utf-16")


def trip(transcript: Transcript) -> str:
    """Fails over whatever it is given."""
    del transcript
    raise LookupError("no wheel at all")


NUMBER = 7
'''

_PROCEDURE = """\
format: 1
procedure: tell
title: Tell them
phases: [{title: Only, steps: [{id: one, title: Say it, run: 'true'}, {id: two, title: Say more, run: 'true'}]}]
"""
_TOLD = "toy\nTell them: completed\n1. Say it: done, 1 run\n2. Say more: done, 1 run\nREHEARSAL VERIFIED-UNSIGNED\n"

_REFUSED = {
    "tyo": "There is no format tyo.\nDid you mean toy? There are broken, json, md, number, toy, trips, twice.",
    "broken": "The format broken cannot be loaded: ModuleNotFoundError: No module named 'no_such_module'",
    "trips": "The format trips failed: LookupError: no wheel at all",
    "number": "The format number is no function of a transcript.",
    "twice": "Several distributions bring a format twice: broken-format, toy-format.",
}

_ON_THE_SCREEN = """
import asyncio, sys
from pathlib import Path
from screens.app import UplevelApp
from screens.shared import guard
from screens.transcript.screen import TranscriptScreen
from tests.ui.conftest import Desk
from wizard.archive.sessions import find_session

guard.SETTLING = guard.BURST = guard.OPENING = 0.0


class Transcripts(UplevelApp):
    def first_screen(self):
        return TranscriptScreen(find_session(sys.argv[1]))


async def main():
    async with Transcripts().run_test(size=(120, 40)) as pilot:
        it = Desk(pilot)
        await it.until(lambda: "Summary" in it.text())
        for name, said in (
            ("a.toy", "Saved"), ("a.json", "Saved"), ("a.txt", "Saved"), ("a.broken", "cannot be loaded")
        ):
            await it.press("s")
            await it.until(lambda: "broken, json, md, number, toy, trips, twice" in it.text())
            await it.press("ctrl+u")
            await it.type(name)
            await it.press("enter")
            await it.until(lambda: said in it.text().splitlines()[-2] or said in it.text().splitlines()[-3])


asyncio.run(main())
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a venv with the toy, with others that are broken, and with one that has the name of another."""
    group = "uplevel.formats"
    here = "toy_format"
    brought = {"toy": f"{here}:render", "trips": f"{here}:trip", "number": f"{here}:NUMBER", "twice": f"{here}:render"}
    toy = Distribution("toy-format", {f"{here}.py": _TOY}, {group: brought})
    broken = {"broken": "broken_format:render", "twice": "broken_format:render"}
    bad = Distribution("broken-format", {"broken_format.py": "import no_such_module\n"}, {group: broken})
    return venv_with(tmp_path_factory.mktemp("installed"), toy, bad)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, python: Path) -> Iterator[House]:
    """A copy of the house as it is, with that Python."""
    with house_copied(tmp_path_factory.mktemp("house"), python) as copy:
        yield copy


@pytest.fixture
def session(house: House, tmp_path: Path) -> str:
    """A session that was rehearsed."""
    (tmp_path / "tell.yaml").write_text(_PROCEDURE, "utf-8")
    words = ("rehearse", "./tell.yaml", "--auto", "--plain", "--speed", "100000")
    done = house.uplevel(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    (folder,) = (tmp_path / "home" / "state" / "uplevel" / "sessions").iterdir()
    return folder.name


def test_a_session_is_exported_in_it(house: House, session: str, tmp_path: Path) -> None:
    words = ("export", session, "--format", "toy", "-o", "told.toy")
    done = house.uplevel(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "told.toy").read_bytes().decode("utf-16") == _TOLD
    ours = house.uplevel("export", session, "--format", "md", cwd=tmp_path)
    assert "# REHEARSAL · Tell them" in ours.stdout


def test_one_that_cannot_be_used_is_named_in_a_sentence(house: House, session: str, tmp_path: Path) -> None:
    for name, told in _REFUSED.items():
        done = house.uplevel("export", session, "--format", name, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert told in done.stderr
        assert "Traceback" not in done.stderr


def test_the_page_of_a_transcript_saves_it_by_the_end_of_the_name(house: House, session: str, tmp_path: Path) -> None:
    done = house.run(_ON_THE_SCREEN, session, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "a.toy").read_bytes().decode("utf-16") == _TOLD
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))["session"]["title"] == "Tell them"
    assert (tmp_path / "a.txt").read_text("utf-8").startswith("# REHEARSAL · Tell them")
    assert not (tmp_path / "a.broken").exists()
