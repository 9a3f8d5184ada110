"""What YAML's own error messages mean to a person who writes a procedure, with the line to paste."""

import re

import yaml

from wizard.fields.scalars import quoted
from wizard.model.reading.fault import Fault, Spot
from wizard.model.reading.indentation import (
    Misplaced,
    begins_with_key,
    first_column,
    is_swallowed_item,
    swallowed,
    text_unfit,
    unfit,
)


_LINE = re.compile(r"(?P<head>\s*(?:- +)*(?:[A-Za-z_][\w-]*:[ ]+)?)(?P<value>\S.*?)\s*$")


def _end_of_entry(value: str) -> int:
    """Where the value of a flow entry ends: at a comma or a closing bracket of its own level."""
    depth = 0
    for index, char in enumerate(value):
        if char in "{[(":
            depth += 1
        elif char in "}])":
            if depth == 0:
                return index
            depth -= 1
        elif char == "," and depth == 0:
            return index
    return len(value)


def _quote_in_braces(line: str, column: int) -> str | None:
    """The line with the entry of `{...}` or `[...]` around a column quoted."""
    starts = [found.end() for found in re.finditer(r"[A-Za-z_][\w-]*:[ ]+|[\[,][ ]*", line[: column + 1])]
    for start in reversed(starts):
        value = line[start:]
        end = _end_of_entry(value)
        entry = value[:end].rstrip()
        if start + end > column and entry and entry[0] not in "'\"" and not re.match(r"\{[^$]*:", entry):
            return line[:start] + quoted(entry) + line[start + len(entry) :]
    return None


def _quote_value(line: str) -> str | None:
    """The line with its whole value quoted."""
    found = _LINE.fullmatch(line)
    if found is None or not found["head"].strip():
        return None
    value = found["value"]
    if len(value) >= 2 and value[0] == value[-1] == '"':
        value = value[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    return found["head"] + quoted(value)


def _braces(line: str, column: int) -> tuple[str, str | None]:
    if "${" in line:
        sentence = (
            "Inside { } and [ ] a text with ${name} must be quoted, because YAML reads its { as the start of a table."
        )
    else:
        sentence = "Inside { } and [ ] a text with one of { } [ ] , or ': ' in it must be quoted."
    return sentence, _quote_in_braces(line, column)


def _explain(problem: str, line: str, column: int, context: str) -> tuple[str, str | None]:
    """A sentence for one of YAML's messages, and the line to paste."""
    in_flow = "flow" in context or "expected ',' or" in problem
    if in_flow and "expected ',' or" in problem:
        return _braces(line, max(column - 1, 0))
    if "mapping values are not allowed" in problem:
        return "A text with ': ' in it must be quoted, because YAML reads a key before it.", _quote_value(line)
    if "unknown escape" in problem:
        return "Inside double quotes a backslash begins an escape; write the text in single quotes.", _quote_value(line)
    if "cannot start any token" in problem:
        if line[column : column + 1] == "\t":
            return "The line is indented with a tab; YAML wants spaces.", line.replace("\t", "    ")
        return f"A text cannot begin with {line[column : column + 1]!r} unless it is quoted.", _quote_value(line)
    if "expected alphabetic or numeric" in problem:
        return "A text cannot begin with '*' or '&' unless it is quoted.", _quote_value(line)
    if "expected key" in problem or "expected '-'" in problem or "block end" in problem:
        return _broken_off(line)
    if "end of stream" in problem:
        return "A quote is opened here and never closed.", None
    if "expected ':'" in problem:
        return "A key without its ':' stands here.", None
    return f"This is no YAML: {problem}.", None


def _broken_off(line: str) -> tuple[str, str | None]:
    found = _LINE.fullmatch(line)
    value = found["value"] if found else ""
    if value[:1] in {"[", "{"}:
        return f"A text cannot begin with {value[0]!r} unless it is quoted.", _quote_value(line)
    if value[:1] in {"'", '"'}:
        inner = value[1:-1] if value[-1:] == value[0] else value
        head = found["head"] if found else ""
        return "A quote ends before the text does. Inside single quotes write '' for one of them.", head + quoted(inner)
    return "The line does not fit the ones above it; most likely it is indented differently than they are.", None


def _misplaced(problem: str, lines: list[str], row: int, column: int) -> Misplaced | None:
    """The line that begins in a wrong column, where that is what is wrong."""
    line = lines[row]
    if "mapping values are not allowed" in problem:
        if is_swallowed_item(line):
            return unfit(lines, row, _reached)
        return swallowed(lines, row) if begins_with_key(line, column) else None
    if any(words in problem for words in ("expected key", "expected '-'", "block end", "<document start>")):
        return unfit(lines, row, _reached) if column == first_column(line) and row > 0 else None
    if "expected ':'" in problem and row > 0:
        return text_unfit(lines, row)
    return None


def _reached(lines: list[str]) -> int:
    """The first line that cannot be read, from 0; the number of lines where all can."""
    try:
        for _ in yaml.parse("\n".join(lines) + "\n", Loader=yaml.CSafeLoader):
            pass
    except yaml.MarkedYAMLError as error:
        return error.problem_mark.line if error.problem_mark is not None else 0
    except yaml.YAMLError:
        return 0
    return len(lines)


def explain(error: yaml.YAMLError, file: str, text: str) -> tuple[Fault, str | None]:
    """A fault for an error of the parser.

    Returns:
        The fault, and the text of its line as it should be, or None when nobody can tell.
    """
    lines = text.splitlines() or [""]
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        position = getattr(error, "position", 0)
        before = text[:position]
        spot = Spot(file, before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1)
        return Fault(spot, "A control character stands here; a procedure is text."), None
    mark = error.problem_mark
    opened = error.context_mark
    if "end of stream" in (error.problem or "") and opened is not None:
        mark = opened
    elif mark.line >= len(lines) or (opened is not None and "flow" in (error.context or "") and mark.column == 0):
        mark = opened or mark
    row = min(mark.line, len(lines) - 1)
    line = lines[row]
    begun = opened if opened is not None and "expected ':'" in (error.problem or "") else mark
    wrong = _misplaced(error.problem or "", lines, min(begun.line, row), begun.column)
    if wrong is not None:
        spot = Spot(file, wrong.row + 1, first_column(lines[wrong.row]) + 1)
        return Fault(spot, wrong.sentence, wrong.cure), wrong.instead if wrong.instead != lines[wrong.row] else None
    sentence, instead = _explain(error.problem or "", line, mark.column, error.context or "")
    instead = instead if instead != line else None
    spot = Spot(file, row + 1, mark.column + 1)
    return Fault(spot, sentence, f"Write: {instead.strip()}" if instead else ""), instead
