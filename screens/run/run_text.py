"""The texts of the run screen, made from what it shows."""

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text
from textual.content import Content

from screens.run.check_rows import CheckRows
from screens.run.showing import Showing
from screens.run.step_card import card_page, card_title, end_heading, no_way_back, pinned_command, result_page
from screens.shared.words import ENDS, MARKS, ends_kept, prose, safe_text, wrapped
from wizard.engine.health_words import line_words, percent_words, silence_words, still_words
from wizard.record.events import Asked
from wizard.session.check_lines import answered_line, label_of
from wizard.session.event_words import head_words
from wizard.session.labels import labelled
from wizard.session.rendering import duration, render_deviation
from wizard.session.watching import WatchLine, over_words


def page_of(showing: Showing) -> RenderableType:
    """The card: a result to acknowledge, or the step before us, or what is asked without one."""
    total = len(showing.view.rows)
    result = showing.result
    if result is not None:
        return result_page(result.card, total, result.mark, list(result.lines))
    card, question = showing.view.card, showing.view.question
    if question is not None and question.step is None:
        return _session_question(showing, question)
    if card is None:
        return Group(Text(), Padding(Text("Looking at where we are.", style="bold"), (0, 0, 0, 1)))
    asked = question.text if question is not None and question.text != card.title else ""
    asked = labelled(asked, showing.plan_input.procedure, showing.state.values)
    page: RenderableType = card_page(card, total, showing.card_mark, asked)
    for watch in showing.view.watches:
        if watch.over:
            page = Group(page, Text(), *_over(watch))
    run = showing.state.runs.get(card.run) if card.run is not None else None
    if question is None or question.question_kind != "unknown" or run is None:
        return page
    moment = run.asked_at.at[:19].replace("T", " ")
    known = "started" if run.started is not None else "was to start"
    # Who began the run is certain only where one person has had the session all along.
    alone = not any(deviation.what == "taken over" for deviation in showing.state.deviations)
    by = f" by {showing.state.opened.operator.user}" if alone else ""
    started = f"{known} {moment} UTC{by}; F5 shows its output"
    return Group(page, Text(), Padding(Text(safe_text(started)), (0, 0, 0, 1)))


def _over(watch: WatchLine) -> list[Text]:
    """That a watch is over, and what it printed last."""
    told = [Text(safe_text(f" ! {over_words(watch)}"), style="bold")]
    if watch.printed:
        lines = watch.printed.splitlines()
        told += [Text("   it printed:"), *(Text(safe_text(f"   {line}"), overflow="fold") for line in lines)]
    return told


def _session_question(showing: Showing, question: Asked) -> RenderableType:
    """A question about the session as a whole; what held before it was left stands in a table."""
    held = tuple(showing.state.resume_checks.values()) if question.question_kind == "held" else ()
    procedure = showing.plan_input.procedure
    lines = [answered_line(label_of(each, procedure), each, procedure, showing.state) for each in held]
    text = question.text.partition(".")[0] + "." if held else question.text
    asked = Padding(Text(prose(text), style="bold"), (0, 0, 0, 1))
    mark = Text(f"{MARKS['needs you']} needs you", style="yellow", justify="right")
    return Group(mark, asked, Text(), Padding(CheckRows(lines), (0, 0, 0, 1)) if lines else Text())


def pinned_of(showing: Showing) -> RenderableType | None:
    """What stands above the answers whatever the card's length, or None.

    That is the command to come and that there is no way back after it, or how to go on from a page.
    """
    if showing.kind == "result":
        return Padding(Text("Press Enter to go on.", style="bold"), (1, 0, 0, 1))
    if showing.kind == "closed" and showing.finished is not None:
        return Padding(Text("Press Enter to leave.", style="bold"), (1, 0, 0, 1))
    card, question = showing.view.card, showing.view.question
    if card is None or showing.kind not in {"question", "busy"} or (question is not None and question.step is None):
        return None
    parts = [part for part in (pinned_command(card), no_way_back(card)) if part is not None]
    return Group(*parts) if parts else None


