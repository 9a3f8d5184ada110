"""The transcript: every fact of the record for people, and nothing in it that obeys."""

import json
import re
import shutil
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from wizard.errors import EvidenceBroken, UsageProblem
from wizard.formats import NOT_PROVIDED, build
from wizard.formats.escape import code, fenced, prose
from wizard.formats.json import render_json
from wizard.formats.markdown import render_markdown
from wizard.record.events import (
    Answered,
    Asked,
    CheckAnswered,
    Event,
    Evidence,
    EvidenceAdded,
    FrontEndAttached,
    Noted,
    Operator,
    Option,
    OutputCited,
    RehearsalCited,
    RunEnded,
    RunIntent,
    RunSettled,
    SessionClosed,
    SessionPaused,
    SessionResumed,
    StepBegan,
    StepEnded,
    UndoBegan,
    ValueRemembered,
)


Begin = Callable[..., Any]
HOSTILE = "\x1b]52;c;ZXZpbA==\x07```\n````text\n# not a heading\n<script>x</script> | `a` \x9b31m \u202e end\n"


def intent(run: int, step: str = "first", **more: Any) -> RunIntent:
    facts: dict[str, Any] = {
        "attempt": 1,
        "words": ("touch", "a b"),
        "executable": "/bin/touch",
        "executable_sha256": "e" * 64,
        "cwd": "/work",
        "env": ("PATH",),
        "repeat": "never",
    }
    return RunIntent(run=run, step=step, **{**facts, **more})


def asked(number: int, step: str | None = "first", **more: Any) -> Asked:
    options = (Option(id="run", label="run it"), Option(id="skip", label="skip this step", needs="reason"))
    return Asked(question=number, question_kind="go", step=step, text="Touch preview", options=options, **more)


def answered(number: int, choice: str = "run", step: str | None = "first", **more: Any) -> Answered:
    return Answered(question=number, question_kind="go", step=step, choice=choice, **more)


def play(session: Any, output: bytes = b"hello\n") -> None:
    """A whole session: the first step done, the second skipped."""
    cited = session.output(1, output)
    session.add(
        FrontEndAttached(front_end="plain", pid=7),
        ValueRemembered(scope="target", name="space", value="preview"),
        StepBegan(step="first"),
        asked(1),
        answered(1),
        intent(1),
        RunEnded(
            run=1,
            outcome="ended",
            exit=0,
            started="2026-11-23T02:00:06.000000Z",
            finished="2026-11-23T02:00:07.000000Z",
            seconds=1.0,
            output=OutputCited(**cited),
            redactions={"token": 2},
        ),
        CheckAnswered(
            step="first",
            purpose="after",
            index=0,
            command="ls preview",
            wanted="has preview",
            verdict="yes",
            got="preview",
        ),
        StepEnded(step="first", state="done"),
        StepBegan(step="second"),
        asked(2, "second"),
        answered(2, "skip", "second", reason="no | need"),
        StepEnded(step="second", state="skipped", reason="no | need"),
    )
    session.add(SessionClosed(state="completed", count=session.journal.head[0] + 1))


def as_dict(session: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render_json(build(session.folder.path)))
    return found


def test_json_has_the_promised_shape(record: Begin) -> None:
    session = record()
    play(session)
    whole = as_dict(session)
    assert list(whole) == ["session", "steps", "deviations", "integrity"]
    first, second = whole["steps"]
    assert (first["id"], first["ref"], first["title"], first["state"]) == ("first", "Manual 1", "Touch preview", "done")
    (run,) = first["runs"]
    assert (run["command"], run["exit"], run["signal"], run["output"]) == ("touch 'a b'", 0, None, "hello\n")
    assert (run["started"], run["finished"]) == ("2026-11-23T02:00:06.000000Z", "2026-11-23T02:00:07.000000Z")
    assert run["output_sha256"] == session.output(1, b"hello\n")["sha256"]
    (check,) = first["checks"]
    assert (check["purpose"], check["verdict"], check["command"]) == ("after", "yes", "ls preview")
    (confirmation,) = first["confirmations"]
    assert (confirmation["text"], confirmation["answer"], confirmation["seconds"]) == ("Touch preview", "run it", 1.0)
    assert (second["state"], second["confirmations"][0]["reason"]) == ("skipped", "no | need")
    assert whole["integrity"]["verdict"] == "VERIFIED-UNSIGNED"
    assert whole["integrity"]["records"] == len(session.journal.records)
    assert (
        whole["integrity"]["verify"] == f"uplevel verify {session.folder.session_id} --head {session.journal.head[1]}"
    )
    assert whole["session"]["state"] == "completed"


