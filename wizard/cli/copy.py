"""`copy`: data carried from an old backend to a new one, for a step or by hand."""

import sys
from typing import TYPE_CHECKING

import click

from wizard.errors import ExitCode


if TYPE_CHECKING:
    from wizard.data.compare.redis_link import RedisConnection
    from wizard.data.copy.tally import Tally


@click.group()
def copy() -> None:
    """Carry data from an old backend to a new one. The old one is only read."""


@copy.command("redis-sessions")
@click.argument("old")
@click.argument("new")
@click.option("--match", default="session:*", show_default=True, metavar="PATTERN", help="Keys to carry over.")
@click.option("--delta-only", is_flag=True, help="Only what changed since the last copy: right before the switch.")
@click.option("--afresh", is_flag=True, help="Forget what earlier copies did, and put everything once more.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def redis_sessions(*, old: str, new: str, match: str, delta_only: bool, afresh: bool, as_json: bool) -> int:
    """Carry the sessions of the Redis OLD over to the Redis NEW, so that nobody is logged out.

    Each is env:NAME, an environment variable that holds the address (redis:// rediss:// unix://), or file:PATH, a file
    that you alone can read. The first copy puts everything; then, and in each later one, only what is new or changed
    is put, and what was logged out in OLD is taken out of NEW, if a copy had put it there. Each session ends when it
    would have ended in OLD. Exit 0: everything is there. 1: something is not. 2: not begun, or the line was lost; then
    run the same again.

    For example: uplevel copy redis-sessions env:OLD_REDIS_URL env:NEW_REDIS_URL --delta-only
    """
    from contextlib import closing

    from wizard.data.compare.redis_link import RedisConnection

    with closing(RedisConnection(old)) as source, closing(RedisConnection(new)) as target:
        passes, known = _copied(source, target, match, delta_only=delta_only, afresh=afresh)
    if as_json:
        import json

        whole = all(one.whole for one in passes)
        click.echo(json.dumps({"whole": whole, "passes": [one.json() for one in passes]}, indent=2))
    else:
        for line in _table(passes, match, forgot=delta_only and not known):
            click.echo(line)
    return ExitCode.COMPLETED if all(one.whole for one in passes) else ExitCode.FAILED


def _copied(
    source: "RedisConnection", target: "RedisConnection", match: str, *, delta_only: bool, afresh: bool
) -> "tuple[list[Tally], bool]":
    """The passes that were made, and whether an earlier copy was known of."""
    import hashlib
    from contextlib import closing

    from wizard.data.compare.search import NotReached
    from wizard.data.copy.ledger import Ledger
    from wizard.data.copy.redis_checks import require_fit
    from wizard.data.copy.redis_sessions import Copier
    from wizard.places import state_dir

    old, new = source.facts(), target.facts()
    require_fit(old, new)
    between = f"{old.run_id}/{source.database} {new.run_id}/{target.database}"
    name = hashlib.sha256(between.encode()).hexdigest()[:32]
    progress = _Progress(old.keys)
    with closing(Ledger(state_dir() / "copies", name, afresh=afresh)) as ledger:
        known = len(ledger) > 0
        try:
            copier = Copier(source, target, facts=new, ledger=ledger, match=match, told=progress.tell)
            passes = [] if delta_only or known else [copier.bulk()]
            return [*passes, copier.delta()], known
        except NotReached as problem:
            done = f"{progress.done} keys of the {progress.name} pass were done, and stay." if progress.name else ""
            raise NotReached(f"{problem.sentence} {done}".rstrip(), problem.cure) from None
        finally:
            progress.end()


class _Progress:
    """One line on a terminal's standard error that is written over; nothing where there is no terminal.

    Args:
        about: How many keys the source has, of all patterns.
    """

    def __init__(self, about: int) -> None:
        self._about = about
        self._shown = sys.stderr.isatty()
        self.name, self.done = "", 0

    def tell(self, name: str, done: int) -> None:
        """Say how far a pass is."""
        self.name, self.done = name, done
        if self._shown:
            click.echo(f"\r{name} pass: {done} of about {max(done, self._about)} keys", nl=False, err=True)

    def end(self) -> None:
        """Leave the line."""
        if self._shown and self.name:
            click.echo(err=True)


def _table(passes: "list[Tally]", match: str, *, forgot: bool) -> list[str]:
    from wizard.data.copy.tally import WORDS
    from wizard.execution.sanitize import sanitize_text

    rows = [("", *(one.name for one in passes), "")]
    for what, words in WORDS.items():
        if what in {"copied", "failed"} or any(one.counts[what] for one in passes):
            rows.append((what, *(f"{one.counts[what]:,}" for one in passes), words))
    widths = [max(len(row[at]) for row in rows) for at in range(len(passes) + 1)]
    lines = []
    for row in rows:
        numbers = [cell.rjust(width) for cell, width in zip(row[1:-1], widths[1:], strict=True)]
        lines.append("  ".join([row[0].ljust(widths[0]), *numbers, row[-1]]).rstrip())
    for one in passes:
        lines += [f"{one.name}: {why}: {', '.join(keys)}" for why, keys in one.named.items()]
        if one.held_back:
            lines.append(
                f"{one.held_back:,} keys that a copy had put are gone from the old server, which is more than people "
                "log out. They are left in the new one. Was the old server emptied or restarted?"
            )
    if forgot:
        lines.append("No earlier copy between these servers is known here, so what was logged out since stays in NEW.")
    lines.append(f"Keys {match}: {sum(one.seconds for one in passes):.1f} s.")
    return [sanitize_text(line) for line in lines]
