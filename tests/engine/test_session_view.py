"""The one view of a session: what stands on the card, whatever draws it."""

import pytest

from tests.engine.test_session_hazards import Story
from wizard.model.reading import parse_procedure
from wizard.session.plan import plan
from wizard.session.plan_input import PlanInput
from wizard.session.rendering import render_private
from wizard.session.undo_path import undo_limit
from wizard.session.view import Card, stop_now, view


SWAP = """
- id: swap
  title: Swap ${name}
  why: The old one must go.
  hint: It takes a minute.
  before:
    - {run: list things, has: '^${name}-new$'}
    - {run: list things, lacks: '^${name}-old$'}
  run: swap ${name}
  undo: {title: 'Give ${name} its place back', why: The old one is there again., run: swap back}
- {id: next, title: Next, run: go on, undo: {run: go back}}
"""


def card(story: Story) -> Card:
    found = view(story.plan_input, story.state).card
    assert found is not None
    return found


def test_an_undo_tells_its_own_title_and_reason() -> None:
    story = Story(SWAP)
    story.say("run")
    story.say("undo", sort="go")
    story.until_asked("undo")
    shown = card(story)
    assert shown.title == "undo: Give thing its place back"
    assert shown.why == "The old one is there again."
    assert shown.hint == ""


def test_an_undo_without_a_title_tells_what_it_takes_back() -> None:
    story = Story(SWAP + "- {id: last, title: Last, run: end}\n")
    story.say("run")
    story.say("run")
    story.say("undo", sort="go")
    story.until_asked("undo")
    assert card(story).title == "take back: Next"
    assert card(story).why == ""


def test_a_check_tells_what_it_wants_before_it_was_made() -> None:
    story = Story(SWAP)
    while story.state.current is None:
        story.make(plan(story.plan_input, story.state, story.now()))
    lines = [line for line in card(story).checks if line.label == "before"]
    assert [(line.verdict, line.wanted) for line in lines] == [
        ("", "an answer with thing-new"),
        ("", "an answer without thing-old"),
    ]


def test_a_step_that_is_needed_is_told_by_number_and_title() -> None:
    story = Story(SWAP + "- {id: last, title: Last, needs: [swap], run: end}\n")
    story.say("skip")
    story.say("skip", sort="go")
    assert story.until_asked("needs").text == "This step needs what is not done yet: 1 · Swap thing."


def test_a_soak_tells_the_step_it_counts_from() -> None:
    story = Story(SWAP + "- {id: last, title: Last, soak: {since: swap, for: 1h}, run: end}\n")
    story.say("run")
    story.say("run")
    while story.state.current != "last":
        story.make(plan(story.plan_input, story.state, story.now()))
    assert card(story).gates == ("soaks 1 h since the end of step 1 · Swap thing",)


FREE = "- {id: one, title: One, run: one, undo: {run: back}}\n"
BARE = "- {id: bare, title: Bare, run: bare}\n"
FINAL = "- {id: final, title: Final, run: final, no_return: '${name} is gone.'}\n"


def test_the_way_back_ends_at_the_first_step_that_changes_something_and_has_no_undo() -> None:
    values = {"name": "thing"}
    assert undo_limit(Story(FREE + FINAL).procedure, values) == (2, "thing is gone.")
    assert undo_limit(Story(FREE + BARE + FINAL).procedure, values) == (
        2,
        "It changes something, and the procedure has no undo for it.",
    )
    assert undo_limit(Story(FREE + "- {id: tell, title: Tell, by_hand: Tell them}\n").procedure, values) is None


def test_a_step_that_cannot_apply_does_not_end_the_way_back() -> None:
    only = FREE + "- {id: bare, title: Bare, when: {name: other}, run: bare}\n"
    assert undo_limit(Story(only).procedure, {"name": "thing"}) is None
    assert undo_limit(Story(only).procedure, {}) is not None