def test_the_same_bytes_each_time(record: Begin) -> None:
    session = record()
    play(session)
    assert render_json(build(session.folder.path)) == render_json(build(session.folder.path))
    assert render_markdown(build(session.folder.path)) == render_markdown(build(session.folder.path))


def test_steps_not_reached_are_to_do(record: Begin) -> None:
    session = record()
    session.add(StepBegan(step="first"))
    whole = as_dict(session)
    assert [step["state"] for step in whole["steps"]] == ["now", "to do"]
    assert whole["integrity"]["verdict"] == "OPEN"
    assert whole["session"]["state"] == "open"


def test_what_nobody_provided_says_so(record: Begin) -> None:
    session = record()
    play(session)
    facts = as_dict(session)["session"]
    for name in ("ticket", "approver", "requester", "emergency", "procedure_commit", "retention", "second_copy"):
        assert facts[name] == NOT_PROVIDED
    assert facts["operator_from"]["host"] == "bastion"
    assert facts["target"] == {"space": "preview"}
    assert facts["parameters_changed"] == []


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ([StepEnded(step="first", state="skipped", reason="x")], "skipped"),
        ([intent(1), RunEnded(run=1, outcome="unknown")], "the outcome of run 1 is unknown"),
        (
            [
                intent(1),
                RunEnded(run=1, outcome="unknown"),
                RunSettled(run=1, finished=True, by="operator", evidence=(Evidence(kind="text", text="seen"),)),
            ],
            "it finished",
        ),
        ([SessionResumed(operator=Operator(user="joe", uid=1, host="h"), uplevel="1")], "taken over"),
        ([asked(1), answered(1, "rerun", reason="again")], "run again"),
        ([asked(1), answered(1, "accept", reason="ok")], "overrode"),
        ([asked(1), answered(1, "by-hand", evidence=(Evidence(kind="text", text="did"),))], "done by hand"),
        ([UndoBegan(step="first"), StepEnded(step="first", state="undone")], "undone"),
    ],
)
def test_every_deviation_is_listed(record: Begin, events: list[Event], told: str) -> None:
    session = record()
    session.add(StepBegan(step="first"), *events)
    assert any(told in each["what"] for each in as_dict(session)["deviations"])
    text = render_markdown(build(session.folder.path))
    assert "\nnone\n" not in text.split("Deviations")[1].split("Integrity")[0]


def test_a_deviation_tells_the_step_by_number_and_title_and_the_json_by_id(record: Begin) -> None:
    session = record()
    session.add(StepBegan(step="first"), StepEnded(step="first", state="skipped", reason="not today"))
    told = render_markdown(build(session.folder.path)).split("Deviations")[1].split("Integrity")[0]
    assert "| 1 · Touch preview | skipped |  | mara | not today |" in told
    assert as_dict(session)["deviations"][0]["step"] == "first"


JOE = Operator(user="joe", uid=1, host="desk")


def section(session: Any, title: str) -> list[str]:
    """The rows of one table of the Markdown, without the table's head."""
    text = render_markdown(build(session.folder.path))
    assert f"### {title}\n" in text, text
    rows = text.split(f"### {title}\n")[1].split("\n#")[0].strip().splitlines()
    return rows[2:]


def test_remarks_are_told_with_who_and_when(record: Begin) -> None:
    session = record()
    session.add(
        Noted(step=None, text="before anything"),
        StepBegan(step="first"),
        SessionPaused(step="first"),
        SessionResumed(operator=JOE, uplevel="1"),
        Noted(step="first", text="it | is slow"),
        EvidenceAdded(step="first", evidence=Evidence(kind="url", text="https://x.example/1")),
    )
    first, second, third = section(session, "Remarks")
    assert first.endswith("Z |  | mara@bastion | before anything |")
    assert "| 1 · Touch preview | joe@desk | it \\| is slow |" in second
    assert "evidence: url https://x.example/1" in third
    assert as_dict(session)["session"]["notes"][1]["step"] == "first"


