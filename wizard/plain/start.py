"""The start page as lines: what would be run, from where, with which values; nothing has run yet."""

from collections.abc import Callable, Iterator
from typing import Literal

from wizard.engine import Field, Preparation
from wizard.engine.unfinished_sessions import WHAT_BEGINNING_ASKS, left_words, way_to
from wizard.errors import UsageProblem
from wizard.fields.parameters import either
from wizard.plain import words
from wizard.plain.choosing import Chooser
from wizard.plain.keyboard import PlainTerminal
from wizard.plain.lines import LinePrinter, Prose, paragraphs
from wizard.plain.prompt import Prompt
from wizard.plain.ways import Way


Revise = Callable[[Preparation, dict[str, str]], Preparation]
Verdict = Literal["begin", "leave", "cannot ask"]
_OF_A_REHEARSAL = (Way(words.BEGIN, words.BEGIN), Way(words.LEAVE, words.LEAVE))


def begin(preparation: Preparation, revise: Revise, lines: LinePrinter | None = None) -> tuple[Verdict, Preparation]:
    """Show the start page, ask for what is missing, and ask whether to begin.

    A live or by-hand session begins only when a person typed yes at a terminal. A rehearsal touches nothing real, so
    where nobody can be asked it begins by itself.

    Args:
        preparation: What was prepared.
        revise: Checks the form again with other values: `wizard.engine.with_values`.
        lines: Where to show it; None for standard output.

    Returns:
        Whether to begin, and the preparation to begin with.

    Raises:
        UsageProblem: A value is missing or does not fit and nobody can be asked, or it cannot begin at all.
        KeyboardInterrupt: Ctrl-C; there is no session yet.
    """
    lines = lines or LinePrinter()
    keyboard = PlainTerminal()
    prompt = Prompt(keyboard, lines)
    asks = keyboard.there and not preparation.request.auto
    if not asks:
        _demand(preparation)
    for line in _about(preparation):
        lines.say(line)
    if asks:
        preparation = _fill(preparation, revise, lines, prompt)
        _demand(preparation)
    for line in _page(preparation):
        lines.say(line)
    if preparation.request.auto:
        return "begin", preparation
    if not keyboard.there:
        return ("begin" if preparation.request.mode == "rehearsal" else "cannot ask"), preparation
    return _confirm(preparation, prompt, Chooser(lines, prompt)), preparation


def _demand(preparation: Preparation) -> None:
    if preparation.refusals:
        raise UsageProblem(" ".join(preparation.refusals))
    wrong = [each for each in preparation.fields if each.problem]
    if wrong:
        told = " ".join(each.told for each in wrong)
        cure = f"Give it with -p {wrong[0].name}=... or in a --params file{_where(wrong[0])}."
        if preparation.request.auto:
            cure += f" For a rehearsal that plays by itself you can also add example: to {wrong[0].name} in the file."
        raise UsageProblem(told, cure)


def _where(field: Field) -> str:
    return f"; it is {either(field.choices)}" if field.choices and not field.value else ""


def _about(preparation: Preparation) -> Iterator[str]:
    procedure = preparation.procedure
    yield f"{preparation.title}   {preparation.mode_words}"
    version = f", version {procedure.version}" if procedure.version else ""
    yield f"  {'file':<14} {preparation.origin}{version}, {' '.join(preparation.loaded.seal)}"
    yield f"  {'owner':<14} {preparation.owner}"
    yield f"  {'trust':<14} {preparation.trust}"
    if procedure.summary:
        yield ""
        yield from paragraphs(procedure.summary)
        yield ""


def _page(preparation: Preparation) -> Iterator[str]:
    for session in preparation.left:
        yield f"! Unfinished: {left_words(session)}. {way_to(session)}"
    if preparation.left:
        yield f"  {WHAT_BEGINNING_ASKS}"
    for each in preparation.fields:
        shown = "asked when it is needed, stored nowhere" if each.secret else each.value
        yield f"  {each.name:<14} {shown}"
    if preparation.request.ticket:
        yield f"  {'ticket':<14} {preparation.request.ticket}"
    if preparation.at_once:
        yield f"  Runs at once, read-only ({len(preparation.at_once)}):"
        yield from (f"    {command}" for command in preparation.at_once)
    yield from (f"  {name.removeprefix('turn '):<14} {text}" for name, text in preparation.facts if text)


def _fill(preparation: Preparation, revise: Revise, lines: LinePrinter, prompt: Prompt) -> Preparation:
    """Ask for every value that is missing or does not fit, until all do."""
    if preparation.refusals:
        return preparation
    while wrong := [each for each in preparation.fields if each.problem and not each.secret]:
        field = wrong[0]
        lines.say(f"{field.label}{f'   {field.told}' if field.value or field.wanted else ''}")
        try:
            value = _value(field, lines, prompt)
        except EOFError as problem:
            raise KeyboardInterrupt from problem
        given = {each.name: each.value for each in preparation.fields if each.value and not each.secret}
        preparation = revise(preparation, {**given, field.name: value})
    return preparation


def _value(field: Field, lines: LinePrinter, prompt: Prompt) -> str:
    if not field.choices:
        return prompt.line(f"{field.name}:", default=field.default, new=True)
    return Chooser(lines, prompt).pick([Way(value, value, kind="value") for value in field.choices]).key


def _confirm(preparation: Preparation, prompt: Prompt, chooser: Chooser) -> Verdict:
    try:
        if preparation.request.mode == "rehearsal":
            return "begin" if chooser.pick(_OF_A_REHEARSAL).key == words.BEGIN else "leave"
        typed = prompt.line("Begin? Type yes:", "answer", new=True)
    except EOFError:
        return "leave"
    return "begin" if typed.strip().lower() == "yes" else "leave"


def pick(things: dict[str, str]) -> str:
    """The name of the thing that a person at the terminal chose.

    Args:
        things: Names, each with what it is.

    Raises:
        KeyboardInterrupt, EOFError: They chose none.
    """
    lines = LinePrinter()
    for name, what in things.items():
        lines.say(Prose(f"  {name}  {what}"))
    ways = [Way(name, name, kind="value") for name in things]
    return Chooser(lines, Prompt(PlainTerminal(), lines)).pick(ways).key
