"""`export` and `verify`: a session's record for people, and whether it is whole."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wizard.errors import ExitCode, RecordProblem, UsageProblem
from wizard.places.whole_file import write_whole_file


if TYPE_CHECKING:
    from wizard.record.journal import VerificationReport


@click.command()
@click.argument("session")
@click.option("--format", "name", metavar="NAME", required=True, help="md, json, or another format that is installed.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Where to; standard output otherwise."
)
def export(*, session: str, name: str, output: Path | None) -> int:
    """Write the transcript of SESSION: an id, the beginning or end of one, or a folder."""
    from wizard.archive.sessions import find_session
    from wizard.formats import build, renderer

    rendered = renderer(name)
    content = rendered(build(find_session(session).folder))
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        return ExitCode.COMPLETED
    write_export(output, content)
    click.echo(f"Written to {output}.", err=True)
    return ExitCode.COMPLETED


def write_export(path: Path, content: bytes) -> None:
    """Write a new file 0600, whole or not at all; one that is there is never touched.

    Raises:
        UsageProblem: There is a file already, or no such folder.
        RecordProblem: It cannot be written.
    """
    try:
        write_whole_file(path, content)
    except FileNotFoundError as problem:
        raise UsageProblem(f"There is no folder {path.parent}.", "Make it, or name another.") from problem
    except FileExistsError as problem:
        raise UsageProblem(f"{path} is there already; it is left alone.", "Name another file, or move it.") from problem
    except OSError as problem:
        raise RecordProblem(f"{path} cannot be written: {problem.strerror}.", "Name another place.") from problem


@click.command()
@click.argument("session")
@click.option("--head", metavar="HEX", help="A head that was shown or pasted earlier and must be in the record.")
@click.option(
    "--signed-by",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Your own allowed_signers file; an unsigned record is then broken.",
)
@click.option("--live", is_flag=True, help="It must be a live session, and anchored; a rehearsal exits 5.")
def verify(*, session: str, head: str | None, signed_by: Path | None, live: bool) -> int:
    """Tell whether the record of SESSION (an id or a folder) is whole."""
    from wizard.archive.sessions import find_session
    from wizard.record.events import has_its_shape
    from wizard.record.journal import verify as verify_record
    from wizard.record.signing import check_head

    report = verify_record(
        find_session(session).folder,
        head=head,
        signed_by=signed_by,
        live=live,
        check_signature=check_head,
        shape=has_its_shape,
    )
    for line in _lines(report):
        click.echo(line)
    return report.exit_code


def _lines(report: "VerificationReport") -> list[str]:
    import json

    from wizard.execution.sanitize import sanitize_text
    from wizard.record.journal import head_in_groups

    lines = [report.title, f"session {report.session}, {report.count} records", f"head {head_in_groups(report.head)}"]
    if report.refused_as_live:
        lines.append("This is a rehearsal; a live session was asked for.")
    lines.extend([*report.findings, *report.notes])
    for record in report.unknown:
        shown = {"seq": record.seq, "at": record.at, "kind": record.kind, "data": dict(record.data)}
        lines.append(f"A record this version does not know: {json.dumps(shown)}")
    return [sanitize_text(line) for line in lines]
