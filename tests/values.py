"""Hostile values, and a child that writes down exactly what it was given."""

import random
import sys
from collections.abc import Iterator
from pathlib import Path


PIECES = (
    *"'\"`$\\;|&<>(){}[]*?~!#%^=,.:@+-_/ \t\n\r\v\f\a\b\x1b\x7f",
    *("$(id)", "`id`", "${x}", "$${x}", "${p1}", "$x", "$'\\n'", "$((1))", "<(id)", "&&", "||", ">>", "\\\n", "\r\n"),
    *("-", "--", "-rf", "--help", "-c", "=x", "a=b", "%s%n", "\\0", "\\x00", "../..", "~root", "*.py", "!!", "{a,b}"),
    *("\x01", "\x03", "\x04", "\x1a", "\x1c", "\x9b31m", "\x1b[2J", "\x1b]0;title\x07", "\x1bP", "\x85"),
    *("é", "ß", "漢字", "🦄", "e\u0301", "\u202e", "\u2028", "\ufeff", "\u200b", "\U0010ffff", "\ue000", "\ufffd"),
    *("true", "null", "no", "0x10", "1e3", "NaN", "[bold]", "<b>", "&amp;", "=cmd|' /C calc'!A0", "a" * 300),
)

NAMES = tuple(f"p{number}" for number in range(100))

CHILD = """
import os, sys
out, how = sys.argv[1:3]
given = [os.environb.get(name.encode()) for name in sys.argv[3:]] if how == "environment" else None
words = given if given is not None else [os.fsencode(word) for word in sys.argv[3:]]
open(out, "wb").write(b"\\0".join(words))
"""

PROCEDURE = """
format: 1
procedure: values
title: Values
parameters:
{parameters}
phases:
  - title: All
    steps:
      - id: words
        title: As words of a command
        run: {python} {child} {folder}/words words {slots}
        after: [{{run: '{python} {child} {folder}/checked words {slots}'}}]
      - id: assigned
        title: As variables of a command
        run: {assigned} {python} {child} {folder}/assigned environment {upper}
      - id: environment
        title: As variables of a script
        shell: |
          {python} {child} {folder}/environment environment {names}
"""


def hostile(number: int, seed: int) -> Iterator[str]:
    """So many values, none empty, the same for the same seed."""
    seeded_random = random.Random(seed)
    for _ in range(number):
        yield "".join(seeded_random.choices(PIECES, k=seeded_random.choice((1, 1, 2, 3, 5, 8, 13)))) or "x"


def procedure(folder: Path) -> Path:
    """The procedure's file; its children leave what they were given in the folder."""
    child = folder / "child.py"
    child.write_text(CHILD)
    path = folder / "values.yaml"
    path.write_text(
        PROCEDURE.format(
            parameters="\n".join(f"  {name}: {{any: yes}}" for name in NAMES),
            slots=" ".join(f"${{{name}}}" for name in NAMES),
            assigned=" ".join(f"V_{name}=${{{name}}}" for name in NAMES),
            upper=" ".join(f"V_{name}" for name in NAMES),
            names=" ".join(NAMES),
            folder=folder,
            child=child,
            python=sys.executable,
        )
    )
    return path