def test_pauses_are_told_with_who_took_the_session_up_and_how_long_it_lay(record: Begin) -> None:
    session = record()
    session.add(StepBegan(step="first"), SessionPaused(step="first", running=True))
    session.clock.number += 7200
    session.add(SessionResumed(operator=JOE, uplevel="1"), StepEnded(step="first", state="done"))
    paused, *rest = section(session, "Pauses")
    assert rest == []
    assert "paused, a command was running | mara@bastion | 1 · Touch preview |" in paused
    assert "| joe@desk | 2 h |" in paused


def test_who_was_killed_left_without_a_pause(record: Begin) -> None:
    session = record()
    session.add(
        StepBegan(step="first"), FrontEndAttached(front_end="plain", pid=8), SessionResumed(operator=JOE, uplevel="1")
    )
    session.add(SessionPaused(step="first"))
    killed, open_still = section(session, "Pauses")
    assert "left without a pause" in killed
    assert "paused | joe@desk | 1 · Touch preview | not yet |" in open_still
    whole = as_dict(session)["session"]["breaks"]
    assert [each["paused"] for each in whole] == [False, True]
    assert whole[1]["seconds"] is None


def test_after_a_kill_during_a_command_the_break_says_which_one_was_running(record: Begin) -> None:
    session = record()
    session.add(
        StepBegan(step="first"),
        intent(1, "first", words=("touch", "it")),
        SessionResumed(operator=JOE, uplevel="1"),
        RunEnded(run=1, outcome="unknown"),
        SessionPaused(step="first"),
    )
    killed, paused = section(session, "Pauses")
    assert "a command was running: touch it (run 1)" in killed
    assert "1 · Touch preview" in killed
    assert "running" not in paused
    found = as_dict(session)["session"]["breaks"]
    assert [(each["command_running"], each["run"], each["command"]) for each in found] == [
        (True, 1, "touch it"),
        (False, 0, ""),
    ]


def test_no_remarks_and_no_pauses_take_no_room(record: Begin) -> None:
    session = record()
    play(session)
    text = render_markdown(build(session.folder.path))
    assert "Remarks" not in text
    assert "Pauses" not in text


def test_no_deviation_says_none(record: Begin) -> None:
    session = record()
    session.add(StepBegan(step="first"), StepEnded(step="first", state="done"))
    assert "### Deviations\n\nnone\n" in render_markdown(build(session.folder.path))
    assert as_dict(session)["deviations"] == []


def test_a_rehearsal_says_so_on_every_heading(record: Begin) -> None:
    session = record(mode="rehearsal", rehearsal=RehearsalCited(world="x", seed=1))
    play(session)
    text = render_markdown(build(session.folder.path))
    outside = re.sub(r"(?ms)^(`{3,})\w*\n.*?^\1$", "", text)
    headings = [line for line in outside.split("\n") if line.startswith("#")]
    assert headings
    assert all("REHEARSAL" in line for line in headings)
    assert as_dict(session)["integrity"]["verdict"] == "REHEARSAL VERIFIED-UNSIGNED"


def test_a_rehearsal_says_on_what_it_played_and_which_drill_it_was_given(record: Begin) -> None:
    cited = RehearsalCited(world="x", seed=7, drill="late|y")
    drilled = record(mode="rehearsal", rehearsal=cited)
    assert "| Mode | REHEARSAL on x, seed 7, drill late" in render_markdown(build(drilled.folder.path))
    assert as_dict(drilled)["session"]["rehearsal"] == {
        "world": "x",
        "seed": 7,
        "drill": "late|y",
        "exam": False,
        "servers": [],
        "speed": 30.0,
    }


