"""A transcript as Markdown: one page of summary first, then every step."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wizard.formats.escape import code, fenced, prose
from wizard.formats.model import CheckPart, ConfirmationPart, RunPart, StepPart, Transcript
from wizard.record.events import Evidence
from wizard.session.check_lines import purpose_label
from wizard.session.event_words import answer_words, evidence_words
from wizard.session.rendering import duration
from wizard.session.run_words import exit_words


_WHEN = {"open": "the beginning", "phase": "the end of a phase", "close": "the close"}


def render_markdown(transcript: Transcript) -> str:
    """The whole transcript as Markdown, ending in a newline."""
    return "\n".join(_lines(transcript)) + "\n"


def _lines(transcript: Transcript) -> Iterator[str]:
    # A page may be printed or quoted alone, so each heading says what a rehearsal is.
    sign = "REHEARSAL · " if transcript.rehearsal else ""
    yield f"# {sign}{prose(str(transcript.session['title']))}"
    yield ""
    if transcript.rehearsal:
        yield "**REHEARSAL. Nothing real was touched. This is no evidence of a change.**"
        yield ""
    yield from _summary(transcript, sign)
    yield from _overview(transcript, sign)
    yield from _deviations(transcript, sign)
    yield from _notes(transcript, sign)
    yield from _breaks(transcript, sign)
    yield from _integrity(transcript, sign)
    for step in transcript.steps:
        yield from _step(step, sign)
    yield from _details(transcript, sign)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"| {' | '.join('---' for _ in head)} |"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _mode(transcript: Transcript) -> str:
    cited = transcript.session["rehearsal"]
    if not transcript.rehearsal or cited is None:
        return str(transcript.session["mode"])
    drill = f", drill {cited['drill']}" if cited["drill"] else ""
    return f"REHEARSAL on {cited['world']}, seed {cited['seed']}{drill}"


def _summary(transcript: Transcript, sign: str) -> Iterator[str]:
    facts = transcript.session
    rows = [
        ("Session", facts["id"]),
        ("Procedure", f"{facts['procedure']}, version {facts['procedure_version']}; {facts['trust']}"),
        ("Mode", _mode(transcript)),
        ("State", facts["state"] if facts["outcome"] == "not ended" else facts["outcome"]),
        *((("Why", facts["reason"]),) if facts["reason"] else ()),
        ("Started", facts["started"]),
        ("Finished", facts["finished"] or "not yet"),
        ("Operator", ", ".join(facts["operators"]) + ("; it played by itself (--auto)" if facts["auto"] else "")),
        *((("Who decided", "; ".join(_actor(each) for each in facts["actors"])),) if facts["actors"] else ()),
        *((("Time", _time(facts["world"])),) if facts["world"] else ()),
        *((("Account", _named(facts["who"])),) if facts["who"] else ()),
        ("Requester and approver", f"{facts['requester']}; {facts['approver']}"),
        ("Ticket", facts["ticket"]),
        ("Target", _named(facts["target"]) or "not provided"),
        ("Parameters", ", ".join(f"{name}={value}" for name, value in facts["parameters"].items()) or "none"),
        *((("Ports", _named(facts["ports"])),) if facts["ports"] else ()),
    ]
    yield f"## {sign}Summary"
    yield ""
    yield from _table(("", ""), [(name, prose(str(value))) for name, value in rows])


def _actor(actor: Mapping[str, Any]) -> str:
    """`1: mara on bastion (real user joe, /dev/pts/3, plain, key SHA256:...)`, or `2: auto`."""
    if actor["sort"] == "auto":
        return f"{actor['number']}: auto"
    real = f"real user {actor['real_user']}" if actor["real_user"] else ""
    key = f"key {actor['key']}" if actor["key"] else ""
    told = ", ".join(word for word in (real, actor["tty"], actor["source"], actor["front_end"], key) if word)
    return f"{actor['number']}: {actor['user']} on {actor['host']} ({told})"


def _time(world: Mapping[str, Any]) -> str:
    passed = f"{duration(world['seconds'])} of world time, {duration(world['here'])} here, at speed {world['speed']:g}"
    counted = "; ".join(f"{name} {count:g}" for name, count in world["counts"].items())
    return f"{passed}; counted: {counted}" if counted else passed


def _named(values: Mapping[str, str]) -> str:
    return " · ".join(f"{name} {value}" for name, value in values.items())


def _overview(transcript: Transcript, sign: str) -> Iterator[str]:
    yield f"### {sign}What was done"
    yield ""
    rows = [
        (str(step.number), prose(step.ref), prose(step.title), step.state, prose(step.reason))
        for step in transcript.steps
    ]
    yield from _table(("", "Manual", "Step", "State", "Reason"), rows)


def _deviations(transcript: Transcript, sign: str) -> Iterator[str]:
    yield f"### {sign}Deviations"
    yield ""
    if not transcript.deviations:
        yield "none"
        yield ""
        return
    titles = _titles(transcript)
    rows = [
        (each.at, titles.get(each.step, each.step), each.what, each.said, each.by, each.reason)
        for each in transcript.deviations
    ]
    head = ("When", "Step", "What", "The check had said", "By", "Reason")
    yield from _table(head, [tuple(prose(word) for word in row) for row in rows])


def _titles(transcript: Transcript) -> dict[str, str]:
    """By step id: the step as people know it."""
    return {step.id: f"{step.number} · {step.title}" for step in transcript.steps}


def _notes(transcript: Transcript, sign: str) -> Iterator[str]:
    titles = _titles(transcript)
    rows = [
        (each["at"], prose(titles.get(each["step"], each["step"])), prose(each["by"]), prose(each["text"]))
        for each in transcript.session["notes"]
    ]
    if rows:
        yield f"### {sign}Remarks"
        yield ""
        yield from _table(("When", "Step", "Who", "What"), rows)


def _breaks(transcript: Transcript, sign: str) -> Iterator[str]:
    titles = _titles(transcript)
    rows = []
    for each in transcript.session["breaks"]:
        how = "paused" if each["paused"] else "left without a pause; the last record before"
        which = f": {each['command']} (run {each['run']})" if each["run"] else ""
        running = f", a command was running{which}" if each["command_running"] else ""
        took = "" if each["seconds"] is None else duration(max(0.0, each["seconds"]))
        step = titles.get(each["step"], each["step"])
        left = f"{each['left']} {how}{running}"
        again = (each["resumed"] or "not yet") + (", on the restarted machine" if each["restarted"] else "")
        rows.append((left, each["by"], step, again, each["resumed_by"], took))
    if rows:
        yield f"### {sign}Pauses"
        yield ""
        head = ("Left", "By", "At step", "Taken up", "By", "After")
        yield from _table(head, [tuple(prose(word) for word in row) for row in rows])


def _integrity(transcript: Transcript, sign: str) -> Iterator[str]:
    whole = transcript.integrity
    yield f"### {sign}Integrity"
    yield ""
    yield f"**{whole.verdict}**, {whole.records} records. The head of the record:"
    yield ""
    yield from fenced(whole.head_groups)
    yield ""
    yield "To check this page against the record:"
    yield ""
    yield from fenced(whole.verify)
    yield ""
    for finding in whole.findings:
        yield f"- **{prose(finding)}**"
    for note in whole.notes:
        yield f"- {prose(note)}"
    for signed in whole.signatures:
        reach = int(signed["count"]) - 1
        said = f"The records up to {reach} were signed at {_WHEN[signed['purpose']]} with {signed['key']}."
        yield f"- {prose(said)}"
    if whole.findings or whole.notes or whole.signatures:
        yield ""


def _step(step: StepPart, sign: str) -> Iterator[str]:
    ref = f"{step.ref} · " if step.ref else ""
    yield f"## {sign}{step.number} · {prose(ref + step.title)}: {step.state}"
    yield ""
    if step.began:
        yield f"Began {step.began}, ended {step.ended or 'not yet'}."
        yield ""
    for confirmation in step.confirmations:
        yield f"- {_confirmation(confirmation)}"
    for remark in step.remarks:
        yield f"- {prose(remark)}"
    if step.confirmations or step.remarks:
        yield ""
    if step.checks:
        yield from _checks(step.checks)
    for run in step.runs:
        yield from _run(run)


def _confirmation(each: ConfirmationPart) -> str:
    if not each.answered:
        return prose(f"{each.asked} asked and not answered: {each.text}")
    said = answer_words(each.answer, each.value, each.reason)
    proof = "; ".join(evidence_words(Evidence.model_validate(item)) for item in each.evidence)
    took = "" if each.seconds is None else f", after {each.seconds:.1f} s"
    return prose(f"{each.answered} {each.text} → {said} ({each.by}{took})" + (f"; evidence: {proof}" if proof else ""))


def _checks(checks: Sequence[CheckPart]) -> Iterator[str]:
    rows = [
        (
            prose(("undo " if each.undo else "") + purpose_label(each.purpose)),
            each.verdict,
            code(each.command),
            prose(each.wanted),
            prose(each.got + (f" ({each.why})" if each.why and each.verdict != "yes" else "")),
            _answer(each),
        )
        for each in checks
    ]
    yield from _table(("Check", "Answer", "Command", "Wanted", "Got", "Whole answer"), rows)


def _answer(check: CheckPart) -> str:
    """Where the whole answer of a check stands, as `tail -c +OFFSET | head -c BYTES` takes it."""
    where = check.answer
    return "" if where is None or not where["len"] else f"{where['len']} bytes at {where['offset']} of checks/output"


def _run(run: RunPart) -> Iterator[str]:
    undo = "undo, " if run.undo else ""
    watch = "a watch beside the steps, " if run.watch else ""
    yield f"Run {run.run}, {watch}{undo}attempt {run.attempt}: {prose(_outcome(run))}"
    yield ""
    yield from fenced(run.command, "sh")
    yield ""
    for told in _told(run):
        yield f"- {prose(told)}"
    if run.excerpt:
        yield ""
        yield from fenced(run.excerpt)
    yield ""


def _outcome(run: RunPart) -> str:
    if run.outcome == "unknown":
        return f"outcome unknown; {run.settled or 'not settled'}"
    if run.outcome != "ended":
        return run.outcome or "no outcome is recorded"
    return f"{exit_words(run.exit, run.signal)}, {run.started} to {run.finished}"


def _told(run: RunPart) -> Iterator[str]:
    facts = (
        ("program", f"{run.executable} sha256 {run.executable_sha256}" if run.executable else ""),
        ("output", f"{run.output_bytes} bytes, sha256 {run.output_sha256}" if run.output_sha256 else ""),
        ("streams", run.streams),
        *((each["name"], f"{each['len']} bytes, sha256 {each['sha256']}") for each in run.beside),
        ("lost output", f"{run.lost[1]} bytes at {run.lost[0]}" if run.lost else ""),
        *(("end of the output", f"{e['len']} bytes in tail.{e['begin']}, sha256 {e['sha256']}") for e in run.tail),
        ("secrets masked", ", ".join(f"{name} {count}" for name, count in run.redactions.items())),
        ("ended by" if run.watch else "stopped by", run.stopped_by),
        ("left running", ", ".join(run.left_running)),
        ("hidden input", "was typed and is recorded nowhere" if run.hidden_input else ""),
        ("it ended", "while no wizard watched" if run.while_away and run.outcome == "ended" else ""),
        ("whole screen", "it had the terminal; nothing typed or shown there is kept" if run.full_screen else ""),
        *(("file", change) for change in run.files),
        ("whole screen", "it asked for one that its step does not give it" if run.screen_wanted else ""),
        ("problem", run.problem),
    )
    yield from (f"{name}: {value}" for name, value in facts if value)


_ELSEWHERE = frozenset({"checks", "confirmations", "notes", "breaks", "actors", "world"})
"""Facts that stand in a section of their own."""


def _details(transcript: Transcript, sign: str) -> Iterator[str]:
    yield f"## {sign}Facts about the session"
    yield ""
    rest = {name: value for name, value in transcript.session.items() if name not in _ELSEWHERE}
    yield from _table(("Field", "Value"), [(name, _cell(value)) for name, value in rest.items()])
    for name in ("checks", "confirmations"):
        for each in transcript.session[name]:
            yield f"- {name}: {code(json.dumps(each, ensure_ascii=True))}"
    if transcript.integrity.unknown:
        yield ""
        yield "Records this version of uplevel does not know, as they stand:"
        yield ""
        yield from fenced("\n".join(json.dumps(record) for record in transcript.integrity.unknown), "json")


def _cell(value: object) -> str:
    return prose(value) if isinstance(value, str) else code(json.dumps(value, ensure_ascii=True))