def closing_page(showing: Showing, session: str, folder: str) -> RenderableType:
    """The last card: how the session ended, what deviated, where its record is."""
    state, ended = showing.state, showing.view.closed
    word, told = ("", "") if ended is None else (ended.word, ended.sentence)
    heading = end_heading(told, ENDS.get(word, ""), word)
    lines: list[RenderableType] = [heading, Text()]
    lines += _left_to_undo(showing) if word not in {"completed", "ended"} else []
    lines.append(Text("Deviations", style="bold"))
    for deviation in state.deviations:
        line = render_deviation(showing.plan_input.procedure, deviation, state.values)
        lines.append(Padding(Text(safe_text(line, newlines=True)), (0, 0, 0, 2)))
    if not state.deviations:
        lines.append(Text("  none"))
    lines += [Text(), Text("Its record", style="bold"), Text(f"  {safe_text(folder)}")]
    lines += [Text(f"  uplevel export {session} --format md", style="bold")]
    lines += [Text(f"  uplevel verify {session}", style="bold"), Text()]
    if showing.finished is not None and showing.finished.head:
        lines += [Text(head_words(showing.finished.records), style="bold")]
        lines += [Text(f"  {showing.finished.head}"), Text()]
    if showing.finished is not None:
        lines.append(Text(safe_text(showing.finished.sentence, newlines=True)))
    else:
        lines.append(Text("Writing the last of it."))
    return Padding(Group(*lines), (0, 1))


def _left_to_undo(showing: Showing) -> list[RenderableType]:
    """What the session did and did not take back, newest first, with the command for each."""
    stop = showing.view.stop_now
    lines: list[RenderableType] = [Text(f"Left as it is: {safe_text(stop.sentence)}", style="bold")]
    for title, way in zip(stop.titles, stop.ways, strict=True):
        lines.append(Text(f"  {safe_text(title)}"))
        lines += [Text(f"    {safe_text(line)}", overflow="fold") for line in way.split("\n")]
    return [*lines, Text()]


def place_of(showing: Showing) -> tuple[int, str]:
    """Number and title of the step for the one-line checklist; the title only where no card says it."""
    result, card = showing.result, showing.view.card
    if result is not None:
        return result.card.number, ""
    if showing.view.closed is not None:
        return len(showing.view.rows), ""
    if card is None:
        return 0, ""
    return card.number, card.title if showing.kind == "running" else ""


_BAR = 20


def bar(percent: float) -> str:
    """`████████░░░░░░░░░░░░ 42 %`."""
    full = int(_BAR * percent / 100)
    return f"{'█' * full}{'░' * (_BAR - full)} {percent_words(percent)}"


def life_line(showing: Showing) -> str:
    """How the running command is doing, where there is something to say."""
    signs, run = showing.signs, showing.state.open_run
    if signs is None or run is None:
        return ""
    parts = [
        bar(signs.percent) if signs.percent is not None else "",
        still_words(run) if signs.still else "",
        line_words(signs),
        silence_words(signs),
    ]
    return " · ".join(part for part in parts if part)


def running_text(showing: Showing, width: int, *, wide: bool, titled: bool) -> Content:
    """Title and command above the output; in a narrow terminal the title stands in the line above already.

    Args:
        showing: What the run screen shows.
        width: Cells of a line.
        wide: There is no such line.
        titled: The card stands above it, and tells the title.
    """
    card = showing.view.card
    if card is None:
        return Content("")
    first, *more = wrapped(card.command, width - len(_PROMPT) - 1) or ("",)
    seen, left = more[: _COMMAND - 1], len(more) - (_COMMAND - 1)
    lines = [f"{_PROMPT}{first}", *(f"{' ' * len(_PROMPT)}{line}" for line in seen)]
    lines += [f" ↓ {left} more line{'' if left == 1 else 's'}, F4 shows them"] if left > 0 else []
    command = "\n".join(lines)
    if titled or not wide:
        return Content.styled(command, "bold")
    return Content.assemble((f" {safe_text(card_title(card, len(showing.view.rows)))}\n", "bold"), command)


_PROMPT = " $ "
_COMMAND = 3
"""Lines of the command that stand above its output."""


def doing_line(showing: Showing, width: int) -> str:
    """What the engine is doing between events; how long it may go on stands first, and a long text keeps its ends."""
    activity = showing.activity
    if activity is None or activity.kind == "asking" or showing.kind in {"result", "running"}:
        return ""
    words = {"checking": "checking", "running": "starting", "waiting": "waiting", "closing": "closing the record"}
    word = words.get(activity.kind, activity.kind)
    parts = [f" {word}"]
    if activity.attempt > 1:
        parts.append(f"attempt {activity.attempt}")
    if activity.left is not None:
        parts.append(f"{duration(int(activity.left))} left")
    told = f"{', '.join(parts)}: {activity.text}" if activity.text else ", ".join(parts)
    return ends_kept(safe_text(told), width - 1)
