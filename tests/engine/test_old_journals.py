"""Journals of earlier versions: they verify, tell the truth, are taken up again, and are exported as they were."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import Opener
from wizard.archive.sessions import summary_of
from wizard.formats import build
from wizard.formats.collect import collect
from wizard.formats.json import render_json
from wizard.formats.markdown import render_markdown
from wizard.places import sessions_dir
from wizard.record.events import Evidence, has_its_shape
from wizard.record.journal import scan, verify
from wizard.session import fold, outcome


if TYPE_CHECKING:
    from wizard.session import SessionState


JOURNALS = Path(__file__).parents[1] / "journals"
IDS: dict[str, str] = json.loads((JOURNALS / "sessions.json").read_text(encoding="utf-8"))

EXPORTS = JOURNALS / "exports"
REWORDED = (
    (r"(?m)^(Run \d+,.* attempt \d+): exit ", r"\1: ended with exit "),
    (r"(?m)^(Run \d+,.* attempt \d+): killed by signal ", r"\1: was ended by signal "),
    (r"(Z )(wait|soak) ended", r"\1the \2 is over"),
    (r"(Z )(wait|soak) of", r"\1a \2 of"),
    (r"a wait of 600 s", "a wait of 10 min"),
    (r"(?m)^\| (undo )?already \|", r"| \1already done? |"),
    (r"(?m)^\| (undo )?expect \| (yes|no)", r"| \1command | \2"),
)
"""What the exports said before, and what they say now: words only."""

CLOSED = {
    "all-acts": "completed",
    "all-acts-undone": "completed",
    "all-acts-overridden": "completed",
    "rehearsal-redis": "completed",
    "rehearsal-nginx": "completed",
    "completed": "completed",
    "careful": "completed",
    "before-overridden": "completed",
    "first-try-failed": "completed",
    "found-done": "completed",
    "skipped-then-done": "completed",
    "unknown-settled": "completed",
    "rehearsal-auto": "completed",
    "by-hand-accepted": "ended, with 1 step accepted",
    "by-hand-mode": "ended, with 2 steps accepted",
    "by-hand-skipped": "ended, with 1 step skipped",
    "failed-accepted": "ended, with 1 step accepted",
    "skipped": "ended, with 4 steps skipped",
    "stopped": "stopped",
    "undone": "stopped",
}
ENDS = {
    "by-hand-accepted": {"remove": "accepted"},
    "failed-accepted": {"two": "accepted", "one": "done"},
    "careful": {"slow": "done by hand", "three": "done by hand", "one": "done"},
    "found-done": {"one": "found done", "slow": "not applicable"},
    "first-try-failed": {"two": "done"},
    "by-hand-mode": {"one": "accepted", "two": "accepted", "clear": "done by hand"},
    "unknown-settled": {"one": "done by hand"},
    "undone": {"one": "done"},
}


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Lay a session of the set into this user's sessions folder, with the rights that a session has."""

    def lay(name: str) -> Path:
        (tmp_path / "site").mkdir(exist_ok=True)
        monkeypatch.chdir(tmp_path / "site")
        folder = sessions_dir() / IDS[name]
        shutil.copytree(JOURNALS / name, folder)
        for each in ("checkpoints", "checks", "runs", "procedure"):
            (folder / each).mkdir(exist_ok=True)
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o700 if path.is_dir() else 0o600)
        return folder

    return lay


def folded(folder: Path) -> "SessionState":
    """The state that a session's records tell."""
    return fold(collect(scan(folder / "journal.jsonl").records).happened)


@pytest.mark.parametrize("name", sorted(IDS))
def test_a_journal_of_the_version_before_is_whole_and_can_be_exported(old: Callable[[str], Path], name: str) -> None:
    folder = old(name)
    report = verify(folder, shape=has_its_shape)
    assert report.findings == ()
    told = render_markdown(build(folder))
    assert json.loads(render_json(build(folder)))["session"]["id"] == IDS[name]
    assert "## " in told


@pytest.mark.parametrize("name", sorted(IDS))
def test_a_journal_of_the_version_before_is_exported_as_it_was(old: Callable[[str], Path], name: str) -> None:
    story = build(old(name))
    before = (EXPORTS / f"{name}.md").read_text(encoding="utf-8")
    for said, now in REWORDED:
        before = re.sub(said, now, before)
    assert render_markdown(story).splitlines() == before.splitlines()
    data = hashlib.sha256(render_json(story).encode("utf-8")).hexdigest()
    assert data == json.loads((EXPORTS / "sha256.json").read_text(encoding="utf-8"))[name]


