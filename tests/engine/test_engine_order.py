"""What a step's order means with real commands: failure, retry, skip, undo, pause, values, secrets, waits."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from wizard.engine.messages import AddNote, Leave, StopCommand, TypeKeys
from wizard.errors import ExitCode, UsageProblem
from wizard.record.events import Answered, CheckAnswered, Evidence, InputHidden, RunEnded, RunIntent


if TYPE_CHECKING:
    from tests.conftest import Drive, Opener


HEAD = """
format: 1
procedure: order
title: Order
parameters:
  folder: {any: yes, default: /nowhere}
phases:
  - title: All
    steps:
"""


def steps(text: str) -> str:
    return HEAD + "\n".join(f"      {line}" for line in text.strip("\n").splitlines()) + "\n"


def last_run(drive: "Drive") -> RunEnded:
    return next(event for event in reversed(drive.events) if isinstance(event, RunEnded))


FAILS_ONCE = steps("""
- id: make
  title: Make it
  run: mkdir ${folder}/a
  undo: {run: 'rmdir ${folder}/a'}
- id: fragile
  title: Needs a file
  run: cat ${folder}/wanted
""")


def test_a_failure_offers_again_skip_undo_and_stop(sessions: "Opener", tmp_path: Path) -> None:
    drive = sessions.open(FAILS_ONCE, values={"folder": str(tmp_path)})
    drive.ask_and_answer("run")
    drive.ask_and_answer("run")
    question = drive.until_asked("failed")
    assert [option.id for option in question.options] == ["rerun", "by-hand", "accept", "skip", "undo", "pause", "stop"]
    assert "No such file" in question.text
    (tmp_path / "wanted").write_text("here")
    drive.answer("rerun", "the file was missing")
    drive.ask_and_answer("run", sort="go")
    drive.ask_and_answer("typed", "fragile", sort="type")
    assert drive.until_finished().code is ExitCode.COMPLETED
    again = drive.state.deviations[0]
    assert again.what == "run again after it failed its proof"
    assert "No such file" in again.said
    assert again.by == drive.state.opened.operator.user


def test_a_skip_without_a_reason_is_refused(sessions: "Opener", tmp_path: Path) -> None:
    drive = sessions.open(FAILS_ONCE, values={"folder": str(tmp_path)})
    drive.until_asked("go")
    drive.answer("skip", "  ")
    drive.until(lambda _: bool(drive.refusals))
    assert "needs a reason" in drive.refusals[0]
    drive.answer("skip", "not today")
    drive.until(lambda _: drive.state.step("make").end == "skipped")
    drive.ask_and_answer("skip", "nor this")
    assert drive.until_finished().code is ExitCode.UNPROVEN
    assert [deviation.reason for deviation in drive.state.deviations] == ["not today", "nor this"]


def test_an_undo_takes_the_last_step_back_and_offers_it_again(sessions: "Opener", tmp_path: Path) -> None:
    drive = sessions.open(FAILS_ONCE, values={"folder": str(tmp_path)})
    drive.ask_and_answer("run")
    drive.ask_and_answer("undo", sort="go")
    assert (tmp_path / "a").is_dir()
    drive.ask_and_answer("run", sort="undo")
    question = drive.until_asked("go")
    assert question.step == "make"
    assert not (tmp_path / "a").exists()
    drive.answer("stop", "enough")
    assert drive.until_finished().code is ExitCode.FAILED
    assert drive.state.closed == "stopped"


def test_pause_and_resume_go_on_at_the_same_step(sessions: "Opener", tmp_path: Path) -> None:
    drive = sessions.open(FAILS_ONCE, values={"folder": str(tmp_path)})
    drive.ask_and_answer("run")
    drive.until_asked("go")
    drive.engine.submit(AddNote("call Ann first"))
    drive.answer("pause")
    assert drive.until_finished().code is ExitCode.PAUSED
    again = sessions.resume(drive.engine.session)
    assert again.until_asked("go").step == "fragile"
    assert again.state.step("make").end == "done"


def test_two_at_once_are_refused_with_the_holders_name(sessions: "Opener", tmp_path: Path) -> None:
    from wizard.errors import SessionBusy

    drive = sessions.open(FAILS_ONCE, values={"folder": str(tmp_path)})
    drive.until_asked("go")
    with pytest.raises(SessionBusy, match="pid"):
        sessions.resume(drive.engine.session)


def test_a_closed_session_is_not_resumed(sessions: "Opener", tmp_path: Path) -> None:
    drive = sessions.open(FAILS_ONCE, values={"folder": str(tmp_path)})
    drive.ask_and_answer("stop", "no")
    drive.until_finished()
    with pytest.raises(UsageProblem, match="closed"):
        sessions.resume(drive.engine.session)


def test_a_command_that_asks_is_answered_on_its_terminal(sessions: "Opener", tmp_path: Path) -> None:
    drive = sessions.open(
        steps("""