def test_hostile_text_stays_text(record: Begin) -> None:
    session = record(ticket=HOSTILE)
    session.add(
        Noted(step="first", text=HOSTILE), EvidenceAdded(step=None, evidence=Evidence(kind="text", text=HOSTILE))
    )
    play(session, HOSTILE.encode())
    markdown, as_json = render_markdown(build(session.folder.path)), render_json(build(session.folder.path))
    for text in (markdown, as_json):
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
    assert as_json.isascii()
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    kinds = {each.type for token in tokens for each in (token, *(token.children or ()))}
    assert not kinds & {"html_block", "html_inline", "link_open", "image"}
    headings = [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"]
    assert len(headings) == 9
    assert not any("not a heading" in heading for heading in headings)
    blocks = [token.content for token in tokens if token.type == "fence"]
    assert any(block.endswith("<U+202E> end\n") and "# not a heading\n" in block for block in blocks)


def test_long_output_keeps_both_ends_with_a_mark(record: Begin) -> None:
    session = record()
    content = b"".join(b"line %d\n" % number for number in range(60_000))
    play(session, content)
    run = as_dict(session)["steps"][0]["runs"][0]
    assert run["output"].startswith("line 0\n")
    assert run["output"].endswith("line 59999\n")
    assert re.search(
        rf"\[{run['output_cut']} bytes are left out here; .* sha256 {run['output_sha256']}\]", run["output"]
    )
    assert run["output_bytes"] == len(content)
    page = render_markdown(build(session.folder.path))
    assert len(page) < 60_000
    (said,) = re.findall(r"\[(\d+) bytes are left out here", page)
    shown = re.search(r"^line 0$.*?^line 59999$", page, re.DOTALL | re.MULTILINE)
    assert shown is not None
    kept = re.sub(r"\[\d+ bytes are left out.*?\]\n", "", shown[0]) + "\n"
    assert int(said) == len(content) - len(kept)


def test_unknown_records_are_listed_raw(record: Begin) -> None:
    session = record()
    session.journal.append("future.thing", {"what": "\x1b[31m"}, durable=True)
    whole = as_dict(session)
    (unknown,) = whole["integrity"]["unknown"]
    assert (unknown["kind"], unknown["data"]["what"]) == ("future.thing", "<U+001B>[31m")
    assert "future.thing" in render_markdown(build(session.folder.path))


def test_a_broken_record_is_told_and_its_good_part_shown(record: Begin) -> None:
    session = record()
    play(session)
    journal = session.folder.journal
    journal.write_bytes(journal.read_bytes().replace(b"no | need", b"no | nEed", 1))
    whole = as_dict(session)
    assert whole["integrity"]["verdict"] == "BROKEN"
    assert whole["integrity"]["findings"]
    assert whole["steps"][0]["state"] == "done"


def test_a_lost_procedure_is_told(record: Begin) -> None:
    session = record()
    play(session)
    shutil.rmtree(session.folder.procedure)
    whole = as_dict(session)
    assert [step["id"] for step in whole["steps"]] == ["first", "second"]
    assert any("copy of the procedure" in note for note in whole["integrity"]["notes"])


def test_no_session_and_no_readable_beginning(record: Begin, tmp_path: Any) -> None:
    with pytest.raises(UsageProblem):
        build(tmp_path)
    session = record("01KAQ0000000000000000000CC")
    session.folder.journal.write_bytes(session.folder.journal.read_bytes()[:-3] + b"x}\n")
    with pytest.raises(EvidenceBroken):
        build(session.folder.path)


@given(st.text(alphabet=st.sampled_from("`~\n# |a<\\ -1."), max_size=60))
@settings(max_examples=300, deadline=None)
def test_no_text_leaves_its_fence_or_its_cell(text: str) -> None:
    first, *inside, last = fenced(text)
    assert first.removesuffix("text") == last
    assert not any(re.fullmatch(rf" {{0,3}}`{{{len(last)},}}\s*", line) for line in inside)
    assert "\n" not in prose(text)
    assert "\n" not in code(text)
    for cell in (prose(text), code(text)):
        rows = MarkdownIt("commonmark").enable("table").parse(f"| x | y |\n| --- | --- |\n| {cell} | end |\n")
        cells = [rows[at + 1].content for at, token in enumerate(rows) if token.type == "td_open"]
        assert len(cells) == 2
        assert cells[1] == "end"


@pytest.mark.parametrize(("outcome", "told"), [("ended", True), ("unknown", False), ("not started", False)])
def test_only_what_ended_is_said_to_have_ended_while_nobody_watched(record: Begin, outcome: str, told: bool) -> None:
    session = record()
    ended = RunEnded.model_validate({"run": 1, "outcome": outcome, "while_away": True, "problem": "void"})
    session.add(StepBegan(step="first"), intent(1), ended)
    assert ("it ended: while no wizard watched" in render_markdown(build(session.folder.path))) is told
