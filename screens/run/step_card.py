"""The card of a step: why it is there, what was checked, the command whole."""

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from screens.run.check_rows import CheckRows
from screens.shared.words import MARKS, prose, safe_text
from wizard.session import Mark
from wizard.session.check_lines import is_good
from wizard.session.rendering import duration


if TYPE_CHECKING:
    from wizard.session.check_lines import CheckLine
    from wizard.session.view import Card


_LOUD = {Mark.NEEDS_YOU: "yellow", Mark.ACCEPTED: "yellow", Mark.FAILED: "red", Mark.UNKNOWN: "yellow"}


def heading(left: str, mark: Mark) -> RenderableType:
    """The card's first line: what it is on the left, its state as mark and word on the right.

    Args:
        left: What it is.
        mark: Its state.
    """
    return _ends(left, Text(f"{MARKS[mark.value]} {mark.value}", style=_LOUD.get(mark, "")))


def end_heading(left: str, mark: str, word: str) -> RenderableType:
    """The same line for a session that is over, which has marks of its own."""
    return _ends(left, Text(f"{mark} {word}"))


def _ends(left: str, right: Text) -> RenderableType:
    line = Table.grid(expand=True, padding=(0, 1))
    line.add_column(ratio=1, overflow="fold")
    line.add_column(justify="right", no_wrap=True)
    line.add_row(Text(safe_text(left), style="bold"), right)
    return line


def card_title(card: "Card", total: int) -> str:
    """`2 of 5 · Redis 2 · Give the downlevel service the name …`."""
    parts = [f"{card.number} of {total}", card.ref, card.title]
    return " · ".join(part for part in parts if part)


def _is_asked_about(line: "CheckLine") -> bool:
    """Whether the step cannot go on before a person has looked at this answer."""
    return bool(line.verdict) and not is_good(line)


def _command(card: "Card") -> RenderableType:
    text = Table.grid(padding=(0, 1))
    text.add_column(no_wrap=True)
    text.add_column(overflow="fold")
    text.add_row(Text("$", style="bold"), Text(safe_text(card.command, newlines=True), style="bold", overflow="fold"))
    if card.named:
        text.add_row("", Text(safe_text(card.named), style="dim", overflow="fold"))
    return text


def _changes(card: "Card") -> list[RenderableType]:
    """What an edit makes of its file, line by line."""
    return [Text(safe_text(card.changes, newlines=True), overflow="fold"), Text()] if card.changes else []


_AFTER = {"command", "after"}
_LONG_SCRIPT = 5
_SEVERAL = 2


def act_is_over(card: "Card") -> bool:
    """Whether the card tells of an act that was made, not of one to come."""
    return any(line.label in _AFTER and line.verdict for line in card.checks)


def pinned_command(card: "Card") -> RenderableType | None:
    """The command of an act to come, to stand below the card whatever its length; None where it stands in the card."""
    if not card.command or card.changes or act_is_over(card) or card.command.count("\n") >= _LONG_SCRIPT:
        return None
    if card.named and any(map(_is_asked_about, card.checks)):  # first what is asked; a script would leave it no room
        return None
    return Padding(_command(card), (1, 0, 0, 1))


def no_way_back(card: "Card") -> RenderableType | None:
    """What stands above the answers of an act to come after which nothing is taken back; None for any other."""
    if not card.no_return or act_is_over(card):
        return None
    return Padding(Text(f"! {_final(card)}", style="bold red"), (1, 0, 0, 1))


def _final(card: "Card") -> str:
    return prose(f"No way back after this step: {card.no_return}")


def _checks_and_command(card: "Card", told: str) -> list[RenderableType]:
    """In the order in which they happen. Once the act is over, what was asked before it and not since is left out."""
    over = act_is_over(card)
    before = [line for line in card.checks if line.label not in _AFTER and not (over and not line.verdict)]
    after = [line for line in card.checks if line.label in _AFTER]
    if not over:
        before, after = [*before, *after], []
    # What a person is asked about stands first, so that nobody has to scroll to it.
    before, after = (sorted(lines, key=lambda line: not _is_asked_about(line)) for lines in (before, after))
    parts: list[RenderableType] = [CheckRows(before, told), Text()] if before else []
    command = [_command(card), Text()] if card.command and pinned_command(card) is None else []
    checks: list[RenderableType] = [CheckRows(after, told), Text()] if after else []
    if not over and command and not any(map(_is_asked_about, before)):  # what will run, above checks that are good
        return [*command, *parts]
    # What came of it and what is to be known of it, above a command, which may be longer than the screen.
    notices = [*_notices(card), Text()] if over and _notices(card) else []
    return [*parts, *checks, *notices, *command]


