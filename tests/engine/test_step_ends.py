"""How steps and sessions end: proven, by hand, accepted, skipped; what each may claim, and what bars the way back."""

from tests.engine.test_session_hazards import MAKE, Story
from wizard.session import Mark, outcome
from wizard.session.actions import Close, Nothing, StartRun
from wizard.session.plan import plan
from wizard.session.view import stop_now, view


LAST = "- {id: last, title: Last, run: end}\n"
PROVES = """
- id: make
  title: Make
  already: {run: look}
  before: [{run: ready}]
  confirm: This logs out everyone.
  type: thing
  run: make thing
  after: [{run: look}]
"""
FINAL = """
- id: first
  title: First
  run: one
  after: [{run: look}]
  undo: {run: back}
- id: delete
  title: Delete
  already: {run: gone}
  before: [{run: free}]
  needs: [first]
  run: delete
  after: [{run: gone}]
  no_return: It is gone.
"""


def finish(story: Story) -> None:
    """Go on until the session is closed, without an answer."""
    for _ in range(200):
        move = plan(story.plan_input, story.state, story.now())
        if isinstance(move, Nothing):
            return
        story.make(move)
        if isinstance(move, Close):
            return


def mark_of(story: Story, step: str) -> Mark:
    return next(row.mark for row in view(story.plan_input, story.state).rows if row.step == step)


# By hand


def test_by_hand_passes_the_gates_of_run_and_then_asks_for_what_shows_it() -> None:
    story = Story(PROVES + LAST)
    story.say("by-hand", sort="go")
    story.say("yes", sort="confirm")
    story.say("typed", sort="type")
    question = story.until_asked("go")
    assert [option.id for option in question.options][:2] == ["did-it", "back"]
    assert question.options[0].needs == "evidence"
    story.say("did-it")
    story.until_asked("go")
    assert story.intents() == []
    assert story.state.step("make").end == "done by hand"
    assert mark_of(story, "make") is Mark.DONE_BY_HAND
    assert [each.what for each in story.state.deviations] == ["done by hand"]


def test_who_did_it_already_is_not_held_up_by_what_held_before_it() -> None:
    story = Story(PROVES + LAST)
    story.until_asked("go")
    story.verdicts[("already", "make")] = "yes"
    story.verdicts[("before", "make")] = "no"
    story.say("by-hand")
    story.say("yes", sort="confirm")
    story.say("typed", sort="type")
    assert story.until_asked("go").options[0].id == "did-it"


def test_by_hand_can_be_left_again_and_then_run() -> None:
    story = Story(PROVES + LAST)
    story.say("by-hand")
    story.say("back", sort="confirm")
    story.say("run", sort="go")
    story.say("yes", sort="confirm")
    story.say("typed", sort="type")
    story.until_asked("go")
    assert story.intents() == [("make", False)]
    assert story.state.step("make").end == "done"


# Accepted, skipped, done


def test_a_step_taken_although_its_proof_said_no_is_accepted_and_the_session_not_completed() -> None:
    story = Story(MAKE + "  after: [{run: look}]\n")
    story.verdicts[("after", "make")] = "no"
    story.say("run")
    story.say("accept", sort="failed")
    finish(story)
    assert story.state.step("make").end == "accepted"
    assert mark_of(story, "make") is Mark.ACCEPTED
    row = view(story.plan_input, story.state).rows[0]
    assert row.beside.startswith("accepted by mara: because. The check had said: after: ")
    ended = outcome(story.state)
    assert ended is not None
    assert (story.state.closed, ended.words) == ("completed", "ended, with 1 step accepted")


def test_a_red_check_before_the_act_that_then_proved_itself_is_a_deviation_and_no_acceptance() -> None:
    story = Story(PROVES)
    story.verdicts[("before", "make")] = "no"
    story.say("accept", sort="before")
    story.say("run", sort="go")
    story.say("yes", sort="confirm")
    story.say("typed", sort="type")
    finish(story)
    assert story.state.step("make").end == "done"
    ended = outcome(story.state)
    assert ended is not None
    assert ended.words == "completed"
    assert [each.what for each in story.state.deviations] == ["overrode: before 1"]


def test_a_proof_that_says_yes_at_last_is_no_acceptance() -> None:
    story = Story(MAKE + "  after: [{run: look}, {run: look twice}]\n")
    story.verdicts[("after", "make")] = ["no"]
    story.say("run")
    story.say("again", sort="failed")
    finish(story)
    assert story.state.step("make").end == "done"


