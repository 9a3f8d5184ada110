"""Two sessions want one target: one holds it, the other is told; taken over, handed over, and always written down."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import until
from tests.two_operators import Wizard, journal_of, lay, procedure, records_of
from wizard.archive.sessions import list_sessions
from wizard.engine.messages import HandOver, ObserveOther
from wizard.errors import ExitCode
from wizard.formats import build
from wizard.formats.markdown import render_markdown
from wizard.places import config_dir
from wizard.record.events import Asked, RunEnded, RunStarted, StepBegan, TargetBusy, TargetHeld
from wizard.record.journal import verify


if TYPE_CHECKING:
    from tests.conftest import Drive, Opener


Start = Callable[..., Wizard]


@pytest.fixture
def wizards() -> Iterator[Start]:
    """Starts sessions in processes of their own, and ends them."""
    begun: list[Wizard] = []

    def start(*given: object, **more: object) -> Wizard:
        begun.append(Wizard(*given, **more))  # type: ignore[arg-type]
        return begun[-1]

    yield start
    for each in begun:
        each.end()


def asked(drive: "Drive", sort: str) -> Asked:
    return drive.until_asked(sort)


def test_the_second_comer_is_told_who_holds_the_target_and_begins_nothing(sessions: "Opener", tmp_path: Path) -> None:
    values = lay(tmp_path)
    first = sessions.open(procedure("one"), values=values)
    first.until_asked("go")
    second = sessions.open(procedure("two"), values=values)
    text = asked(second, "busy").text
    for word in (first.engine.session, "Procedure one", "Change it with one", "org dm", "uplevel observe"):
        assert word in text
    assert [option.id for option in asked(second, "busy").options] == ["again", "observe", "take-over", "pause", "stop"]
    assert not any(isinstance(event, StepBegan | TargetHeld) for event in second.events)
    second.answer("again")
    second.until_asked("busy")
    first.leave()
    second.answer("again")
    text = asked(second, "unfinished").text
    assert first.engine.session in text
    assert "paused at step 1 of 2" in text


def test_looking_on_answers_nothing_and_is_recorded_nowhere(sessions: "Opener", tmp_path: Path) -> None:
    values = lay(tmp_path)
    first = sessions.open(procedure("one"), values=values)
    first.until_asked("go")
    second = sessions.open(procedure("two"), values=values)
    question = asked(second, "busy")
    records = (second.engine.folder / "journal.jsonl").read_bytes()
    second.answer("observe")
    told = second.until(lambda message: isinstance(message, ObserveOther))
    assert told == ObserveOther(first.engine.folder)
    assert (second.engine.folder / "journal.jsonl").read_bytes() == records
    assert second.engine.state.question == question
    second.answer("again")
    second.until_asked("busy")


def test_another_target_another_lock_and_a_rehearsal_holds_none(sessions: "Opener", tmp_path: Path) -> None:
    first = sessions.open(procedure("one"), values=lay(tmp_path))
    first.until_asked("go")
    other = tmp_path / "other"
    other.mkdir()
    second = sessions.open(procedure("two"), values=lay(other, org="elsewhere"))
    second.until_asked("go")
    assert not any(isinstance(event, TargetBusy) for event in second.events)
    played = sessions.open(procedure("two"), mode="rehearsal", values=lay(tmp_path))
    played.until_asked()
    assert not any(isinstance(event, TargetBusy | TargetHeld) for event in played.events)


def test_without_a_target_it_is_the_procedure_and_its_parameters(sessions: "Opener", tmp_path: Path) -> None:
    text = procedure("one")
    text = text[: text.index("target:")] + text[text.index("phases:") :]
    first = sessions.open(text, values=lay(tmp_path))
    first.until_asked("go")
    asked(sessions.open(text, values=lay(tmp_path)), "busy")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    sessions.open(text, values=lay(elsewhere)).until_asked("go")


def test_the_account_is_no_part_of_the_lock(sessions: "Opener", tmp_path: Path) -> None:
    values = lay(tmp_path)
    as_mara, as_jon = (
        procedure(name).replace("phases:", f"who: {{account: {{run: 'echo {who}'}}}}\nphases:")
        for name, who in (("one", "mara"), ("two", "jon"))
    )
    sessions.open(as_mara, values=values).until_asked("go")
    asked(sessions.open(as_jon, values=values), "busy")


def test_a_killed_holder_is_no_longer_in_the_way_but_is_told_about(
    sessions: "Opener", wizards: Start, tmp_path: Path
) -> None:
    values = lay(tmp_path)
    first = wizards(procedure("one"), values)
    first.until("asked go")
    first.end()
    second = sessions.open(procedure("two"), values=values)
    text = asked(second, "unfinished").text
    assert "killed" in text
    second.answer("beside", "one is for the morning")
    second.ask_and_answer("run", sort="go")
    second.until_asked("go")
    assert second.state.deviations[0].what.startswith("begun beside the unfinished session")
    assert second.state.deviations[0].reason == "one is for the morning"


def test_an_unfinished_session_is_closed_from_the_next_one_with_a_reason_in_both_records(
    sessions: "Opener", tmp_path: Path
) -> None:
    values = lay(tmp_path)
    first = sessions.open(procedure("one"), values=values)
    first.until_asked("go")
    first.leave()
    second = sessions.open(procedure("two"), values=values)
    second.ask_and_answer("close-other", "never needed", sort="unfinished")
    second.until_asked("go")
    closed = records_of(first.engine.session, "session.closed")
    assert "never needed" in closed[0]["reason"]
    assert second.engine.session in closed[0]["reason"]
    assert records_of(second.engine.session, "other.closed")[0]["problem"] == ""
    assert {each.id: each.state for each in list_sessions()}[first.engine.session] == "stopped"
    assert verify(first.engine.folder).exit_code == ExitCode.COMPLETED


def test_going_on_with_the_unfinished_session_closes_the_new_one(sessions: "Opener", tmp_path: Path) -> None:
    values = lay(tmp_path)
    first = sessions.open(procedure("one"), values=values)
    first.until_asked("go")
    first.leave()
    second = sessions.open(procedure("two"), values=values)
    second.ask_and_answer("go-on", sort="unfinished")
    assert f"uplevel resume {first.engine.session}" in second.until_finished().sentence
    assert second.state.closed == "stopped"
    again = sessions.resume(first.engine.session)
    assert again.until_asked().question_kind == "go"


def test_a_command_that_runs_on_keeps_the_target_after_its_wizard_was_killed(
    sessions: "Opener", wizards: Start, tmp_path: Path
) -> None:
    values = lay(tmp_path)
    first = wizards(procedure("one", slow=True), values, {"go": ("run",)})
    until((tmp_path / "begun").exists)
    first.end()
    second = sessions.open(procedure("two"), values=values)
    text = asked(second, "busy").text
    assert "still runs" in text
    second.answer("take-over", "it is mine")
    second.until(lambda message: "still runs" in str(getattr(message, "text", "")))
    (tmp_path / "go").touch()
    asked(second, "unfinished")
    outcome = records_of(second.engine.session, "take-over.ended")[0]["outcome"]
    assert outcome == "free"


def test_who_resumes_holds_the_target_beside_their_own_running_command(
    sessions: "Opener", wizards: Start, tmp_path: Path
) -> None:
    values = lay(tmp_path)
    first = wizards(procedure("one", slow=True), values, {"go": ("run",)})
    until((tmp_path / "begun").exists)
    first.end()
    again = sessions.resume(first.session)
    again.until(lambda message: getattr(getattr(message, "happened", None), "event", None).__class__ is TargetHeld)
    (tmp_path / "go").touch()
    again.until_asked("go")  # the next step: the command ended in between, and the target is still ours
    assert any(isinstance(event, RunEnded) for event in again.events)
    asked(sessions.open(procedure("two"), values=values), "busy")


def test_a_take_over_is_asked_given_and_stands_in_both_records(
    sessions: "Opener", wizards: Start, tmp_path: Path
) -> None:
    values = lay(tmp_path)
    first = wizards(procedure("one"), values, {"take over": ("give",)})
    first.until("asked go")
    second = sessions.open(procedure("two"), values=values)
    second.ask_and_answer("take-over", "the site is down", sort="busy")
    text = asked(second, "unfinished").text
    assert first.session in text
    assert "The target went to" in first.until("finished")
    second.answer("beside", "the site is down")
    second.until_asked("go")
    assert records_of(first.session, "take-over.wanted")[0]["reason"] == "the site is down"
    taken = records_of(first.session, "session.taken-over")[0]
    assert taken["how"] == "given"
    assert taken["by"]["session"] == second.engine.session
    assert records_of(second.engine.session, "take-over.asked")[0]["holder"]["session"] == first.session
    assert records_of(second.engine.session, "take-over.ended")[0]["outcome"] == "given"
    assert "took over the target from" in second.state.deviations[0].what
    second.leave()
    told = render_markdown(build(second.engine.folder))
    assert "took over the target from" in told
    assert "begun beside the unfinished session" in told
    second = sessions.resume(second.engine.session)
    second.until_asked("go")
    back = sessions.resume(first.session)
    assert asked(back, "busy").text
    assert any("went to" in each.what for each in back.state.deviations)


def test_who_is_asked_may_keep_it_and_says_why(sessions: "Opener", wizards: Start, tmp_path: Path) -> None:
    values = lay(tmp_path)
    first = wizards(procedure("one"), values, {"take over": ("refuse", "half way through")})
    first.until("asked go")
    second = sessions.open(procedure("two"), values=values)
    second.ask_and_answer("take-over", "the site is down", sort="busy")
    assert "half way through" in asked(second, "busy").text
    assert first.until("asked go")  # what was asked before is asked again
    assert records_of(second.engine.session, "take-over.ended")[0] == {"outcome": "kept", "why": "half way through"}


def test_a_take_over_waits_for_the_command_that_runs_and_says_so(
    sessions: "Opener", wizards: Start, tmp_path: Path
) -> None:
    values = lay(tmp_path)
    first = wizards(procedure("one", slow=True), values, {"go": ("run",), "take over": ("give",)})
    until((tmp_path / "begun").exists)
    second = sessions.open(procedure("two"), values=values)
    second.ask_and_answer("take-over", "the site is down", sort="busy")
    second.until(lambda message: "runs there" in str(getattr(message, "text", "")))
    assert not records_of(first.session, "session.taken-over")
    (tmp_path / "go").touch()
    asked(second, "unfinished")
    kinds = [record["kind"] for record in journal_of(first.session)]
    assert kinds.index("run.ended") < kinds.index("session.taken-over")


@pytest.mark.parametrize("stopped", [False, True], ids=["nobody answers", "the process hangs"])
def test_a_silent_wizard_of_the_same_user_is_ended_and_both_records_say_so(
    sessions: "Opener", wizards: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, stopped: bool
) -> None:
    monkeypatch.setattr("wizard.engine.target_coordinator.PATIENCE", 0.5)
    values = lay(tmp_path)
    first = wizards(procedure("one"), values)
    first.until("asked go")
    if stopped:
        first.process.send_signal(signal.SIGSTOP)
    second = sessions.open(procedure("two"), values=values)
    second.ask_and_answer("take-over", "they went home", sort="busy")
    asked(second, "unfinished")
    assert first.process.wait(10) in {-signal.SIGTERM, -signal.SIGKILL}
    assert records_of(second.engine.session, "take-over.ended")[0]["outcome"] == "ended"
    assert "without an answer" in second.state.deviations[0].what
    taken = records_of(first.session, "session.taken-over")[0]
    assert (taken["how"], taken["reason"]) == ("ended", "they went home")


def test_whoever_leaves_while_the_other_wizard_is_ended_leaves_no_gap_in_the_records(
    sessions: "Opener", wizards: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wizard.engine.target_coordinator.PATIENCE", 0.3)
    values = lay(tmp_path)
    first = wizards(procedure("one"), values)
    first.until("asked go")
    first.process.send_signal(signal.SIGSTOP)  # so that ending it takes as long as it may
    second = sessions.open(procedure("two"), values=values)
    second.ask_and_answer("take-over", "they went home", sort="busy")
    second.until(lambda message: "is ended" in str(getattr(message, "text", "")))
    second.leave()
    assert first.process.wait(10) == -signal.SIGKILL
    assert records_of(second.engine.session, "take-over.ended")[0]["outcome"] == "ended"
    assert records_of(first.session, "session.taken-over")[0]["how"] == "ended"
    again = sessions.resume(second.engine.session)
    asked(again, "unfinished")
    assert "without an answer" in again.state.deviations[0].what


def test_what_is_written_elsewhere_holds_no_secret_of_the_one_who_writes(
    sessions: "Opener", wizards: Start, tmp_path: Path
) -> None:
    """The other record, and another user's screen, know nothing of this session's secrets."""
    values = lay(tmp_path)
    first = wizards(procedure("one"), values, {"take over": ("refuse", "not now")})
    first.until("asked go")
    text = procedure("two").replace("parameters:", "parameters:\n  token: {secret: yes, any: yes}")
    second = sessions.open(text, values=values, secrets={"token": "hunter2-of-mara"})
    second.until_asked("busy")
    second.answer("take-over", "the token is hunter2-of-mara")
    second.until_asked("busy")
    assert "[redacted:token]" in records_of(first.session, "take-over.wanted")[0]["reason"]
    first.end()
    second.answer("again")
    second.ask_and_answer("close-other", "never used hunter2-of-mara", sort="unfinished")
    second.until_asked("go")
    assert "[redacted:token]" in records_of(first.session, "session.closed")[0]["reason"]


def test_nobody_is_ended_whom_the_sessions_own_folder_does_not_name(
    sessions: "Opener", wizards: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock in a shared folder may say anything; it cannot have a process of ours ended."""
    monkeypatch.setattr("wizard.engine.target_coordinator.PATIENCE", 0.3)
    values = lay(tmp_path)
    first = wizards(procedure("one"), values)
    first.until("asked go")
    second = sessions.open(procedure("two"), values=values)
    second.until_asked("busy")
    lock = next((Path(os.environ["XDG_STATE_HOME"]) / "uplevel" / "locks").glob("*.lock"))
    said = json.loads(lock.read_bytes())
    said["holder"]["pid"], said["holder"]["start"] = os.getpid(), None
    from wizard.clock import process_start

    said["holder"]["start"] = process_start(os.getpid())
    with lock.open("r+b") as file:
        file.write(json.dumps(said).encode().ljust(4096))
    second.answer("take-over", "mine")
    assert "nobody was ended" in asked(second, "busy").text
    assert first.process.poll() is None


