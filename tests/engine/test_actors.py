"""Decisions carry the number of who took them; each person stands in a record of their own."""

from collections.abc import Iterable

import pytest

from tests.conftest import Opener
from wizard.engine.messages import AddNote
from wizard.formats import build
from wizard.formats.markdown import render_markdown
from wizard.record.events import ActorNamed, Deed, WorldCounted
from wizard.record.journal import verify


STEPS = """
format: 1
procedure: p
title: P
phases:
  - title: A
    steps:
      - {id: a, title: First, run: 'true'}
      - {id: b, title: Wait a while, wait: 3d}
      - {id: c, title: Last, run: 'true'}
"""


LIVE = STEPS.replace("wait: 3d", "run: 'true'")


def named(events: Iterable[object]) -> list[ActorNamed]:
    return [event for event in events if isinstance(event, ActorNamed)]


def deeds(events: Iterable[object]) -> set[int]:
    return {event.actor for event in events if isinstance(event, Deed)}


def test_a_person_is_named_once_and_decisions_carry_the_number(sessions: Opener) -> None:
    drive = sessions.open(LIVE)
    drive.until_asked("go")
    drive.engine.submit(AddNote("seen"))
    drive.answer("run")
    drive.until_asked()
    drive.leave()
    drive.until_finished()
    (actor,) = named(drive.events)
    assert (actor.number, actor.actor_kind, actor.front_end, len(actor.salt)) == (1, "person", "none", 32)
    assert (actor.user, actor.host) == (drive.state.opened.operator.user, drive.state.opened.operator.host)
    assert deeds(drive.events) == {1}
    again = sessions.resume(drive.engine.session)
    again.until_asked()
    again.leave()
    again.until_finished()
    assert named(again.events) == []
    assert deeds(again.events) == {1}
    assert verify(drive.engine.folder).findings == ()


def test_somebody_else_gets_another_number(sessions: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    drive = sessions.open(LIVE)
    drive.until_asked("go")
    drive.leave()
    drive.until_finished()
    monkeypatch.setenv("SUDO_USER", "joe")
    again = sessions.resume(drive.engine.session)
    again.until_asked("go")
    again.answer("run")
    again.until_asked()
    (other,) = named(again.events)
    assert (other.number, other.real_user) == (2, "joe")
    assert deeds(again.events) == {2}
    assert other.salt != named(drive.events)[0].salt
    again.leave()
    again.until_finished()
    transcript = build(drive.engine.folder)
    assert [actor["number"] for actor in transcript.session["actors"]] == [1, 2]
    assert "salt" not in transcript.session["actors"][0]
    (asked, *_) = [each for each in transcript.steps[0].confirmations if each.answered]
    assert asked.actor == 2
    assert "2: " in render_markdown(transcript)
    assert "real user joe" in render_markdown(transcript)


def test_what_plays_by_itself_is_named_auto_and_the_time_of_its_world_is_told(sessions: Opener) -> None:
    drive = sessions.open(STEPS, "rehearsal", auto=True, speed=1e9)
    drive.until_finished()
    (actor,) = named(drive.events)
    assert (actor.actor_kind, actor.user, deeds(drive.events)) == ("auto", "", {1})
    first, *_, last = [event for event in drive.events if isinstance(event, WorldCounted)]
    assert last.now - first.now >= 3 * 86400
    world = build(drive.engine.folder).session["world"]
    assert (world["seconds"], world["speed"]) == (last.now - first.now, 1e9)
    assert 0 < world["here"] < 3600
    page = render_markdown(build(drive.engine.folder))
    assert "3 d of world time, " in page
    assert " here, at speed 1e+09" in page
    assert "1: auto" in page


def test_a_live_session_has_no_world(sessions: Opener) -> None:
    drive = sessions.open(LIVE)
    drive.until_asked("go")
    assert build(drive.engine.folder).session["world"] is None
