"""What a session cannot do: steps that nobody could ever get past."""

from collections.abc import Iterator

from wizard.acts.kinds import ACT_KEYS, KINDS, LINE_KEYS, SCRIPT_KEYS
from wizard.fields.lines import LineProblem, split_line
from wizard.fields.own_commands import CALLED, OWN
from wizard.fields.scalars import quoted
from wizard.model.lint.bash import parse, program_of, source, walk, words_of
from wizard.model.lint.commands import Written, written
from wizard.model.reading.fault import Fault
from wizard.model.reading.outline import Outline, table
from wizard.model.reading.tree import Table, Text, plain


_OPENS = frozenset({"run", "rehearse", "resume", "observe"})
_WRAPPERS = frozenset({"sudo", "env", "nice", "nohup", "time", "timeout", "setsid", "stdbuf"})


def dead_ends(found: Outline) -> Iterator[Fault]:
    """Acts that cannot come to an end, predictions that nobody is asked for, sessions inside a session."""
    for step, _ in found.steps:
        for operation in (step, table(step.get("undo"))):
            yield from _dead_acts(operation)
        if "predict" in step.keys:
            yield Fault(
                step.keys["predict"],
                "This version of uplevel asks nobody for a prediction, and cannot run a step that wants one.",
                "Take predict: out; hint: can say what to look out for.",
            )
    for each in written(found):
        yield from _own_session(each)


def _dead_acts(operation: Table) -> Iterator[Fault]:
    there = [key for key in ACT_KEYS if key in operation.keys]
    written = plain(operation)
    for kind in KINDS:
        if kind.KEY in there and (told := kind.dead_end(written, alone=len(there) == 1)) is not None:
            yield Fault(operation.keys[kind.KEY], *told)


def _own_session(each: Written) -> Iterator[Fault]:
    called = _called_by_script(each.text) if each.key in SCRIPT_KEYS else _called_by_line(each.text)
    for command, at in called:
        sentence = (
            f"A step can call uplevel {', '.join(CALLED[:-1])} and {CALLED[-1]}. uplevel {command} is a session or a "
            "question of its own, which nobody could answer from inside a step."
        )
        cure = ""
        if each.key in LINE_KEYS and each.path[-2:] in {(each.key,), ("undo", each.key)}:
            line = f"Run at another terminal: {' '.join(each.text.value.split())}"
            cure = f"Write: by_hand: {quoted(line)}"
        yield Fault(each.text.at(at), sentence, cure or "Take it out, and make it an item of by_hand:.")


def _called_by_line(text: Text) -> Iterator[tuple[str, int]]:
    try:
        words = split_line(text.value).words
    except LineProblem:
        return
    plain = [each[0] if len(each) == 1 and isinstance(each[0], str) else "" for each in words]
    first = 0
    if plain[0].rsplit("/", 1)[-1] in _WRAPPERS:
        first = next((at for at, each in enumerate(plain) if each.rsplit("/", 1)[-1] == OWN), 0)
    if plain[first].rsplit("/", 1)[-1] != OWN or len(plain) <= first + 1:
        return
    command = plain[first + 1]
    if command and command not in CALLED:
        yield command, max(0, text.value.find(OWN))


def _called_by_script(text: Text) -> Iterator[tuple[str, int]]:
    if OWN not in text.value:
        return
    for node in walk(parse(text.value)):
        if node.type == "command" and program_of(node) == OWN:
            words = words_of(node)
            command = source(words[1]) if len(words) > 1 else ""
            if command in _OPENS:
                yield command, len(text.value.encode()[: node.start_byte].decode("utf-8", "replace"))
