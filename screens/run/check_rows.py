"""Checks on a card: what each asks, what its answer must be, and what came, fitted to the width there is."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions
from rich.text import Text

from screens.shared.words import safe_text
from wizard.session.check_lines import PROBE, CheckLine, details, is_good


if TYPE_CHECKING:
    from rich.console import RenderResult


_GAP = "  "
_INDENT = 4
"""Cells in front of what stands below a command."""
_WORD = len("wanted ")
_VERDICTS = {"yes": "✓ yes", "no": "no", "no answer": "? no answer", "": ""}


class CheckRows:
    """The rows of some checks.

    Args:
        checks: What was asked, or will be.
        told: What the card says already; not said again.
    """

    def __init__(self, checks: Sequence[CheckLine], told: str = "") -> None:
        self._checks = checks
        self._told = told
        self._label = max((cell_len(safe_text(line.label)) for line in checks), default=0)
        self._verdict = max((cell_len(_verdict(line).plain) for line in checks), default=0)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> "RenderResult":
        """One check below the other; of those that compare one place, the command stands at the first."""
        before = None
        for line in self._checks:
            same = before is not None and _is_target(line) and _is_target(before) and line.command == before.command
            yield from self._rows(line, console, options.max_width, asks=not same)
            before = line

    def _rows(self, line: CheckLine, console: Console, width: int, *, asks: bool) -> Iterator[Text]:
        label, verdict = safe_text(line.label), _verdict(line)
        lead = Text(label + " " * (self._label - cell_len(label)) + _GAP)
        lead.append_text(verdict).append(" " * (self._verdict - cell_len(verdict.plain)) + _GAP)
        style = "" if line.verdict else "dim"
        beside = [pair for pair in details(line) if pair[0] or pair[1] not in self._told]
        asked = _asked(line) if asks else ""
        brief = ", ".join(f"{word} {safe_text(text)}".strip() for word, text in beside)
        whole = f"{asked}   {brief}" if asked and brief else asked or brief
        room = width - lead.cell_len
        alone = bool(line.verdict) and not is_good(line) and not _is_target(line)  # to be looked at, thing by thing
        if not alone and all("\n" not in text.rstrip("\n") for _, text in beside) and cell_len(whole) <= room:
            yield lead + Text(whole, style=style)
            return
        if cell_len(asked) > room:  # below the label it has more room than behind it
            yield lead
            lead = Text(" " * _INDENT)
        yield from _beside(lead, Text(asked, style=style), console, width)
        for word, text in beside:
            yield from _detail(word, safe_text(text.rstrip("\n"), newlines=True), console, width)


def _detail(word: str, text: str, console: Console, width: int) -> Iterator[Text]:
    """What must be, or what came, below the command; a long answer as it was printed."""
    lead, lines = Text(" " * _INDENT), text.split("\n")
    room = width - _INDENT
    if word == "got" and len(lines) > 1 and max(map(cell_len, lines)) > room - _WORD:
        yield lead + Text(word, style="dim")
        for each in lines:
            yield from _beside(lead, Text(each), console, width)
        return
    head = lead + Text(f"{word:<{_WORD - 1}} " if word else "", style="dim")
    if room - _WORD >= cell_len(lines[0].partition(" ")[0]) > width - head.cell_len:  # an id is not broken apart
        yield head
        head = Text(" " * (_INDENT + _WORD))
    for each in lines:
        yield from _beside(head, Text(each), console, width, _INDENT + _WORD if word else _INDENT)
        head = Text(" " * (_INDENT + _WORD))


def _beside(lead: Text, text: Text, console: Console, width: int, below: int | None = None) -> Iterator[Text]:
    """A text behind what leads it; where it is broken it goes on below its own beginning, or that far from the edge."""
    for part in text.wrap(console, max(1, width - lead.cell_len), overflow="fold") or [Text()]:
        part.rstrip()
        yield lead + part
        lead = Text(" " * (lead.cell_len if below is None else below))


def _asked(line: CheckLine) -> str:
    if line.label == "command" and line.verdict:  # the command stands beside the checks
        return "as expected" if is_good(line) else "not as expected"
    return safe_text(line.command, newlines=True)


def _is_target(line: CheckLine) -> bool:
    return line.label.startswith("target")


def _verdict(line: CheckLine) -> Text:
    if not line.verdict:
        return Text("…", style="dim")
    found = line.label == PROBE and line.verdict == "yes"
    style = "" if is_good(line) or found else "red" if line.verdict == "no" else "yellow"
    word = _VERDICTS[line.verdict]
    return Text(f"✗ {word}" if line.verdict == "no" and not is_good(line) else word, style=style)