def test_what_was_found_done_and_does_not_prove_itself_is_accepted() -> None:
    story = Story(PROVES)
    story.verdicts[("already", "make")] = "yes"
    story.verdicts[("after", "make")] = "no"
    story.say("take", sort="found done")
    story.say("accept", sort="failed")
    finish(story)
    assert story.state.step("make").end == "accepted"


def test_a_step_that_was_skipped_and_done_later_is_not_listed_as_skipped() -> None:
    story = Story(MAKE + "- {id: later, title: Later, run: later}\n" + LAST)
    story.say("run")
    story.say("skip")
    story.say("undo", sort="go")
    assert story.until_asked("go").step == "later"
    story.say("undo", sort="go")
    story.say("run", sort="undo")
    story.say("run", sort="go")
    assert story.say("run", sort="go").step == "later"
    assert story.until_asked("go").step == "last"
    assert [each.what for each in story.state.deviations] == ["undone", "undone"]


def test_a_first_try_that_failed_its_proof_is_listed_with_what_the_check_said() -> None:
    story = Story(MAKE + "  after: [{run: look}]\n" + LAST)
    story.verdicts[("after", "make")] = ["no"]
    story.say("run")
    story.say("undo", sort="failed")
    story.say("run", sort="undo")
    story.say("run", sort="go")
    story.until_asked("go")
    whats = [each.what for each in story.state.deviations]
    assert whats == ["turned back after it failed its proof", "undone"]
    assert story.state.deviations[0].said.startswith("after: ")
    assert {each.reason for each in story.state.deviations} == {"because"}


def test_an_undo_needs_a_reason_and_it_is_listed() -> None:
    story = Story(MAKE + LAST)
    story.say("run")
    undo = next(option for option in story.until_asked("go").options if option.id == "undo")
    assert undo.needs == "reason"
    story.say("undo")
    story.say("run", sort="undo")
    story.until_asked("go")
    assert [(each.what, each.reason, each.by) for each in story.state.deviations] == [("undone", "because", "mara")]


# Decisions and what does not apply


WAY = """
- {id: way, title: Way, choose: {name: way, ask: Which?, options: {a: left, b: right}}}
- {id: left, title: Left, when: {way: a}, run: go left}
- {id: right, title: Right, when: {way: b}, run: go right}
"""


def test_what_cannot_apply_says_so_as_soon_as_that_is_known() -> None:
    story = Story(WAY + LAST)
    story.until_asked("choose")
    assert mark_of(story, "right") is Mark.TO_DO
    story.say("=a")
    assert story.until_asked("go").step == "left"
    assert mark_of(story, "right") is Mark.NOT_APPLICABLE


def test_a_decision_is_taken_back_like_a_step_and_runs_nothing() -> None:
    story = Story(WAY + LAST)
    story.say("=a")
    assert story.until_asked("go").step == "left"
    story.say("undo")
    assert story.until_asked("choose").step == "way"
    assert story.intents() == []
    story.say("=b")
    assert story.until_asked("go").step == "right"
    assert mark_of(story, "left") is Mark.NOT_APPLICABLE
    assert stop_now(story.procedure, story.state).sentence == "nothing to undo"


def test_a_step_that_was_skipped_by_mistake_is_gone_back_to() -> None:
    story = Story(MAKE + LAST)
    story.say("skip")
    question = story.until_asked("go")
    assert question.step == "last"
    assert next(option.label for option in question.options if option.id == "undo") == "go back to: Make"
    story.say("undo")
    assert story.say("run", sort="go").step == "make"
    assert story.until_asked("go").step == "last"
    assert story.intents() == [("make", False)]
    assert [each.what for each in story.state.deviations] == ["undone"]


# Where there is no way back


def test_in_front_of_what_cannot_be_taken_back_a_red_check_is_not_overridden() -> None:
    for purpose, sort in (("before", "before"), ("before", "no answer")):
        story = Story(FINAL + LAST)
        story.verdicts[(purpose, "delete")] = "no" if sort == "before" else "no answer"
        story.say("run")
        question = story.until_asked(sort)
        assert question.step == "delete"
        assert [option.id for option in question.options] == ["again", "skip", "undo", "pause", "stop"]
        assert "no way back after this step" in question.text


def test_a_step_that_may_not_be_skipped_does_not_say_that_it_may() -> None:
    story = Story(FINAL.replace("id: delete", "id: delete\n  skippable: no") + LAST)
    story.verdicts[("before", "delete")] = "no"
    story.say("run")
    question = story.until_asked("before")
    assert [option.id for option in question.options] == ["again", "undo", "pause", "stop"]
    assert question.text.endswith("Fix what it reports and check again, or stop.")


