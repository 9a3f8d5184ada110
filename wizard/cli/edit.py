"""`edit`: what an `edit:` step runs, and of use by hand."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from wizard.errors import ExitCode, UsageProblem


if TYPE_CHECKING:
    from wizard.data.editing import Value


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "kind", type=click.Choice(["yaml", "text"]), default="yaml", help="How its paths are read.")
@click.option("--set", "texts", multiple=True, nargs=2, metavar="PATH VALUE", help="A path and the text it is set to.")
@click.option("--set-json", "jsons", multiple=True, nargs=2, metavar="PATH JSON", help="The same, a list or a mapping.")
@click.option("--remove", multiple=True, metavar="PATH", help="A path that goes.")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 and show the diff when something would change.")
def edit(
    *,
    file: Path,
    kind: Literal["yaml", "text"],
    texts: tuple[tuple[str, str], ...],
    jsons: tuple[tuple[str, str], ...],
    remove: tuple[str, ...],
    check: bool,
) -> int:
    """Set and remove paths in FILE and print what changed, secrets masked.

    For example: uplevel edit manifest.yml --set applications.0.name web --check
    """
    from wizard.data.editing import Changes
    from wizard.data.editing.file import edit_file
    from wizard.execution.sanitize import sanitize_text

    wanted: dict[str, Value] = {**dict(texts), **{path: _value(path, text) for path, text in jsons}}
    if not wanted and not remove:
        raise UsageProblem("An edit needs --set, --set-json or --remove: as it stands it changes nothing.")
    try:
        lines = edit_file(file, Changes(kind, wanted, remove), write=not check)
    except OSError as problem:
        raise UsageProblem(f"{file} cannot be written: {problem.strerror}.", "The file is as it was.") from None
    for line in lines or ["Everything stands as wanted; nothing is changed."]:
        click.echo(sanitize_text(line))
    return ExitCode.FAILED if check and lines else ExitCode.COMPLETED


def _value(path: str, text: str) -> "Value":
    try:
        value = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise UsageProblem(f"The value of {path} is no JSON: {text[:80]}") from None
    return _texts(value, path)


def _texts(value: object, path: str) -> "Value":
    """What JSON holds, as an edit takes it.

    Raises:
        UsageProblem: There is a null in it, which says nothing of what is wanted.
    """
    if isinstance(value, dict):
        return {key: _texts(item, path) for key, item in value.items()}
    if isinstance(value, list):
        return [_texts(item, path) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        raise UsageProblem(f"The value of {path} holds a null.", "To take a path away, use --remove.")
    return str(value)