def test_what_bars_the_way_back_is_told_with_its_values() -> None:
    story = Story(FINAL + FREE)
    story.say("run")
    story.until_asked("go")
    assert stop_now(story.procedure, story.state).sentence == "no way back past Final: thing is gone."


def test_a_gate_that_is_asked_for_now_is_not_told_as_one_to_come() -> None:
    story = Story("- {id: last, title: Last, confirm: Now?, type: last, run: end}\n")
    story.until_asked("go")
    assert card(story).gates == ("you will be asked to confirm", "you will type last")
    story.say("run")
    story.until_asked("confirm")
    assert card(story).gates == ("you will type last",)
    story.say("yes")
    story.until_asked("type")
    assert card(story).gates == ()


PHASES = """
format: 1
procedure: walk
title: Walk
phases:
  - title: Names
    why: Nobody may restart the app until the release.
    steps:
      - {id: way, title: The way, choose: {name: way, ask: Which way?, options: {a: left, b: right}}}
  - title: Release
    why: The names are exchanged.
    steps:
      - {id: other, title: Not here, when: {way: b}, run: go}
      - {id: first, title: First, run: go}
      - {id: second, title: Second, run: go on}
"""


def test_what_a_phase_is_there_for_is_told_at_its_first_step_that_applies() -> None:
    story = Story(SWAP)
    story.procedure = parse_procedure({"walk.yaml": PHASES.encode()}, "walk.yaml").procedure
    story.plan_input = PlanInput(story.procedure)
    story.until_asked("choose")
    assert card(story).phase_why == "Nobody may restart the app until the release."
    story.say("=a")
    story.until_asked("go")
    assert (card(story).step, card(story).phase_why) == ("first", "The names are exchanged.")
    story.say("run")
    story.until_asked("go")
    assert (card(story).step, card(story).phase_why) == ("second", "")


def test_what_is_undone_by_hand_or_not_at_all_is_no_command_of_the_way_back() -> None:
    story = Story("""
- {id: one, title: One, run: go, undo: {run: go back}}
- {id: two, title: Two, run: go, undo: {title: Nothing to do, run: 'true'}}
- {id: three, title: Three, run: go, undo: {title: Tell them, by_hand: [Tell them all]}}
- {id: four, title: Four, run: go}
""")
    for _ in range(3):
        story.say("run")
    story.until_asked("go")
    assert stop_now(story.procedure, story.state).ways == ("Tell them", "Nothing to do", "$ go back")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("stat -c %a /run/user/1/uplevel/private-01A/m.yml", "stat -c %a ${private}/m.yml"),
        ("tool --file=/run/private-01A", "tool --file=${private}"),
        ("stat /run/private-01AB/m.yml", "stat /run/private-01AB/m.yml"),
        ("stat '/my own/private-01A/m.yml'", "stat '/my own/private-01A/m.yml'"),
    ],
)
def test_the_private_folder_is_told_by_its_name(text: str, told: str) -> None:
    assert render_private(text, "01A") == told


def test_of_a_script_it_is_told_what_its_names_stand_for() -> None:
    story = Story("""
- id: one
  title: One
  shell: |
    for each in "$name" "${name}-old"; do tool "$each" "$HOME" "$secret"; done
- {id: two, title: Two, run: 'tool ${name}'}
""")
    story.until_asked("go")
    assert card(story).named == "name is thing"
    story.say("run")
    story.until_asked("go")
    assert card(story).named == ""


def test_of_a_decision_it_is_told_when_to_take_which_option() -> None:
    story = Story("""
- id: way
  title: Which way?
  why: There are two.
  choose:
    name: way
    ask: Which?
    options:
      - {value: left, label: To the left, why: It loses nothing.}
      - {value: right, label: To the right}
      - {value: back, label: Back, why: 'It loses ${name}.'}
""")
    story.until_asked("choose")
    assert card(story).why == "There are two.\n\nTo the left: It loses nothing.\n\nBack: It loses thing."