def test_what_was_accepted_does_not_lead_to_what_cannot_be_taken_back() -> None:
    story = Story(FINAL + LAST)
    story.verdicts[("after", "first")] = "no"
    story.say("run")
    story.say("accept", sort="failed")
    question = story.until_asked("needs")
    assert [option.id for option in question.options] == ["skip", "undo", "pause", "stop"]


def test_a_result_that_no_longer_holds_is_not_overridden_in_front_of_it() -> None:
    story = Story(FINAL + LAST)
    story.say("run")
    assert story.until_asked("go").step == "delete"
    story.verdicts[("held", "first")] = "no"
    story.resume()
    assert [option.id for option in story.until_asked("held").options] == ["again", "undo", "pause", "stop"]


def test_a_final_step_that_failed_and_changed_nothing_bars_no_way_back() -> None:
    story = Story(FINAL + LAST)
    story.say("run")
    story.verdicts[("expect", "delete")] = "no"
    story.say("run", sort="go")
    question = story.until_asked("failed")
    assert "What it does is not there." in question.text
    assert any(option.id == "undo" for option in question.options)
    assert "no way back" not in stop_now(story.procedure, story.state).sentence
    story.say("skip")
    story.until_asked("go")
    assert stop_now(story.procedure, story.state).commands == ("back",)


def test_a_final_step_that_failed_and_may_have_changed_something_bars_the_way_back() -> None:
    story = Story(FINAL + LAST)
    story.say("run")
    story.until_asked("go")
    story.verdicts[("expect", "delete")] = "no"
    story.verdicts[("already", "delete")] = ["no", "no answer"]
    story.say("run")
    story.until_asked("failed")
    assert "no way back past" in stop_now(story.procedure, story.state).sentence


def test_an_undo_that_is_a_command_is_not_called_by_hand() -> None:
    story = Story("- {id: one, title: Look, run: look, undo: {run: 'true'}}\n" + LAST)
    story.say("run")
    story.until_asked("go")
    assert stop_now(story.procedure, story.state).words == ("nothing to run: Look",)


# Checking only checks


def test_check_again_between_go_and_the_command_asks_the_step_again() -> None:
    for purpose, sort in (("before", "before"), ("fence", "fence")):
        story = Story(PROVES + LAST)
        story.until_asked("go")
        story.verdicts[(purpose, "make")] = ["no"]
        story.say("run")
        story.say("yes", sort="confirm")
        story.say("typed", sort="type")
        story.say("again", sort=sort)
        question = story.until_asked("go")
        assert next(option.id for option in question.options) == "run"
        assert story.intents() == []


def test_going_on_against_a_check_after_the_go_asks_the_step_again() -> None:
    story = Story(PROVES + LAST)
    story.until_asked("go")
    story.verdicts[("before", "make")] = "no"
    story.say("run")
    story.say("yes", sort="confirm")
    story.say("typed", sort="type")
    story.say("accept", sort="before")
    story.until_asked("go")
    assert story.intents() == []
    story.say("run")
    story.say("yes", sort="confirm")
    story.say("typed", sort="type")
    assert any(isinstance(move, StartRun) for move in [plan(story.plan_input, story.state, story.now())]) or (
        story.until_asked("go").step == "last"
    )


def test_check_again_in_an_undo_starts_nothing() -> None:
    story = Story(
        """
- id: make
  title: Make
  run: make thing
  undo: {run: unmake, before: [{run: ready}]}
"""
        + LAST
    )
    story.say("run")
    story.say("undo", sort="go")
    story.until_asked("undo")
    story.verdicts[("before", "make")] = ["no"]
    story.say("run")
    story.say("again", sort="before")
    assert story.until_asked("undo").options[0].id == "run"
    assert story.intents() == [("make", False)]


def test_check_again_does_not_turn_what_a_person_accepted_into_found_done() -> None:
    """Taken back and begun again, its effect is there; only its proof makes it done, and that says no as before."""
    plain = PROVES.replace("  confirm: This logs out everyone.\n  type: thing\n", "")
    story = Story(MAKE.replace("id: make", "id: earlier") + plain + LAST)
    story.say("run")
    story.verdicts[("after", "make")] = "no"
    story.say("run", sort="go")
    story.say("accept", sort="failed")
    story.until_asked("go")
    assert story.state.step("make").end == "accepted"
    story.verdicts[("already", "make")] = "yes"
    story.resume()
    story.until_asked("go")
    assert story.state.step("make").end == "accepted"