def _notices(card: "Card") -> list[RenderableType]:
    """What the operator must know before they say go: gates, usual time, the hint; of an act that is over, the rest."""
    lines = [_final(card)] if card.no_return and act_is_over(card) else []
    asked = [gate for gate in card.gates if gate.startswith("you ")]
    lines += [f"It {gate}." for gate in card.gates if gate not in asked]
    lines += [f"Before it runs, {', and '.join(asked)}."] if asked else []
    if card.usual and not act_is_over(card):
        lines.append(f"It usually takes {duration(round(card.usual, 1))}.")
    if card.hint:
        lines.append(card.hint)
    return [Text(prose(line)) for line in lines]


def _summary(card: "Card") -> list[RenderableType]:
    """That nothing is in the way, before each check is told."""
    made = [line for line in card.checks if line.verdict]
    if len(made) < _SEVERAL or any(map(_is_asked_about, made)):
        return []
    all_of_them = "Both checks" if len(made) == 2 else f"All {len(made)} checks"
    return [Text(f"{all_of_them} before it passed.", style="dim"), Text()]


def _ticks(card: "Card", told: str) -> list[RenderableType]:
    """What a person does by hand, and what of it is done; a single thing is the question."""
    if not card.items or [item for item, _ in card.items] == [told]:
        return []
    return [*(Text(f"{'✓' if done else '○'} {safe_text(item, newlines=True)}") for item, done in card.items), Text()]


def _paragraphs(card: "Card", told: str) -> list[RenderableType]:
    parts: list[RenderableType] = []
    if card.ended_away:
        parts += [Text(safe_text(f"The command {card.ended_away}.")), Text()]
    over = act_is_over(card)
    notices = _notices(card)
    asked = any(_is_asked_about(line) for line in card.checks)
    if asked and not over:  # the question is about them
        parts += _checks_and_command(card, told)
    if not over:
        parts += [*_changes(card), *_summary(card)]
        parts += [Text(prose(card.phase_why), style="bold"), Text()] if card.phase_why else []
        parts += [Text(prose(card.why)), Text()] if card.why else []
        # Above the checks: nobody may have to scroll to what is asked of them, or to what cannot be taken back.
        parts += [*notices, Text()] if notices else []
        parts += _ticks(card, told)
    if over or not asked:
        parts += _checks_and_command(card, told)
    for said in (card.by_hand, "" if act_is_over(card) else card.whole_screen):
        if said:
            parts += [Text(safe_text(said)), Text()]
    if card.files:
        parts += [Text(safe_text("\n".join(card.files), newlines=True)), Text()]
    if over:
        parts += _ticks(card, told)
    return _trimmed(parts)


def _trimmed(parts: list[RenderableType]) -> list[RenderableType]:
    """The parts without an empty line at their end."""
    return parts[:-1] if parts and isinstance(parts[-1], Text) and not parts[-1].plain else parts


def card_page(card: "Card", total: int, mark: Mark, question: str, *, alone: bool = False) -> RenderableType:
    """The whole card.

    Args:
        card: The step.
        total: How many steps there are.
        mark: Its state.
        question: What is asked, when that is not the step's title; may be empty.
        alone: It is only read, so that nothing stands below it: the command is a part of it.
    """
    parts: list[RenderableType] = [heading(card_title(card, total), mark), Text()]
    asked: list[RenderableType] = (
        [Padding(Text(prose(question), style="bold"), (0, 0, 0, 1)), Text()] if question else []
    )
    below = [part for part in (pinned_command(card), no_way_back(card)) if part is not None] if alone else []
    body = Padding(Group(*_paragraphs(card, question)), (0, 0, 0, 1))
    return Group(*parts, *asked, body, *below)


def result_page(card: "Card", total: int, mark: Mark, lines: "list[str]") -> RenderableType:
    """What a step that ended showed of itself: how it ended, what proves it, what was run, whatever the end was."""
    said = [*(Text(safe_text(line, newlines=True)) for line in (*lines, *card.files)), Text()]
    made = tuple(line for line in card.checks if line.verdict)
    checks: list[RenderableType] = [CheckRows(made), Text()] if made else []
    command = [_command(card), Text(), *_changes(card)] if card.command else []
    body = Padding(Group(*_trimmed([*said, *checks, *command])), (0, 0, 0, 1))
    return Group(heading(card_title(card, total), mark), Text(), body)
