"""What happened is said in the same words wherever it is told."""

import pytest

from wizard.record.events import (
    Answered,
    Asked,
    Event,
    HolderCited,
    JournalRecovered,
    Option,
    RunEnded,
    RunSettled,
    TakeOverEnded,
    ValueCaptured,
    WaitBegan,
    WaitEnded,
    WorldPlayed,
)
from wizard.record.recovery import LeftBehind
from wizard.session.event_words import answer_words, chosen, event_words
from wizard.session.operator_words import came_of_asking, went_to
from wizard.session.outcome import SessionOutcome
from wizard.session.run_words import how_it_ended, left_words, sentence


def ended(**facts: object) -> RunEnded:
    return RunEnded.model_validate({"run": 1, "outcome": "ended", "seconds": 4.0, **facts})


_AT = "2026-11-27T02:11:09.123456Z"


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (ended(exit=0), "ended with exit 0 after 4 s"),
        (ended(exit=0, seconds=0.0), "ended with exit 0 after 0.1 s"),
        (ended(signal=9), "was ended by signal 9 after 4 s"),
        (
            ended(signal=2, stopped_by="mara", stop_reason="operator"),
            "was ended by signal 2 after 4 s, stopped by mara",
        ),
        (ended(signal=15, stop_reason="timeout"), "was ended by signal 15 after 4 s; its time was over"),
        (ended(exit=1, while_away=True, finished=_AT), "ended while you were away, exit 1, at 2026-11-27 02:11:09 UTC"),
        (ended(exit=0, problem="The disk was full."), "ended with exit 0 after 4 s. The disk was full."),
        (ended(outcome="not started", problem="There is no x."), "was not started: There is no x."),
        (ended(outcome="unknown"), "was lost; we do not know whether it finished"),
        (ended(outcome="unknown", problem="It is gone."), "was lost; we do not know whether it finished. It is gone."),
    ],
)
def test_how_a_command_ended(event: RunEnded, words: str) -> None:
    assert how_it_ended(event) == words
    assert event_words(event) == f"it {words}"


def test_of_a_watch_it_is_not_said_how_long_it_took() -> None:
    assert how_it_ended(ended(exit=3), lasted=False) == "ended with exit 3"


def test_a_clause_becomes_one_sentence() -> None:
    assert sentence(left_words(LeftBehind(pid=12, command="sleep 60"))) == "It left this running: sleep 60 (pid 12)."
    assert sentence("it was not started: There is no x.") == "It was not started: There is no x."


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (WaitBegan(step="s", wait_kind="wait", seconds=600), "a wait of 10 min began"),
        (WaitEnded(step="s", wait_kind="soak"), "the soak is over"),
        (WaitEnded(step="s", wait_kind="soak", cut_short="no time"), "the soak was cut short: no time"),
        (ValueCaptured(step="s", name="guid", value="8f"), "captured guid: 8f"),
        (ValueCaptured(step="s", name="token", value=None), "captured token: a secret, not kept"),
        (WorldPlayed(step="s", item=0, command="cf x", exit=1), "the pretend platform did: cf x (exit 1)"),
        (WorldPlayed(step="s", item=0, command="cf x", exit=None), "the pretend platform could not do: cf x"),
        (RunSettled(run=1, finished=True, by="probe"), "it finished, by the probe"),
        (
            JournalRecovered(good_seq=3, lost_bytes=7, kept_as="journal.damaged-4"),
            "the end of the record was torn: 7 bytes are kept aside as journal.damaged-4",
        ),
    ],
)
def test_what_else_happens(event: Event, words: str) -> None:
    assert event_words(event) == words


def test_what_came_of_asking_for_a_target() -> None:
    kept = TakeOverEnded(outcome="kept", why="I am not done.")
    assert event_words(kept) == came_of_asking(kept) == "they keep the target: I am not done."
    faster = came_of_asking(TakeOverEnded(outcome="given"), ", and somebody else was faster")
    assert faster == "they gave the target, and somebody else was faster"
    by = HolderCited(user="mara", uid=1, host="bastion", session="01")
    assert went_to(by) == "the target went to mara on bastion, session 01"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (Answered(question=1, question_kind="go", step="s", choice="skip", reason="no time"), "skip it: no time"),
        (Answered(question=1, question_kind="choose", step="s", choice="=b", value="b"), "to the right = b"),
        (Answered(question=1, question_kind="ask", step="s", choice="answer", value="x"), "answer = x"),
    ],
)
def test_an_answer_is_told_by_its_label_with_what_was_given(given: Answered, words: str) -> None:
    options = (Option(id="skip", label="skip it"), Option(id="=b", label="to the right"))
    asked = Asked(question=1, question_kind="go", step="s", text="?", options=options)
    assert answer_words(chosen(asked, given), given.value, given.reason) == words


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (SessionOutcome("completed"), "The session is completed."),
        (SessionOutcome("ended", 1, 2), "The session has ended, with 1 step skipped and 2 accepted."),
        (SessionOutcome("stopped"), "The session was stopped."),
        (SessionOutcome("failed"), "The session has failed."),
    ],
)
def test_how_a_session_ended(outcome: SessionOutcome, told: str) -> None:
    assert outcome.sentence == told
