"""The card of a step: why it is there, what was checked, the command whole."""

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from screens.words import MARKS, VERDICTS, prose, shown
from wizard.session import Mark
from wizard.session.shown import duration


if TYPE_CHECKING:
    from collections.abc import Sequence

    from wizard.session.view import Card, CheckLine


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
    line.add_column(ratio=1)
    line.add_column(justify="right", no_wrap=True)
    line.add_row(Text(shown(left), style="bold"), right)
    return line


def card_title(card: "Card", total: int) -> str:
    """`2 of 5 · Redis 2 · Give the downlevel service the name …`."""
    parts = [f"{card.number} of {total}", card.ref, card.title]
    return " · ".join(part for part in parts if part)


def _good(line: "CheckLine") -> bool:
    return line.verdict == ("no" if line.label == "already done?" else "yes")


def _is_asked_about(line: "CheckLine") -> bool:
    """Whether the step cannot go on before a person has looked at this answer."""
    return bool(line.verdict) and not _good(line)


def _verdict(line: "CheckLine") -> Text:
    if not line.verdict:
        return Text("…", style="dim")
    found = line.label == "already done?" and line.verdict == "yes"
    style = "" if _good(line) or found else "red" if line.verdict == "no" else "yellow"
    word = VERDICTS[line.verdict]
    return Text(f"✗ {word}" if line.verdict == "no" and not _good(line) else word, style=style)


def check_table(checks: "Sequence[CheckLine]", told: str = "") -> RenderableType:
    """A line a check; one that did not answer as it should gets asked, wanted and got.

    Args:
        checks: What was asked, or will be.
        told: What the card says already; not said again.
    """
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    twice = [(line.label, line.command) for line in checks]
    for line in checks:
        said = line.command
        if line.label == "command" and line.verdict:  # the command stands beside the table
            said = "as expected" if _good(line) else "not as expected"
        if twice.count((line.label, line.command)) > 1 and line.wanted and (not line.verdict or _good(line)):
            said = f"{line.command}   ({'; '.join(wanted.strip() for wanted in line.wanted.splitlines())})"
        asks = Text(shown(said, newlines=True), style="" if line.verdict else "dim")
        table.add_row(Text(shown(line.label)), _verdict(line), asks)
        if not line.verdict or _good(line):
            continue
        # A yes is made by what is not there as well; nothing was got only where something was missing.
        got = line.got or ("" if line.verdict == "yes" else "nothing")
        for word, said in (("wanted", line.wanted), ("got", got), ("", line.why)):
            if said and (word or said not in told):
                table.add_row("", Text(word, style="dim"), Text(shown(said, newlines=True)))
    return table


def _command(card: "Card") -> RenderableType:
    text = Table.grid(padding=(0, 1))
    text.add_column(no_wrap=True)
    text.add_column(overflow="fold")
    text.add_row(Text("$", style="bold"), Text(shown(card.command, newlines=True), style="bold", overflow="fold"))
    if card.named:
        text.add_row("", Text(shown(card.named), style="dim", overflow="fold"))
    return text


def _changes(card: "Card") -> list[RenderableType]:
    """What an edit makes of its file, line by line."""
    return [Text(shown(card.changes, newlines=True), overflow="fold"), Text()] if card.changes else []


_AFTER = {"command", "after"}
_LONG_SCRIPT = 5


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


def _checks_and_command(card: "Card", told: str) -> list[RenderableType]:
    """In the order in which they happen. Once the act is over, what was asked before it and not since is left out."""
    over = act_is_over(card)
    before = [line for line in card.checks if line.label not in _AFTER and not (over and not line.verdict)]
    after = [line for line in card.checks if line.label in _AFTER]
    if not over:
        before, after = [*before, *after], []
    parts = [check_table(before, told), Text()] if before else []
    command = [_command(card), Text()] if card.command and pinned_command(card) is None else []
    checks = [check_table(after, told), Text()] if after else []
    if not over and command and not any(map(_is_asked_about, before)):  # what will run, above checks that are good
        return [*command, *parts]
    # What a person is asked about comes first, and a long script would push it below the fold.
    last = _is_script(card) or any(map(_is_asked_about, after))
    return [*parts, *checks, *command] if last else [*parts, *command, *checks]