@pytest.mark.parametrize("name", sorted(CLOSED))
def test_how_it_ended_is_folded_from_its_steps(old: Callable[[str], Path], name: str) -> None:
    folder = old(name)
    state = folded(folder)
    ended = outcome(state)
    assert ended is not None
    assert ended.words == CLOSED[name]
    assert {step: state.step(step).end for step in ENDS.get(name, {})} == ENDS.get(name, {})
    listed = summary_of(folder)
    assert (listed.outcome, listed.state) == (CLOSED[name], CLOSED[name].split(",")[0])
    assert listed.auto == name.startswith("rehearsal-")
    assert listed.completed_by_person == (CLOSED[name] == "completed" and not listed.auto)
    told = json.loads(render_json(build(folder)))
    assert told["session"]["outcome"] == CLOSED[name]
    assert ended.words in render_markdown(build(folder))


def test_what_was_accepted_is_listed_with_who_why_and_what_the_check_said(old: Callable[[str], Path]) -> None:
    state = folded(old("by-hand-accepted"))
    [by_hand, accepted] = state.deviations
    assert (by_hand.what, by_hand.by, by_hand.step) == ("done by hand", "root", "remove")
    assert accepted.what == "accepted without proof: after 1"
    assert accepted.reason == "take it, I am tired"
    assert "ls /srv/site: " in accepted.said
    assert "must not be there" in accepted.said


def test_a_first_try_that_failed_is_listed_and_a_skip_that_was_made_good_is_not(old: Callable[[str], Path]) -> None:
    again = next(each for each in folded(old("first-try-failed")).deviations if each.step == "two")
    assert again.what == "run again after it failed its proof"
    assert "ended with 3" in again.said
    assert [each.what for each in folded(old("skipped-then-done")).deviations] == ["undone"]


@pytest.mark.parametrize(
    ("name", "sort"),
    [
        ("paused-at-go", "go"),
        ("paused-at-failed", "failed"),
        ("paused-at-gate", "go"),
        ("paused-in-undo", "undo"),
        ("paused-after-accept", "item"),
        ("unknown", "unknown"),
    ],
)
def test_a_session_of_the_version_before_goes_on(
    old: Callable[[str], Path], sessions: Opener, name: str, sort: str
) -> None:
    folder = old(name)
    Path("one").write_text("first\n")
    if name in {"paused-at-gate", "paused-after-accept"}:
        Path("two").write_text("second\n")
    drive = sessions.resume(str(folder))
    assert drive.until_asked().question_kind == sort
    drive.answer("stop", "that was enough")
    drive.until_finished()
    assert verify(folder, shape=has_its_shape).findings == ()


def test_an_accepted_step_stays_accepted_over_a_resume(old: Callable[[str], Path], sessions: Opener) -> None:
    folder = old("paused-after-accept")
    Path("one").write_text("first\n")
    drive = sessions.resume(str(folder))
    drive.ask_and_answer("tick", sort="item")
    drive.ask_and_answer("run", sort="go")
    drive.ask_and_answer("yes", sort="confirm")
    drive.ask_and_answer("typed", "one", sort="type")
    finished = drive.until_finished()
    assert finished.code == 6
    assert "The session has ended, with 1 step accepted." in finished.sentence


def test_evidence_of_a_by_hand_answer_of_the_version_before_counts(old: Callable[[str], Path]) -> None:
    state = folded(old("by-hand-skipped"))
    assert [each.what for each in state.deviations] == ["done by hand", "skipped"]
    assert "looked at it" in state.deviations[0].reason


@pytest.mark.parametrize("name", ["all-acts-paused", "all-acts-handed-over"])
def test_a_session_with_every_kind_of_act_goes_on_to_its_end(
    old: Callable[[str], Path], sessions: Opener, name: str
) -> None:
    folder = old(name)
    Path("pad").write_text("hello\n")
    Path("settings.yaml").write_text("colour: blue\nkept: 1\n")
    Path("secret.txt").write_text("token: a-new-token-of-the-day\n")
    drive = sessions.resume(str(folder))
    sort = ""
    while sort != "type":
        asked = drive.until_asked()
        sort = asked.question_kind
        match sort:
            case "handed over":
                drive.answer("accept-session", "mara")
            case "go":
                drive.answer("run")
            case "item":
                drive.answer("tick", "", *([Evidence(kind="url", text="https://x.example")] if asked.item else []))
            case "secret":
                drive.answer("answer", "correcthorsebattery")
            case "soak":
                drive.answer("cut-short", "nobody needs it")
            case "confirm":
                drive.answer("yes")
            case "type":
                drive.answer("typed", "pad")
            case other:
                pytest.fail(f"{other}: {asked.text}")
    assert drive.until_finished().code == 0
    assert verify(folder, shape=has_its_shape).findings == ()