- id: asks
  title: It asks
  shell: |
    read -r -p 'Really? [yN] ' answer
    test "$answer" = y
    echo "it was <$answer>"
  expect: {has: 'it was <y>'}
""")
    )
    drive.ask_and_answer("run")
    drive.until(lambda _: drive.kinds().count("run.started") == 1)
    drive.engine.submit(TypeKeys(b"y\r"))
    assert drive.until_finished().code is ExitCode.COMPLETED
    assert b"Really?" in drive.engine.output(1).file.path.read_bytes()


def test_a_timeout_stops_the_command_and_is_said(sessions: "Opener") -> None:
    drive = sessions.open(steps("- {id: slow, title: Slow, run: sleep 60, timeout: 1s}"))
    drive.ask_and_answer("run")
    question = drive.until_asked("failed", 40)
    assert last_run(drive).stop_reason == "timeout"
    assert "time" in question.text


def test_the_operator_stops_a_command(sessions: "Opener") -> None:
    drive = sessions.open(steps("- {id: slow, title: Slow, run: sleep 60}"))
    drive.ask_and_answer("run")
    drive.until(lambda _: drive.kinds().count("run.started") == 1)
    drive.engine.submit(StopCommand())
    drive.until_asked("failed", 40)
    ended = last_run(drive)
    assert ended.stop_reason == "operator"
    assert [deviation.what for deviation in drive.state.deviations] == ["the command was stopped"]


def test_late_output_of_a_grandchild_is_kept_and_what_is_left_is_named(sessions: "Opener") -> None:
    drive = sessions.open(
        steps("""
- id: late
  title: Late
  shell: |
    ( sleep 0.7; echo LATE; sleep 30 ) &
    echo EARLY
""")
    )
    drive.ask_and_answer("run")
    drive.until_finished(40)
    assert b"LATE" in drive.engine.output(1).file.path.read_bytes()
    left = last_run(drive).left_running
    assert left
    for process in left:
        Path(f"/proc/{process.pid}").exists()


def test_a_program_that_is_not_there_is_told_before_anything_starts(sessions: "Opener") -> None:
    drive = sessions.open(steps("- {id: none, title: None, run: no-such-program-anywhere}"))
    drive.ask_and_answer("run", sort="go")
    drive.until_asked("go")
    ended = last_run(drive)
    assert ended.outcome == "not started"
    assert "no-such-program-anywhere is not a program" in ended.problem


def test_a_check_polls_until_yes_and_leaves_one_record(sessions: "Opener", tmp_path: Path) -> None:
    drive = sessions.open(
        steps("""
- id: poll
  title: Poll
  shell: '(sleep 0.6; touch "$folder/there") > /dev/null 2>&1 < /dev/null &'
  after: [{run: 'test -e ${folder}/there', within: 20s, every: 200ms}]
"""),
        values={"folder": str(tmp_path)},
    )
    drive.ask_and_answer("run")
    assert drive.until_finished().code is ExitCode.COMPLETED
    answers = [event for event in drive.events if isinstance(event, CheckAnswered) and event.purpose == "after"]
    assert [answer.verdict for answer in answers] == ["yes"]
    assert answers[0].attempts >= 1


def test_values_are_asked_chosen_captured_and_decide_what_applies(sessions: "Opener") -> None:
    drive = sessions.open(
        steps("""
- {id: ask, title: Ask, ask: {name: ticket, ask: Which ticket?, matches: 'DM-[0-9]+'}}
- {id: road, title: Road, choose: {name: road, ask: Which way?, options: {a: left, b: right}}}
- {id: take, title: Take, run: 'echo id=42 ${ticket}', capture: {number: 'id=([0-9]+)'}}
- {id: left, title: Left, when: {road: a}, run: 'echo left'}
- {id: show, title: Show, run: 'echo got ${number} by ${road}', expect: {has: '^got 42 by b$'}}
""")
    )
    drive.ask_and_answer("answer", "nonsense", sort="ask")
    drive.until(lambda _: bool(drive.refusals))
    assert "does not take this value" in drive.refusals[0]
    assert "[0-9]" not in drive.refusals[0]
    drive.answer("answer", "DM-7")
    drive.until(lambda _: drive.state.step("ask").end == "done")
    drive.ask_and_answer("=b", sort="choose")
    drive.ask_and_answer("run", sort="go")
    drive.ask_and_answer("run", sort="go")
    assert drive.until_finished().code is ExitCode.COMPLETED
    assert drive.state.step("left").end == "not applicable"
    assert drive.state.values["number"] == "42"


SECRETS = steps("""
- id: use
  title: Use it
  env: {TOKEN: '${token}'}
  shell: |
    echo "token is $TOKEN"
    test "$TOKEN" = 'hunter2-and'-more
  expect: {has: 'token is .redacted:token.'}
