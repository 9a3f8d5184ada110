"""Looking on at a session in the wizard: all is seen as it happens, nothing can be decided, nothing is written."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from screens.app import UplevelApp
from screens.run.observe import READ_ONLY, ObserveScreen
from tests.conftest import Opener
from tests.two_operators import lay, procedure
from wizard.engine.messages import AddNote, Detach, HandOver, ResizePane, StopCommand, TypeKeys
from wizard.engine.session_observer import SessionObserver
from wizard.record.locks import is_held
from wizard.session import Answer


if TYPE_CHECKING:
    from tests.ui.conftest import Desk


pytestmark = pytest.mark.usefixtures("at_once")

SIZES = pytest.mark.parametrize(
    "size", [(80, 24), (100, 30), (120, 40), (160, 50)], ids=lambda size: f"{size[0]}x{size[1]}"
)


def _tree(folder: Path) -> dict[str, tuple[int, str]]:
    """Every file and folder, when it was changed, and what is in it."""
    found = {}
    for path in (folder, *sorted(folder.rglob("*"))):
        data = path.read_bytes() if path.is_file() else b""
        found[str(path)] = (path.lstat().st_mtime_ns, hashlib.sha256(data).hexdigest())
    return found


@SIZES
async def test_questions_commands_output_and_the_end_are_seen_as_they_happen(
    sessions: Opener, tmp_path: Path, desk: "type[Desk]", size: tuple[int, int]
) -> None:
    text = procedure("one", slow=True).replace('touch "$folder/begun"', 'echo hear this; touch "$folder/begun"')
    first = sessions.open(text, values=lay(tmp_path))
    first.until_asked("go")
    async with UplevelApp(observed=SessionObserver(first.engine.folder)).run_test(size=size) as pilot:
        it = desk(pilot)
        await it.until(lambda: "Change it with one" in it.text())
        assert "OBSERVING LIVE" in it.text().splitlines()[0]
        assert READ_ONLY in it.text().splitlines()[-1]
        assert "F7 stop observing" in it.text().splitlines()[-1]
        assert "note" not in it.text().splitlines()[-1]
        assert "mark, Enter takes" not in it.text()
        await it.until(lambda: "touch" in it.text() or "begun" in it.text())  # the command to come is seen
        first.answer("run")
        await it.until(lambda: "hear this" in it.text() and "● running" in it.text())
        (tmp_path / "go").touch()
        first.ask_and_answer("stop", "enough", sort="go")
        first.until_finished()
        await it.until(lambda: "The session was stopped" in it.text())
        await it.until(lambda: "Enter: leave" in it.text().splitlines()[-1])
        await it.press("enter")
        await it.until(lambda: it.app.return_value is not None)
    assert it.app.return_value is not None
    assert (it.app.return_value.code, it.app.return_value.sentence) == (0, "The session was stopped.")


async def test_a_command_that_runs_already_takes_no_more_rows_than_its_lines(
    sessions: Opener, tmp_path: Path, desk: "type[Desk]"
) -> None:
    first = sessions.open(procedure("one", slow=True), values=lay(tmp_path))
    first.until_asked("go")
    first.answer("run")
    first.until(lambda _: bool(first.state.runs) and first.state.runs[1].started is not None)
    async with UplevelApp(observed=SessionObserver(first.engine.folder)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.until(lambda: "● running" in it.text() and "─ output" in it.text())
        await it.until(lambda: it.text().splitlines()[3].endswith("─ output ─"))
        (tmp_path / "go").touch()
        first.until_asked("go")


async def test_every_key_that_would_decide_says_so_and_nothing_is_written_or_held(
    sessions: Opener, tmp_path: Path, desk: "type[Desk]"
) -> None:
    first = sessions.open(procedure("one"), values=lay(tmp_path))
    first.until_asked("go")
    before = _tree(first.engine.folder)
    async with UplevelApp(observed=SessionObserver(first.engine.folder)).run_test(size=(120, 40)) as pilot:
        it = desk(pilot)
        await it.until(lambda: "Change it with one" in it.text())
        screen = it.app.screen
        assert isinstance(screen, ObserveScreen)
        deciding = [key for key in screen.all_keys() if key.answers and key.id != "leave"]
        for key in deciding + [key for key in screen.all_keys() if key.id in {"enter", "number", "note", "evidence"}]:
            screen.say("")
            await it.press(key.keys[0])
            assert READ_ONLY in it.said("#notice"), key
        for key_id in ("hand-over", "stop-command", "keyboard"):
            screen.say("")
            await it.press({"hand-over": "ctrl+o", "stop-command": "f8", "keyboard": "tab"}[key_id])
            assert READ_ONLY in it.said("#notice"), key_id
        titles = [command.title for command in it.app.get_system_commands(screen)]
        assert not any("note" in title or "undo" in title for title in titles)
        assert it.app.screen is screen
        assert _tree(first.engine.folder) == before
        await it.press("f7")
        await it.until(lambda: it.app.return_value is not None)
    assert it.app.return_value is not None
    assert f"`uplevel observe {first.engine.session}` looks on again." in it.app.return_value.sentence
    assert _tree(first.engine.folder) == before
    assert is_held(first.engine.folder)
    first.answer("skip", "nobody waits for it")  # whoever is at the session was not disturbed
    first.until_asked("go")


def test_whatever_is_submitted_nothing_is_done(sessions: Opener, tmp_path: Path) -> None:
    first = sessions.open(procedure("one"), values=lay(tmp_path))
    asked = first.until_asked("go")
    before = _tree(first.engine.folder)
    told: list[object] = []
    looking = SessionObserver(first.engine.folder)
    looking.start(told.append)
    for wish in (
        *(Answer(asked.question, "run"), TypeKeys(b"x"), ResizePane(80, 24), StopCommand(), AddNote("x")),
        HandOver("x"),
    ):
        looking.submit(wish)
    assert not looking.join(0.3)
    looking.submit(Detach("enough"))
    assert looking.join(10)
    assert _tree(first.engine.folder) == before


async def test_the_wizard_that_is_gone_and_comes_back_is_told(
    sessions: Opener, tmp_path: Path, desk: "type[Desk]"
) -> None:
    first = sessions.open(procedure("one"), values=lay(tmp_path))
    first.until_asked("go")
    async with UplevelApp(observed=SessionObserver(first.engine.folder)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.until(lambda: "Change it with one" in it.text())
        first.leave()
        await it.until(lambda: "Nobody is at the session." in it.text())
        again = sessions.resume(first.engine.session)
        await it.until(lambda: "Somebody is at the session again." in it.text())
        again.until_asked("go")


async def test_a_record_that_goes_on_wrongly_is_not_looked_at_any_further(
    sessions: Opener, tmp_path: Path, desk: "type[Desk]"
) -> None:
    first = sessions.open(procedure("one"), values=lay(tmp_path))
    first.until_asked("go")
    async with UplevelApp(observed=SessionObserver(first.engine.folder)).run_test(size=(80, 24)) as pilot:
        it = desk(pilot)
        await it.until(lambda: "Change it with one" in it.text())
        first.leave()
        journal = first.engine.folder / "journal.jsonl"
        lines = journal.read_bytes().splitlines(keepends=True)
        with journal.open("ab") as file:
            file.write(lines[2])
        await it.until(lambda: "does not continue as it began" in " ".join(it.text().split()))
        await it.press("enter")
        await it.until(lambda: it.app.return_value is not None)
    assert it.app.return_value is not None
    assert it.app.return_value.code == 5
