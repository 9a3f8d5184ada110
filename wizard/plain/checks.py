"""A check that was made, as lines: what came, what was asked, what must be."""

from collections.abc import Iterator

from wizard.session.check_lines import CheckLine, is_good, must_word, what_came


_ONE_LINE = 110
"""Characters up to which all of it stands in one line."""


def told_check(line: CheckLine) -> Iterator[str]:
    """The lines of a check. An answer of several lines stands line by line, as a table has to."""
    must = must_word(line)
    begins = f"  {line.label:<14} {line.verdict:<5}"
    why = line.why if not is_good(line) else ""
    got, wanted = line.got.rstrip("\n"), line.wanted.rstrip("\n")
    came = got or (wanted if line.verdict == "yes" else what_came(line))
    if got == wanted and "\n" not in got:
        came = f"{got}, as {must}"
    more = [(must, wanted)] if wanted not in {got, came} else []
    more += [("asked", line.command)]
    whole = "   ".join([f"{begins} {came}", *(f"{word} {text}" for word, text in more)])
    if "\n" not in whole and not why and len(whole) <= _ONE_LINE:
        yield whole
        return
    if "\n" in came:
        yield begins.rstrip()
        yield from (f"    {each}" for each in came.split("\n"))
    else:
        yield f"{begins} {came}".rstrip()
    for word, text in more:
        yield from _below(word, text)
    if why:
        yield f"    {why}"


def _below(word: str, text: str) -> Iterator[str]:
    first, *more = text.split("\n")
    yield f"    {word:<7} {first}".rstrip()
    yield from (f"    {'':<7} {each}".rstrip() for each in more)
