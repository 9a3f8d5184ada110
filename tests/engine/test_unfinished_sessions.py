"""Unfinished live sessions are told before another begins where they were left."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from wizard.archive.session_words import given_words, stood, ticket_words
from wizard.archive.sessions import find_session
from wizard.engine import Preparation, Request, open_session, prepare, with_values
from wizard.engine.unfinished_sessions import left_words
from wizard.plain.start import _page
from wizard.record.events import Mode


if TYPE_CHECKING:
    from tests.conftest import Opener


Page = Callable[..., Preparation]

_FENCED = """
format: 1
procedure: {name}
title: Procedure {name}
parameters:
  stage: {{choices: [preview, production]}}
  plan: {{default: small}}
target:
  org: {{run: echo dm, capture: '^(.*)$'}}
  space: {{run: 'echo ${{stage}}', capture: '^(.*)$'}}
fence: {{space: '${{stage}}'}}
rehearsal: {{world: digitalmarketplace}}
phases: [{{title: Only, steps: [{{id: it, title: Do it, run: 'true'}}]}}]
"""
_FREE = """
format: 1
procedure: free
title: Procedure free
parameters:
  place: {default: here}
phases: [{title: Only, steps: [{id: it, title: Do it, run: 'true'}]}]
"""


@pytest.fixture
def page(tmp_path: Path) -> Page:
    """Start pages of procedures given as text."""

    def make(text: str, mode: Mode = "live", ticket: str = "", **values: str) -> Preparation:
        file = tmp_path / "procedure.yaml"
        file.write_text(text, encoding="utf-8")
        return prepare(Request(str(file), mode, values=values, ticket=ticket))

    return make


def leave(sessions: "Opener", preparation: Preparation) -> str:
    """The id of a session that was begun and paused."""
    drive = sessions.drive(open_session(preparation, front_end="none"))
    drive.until_asked("go")
    drive.leave()
    return drive.engine.session


def test_the_fence_tells_who_was_on_the_same_target_across_procedures(sessions: "Opener", page: Page) -> None:
    one = _FENCED.format(name="one")
    left = leave(sessions, page(one, stage="production", plan="large"))
    for name, stage, expected in (("one", "production", [left]), ("two", "production", [left]), ("two", "preview", [])):
        found = page(_FENCED.format(name=name), stage=stage)
        assert [each.id for each in found.left] == expected, (name, stage)
    unsaid = page(one)
    assert unsaid.left == ()
    assert [each.id for each in with_values(unsaid, {"stage": "production"}).left] == [left]
    assert page(one, "rehearsal", stage="production").left == ()
    resumed = sessions.resume(left)
    resumed.until_asked("go")
    (running,) = page(one, stage="production").left
    assert "open elsewhere" in left_words(running)


def test_without_a_fence_it_is_the_procedure_with_its_parameters(sessions: "Opener", page: Page) -> None:
    left = leave(sessions, page(_FREE))
    assert [each.id for each in page(_FREE).left] == [left]
    assert page(_FREE, place="there").left == ()
    assert page(_FREE.replace("procedure: free", "procedure: other")).left == ()


def test_the_line_by_line_start_page_names_it_and_how_to_go_on(sessions: "Opener", page: Page) -> None:
    one = _FENCED.format(name="one")
    left = leave(sessions, page(one, stage="production", plan="large", ticket="DM-4711"))
    told = "\n".join(_page(page(one, stage="production")))
    assert "! Unfinished: Procedure one, step 1 of 1, paused" in told
    assert "ticket DM-4711, stage production, plan large" in told
    assert f"uplevel resume {left}" in told
    assert "go on with it, close it, or begin beside it" in told
    assert "Unfinished" not in "\n".join(_page(page(one, stage="preview")))


def test_a_list_shows_what_a_session_was_begun_with_beside_the_defaults(sessions: "Opener", page: Page) -> None:
    one = _FENCED.format(name="one")
    given = find_session(leave(sessions, page(one, stage="preview", plan="large", ticket="DM-1")))
    assert (ticket_words(given), given_words(given)) == ("ticket DM-1", "stage preview, plan large")
    assert stood(given.started).endswith(" UTC")
    assert given.target == {"org": "dm", "space": "preview"}
    plain = find_session(leave(sessions, page(one, stage="production")))
    assert (ticket_words(plain), given_words(plain)) == ("", "stage production")
    assert plain.parameters == {"stage": "production", "plan": "small"}
