"""`lint` and `schema`: procedure files without running them."""

import json
import sys
from pathlib import Path

import click

from wizard.errors import ExitCode


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
def lint(*, files: tuple[Path, ...]) -> int:
    """Say what is wrong with procedure files, all faults at once, and run nothing."""
    from wizard.execution.sanitize import sanitize_text
    from wizard.model.lint import examine
    from wizard.model.reading import ProcedureProblem

    faults = 0
    for file in files:
        try:
            examine(file)
        except ProcedureProblem as problem:
            for fault in problem.faults:
                click.echo(sanitize_text(str(fault)))
            faults += len(problem.faults)
        else:
            click.echo(sanitize_text(f"{file}: nothing is wrong."), err=True)
    sys.stdout.flush()
    return ExitCode.USAGE if faults else ExitCode.COMPLETED


@click.command()
def schema() -> int:
    """Print the JSON schema of procedure files, for editors."""
    from wizard.places import asset

    generated = asset("procedure.schema.json")
    if generated.is_file():
        click.echo(generated.read_text(encoding="utf-8"), nl=False)
        return ExitCode.COMPLETED
    from wizard.model.procedure import Procedure

    click.echo(json.dumps(Procedure.model_json_schema(), indent=2))
    return ExitCode.COMPLETED
