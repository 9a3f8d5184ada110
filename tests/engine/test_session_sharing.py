"""The plan of a session that must hold its target, walked at random: nothing begins while it does not."""

import random

from hypothesis import given

from tests.engine.test_session_plan import CHANCES, OTHER, Walk
from tests.examples import examples
from wizard.record.events import (
    Asked,
    HandedOver,
    Operator,
    RunIntent,
    SessionResumed,
    StepBegan,
    TakeOverWanted,
    TargetHeld,
    UndoBegan,
    ValueRemembered,
)
from wizard.session import advance, fold


def shared_walk(chance: random.Random, *, shown: bool = False) -> Walk:
    """A walk in which others ask for the target now and then."""
    walk = Walk(chance, locks=True)
    walk.shown = shown
    for _ in range(600):
        if walk.state.holds and walk.state.wanted is None and walk.chance.random() > 0.98:
            walk.record(TakeOverWanted(by=OTHER, reason="mine"))
        if not walk.step():
            break
    return walk


@examples(90)
@given(CHANCES)
def test_nothing_begins_while_the_target_is_not_held(chance: random.Random) -> None:
    walk = shared_walk(chance)
    before = fold(walk.happened[:1])
    for happened in walk.happened[1:]:
        event = happened.event
        begins = isinstance(event, StepBegan | RunIntent | UndoBegan)
        if begins or (isinstance(event, ValueRemembered) and event.scope == "remember"):
            assert before.holds
            assert not before.unfinished
            assert before.wanted is None
        before = advance(before, happened)


@examples(60)
@given(CHANCES)
def test_whoever_asks_is_asked_about_and_what_was_asked_before_comes_back(chance: random.Random) -> None:
    """A question about the target never leaves another one unanswered for good, and the state is the fold."""
    walk = shared_walk(chance, shown=True)
    assert fold(walk.happened) == walk.state
    asked = [each.event for each in walk.happened if isinstance(each.event, Asked)]
    for event in asked:
        if event.question_kind in {"take over", "unfinished", "handed over"}:
            assert event.default == ""
            assert event.gate


def test_a_session_that_was_handed_over_is_accepted_by_name_before_anything_else() -> None:
    walk = Walk(random.Random(3), locks=True)
    walk.record(TargetHeld(lock="l"))
    walk.record(HandedOver(note="The plan is copied; the names are next."))
    assert walk.state.paused
    assert not walk.state.holds
    jon = Operator(user="jon", uid=1001, host="bastion")
    walk.record(SessionResumed(operator=jon, uplevel="0"))
    walk.record(TargetHeld(lock="l"))
    while walk.state.question is None:
        walk.step()
    question = walk.state.question
    assert question.question_kind == "handed over"
    assert "The plan is copied" in question.text
    assert "mara" in question.text
    walk.choose(question.model_copy(update={"options": question.options[:1]}))
    assert walk.state.person == "because"
    assert walk.state.who == "because"
    assert walk.state.deviations[-1].what == "taken over"


def test_an_answer_goes_to_the_one_it_names_when_another_asks_meanwhile() -> None:
    walk = Walk(random.Random(3), locks=True)
    walk.record(TargetHeld(lock="l"))
    walk.record(TakeOverWanted(by=OTHER, reason="mine"))
    while walk.state.question is None:
        walk.step()
    assert OTHER.user in walk.state.question.text
    walk.record(TakeOverWanted(by=OTHER.model_copy(update={"user": "kim"}), reason="mine too"))
    while walk.state.question is None:
        walk.step()
    assert "kim" in walk.state.question.text
