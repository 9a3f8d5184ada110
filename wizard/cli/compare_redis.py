"""`compare redis`: two Redis servers, for a step or by hand."""

from typing import TYPE_CHECKING

import click

from wizard.errors import ExitCode


if TYPE_CHECKING:
    from wizard.data.compare.redis import ComparisonRow


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--match", default="*", metavar="PATTERN", help="Keys to compare, such as session:*. All by default.")
@click.option("--sample", type=click.IntRange(0, 100_000), default=200, metavar="N", help="Keys to look at closely.")
@click.option("--drift", type=click.IntRange(0), default=0, metavar="N", help="Keys that may differ.")
@click.option("--present-only", is_flag=True, help="Only ask whether OLD's keys are in NEW: for after the switch.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def redis(*, old: str, new: str, match: str, sample: int, drift: int, present_only: bool, as_json: bool) -> int:
    """Compare the Redis servers OLD and NEW: keys, how long they live, a sample of values, memory, policy, version.

    Each is env:NAME, an environment variable that holds the address (redis:// rediss:// unix://), or file:PATH, a file
    that you alone can read. Values are never shown, keys only in part. Exit 0: nothing differs. 1: something does.
    2: they could not be compared.

    For example: uplevel compare redis env:OLD_REDIS_URL env:NEW_REDIS_URL --match 'session:*'
    """
    from contextlib import closing

    from wizard.data.compare.redis import compare_servers
    from wizard.data.compare.redis_link import RedisConnection
    from wizard.data.compare.redis_portrait import portraits

    with closing(RedisConnection(old)) as before, closing(RedisConnection(new)) as after:
        found = portraits(before, after, match=match, sample=sample)
    rows = compare_servers(*found, drift=drift, present_only=present_only, match=match)
    if as_json:
        import json
        from dataclasses import asdict

        click.echo(json.dumps([asdict(row) for row in rows], indent=2))
    else:
        for line in _table(rows):
            click.echo(line)
    return ExitCode.FAILED if any(row.differences for row in rows) else ExitCode.COMPLETED


def _table(rows: "list[ComparisonRow]") -> list[str]:
    from wizard.execution.sanitize import sanitize_text

    cells = [("", "old", "new", "")]
    cells += [(row.what, row.old, row.new, "differs" if row.differences else "") for row in rows]
    widths = [max(len(each[at]) for each in cells) for at in range(4)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(each, widths, strict=True)).rstrip() for each in cells]
    lines += [f"{row.what}: {told}." for row in rows for told in row.differences]
    lines += [f"Note on {row.what}: {told}." for row in rows for told in row.notes]
    return [sanitize_text(line) for line in lines]
