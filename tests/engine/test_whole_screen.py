"""`screen: full` without a screen: what goes with it, what is noticed, what the supervisor does, what is recorded."""

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.conftest import Drive, Opener, until
from wizard.engine import ScreenLent
from wizard.execution.runner import EndedNotice, ScreenGivenNotice
from wizard.execution.sanitize import WholeScreen
from wizard.execution.supervisor.confine import supported
from wizard.model.procedure import Step
from wizard.record.events import FileState, RunEnded, RunIntent, ScreenWanted
from wizard.record.recovery import file_state
from wizard.session.whole_screen import file_changes


SWITCHES = [b"\x1b[?1049h", b"\x1b[?47h", b"\x1b[?1047h", b"\x1b[?25;1049h", b"\x1b[?1049;25h"]


@pytest.mark.parametrize("switch", SWITCHES)
def test_a_whole_screen_is_noticed_however_the_bytes_are_cut(switch: bytes) -> None:
    output = b"before \x1b[31m" + switch + b"after\n"
    for cut in range(len(output)):
        screen = WholeScreen()
        told = [screen.feed(output[:cut]), screen.feed(output[cut:])]
        assert sum(told) == 1, cut
        assert screen.on
        assert not screen.feed(switch)
        screen.feed(b"\x1b[?1049l")
        assert (screen.on, screen.seen) == (False, True)


@given(st.lists(st.binary(max_size=40) | st.sampled_from([b"\x1b", b"[?", b"47;", b"1049", b"h", b"l"]), max_size=60))
def test_a_whole_screen_is_the_same_in_pieces_and_in_one(pieces: list[bytes]) -> None:
    one, many = WholeScreen(), WholeScreen()
    one.feed(b"".join(pieces))
    for piece in pieces:
        many.feed(piece)
    assert (one.on, one.seen) == (many.on, many.seen)


def test_no_output_makes_the_search_for_it_slow() -> None:
    began = os.times().user
    screen = WholeScreen()
    for _ in range(8):
        screen.feed(b"\x1b[?" + b"47;" * 20_000)
        screen.feed(b"\x1b[?" * 20_000)
    assert os.times().user - began < 2.0
    assert not screen.seen


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"output": "private"}, "output"),
        ({"stdin": "x"}, "stdin"),
        ({"capture": {"x": "(.*)"}}, "capture"),
        ({"expect": {"has": "ok"}}, "expect"),
        ({"expect": {"equals": "ok"}}, "expect"),
        ({"keep": "1MiB"}, "keep"),
        ({"quiet_for": "1m"}, "quiet_for"),
    ],
)
def test_what_wants_a_record_of_a_whole_screen_is_a_fault(more: dict[str, Any], key: str) -> None:
    with pytest.raises(ValidationError, match="screen: full"):
        Step.model_validate({"id": "s", "title": "S", "run": "vi x", "screen": "full", **more})
    assert key in str(Step.model_validate({"id": "s", "title": "S", "run": "vi x", **more}).model_fields_set)


@pytest.mark.parametrize("act", [{"wait": "1m"}, {"by_hand": "Do it"}])
def test_only_a_program_can_have_the_whole_screen(act: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="needs run or shell"):
        Step.model_validate({"id": "s", "title": "S", "screen": "full", **act})
    with pytest.raises(ValidationError, match="belongs to screen: full"):
        Step.model_validate({"id": "s", "title": "S", "run": "ls", "files": "x"})


def test_what_a_file_is_is_told_without_waiting_on_it(tmp_path: Path) -> None:
    (tmp_path / "there").write_bytes(b"")
    os.mkfifo(tmp_path / "pipe")
    assert file_state(str(tmp_path / "there")).startswith("e3b0c442")
    assert file_state(str(tmp_path / "none")) == "absent"
    assert file_state(str(tmp_path / "pipe")) == "unreadable"
    assert file_state(str(tmp_path)) == "unreadable"


def test_what_became_of_a_file_is_said_in_words() -> None:
    before = {"/same": "a" * 64, "/other": "a" * 64, "/new": "absent", "/gone": "a" * 64, "/none": "absent", "/x": "a"}
    after = {"/same": "a" * 64, "/other": "b" * 64, "/new": "b" * 64, "/gone": "absent", "/none": "absent"}
    intent = RunIntent(
        run=1,
        step="s",
        attempt=1,
        words=(),
        executable="",
        executable_sha256="",
        cwd="",
        env=(),
        repeat="never",
        files=tuple(FileState(at=at, sha256=sha256) for at, sha256 in before.items()),
    )
    ended = RunEnded(
        run=1, outcome="ended", files=tuple(FileState(at=at, sha256=sha256) for at, sha256 in after.items())
    )
    assert [line.partition(" (")[0] for line in file_changes(intent, ended)] == [
        "unchanged: /same",
        "changed: /other",
        "changed: /new",
        "changed: /gone",
        "unchanged: /none",
        "not looked at afterwards: /x",
    ]