def test_a_hand_over_leaves_a_note_and_whoever_accepts_is_a_new_person(sessions: "Opener", tmp_path: Path) -> None:
    values = lay(tmp_path)
    first = sessions.open(procedure("one"), values=values)
    first.until_asked("go")
    first.engine.submit(HandOver(" "))
    first.until(lambda message: "needs a note" in str(getattr(message, "sentence", "")))
    first.engine.submit(HandOver("The plan is copied. Names are next."))
    first.until_finished()
    second = sessions.open(procedure("two"), values=values)
    asked(second, "unfinished")
    second.leave()
    again = sessions.resume(first.engine.session)
    assert "Names are next" in asked(again, "handed over").text
    again.answer("accept-session", "Jon Doe")
    again.until_asked("go")
    assert again.state.who == "Jon Doe"
    again.answer("skip", "not tonight")
    again.until_asked("go")
    assert next(each for each in again.state.deviations if each.what == "skipped").by == "Jon Doe"


def test_a_command_that_runs_beside_the_hand_over_goes_on_and_keeps_the_target(
    sessions: "Opener", tmp_path: Path
) -> None:
    values = lay(tmp_path)
    first = sessions.open(procedure("one", slow=True), values=values)
    first.ask_and_answer("run", sort="go")
    first.until(lambda message: isinstance(getattr(getattr(message, "happened", None), "event", None), RunStarted))
    first.engine.submit(HandOver("The copy runs."))
    first.until_finished()
    second = sessions.open(procedure("two"), values=values)
    assert "still runs" in asked(second, "busy").text
    (tmp_path / "go").touch()
    second.answer("take-over", "go on")
    asked(second, "unfinished")


def test_nothing_begins_where_the_folder_of_locks_cannot_be_used(sessions: "Opener", tmp_path: Path) -> None:
    settings = config_dir() / "settings.toml"
    settings.write_text(f'locks = "{tmp_path / "none"}"\n')
    settings.chmod(0o600)
    drive = sessions.open(procedure("one"), values=lay(tmp_path))
    finished = drive.until_finished()
    assert finished.code is ExitCode.RECORD
    assert "install -d -m 1777" in finished.sentence
    assert not any(isinstance(event, StepBegan) for event in drive.events)
