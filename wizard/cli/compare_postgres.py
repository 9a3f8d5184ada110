"""`compare postgres`: two databases, their rows and all that stands around them."""

import os
import shutil
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, Self

import click

from wizard.errors import ExitCode, UsageProblem


if TYPE_CHECKING:
    from wizard.data.compare.postgres import ComparisonReport, TableRows

_PROGRESS_EVERY = 0.1


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--only", multiple=True, metavar="TABLE", help="Compare this table and what hangs on it, nothing else.")
@click.option("--skip", multiple=True, metavar="TABLE", help="Leave this table out.")
@click.option("--jobs", type=click.IntRange(1, 32), default=2, show_default=True, help="Connections to each side.")
@click.option("--no-checksums", is_flag=True, help="Count rows, do not compare them.")
@click.option(
    "--sequence-slack", type=click.IntRange(0), default=0, metavar="N", help="How far a new sequence may be ahead."
)
@click.option("--role", "roles", multiple=True, metavar="OLD=NEW", help="A role that has another name in NEW.")
@click.option("--same-version", is_flag=True, help="Another server version is a difference too.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def postgres(
    *,
    old: str,
    new: str,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    jobs: int,
    no_checksums: bool,
    sequence_slack: int,
    roles: tuple[str, ...],
    same_version: bool,
    as_json: bool,
) -> int:
    """Compare the databases OLD and NEW: rows, sequences, definitions, rights.

    Each is the name of a service in the service file (PGSERVICEFILE), or env:NAME of a variable that holds a connection
    string. Exit 0: nothing differs; 1: something does; 2: it could not be compared.

    For example: uplevel compare postgres old env:NEW_URL --sequence-slack 1000
    """
    try:
        from wizard.data.compare.postgres import Options, compare_databases, side_of
        from wizard.data.compare.postgres.naming import Choice
    except ImportError as problem:
        if not (problem.name or "psycopg").startswith("psycopg"):
            raise
        raise UsageProblem(
            "compare postgres needs psycopg, which is not installed here.", "pip install 'uplevel-wizard[postgres]'"
        ) from None
    options = Options(Choice(only, skip), jobs, not no_checksums, sequence_slack, same_version, dict(map(_role, roles)))
    sides = side_of("old", old, os.environ), side_of("new", new, os.environ)
    with _Progress() as progress:
        report = compare_databases(*sides, options, progress.tell)
    if as_json:
        click.echo(_as_json(report))
    else:
        for line in table(report):
            click.echo(line)
    return ExitCode.FAILED if report.differences else ExitCode.COMPLETED


def _role(word: str) -> tuple[str, str]:
    old, equals, new = word.partition("=")
    if not (old and equals and new):
        raise UsageProblem("--role is written OLD=NEW.", "OLD is the role's name in the old database.")
    return old, new


class _Progress:
    """One line on standard error that is written over, when that is a terminal; nothing else."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._at = 0.0

    def __enter__(self) -> Self:
        return self

    def tell(self, table: str, done: int, of: int) -> None:
        from wizard.execution.sanitize import sanitize_text

        if not self._shown or (time.monotonic() - self._at < _PROGRESS_EVERY and done < of):
            return
        self._at = time.monotonic()
        line = f"{100 * done // max(1, of)}% of the rows read, now {sanitize_text(table)}"
        width = max(20, shutil.get_terminal_size().columns - 1)
        click.echo(f"\r\x1b[K{line[:width]}", err=True, nl=False)

    def __exit__(self, *_: object) -> Literal[False]:
        if self._at:
            click.echo("\r\x1b[K", err=True, nl=False)
        return False


def _as_json(report: "ComparisonReport") -> str:
    import json
    from dataclasses import asdict

    return json.dumps({"same": not report.differences, **asdict(report)}, indent=2)


def table(report: "ComparisonReport") -> list[str]:
    """The report for people: tables with their rows, how many there are of everything else, differences and notes."""
    from wizard.execution.sanitize import sanitize_text

    lines = [f"old: PostgreSQL {sanitize_text(report.old)}", f"new: PostgreSQL {sanitize_text(report.new)}", ""]
    lines += _columns(
        ("table", "rows, old", "rows, new", ""),
        [(sanitize_text(each.name), f"{each.old:,}", f"{each.new:,}", _rows_told(each)) for each in report.tables],
    )
    counted = [
        (each.subject, f"{each.old:,}", f"{each.new:,}", f"{each.differ:,} differ" if each.differ else "same")
        for each in report.counted
        if each.old or each.new
    ]
    lines += ["", *_columns(("compared", "old", "new", ""), counted)]
    if report.differences:
        lines += ["", *(sanitize_text(f"{each}") for each in report.differences)]
    if report.notes:
        lines += ["", *(sanitize_text(f"Note: {note}.") for note in report.notes)]
    count = len(report.differences)
    told = "Nothing differs." if not count else f"{count:,} difference{'' if count == 1 else 's'}."
    return [*lines, "", told]


def _rows_told(rows: "TableRows") -> str:
    if not rows.same:
        return "differs"
    return "same" if rows.hashed else "same number"


def _columns(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[at]) for row in [head, *rows]) for at in range(len(head))]
    return [
        "  ".join(
            cell.rjust(width) if 0 < at < len(head) - 1 else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in [head, *rows]
    ]
