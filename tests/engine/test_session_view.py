"""The one view of a session: what stands on the card, whatever draws it."""

from tests.engine.test_session_hazards import Story
from wizard.session import plan
from wizard.session.view import Card, view


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
    found = view(story.situation, story.state).card
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
        story.make(plan(story.situation, story.state, story.now()))
    lines = [line for line in card(story).checks if line.label == "before"]
    assert [(line.verdict, line.wanted) for line in lines] == [
        ("", "an answer with thing-new"),
        ("", "an answer without thing-old"),
    ]