def _is_script(card: "Card") -> bool:
    return "\n" in card.command


def _to_be_read(card: "Card") -> list[RenderableType]:
    """What good checks answered, of a step that has no command: there a person looks at it and decides."""
    checks = () if card.command else card.checks
    said = [line.got for line in checks if line.label == "before" and line.verdict and _good(line)]
    wanted = {line.wanted for line in checks}
    told = [Text(shown(got, newlines=True), overflow="fold") for got in said if got and got not in wanted]
    return [*told, Text()] if told else []


def _notices(card: "Card") -> list[RenderableType]:
    """What the operator must know before they say go: no way back, gates, the hint."""
    lines = [f"No way back after this step: {card.no_return}"] if card.no_return else []
    asked = [gate for gate in card.gates if gate.startswith("you ")]
    lines += [f"It {gate}." for gate in card.gates if gate not in asked]
    lines += [f"Before it runs, {', and '.join(asked)}."] if asked else []
    if card.usual and not act_is_over(card):
        lines.append(f"It usually takes {duration(round(card.usual, 1))}.")
    if card.hint:
        lines.append(card.hint)
    return [Text(prose(line)) for line in lines]


def _paragraphs(card: "Card", told: str) -> list[RenderableType]:
    parts: list[RenderableType] = []
    if card.ended_away:
        parts += [Text(shown(f"The command {card.ended_away}.")), Text()]
    over = act_is_over(card)
    notices = _notices(card)
    asked = any(_is_asked_about(line) for line in card.checks)
    if asked and not over:  # the question is about them
        parts += _checks_and_command(card, told)
    if not over:
        parts += [*_changes(card), *_to_be_read(card)]
        parts += [Text(prose(card.phase_why), style="bold"), Text()] if card.phase_why else []
        parts += [Text(prose(card.why)), Text()] if card.why else []
        # Above the checks: nobody may have to scroll to what is asked of them, or to what cannot be taken back.
        parts += [*notices, Text()] if notices else []
    if over or not asked:
        parts += _checks_and_command(card, told)
    for said in (card.by_hand, "" if act_is_over(card) else card.whole_screen):
        if said:
            parts += [Text(shown(said)), Text()]
    if card.files:
        parts += [Text(shown("\n".join(card.files), newlines=True)), Text()]
    if card.items and [item for item, _ in card.items] != [told]:  # a single one is the question
        ticks: list[RenderableType] = [
            Text(f"{'✓' if done else '○'} {shown(item, newlines=True)}") for item, done in card.items
        ]
        parts += [*ticks, Text()]
    if over:
        parts += notices
    return parts[:-1] if parts and isinstance(parts[-1], Text) and not parts[-1].plain else parts


def card_page(card: "Card", total: int, mark: Mark, question: str) -> RenderableType:
    """The whole card.

    Args:
        card: The step.
        total: How many steps there are.
        mark: Its state.
        question: What is asked, when that is not the step's title; may be empty.
    """
    parts: list[RenderableType] = [heading(card_title(card, total), mark), Text()]
    asked: list[RenderableType] = (
        [Padding(Text(prose(question), style="bold"), (0, 0, 0, 1)), Text()] if question else []
    )
    body = Padding(Group(*_paragraphs(card, question)), (0, 0, 0, 1))
    return Group(*parts, *asked, body)


def result_page(card: "Card", total: int, mark: Mark, lines: "list[str]") -> RenderableType:
    """What a step that ended showed of itself."""
    parts: list[RenderableType] = [heading(card_title(card, total), mark), Text()]
    command = [_command(card), Text(), *_changes(card)] if card.command else []
    checks = [check_table(tuple(line for line in card.checks if line.verdict)), Text()] if card.checks else []
    said = [Text(shown(line)) for line in (*lines, *card.files)]
    # How it ended and what proves it stand above a script, which may be longer than the screen.
    body = [*said, Text(), *checks, *command] if _is_script(card) else [*command, *checks, *said]
    return Group(*parts, Padding(Group(*body), (0, 0, 0, 1)))