def test_the_program_has_a_terminal_as_it_should_be_and_its_bytes_come_to_us_alone(desk: Any) -> None:
    script = "stty size; stty -a | tr -s ' ;' '\\n\\n' | grep -x -e opost -e -opost; read -r line; echo got $line"
    following = desk.begin(desk.bash(script, full=True, columns=101, rows=33))
    terminal = following.wait(ScreenGivenNotice).terminal
    assert not os.get_inheritable(terminal)
    seen = bytearray()

    def shows(text: bytes) -> bool:
        try:
            seen.extend(os.read(terminal, 4096))
        except (BlockingIOError, OSError):
            return text in seen
        return text in seen

    until(lambda: shows(b"opost"))
    assert b"33 101\r\n" in seen
    assert b"-opost" not in seen
    os.write(terminal, b"hello\n")
    until(lambda: shows(b"got hello\r\n"))
    ended = following.wait(EndedNotice)
    os.close(terminal)
    assert ended.report.exit == 0
    assert following.output == b"[full screen, not recorded]\n"
    assert ended.report.length == len(following.output)


def test_a_flood_that_nobody_shows_holds_up_nobody_once_the_wizard_is_gone(desk: Any) -> None:
    order = desk.bash("trap 'echo; sleep 0.2; exit 4' HUP; while :; do echo flood; done", full=True, grace=2.0)
    following = desk.begin(order)
    os.close(following.wait(ScreenGivenNotice).terminal)
    desk.runner.close()
    until((order.folder / "exit.json").exists, 15)
    report = (order.folder / "exit.json").read_text()
    assert '"stop_reason": "hang-up"' in report or '"stop_reason":"hang-up"' in report


@pytest.mark.parametrize("switch", ["\\033[?1049h", "\\033[?1"])
def test_a_whole_screen_that_was_not_declared_is_told_once(desk: Any, switch: str) -> None:
    script = f"printf '{switch}'; sleep 0.1; printf '049h and \\033[?1049h'"
    following, _ = desk.run(desk.bash(script))
    wanted = [notice for notice in following.heard if isinstance(notice, ScreenWanted)]
    assert len(wanted) == 1


@pytest.fixture
def on_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine thinks that it sits on a terminal of 90x30."""
    monkeypatch.setattr("wizard.engine.conductor.terminal_size", lambda: (90, 30))


PROCEDURE = """
format: 1
procedure: screen
title: A whole screen
phases:
  - title: Only
    steps:
      - id: open
        title: Open it
        screen: full
        run: {run}
        in: {folder}
        files: [file]
