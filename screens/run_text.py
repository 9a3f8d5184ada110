"""The texts of the run screen, made from what it shows."""

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text
from textual.content import Content

from screens.showing import Showing
from screens.widgets.step_card import card_page, card_title, check_table, end_heading, pinned_command, result_page
from screens.words import ENDS, MARKS, ends_kept, prose, shown, wrapped_lines
from wizard.engine.life import line_words, percent_words, silence_words, still_words
from wizard.events import Asked
from wizard.session.shown import deviation_words, duration, step_shown
from wizard.session.view import CheckLine
from wizard.session.watching import WatchLine, over_words


_HELD = {"fence": "target", "held": "after"}


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
    page: RenderableType = card_page(card, total, showing.card_mark, asked)
    for watch in showing.view.watches:
        if watch.over:
            page = Group(page, Text(), *_over(watch))
    run = showing.state.runs.get(card.run) if card.run is not None else None
    if question is None or question.sort != "unknown" or run is None:
        return page
    moment = run.asked_at.at[:19].replace("T", " ")
    known = "started" if run.started is not None else "was to start"
    # Who began the run is certain only where one person has had the session all along.
    alone = not any(deviation.what == "taken over" for deviation in showing.state.deviations)
    by = f" by {showing.state.opened.operator.user}" if alone else ""
    started = f"{known} {moment} UTC{by}; F5 shows its output"
    return Group(page, Text(), Padding(Text(shown(started)), (0, 0, 0, 1)))


def _over(watch: WatchLine) -> list[Text]:
    """That a watch is over, and what it printed last."""
    told = [Text(shown(f" ! {over_words(watch)}"), style="bold")]
    if watch.printed:
        lines = watch.printed.splitlines()
        told += [Text("   it printed:"), *(Text(shown(f"   {line}"), overflow="fold") for line in lines)]
    return told


def _session_question(showing: Showing, question: Asked) -> RenderableType:
    """A question about the session as a whole; what held before it was left stands in a table."""
    held = tuple(showing.state.held.values()) if question.sort == "held" else ()
    lines = [
        CheckLine(_HELD.get(each.purpose, each.purpose), each.verdict, each.wanted, each.got, each.why, each.command)
        for each in held
    ]
    text = question.text.partition(".")[0] + "." if held else question.text
    asked = Padding(Text(prose(text), style="bold"), (0, 0, 0, 1))
    mark = Text(f"{MARKS['needs you']} needs you", style="yellow", justify="right")
    return Group(mark, asked, Text(), Padding(check_table(lines), (0, 0, 0, 1)) if lines else Text())


def pinned_of(showing: Showing) -> RenderableType | None:
    """What stands below the card whatever its length, or None: the command to come, or how to go on from a page."""
    if showing.kind == "result":
        return Padding(Text("Press Enter to go on.", style="bold"), (1, 0, 0, 1))
    if showing.kind == "closed" and showing.finished is not None:
        return Padding(Text("Press Enter to leave.", style="bold"), (1, 0, 0, 1))
    card, question = showing.view.card, showing.view.question
    if card is None or showing.kind not in {"question", "busy"} or (question is not None and question.step is None):
        return None
    return pinned_command(card)


def pinned_rows(showing: Showing, width: int) -> int:
    """The rows that it takes: the empty line above it, and a command wrapped behind `$ ` and the margins."""
    if pinned_of(showing) is None:
        return 0
    card = showing.view.card
    asks = showing.kind in {"question", "busy"} and card is not None
    if not asks or card is None:
        return 2
    named = wrapped_lines(card.named, width - 5) if card.named else 0
    return 1 + wrapped_lines(card.command, width - 5) + named


_VERBS = {"completed": "is", "ended": "has", "stopped": "was", "failed": "has"}


def closing_page(showing: Showing, session: str, folder: str) -> RenderableType:
    """The last card: how the session ended, what deviated, where its record is."""
    state, ended = showing.state, showing.view.closed
    word, words = ("", "") if ended is None else (ended.word, ended.words)
    heading = end_heading(f"The session {_VERBS.get(word, '')} {words}.", ENDS.get(word, ""), word)
    lines: list[RenderableType] = [heading, Text()]
    lines += _left_to_undo(showing) if word not in {"completed", "ended"} else []
    lines.append(Text("Deviations", style="bold"))
    for deviation in state.deviations:
        procedure = showing.situation.procedure
        where = f"{step_shown(procedure, deviation.step, state.values)}: " if deviation.step else ""
        lines.append(Padding(Text(shown(f"{where}{deviation_words(deviation)}", newlines=True)), (0, 0, 0, 2)))
    if not state.deviations:
        lines.append(Text("  none"))
    lines += [Text(), Text("Its record", style="bold"), Text(f"  {shown(folder)}")]
    lines += [Text(f"  uplevel export {session} --format md", style="bold")]
    lines += [Text(f"  uplevel verify {session}", style="bold"), Text()]
    if showing.finished is not None and showing.finished.head:
        lines += [Text(f"Its head, {showing.finished.records} records, for the ticket", style="bold")]
        lines += [Text(f"  {showing.finished.head}"), Text()]
    if showing.finished is not None:
        lines.append(Text(shown(showing.finished.sentence, newlines=True)))
    else:
        lines.append(Text("Writing the last of it."))
    return Padding(Group(*lines), (0, 1))


def _left_to_undo(showing: Showing) -> list[RenderableType]:
    """What the session did and did not take back, newest first, with the command for each."""
    stop = showing.view.stop_now
    lines: list[RenderableType] = [Text(f"Left as it is: {shown(stop.sentence)}", style="bold")]
    for title, way in zip(stop.titles, stop.ways, strict=True):
        lines.append(Text(f"  {shown(title)}"))
        lines += [Text(f"    {shown(line)}", overflow="fold") for line in way.split("\n")]
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


def running_text(showing: Showing, wide: bool) -> Content:
    """Title and command above the output; in a narrow terminal the title stands in the line above already."""
    card = showing.view.card
    if card is None:
        return Content("")
    lines = shown(card.command, newlines=True).splitlines() or [""]
    command = f" $ {lines[0]}" + (f"  … {len(lines)} lines" if len(lines) > 1 else "")
    if not wide:
        return Content.styled(command, "bold")
    return Content.assemble((f" {shown(card_title(card, len(showing.view.rows)))}\n", "bold"), command)


def doing_line(showing: Showing, width: int) -> str:
    """What the engine is doing between events; how long it may go on stands first, and a long text keeps its ends."""
    activity = showing.activity
    if activity is None or activity.sort == "asking" or showing.kind in {"result", "running"}:
        return ""
    words = {"checking": "checking", "running": "starting", "waiting": "waiting", "closing": "closing the record"}
    word = words.get(activity.sort, activity.sort)
    parts = [f" {word}"]
    if activity.attempt > 1:
        parts.append(f"attempt {activity.attempt}")
    if activity.left is not None:
        parts.append(f"{duration(int(activity.left))} left")
    told = f"{', '.join(parts)}: {activity.text}" if activity.text else ", ".join(parts)
    return ends_kept(shown(told), width - 1)
