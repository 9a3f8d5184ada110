"""`compare`: an old backend against a new one, for a step or by hand."""

from typing import TYPE_CHECKING

import click

from wizard.cli.compare_postgres import postgres
from wizard.cli.compare_redis import redis
from wizard.errors import ExitCode, UsageProblem


if TYPE_CHECKING:
    from wizard.data.compare import Finding


@click.group()
def compare() -> None:
    """Compare an old backend with a new one. Reads only; exit 0 only when nothing differs."""


compare.add_command(postgres)
compare.add_command(redis)


@compare.command()
@click.argument("old")
@click.argument("new")
@click.option("--drift", type=click.IntRange(0), default=0, metavar="N", help="Documents an index may differ by.")
@click.option("--alias", default="", metavar="ALIAS", help="Compare this alias only.")
@click.option(
    "--index", default="", metavar="INDEX", help="With --alias: the new index, where no alias leads to it yet."
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def search(*, old: str, new: str, drift: int, alias: str, index: str, as_json: bool) -> int:
    """Compare the search apps at the addresses OLD and NEW: indices, documents, mappings, aliases.

    For example: uplevel compare search https://old.example https://new.example
    """
    from wizard.data.compare.search import compare_status, fetch

    if index and not alias:
        raise UsageProblem("--index needs --alias: it says which index of the old backend it is compared with.")
    findings = compare_status(fetch(old), fetch(new), drift=drift, alias=alias, index=index)
    if as_json:
        import json
        from dataclasses import asdict

        click.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        for line in _table(findings):
            click.echo(line)
    differs = not findings or any(finding.differences for finding in findings)
    return ExitCode.FAILED if differs else ExitCode.COMPLETED


def _table(findings: "list[Finding]") -> list[str]:
    from wizard.execution.sanitize import sanitize_text

    if not findings:
        return ["Neither backend has an index."]
    # A side below the other: names of indices are long, and a terminal of 80 columns has to show them whole.
    counts = [f"{index.documents:,}" for each in findings for index in (each.old, each.new) if index]
    wide = max(map(len, counts), default=1)
    lines = ["Each alias, and the documents and the index that it leads to"]
    for finding in findings:
        lines.append(f"{'differs' if finding.differences else 'same'}  {finding.alias}")
        for side, index in (("old", finding.old), ("new", finding.new)):
            count, name = (f"{index.documents:,}", index.name) if index else ("-", "-")
            lines.append(f"  {side}  {count:>{wide}}  {name}")
    told = [f"{finding.alias}: {difference}." for finding in findings for difference in finding.differences]
    return [sanitize_text(line) for line in [*lines, *told]]
