"""What must not end a session, run twice or lie: long texts, odd evidence, lost outputs, helpers that fail."""

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from wizard.engine.messages import AddEvidence, AddNote, Leave, StopCommand
from wizard.errors import EvidenceBroken, ExitCode, RecordProblem, UplevelError, UsageProblem
from wizard.execution.helper import process
from wizard.execution.runner import ProcessRunner
from wizard.places import sessions_dir
from wizard.record.events import CheckAnswered, CheckpointUnsigned, Evidence, RunEnded, ValueCaptured
from wizard.record.journal import SessionFolder, scan


if TYPE_CHECKING:
    from tests.conftest import Drive, Opener


HEAD = """
format: 1
procedure: hazard
title: Hazard
parameters:
  folder: {any: yes, default: /nowhere}
phases:
  - title: All
    steps:
"""


def steps(text: str) -> str:
    return HEAD + "\n".join(f"      {line}" for line in text.strip("\n").splitlines()) + "\n"


ONE = steps("- {id: one, title: One, run: 'true'}\n- {id: two, title: Two, run: 'true'}")
SECRET = ONE.replace("parameters:", "parameters:\n  token: {secret: yes, any: yes}")
GIVEN = SECRET.replace("title: Two, run: 'true'", "title: Two, run: 'true', env: {TOKEN: '${token}'}")


def wait_for_refusals(drive: "Drive", number: int) -> None:
    drive.until(lambda _: len(drive.refusals) == number)


# Texts that are too long for a line of the journal


def test_a_check_of_a_huge_script_is_recorded_short(sessions: "Opener", tmp_path: Path) -> None:
    text = steps("- {id: one, title: One, before: [{shell: SCRIPT}], run: 'true'}").replace(
        "SCRIPT", json.dumps("true\n# " + "\u00e9" * 60_000)
    )
    drive = sessions.open(text, values={"folder": str(tmp_path)})
    assert drive.until_asked().question_kind == "go"
    look = next(event for event in drive.events if isinstance(event, CheckAnswered))
    assert look.command.startswith("true\n")
    assert "characters in all" in look.command


def test_a_huge_script_runs_and_its_intent_is_recorded_short(sessions: "Opener") -> None:
    body = "echo ran\n# " + "\u00e9" * 60_000
    drive = sessions.open(steps(f"- {{id: one, title: One, shell: {json.dumps(body)}}}"))
    drive.ask_and_answer("run")
    assert drive.until_finished().code is ExitCode.COMPLETED


def test_an_answer_too_long_for_the_record_is_refused_and_the_question_stays(sessions: "Opener") -> None:
    drive = sessions.open(ONE)
    drive.until_asked("go")
    drive.answer("skip", "\U0001f600" * 60_000)
    drive.until(lambda _: len(drive.refusals) == 1)
    drive.answer("by-hand", "", Evidence(kind="text", text="\x01" * 100_000))
    drive.until(lambda _: len(drive.refusals) == 2)
    drive.engine.submit(AddEvidence(Evidence(kind="text", text="x" * 300_000)))
    drive.until(lambda _: len(drive.refusals) == 3)
    assert all("long" in sentence for sentence in drive.refusals)
    drive.engine.submit(AddNote("\U0001f600" * 100_000))
    drive.until(lambda _: "noted" in drive.kinds())
    drive.answer("skip", "short")
    drive.until(lambda _: drive.state.step("one").end == "skipped")


def test_a_value_longer_than_a_value_may_be_is_not_captured(sessions: "Opener") -> None:
    text = steps("- {id: two, title: Two, run: 'printf %0100000d 0', capture: {big: {}}}")
    drive = sessions.open(text)
    drive.ask_and_answer("run", sort="go")
    assert "64 KiB" in drive.until_asked("failed").text


def test_a_remembered_value_that_is_empty_or_too_long_is_asked_about(sessions: "Opener") -> None:
    for command, told in (("'true'", "nothing"), ("printf %0100000d 0", "KiB")):
        drive = sessions.open(ONE.replace("phases:", f"remember: {{thing: {{run: {command}}}}}\nphases:"))
        if drive.until_asked().question_kind == "unfinished":  # the session that the round before left
            drive.answer("beside", "to try the next")
        question = drive.until_asked("value")
        assert told in question.text, question.text
        drive.leave()