"""


def _lent(drive: Drive) -> ScreenLent:
    message = drive.until(lambda said: isinstance(said, ScreenLent))
    assert isinstance(message, ScreenLent)
    return message


def _read_all(terminal: int) -> bytes:
    seen = bytearray()

    def gone() -> bool:
        try:
            seen.extend(os.read(terminal, 4096))
        except BlockingIOError:
            return False
        except OSError:
            return True
        return False

    until(gone)
    os.close(terminal)
    return bytes(seen)


@pytest.mark.usefixtures("on_terminal")
def test_your_editor_is_the_one_of_the_settings_then_of_the_environment(
    sessions: Opener, tmp_path: Path, own_folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("EDITOR", "head -c 3 'two words'")
    (tmp_path / "two words").write_text("abc")
    (tmp_path / "file").write_text("file")
    drive = sessions.open(PROCEDURE.format(run="editor file", folder=tmp_path))
    drive.ask_and_answer("run", sort="go")
    assert b"abc" in _read_all(_lent(drive).terminal)
    drive.until_finished()
    [intent] = [event for event in drive.events if isinstance(event, RunIntent)]
    assert intent.words == ("head", "-c", "3", "two words", "file")
    assert intent.executable.endswith("/head")
    config = own_folders / "config" / "uplevel"
    config.mkdir(parents=True, exist_ok=True)
    (config / "settings.toml").write_text("editor = 'cat'")
    drive = sessions.open(PROCEDURE.format(run="editor file", folder=tmp_path))
    drive.ask_and_answer("run", sort="go")
    assert _read_all(_lent(drive).terminal) == b"file"


@pytest.mark.usefixtures("on_terminal")
def test_an_editor_that_cannot_be_started_is_said(
    sessions: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", "vi 'x")
    drive = sessions.open(PROCEDURE.format(run="editor file", folder=tmp_path))
    drive.ask_and_answer("run", sort="go")
    drive.until_asked()
    [ended] = [event for event in drive.events if isinstance(event, RunEnded)]
    assert ended.outcome == "not started"
    assert "editor" in ended.problem


def test_without_a_terminal_nothing_starts_and_the_session_pauses(
    sessions: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wizard.engine.conductor.terminal_size", lambda: None)
    drive = sessions.open(PROCEDURE.format(run="cat file", folder=tmp_path))
    drive.ask_and_answer("run", sort="go")
    finished = drive.until_finished()
    assert finished.code == 3
    assert "needs a whole terminal" in finished.sentence
    assert "run.intent" not in drive.kinds()


def test_a_rehearsal_that_plays_by_itself_opens_nothing(sessions: Opener, tmp_path: Path) -> None:
    text = PROCEDURE.format(run="vim file", folder=tmp_path).replace(f"        in: {tmp_path}\n", "")
    drive = sessions.open(text, "rehearsal", auto=True, speed=500.0)
    assert drive.until_finished().code == 0
    assert "run.intent" not in drive.kinds()


@pytest.mark.skipif(not supported(), reason="the kernel has no Landlock")
@pytest.mark.usefixtures("on_terminal")
def test_a_program_of_a_rehearsal_writes_in_the_sandbox_alone(sessions: Opener, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    text = PROCEDURE.format(run=f"tee {outside} file", folder=tmp_path).replace(f"        in: {tmp_path}\n", "")
    drive = sessions.open(text, "rehearsal")
    drive.ask_and_answer("run", sort="go")
    terminal = _lent(drive).terminal
    os.write(terminal, b"typed\n\x04")
    assert b"typed" in _read_all(terminal)
    drive.until(lambda _: any(isinstance(event, RunEnded) for event in drive.events))
    [ended] = [event for event in drive.events if isinstance(event, RunEnded)]
    assert not outside.exists()
    [file] = ended.files
    assert file.at.startswith(str(drive.engine.folder))
    assert file.sha256 == hashlib.sha256(b"typed\n").hexdigest()


def test_a_command_is_never_told_of_less_than_eighty_columns(sessions: Opener) -> None:
    from wizard.engine import ResizePane

    text = """
format: 1
procedure: size
title: Size
phases: [{title: Only, steps: [{id: a, title: A, run: stty size}, {id: b, title: B, run: stty size}]}]
"""
    drive = sessions.open(text)
    drive.until_asked("go")
    drive.engine.submit(ResizePane(40, 17))
    drive.answer("run")
    drive.ask_and_answer("run", sort="go")
    drive.until_finished()
    outputs = [drive.engine.output(run).file.path.read_bytes() for run in (1, 2)]
    assert outputs == [b"17 80\n", b"17 80\n"]


def test_an_undeclared_whole_screen_stands_in_the_record_once(sessions: Opener) -> None:
    text = """
format: 1
procedure: size
title: Size
phases: [{title: Only, steps: [{id: a, title: A, shell: 'printf "\\033[?1049hx\\033[?1049l\\033[?1049h"'}]}]
"""
    drive = sessions.open(text)
    drive.ask_and_answer("run", sort="go")
    drive.until_finished()
    assert [event.run for event in drive.events if isinstance(event, ScreenWanted)] == [1]


@pytest.mark.usefixtures("on_terminal")
def test_who_leaves_a_whole_screen_is_not_told_that_its_program_goes_on(sessions: Opener, tmp_path: Path) -> None:
    drive = sessions.open(PROCEDURE.format(run="sleep 60", folder=tmp_path))
    drive.ask_and_answer("run", sort="go")
    os.close(_lent(drive).terminal)
    drive.leave()
    sentence = drive.until_finished().sentence
    assert "The program that had the whole screen is hung up" in sentence
    assert "goes on without uplevel" not in sentence
    until((drive.engine.folder / "runs" / "0001" / "exit.json").exists)
    again = sessions.resume(drive.engine.session)
    again.until_asked_or_finished()
    ended = again.state.runs[1].ended
    assert ended is not None
    assert "hung up" in ended.problem