""").replace("parameters:", "parameters:\n  token: {secret: yes, any: yes}")


def test_a_secret_reaches_the_child_and_nothing_else(sessions: "Opener", own_folders: Path) -> None:
    drive = sessions.open(SECRETS)
    drive.ask_and_answer("answer", "hunter2-and-more", sort="secret")
    drive.ask_and_answer("run", sort="go")
    assert drive.until_finished().code is ExitCode.COMPLETED
    for path in own_folders.rglob("*"):
        if path.is_file():
            assert b"hunter2-and-more" not in path.read_bytes(), path
    assert last_run(drive).redactions == {"token": 1}


def test_a_secret_is_asked_again_on_resume(sessions: "Opener") -> None:
    drive = sessions.open(SECRETS, secrets={"token": "hunter2-and-more"})
    drive.until_asked("go")
    drive.engine.submit(Leave())
    drive.until_finished()
    again = sessions.resume(drive.engine.session)
    again.ask_and_answer("answer", "hunter2-and-more", sort="secret")
    again.ask_and_answer("run", sort="go")
    assert again.until_finished().code is ExitCode.COMPLETED


def test_a_private_output_is_captured_and_never_stored(sessions: "Opener", own_folders: Path) -> None:
    drive = sessions.open(
        steps("""
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
    )
    drive.ask_and_answer("run")
    drive.ask_and_answer("run")
    assert drive.until_finished().code is ExitCode.COMPLETED
    output = drive.engine.output(1).file.path.read_bytes()
    assert b"[private output, 17 bytes]" in output
    assert not any(b"pr1vate-value" in path.read_bytes() for path in own_folders.rglob("runs/*/output"))


def test_by_hand_items_are_ticked_with_evidence(sessions: "Opener") -> None:
    drive = sessions.open(
        steps("""
- id: hands
  title: By hand
  by_hand: ['Look at the lamp', {text: 'Keep the address', evidence: url}]
""")
    )
    drive.ask_and_answer("tick", sort="item")
    drive.until_asked("item")
    drive.answer("tick", "", Evidence(kind="text", text="no address"))
    drive.until(lambda _: bool(drive.refusals))
    drive.answer("tick", "", Evidence(kind="url", text="https://ci.example/1"))
    assert drive.until_finished().code is ExitCode.COMPLETED


def test_a_rehearsal_may_have_nothing_to_show_and_says_so(sessions: "Opener") -> None:
    drive = sessions.open(
        steps("- {id: hands, title: By hand, by_hand: [{text: Keep the address, evidence: url}]}"), mode="rehearsal"
    )
    drive.ask_and_answer("tick", sort="item")
    assert drive.until_finished().code is ExitCode.COMPLETED
    (given,) = [event for event in drive.events if isinstance(event, Answered) and event.choice == "tick"]
    assert given.evidence == (Evidence(kind="url", text="none (rehearsal)"),)


def test_a_live_session_takes_no_tick_without_its_evidence(sessions: "Opener") -> None:
    drive = sessions.open(steps("- {id: hands, title: By hand, by_hand: [{text: Keep the address, evidence: url}]}"))
    drive.ask_and_answer("tick", sort="item")
    drive.until(lambda _: bool(drive.refusals))
    assert "evidence" in drive.refusals[0]
    drive.leave()


def test_a_wait_passes_by_itself_and_a_found_step_is_found_done(sessions: "Opener", tmp_path: Path) -> None:
    (tmp_path / "there").touch()
    drive = sessions.open(
        steps("""
- {id: wait, title: Wait, wait: 1s}
- id: there
  title: There
  already: {run: 'test -e ${folder}/there'}
  run: touch ${folder}/there
"""),
        values={"folder": str(tmp_path)},
    )
    drive.ask_and_answer("take", sort="found done")
    assert drive.until_finished().code is ExitCode.COMPLETED
    assert drive.state.step("there").end == "found done"
    assert "run.intent" not in drive.kinds()


def test_hidden_input_is_noticed_and_never_recorded(sessions: "Opener", own_folders: Path) -> None:
    drive = sessions.open(steps("- {id: pw, title: Password, shell: 'read -r -s -p Pass: x; test -n \"$x\"'}"))
    drive.ask_and_answer("run")
    drive.until(lambda _: any(isinstance(event, InputHidden) and event.hidden for event in drive.events))
    drive.engine.submit(TypeKeys(b"s3cret-keys\r"))
    drive.until_finished()
    assert last_run(drive).hidden_input
    assert not any(b"s3cret-keys" in path.read_bytes() for path in own_folders.rglob("*") if path.is_file())


def test_an_intent_names_program_hash_and_variables_but_no_values(sessions: "Opener") -> None:
    drive = sessions.open(steps("- {id: env, title: Env, run: 'GREETING=hello printenv GREETING'}"))
    drive.ask_and_answer("run")
    drive.until_finished()
    intent = next(event for event in drive.events if isinstance(event, RunIntent))
    assert intent.words == ("printenv", "GREETING")
    assert intent.env == ("GREETING",)
    assert len(intent.executable_sha256) == 64
    assert drive.engine.output(1).file.path.read_bytes() == b"hello\n"
    assert "hello" not in json.dumps(intent.model_dump())