# Evidence


def test_odd_evidence_is_refused(sessions: "Opener", tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    drive = sessions.open(ONE)
    drive.until_asked("go")
    for number, path in enumerate([str(tmp_path / "fifo"), str(tmp_path), "~nobody-at-all/x", "a\0b"], start=1):
        drive.answer("by-hand", "", Evidence(kind="file", text=path))
        wait_for_refusals(drive, number)
    assert drive.state.question is not None


# Secrets


def test_a_short_secret_is_refused_with_the_reason(sessions: "Opener") -> None:
    drive = sessions.open(SECRET)
    drive.until_asked("secret")
    drive.answer("answer", "abc12")
    drive.until(lambda _: bool(drive.refusals))
    assert "shorter than 6" in drive.refusals[0]
    assert "abc12" not in drive.refusals[0]


def test_a_short_secret_of_the_start_page_begins_no_session(sessions: "Opener") -> None:
    with pytest.raises(UsageProblem, match="shorter than 6 characters"):
        sessions.open(SECRET, secrets={"token": "r"})
    assert not list(sessions_dir().iterdir())


def test_a_short_secret_of_the_environment_is_asked_for_instead(
    sessions: "Opener", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_TOKEN", "abc")
    drive = sessions.open(SECRET.replace("any: yes}", "any: yes, env: SOME_TOKEN}", 1))
    drive.until_asked("secret")


def test_a_secret_that_is_a_value_in_the_open_is_refused(sessions: "Opener") -> None:
    drive = sessions.open(SECRET, values={"folder": "/srv/postgres/data"})
    drive.until_asked("secret")
    drive.answer("answer", "postgres")
    drive.until(lambda _: bool(drive.refusals))
    assert "folder" in drive.refusals[0]


def test_a_secret_must_fit_its_rule(sessions: "Opener") -> None:
    drive = sessions.open(SECRET.replace("any: yes}", "matches: '[a-z]{8}'}", 1))
    drive.until_asked("secret")
    drive.answer("answer", "ABCDEFGH")
    drive.until(lambda _: bool(drive.refusals))
    assert "ABCDEFGH" not in drive.refusals[0]
    drive.answer("answer", "abcdefgh")
    drive.answered = 1
    assert drive.until_asked().question_kind == "go"


def test_a_secret_that_spells_a_word_of_the_record_damages_nothing(sessions: "Opener") -> None:
    """Step ids, kinds of questions and hashes are the record's own words, not places where a secret turns up."""
    text = GIVEN.replace("id: one", "id: before").replace("id: two", "id: make-before")
    drive = sessions.open(text)
    drive.ask_and_answer("answer", "before", sort="secret")
    drive.ask_and_answer("run")
    drive.until_asked("go")
    drive.leave()
    again = sessions.resume(drive.engine.session)
    again.ask_and_answer("answer", "before", sort="secret")
    again.ask_and_answer("run", sort="go")
    assert again.until_finished().code is ExitCode.COMPLETED


def test_a_secret_without_a_rule_may_be_any_text(sessions: "Opener") -> None:
    drive = sessions.open(SECRET.replace("secret: yes, any: yes", "secret: yes"))
    drive.ask_and_answer("answer", "p4ss w0rd!", sort="secret")
    assert drive.until_asked().question_kind == "go"


def test_two_missing_secrets_are_asked_one_after_the_other(sessions: "Opener") -> None:
    text = GIVEN.replace("parameters:", "parameters:\n  other: {secret: yes, any: yes}")
    text = text.replace("'${token}'", "'${token}', OTHER: '${other}'")
    drive = sessions.open(text)
    assert drive.ask_and_answer("answer", "first-secret", sort="secret").name == "other"
    assert drive.ask_and_answer("answer", "second-secret", sort="secret").name == "token"
    assert drive.until_asked().question_kind == "go"
    drive.leave()
    again = sessions.resume(drive.engine.session)
    assert again.ask_and_answer("answer", "first-secret", sort="secret").name == "other"
    assert again.ask_and_answer("answer", "second-secret", sort="secret").name == "token"
    assert again.until_asked().question_kind == "go"


# What is not known is not claimed


PRIVATE = steps("""
- id: get
  title: Get
  run: 'printf key=%s pr1vate-value'
  output: private
  capture: {key: {capture: 'key=(.+)', secret: yes}}
- id: use
  title: Use
  env: {KEY: '${key}'}
  shell: 'test "$KEY" = "pr1vate-""value"'
""")


def test_a_private_output_that_nobody_heard_is_no_answer_and_its_value_is_asked_for(
    sessions: "Opener", monkeypatch: pytest.MonkeyPatch
) -> None:
    from wizard.engine import inbox_handler

    drive = sessions.open(PRIVATE)
    monkeypatch.setattr(inbox_handler, "reach", lambda _point: drive.engine._context.private_outputs.clear())
    drive.ask_and_answer("run")
    question = drive.until_asked("failed")
    assert "did not tell whether it succeeded" in question.text
    assert "private" in question.text
    drive.answer("accept", "I saw it in the other window")
    drive.answered = question.question
    assert drive.ask_and_answer("answer", "pr1vate-value", sort="secret").name == "key"
    drive.ask_and_answer("run", sort="go")
    assert drive.until_finished().code is ExitCode.UNPROVEN
    assert [each.value for each in drive.events if isinstance(each, ValueCaptured)] == [None]


def test_an_output_that_cannot_be_read_is_no_answer(sessions: "Opener", monkeypatch: pytest.MonkeyPatch) -> None:
    from wizard.engine import inbox_handler

    def lose(_point: object) -> None:
        drive.engine.output(1).file.path.unlink(missing_ok=True)

    monkeypatch.setattr(inbox_handler, "reach", lose)
    drive = sessions.open(steps("- {id: one, title: One, run: echo hello, expect: {lacks: ERROR}}"))
    drive.ask_and_answer("run")
    assert "cannot be read" in drive.until_asked("failed").text


def test_an_expectation_that_cannot_be_filled_in_does_not_end_the_session(sessions: "Opener") -> None:
    text = steps(
        "- {id: one, title: One, run: echo id=5, capture: {guid: 'id=(.+)'}}\n"
        "- {id: two, title: Two, run: 'true', expect: {has: '${guid}'}}"
    )
    drive = sessions.open(text)
    drive.ask_and_answer("skip", "not today")
    drive.ask_and_answer("run", sort="go")
    question = drive.until_asked("failed")
    assert "guid" in question.text


def test_attempt_is_the_same_in_a_command_and_in_what_proves_it(sessions: "Opener", tmp_path: Path) -> None:
    text = steps("""
- id: one
  title: One
  run: touch ${folder}/try-${attempt}
  after: [{run: 'test -e ${folder}/try-${attempt}'}, {run: 'test -e ${folder}/go'}]
  repeat: safe
""")
    drive = sessions.open(text, values={"folder": str(tmp_path)})
    drive.ask_and_answer("run")
    question = drive.until_asked("failed")
    assert drive.state.step("one").check_results["after", 0].verdict == "yes"
    (tmp_path / "go").touch()
    drive.answer("rerun", "once more")
    drive.answered = question.question
    drive.ask_and_answer("run", sort="go")
    assert drive.until_finished().code is ExitCode.COMPLETED
    assert (tmp_path / "try-2").exists()


# Helpers that fail


def test_a_checkpoint_that_cannot_be_kept_is_said_and_the_session_goes_on(
    sessions: "Opener", monkeypatch: pytest.MonkeyPatch
) -> None:
    from wizard.engine import session_context as context
    from wizard.record.signing import Signature

    def fails(*_: object) -> str:
        raise RecordProblem("The checkpoint cannot be written.")

    monkeypatch.setattr(context, "sign", lambda *_: Signature(b"armoured", "key"))
    monkeypatch.setattr(SessionFolder, "store_checkpoint", fails)
    drive = sessions.open(ONE)
    drive.ask_and_answer("run")
    drive.ask_and_answer("run")
    assert drive.until_finished().code is ExitCode.COMPLETED
    assert any(isinstance(event, CheckpointUnsigned) and "cannot be written" in event.why for event in drive.events)


def test_a_runner_that_cannot_start_leaves_a_way_to_go_on(sessions: "Opener", monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(ProcessRunner, "start", fails)
    drive = sessions.open(ONE)
    drive.ask_and_answer("run")
    drive.until_asked("go")
    ended = next(event for event in drive.events if isinstance(event, RunEnded))
    assert ended.outcome == "not started"
    assert "Resource temporarily unavailable" in ended.problem


def test_a_helper_that_cannot_be_had_is_told_when_a_command_starts_and_leaves_a_way_to_go_on(
    sessions: "Opener", monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: object) -> None:
        raise OSError(24, "Too many open files")

    with monkeypatch.context() as without:
        without.setattr("wizard.execution.helper.forking.HELPER", process.Helper())
        without.setattr(process, "start_program", fails)
        drive = sessions.open(ONE)
        drive.ask_and_answer("run")
        drive.until_asked("go")
        ended = next(event for event in drive.events if isinstance(event, RunEnded))
        assert ended.outcome == "not started"
        assert ended.problem == "No process could be started for the command: Too many open files."
    drive.ask_and_answer("run")
    drive.ask_and_answer("typed", "one", sort="type")
    assert drive.until_asked("go").step == "two"


def test_a_runner_that_fails_to_close_still_lets_the_front_end_go(
    sessions: "Opener", monkeypatch: pytest.MonkeyPatch
) -> None:
    close = ProcessRunner.close

    def fails(runner: ProcessRunner) -> None:
        close(runner)
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(ProcessRunner, "close", fails)
    drive = sessions.open(ONE)
    drive.until_asked()
    drive.leave()
    again = sessions.resume(drive.engine.session)
    monkeypatch.undo()
    again.until_asked("go")


def test_a_sandbox_that_cannot_be_made_is_a_sentence(sessions: "Opener", monkeypatch: pytest.MonkeyPatch) -> None:
    from wizard.platforms.sdk.sandbox import Sandbox

    def fails(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Sandbox, "create", fails)
    with pytest.raises(RecordProblem, match="No space left"):
        sessions.open(ONE, "rehearsal")


# Resume


def test_a_rehearsal_without_its_sandbox_is_not_given_a_new_one(sessions: "Opener") -> None:
    drive = sessions.open(ONE, "rehearsal")
    drive.until_asked()
    drive.leave()
    shutil.rmtree(drive.engine.folder / "sandbox")
    with pytest.raises(UplevelError, match="pretend platform"):
        sessions.resume(drive.engine.session)
    assert scan(drive.engine.folder / "journal.jsonl").records[-1].kind != "session.resumed"


def test_an_altered_copy_is_broken_evidence_even_if_it_no_longer_reads(sessions: "Opener") -> None:
    drive = sessions.open(ONE)
    drive.until_asked()
    drive.leave()
    copy = drive.engine.folder / "procedure" / "procedure.yaml"
    copy.write_text(copy.read_text() + "\nnonsense: [")
    with pytest.raises(EvidenceBroken):
        sessions.resume(drive.engine.session)


def test_a_copy_this_version_cannot_read_names_the_version_that_could(
    sessions: "Opener", monkeypatch: pytest.MonkeyPatch
) -> None:
    from wizard.engine import session_procedure
    from wizard.model.reading import ProcedureProblem
    from wizard.model.reading.fault import Fault, Spot

    drive = sessions.open(ONE)
    drive.until_asked()
    drive.leave()

    def stricter(*_: object) -> Any:
        raise ProcedureProblem([Fault(Spot("procedure.yaml", 1, 1), "This is not allowed any more.")])

    monkeypatch.setattr(session_procedure, "parse_procedure", stricter)
    with pytest.raises(UplevelError, match="version"):
        sessions.resume(drive.engine.session)


def test_leaving_while_a_check_polls_ends_at_once_and_records_no_answer(sessions: "Opener") -> None:
    drive = sessions.open(steps("- {id: one, title: One, before: [{run: 'false', within: 1h}], run: 'true'}"))
    drive.until(lambda message: getattr(message, "kind", "") == "checking")
    drive.engine.submit(Leave())
    assert drive.until_finished(20).code is ExitCode.PAUSED
    assert "check.answered" not in drive.kinds()


def test_a_poll_without_a_pause_does_not_spin(sessions: "Opener") -> None:
    drive = sessions.open(
        steps("- {id: one, title: One, before: [{run: 'false', within: 1s, every: 0s}], run: 'true'}")
    )
    drive.until_asked()
    look = next(event for event in drive.events if isinstance(event, CheckAnswered))
    assert look.attempts <= 11


def test_a_second_press_of_a_key_does_nothing(sessions: "Opener", tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    drive = sessions.open(
        steps("""
- {id: one, title: One, shell: 'printf x >> "$folder"', repeat: safe}
- {id: two, title: Two, run: 'true'}
"""),
        values={"folder": str(counter)},
    )
    drive.until_asked("go")
    for _ in range(5):
        drive.answer("run")
    drive.until(lambda _: drive.state.step("one").end == "done")
    assert drive.until_asked("go").step == "two"
    assert counter.read_text() == "x"
    assert len(drive.refusals) == 4


# Rehearsals


def test_the_good_operator_that_is_refused_leaves_the_session(sessions: "Opener") -> None:
    text = ONE.replace("parameters:", "parameters:\n  token: {secret: yes, matches: '[0-9]{8}'}")
    drive = sessions.open(text, "rehearsal", auto=True, speed=100000.0)
    assert drive.until_finished(20).code is ExitCode.PAUSED


def test_a_rehearsals_wait_can_be_stopped(sessions: "Opener") -> None:
    drive = sessions.open(steps("- {id: one, title: One, wait: 10h}"), "rehearsal", speed=10.0)
    drive.until(lambda message: getattr(message, "kind", "") == "waiting")
    drive.answer("stop", "enough")
    assert drive.until_finished(20).code is ExitCode.FAILED


def test_where_the_output_is_lost_the_checks_after_the_act_are_made_and_can_be_made_again(
    sessions: "Opener", monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from wizard.engine import inbox_handler

    def lose(_point: object) -> None:
        drive.engine.output(1).file.path.unlink(missing_ok=True)

    monkeypatch.setattr(inbox_handler, "reach", lose)
    there = tmp_path / "there"
    drive = sessions.open(
        steps(
            f"- {{id: one, title: One, run: echo hello, expect: {{has: hello}}, capture: {{word: '(.+)'}},\n"
            f"   after: [{{run: 'test -e {there}'}}, {{run: 'echo x', equals: '${{word}}'}}]}}"
        )
    )
    drive.ask_and_answer("run")
    question = drive.until_asked("failed")
    assert "ended with 0, but did not tell whether it succeeded" in question.text
    assert [option.id for option in question.options][:2] == ["again", "rerun"]
    looks = drive.state.step("one").check_results
    assert [looks["after", index].verdict for index in (0, 1)] == ["no", "no answer"]
    there.touch()
    drive.ask_and_answer("again", sort="failed")
    drive.until_asked("failed")
    assert drive.state.step("one").check_results["after", 0].verdict == "yes"


def test_what_the_checks_after_the_act_proved_is_said_where_the_command_itself_did_not_tell(
    sessions: "Opener", monkeypatch: pytest.MonkeyPatch
) -> None:
    from wizard.engine import inbox_handler

    def lose(_point: object) -> None:
        drive.engine.output(1).file.path.unlink(missing_ok=True)

    monkeypatch.setattr(inbox_handler, "reach", lose)
    text = "- {id: one, title: One, run: echo hello, expect: {has: hello}, after: [{run: 'true'}]}"
    drive = sessions.open(steps(text))
    drive.ask_and_answer("run")
    question = drive.until_asked("failed")
    assert "did not tell whether it succeeded. The checks after it passed." in question.text
    drive.answer("accept", "the check after it says so")
    drive.answered = question.question
    assert drive.until_finished().code is ExitCode.UNPROVEN


def test_after_a_command_that_was_stopped_nothing_is_waited_for(sessions: "Opener") -> None:
    text = "- {id: one, title: One, run: sleep 60, after: [{run: 'false', within: 10m, every: 1s}]}"
    drive = sessions.open(steps(text))
    drive.ask_and_answer("run")
    drive.until(lambda _: drive.state.open_run is not None and drive.state.open_run.started is not None)
    drive.engine.submit(StopCommand())
    question = drive.until_asked("failed")
    assert drive.state.step("one").unproven[0].purpose == "expect"
    assert not any(purpose == "after" for purpose, _ in drive.state.step("one").check_results)
    assert question.options[0].id != "again"
