"""The whole comparison, in order: connect, take both snapshots, list, count and hash, judge."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

from wizard.data.compare.postgres.connection import Reader, open_reader
from wizard.data.compare.postgres.differences import compare_inventories
from wizard.data.compare.postgres.inventory import Inventory, Name, chosen, read_inventory, renamed
from wizard.data.compare.postgres.naming import Choice, Table
from wizard.data.compare.postgres.report import ComparisonReport, Difference
from wizard.data.compare.postgres.rows import Progress, Stored, compare_rows, read_stored
from wizard.data.compare.postgres.sequences import Sequence, compare_sequences, read_sequences
from wizard.data.compare.postgres.sides import Side
from wizard.data.compare.postgres.together import work_together
from wizard.errors import UsageProblem


@dataclass(frozen=True, slots=True)
class Options:
    """What is compared, and how.

    Attributes:
        choice: Which tables.
        jobs: Connections to each side.
        checksums: Whether rows are hashed; else they are counted.
        slack: How far a sequence of the new side may be ahead.
        same_version: Whether another server version is a difference.
        roles: Roles of the old side that have another name on the new one.
    """

    choice: Choice = field(default_factory=Choice)
    jobs: int = 2
    checksums: bool = True
    slack: int = 0
    same_version: bool = False
    roles: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Read:
    """What was read of one side."""

    inventory: Inventory
    sequences: dict[Name, Sequence]
    stored: dict[Table, Stored]


def compare_databases(old: Side, new: Side, options: Options, progress: Progress) -> ComparisonReport:
    """Compare two databases, each as it was at one instant.

    Args:
        old: The one that serves.
        new: The one that will.
        options: What is compared.
        progress: Told as parts of tables come in.

    Returns:
        The whole of it; there is no report of a part.

    Raises:
        NotCompared: Something could not be read.
        UsageProblem: Both are the same database, neither has a table, or one that was named is in neither.
    """
    with ExitStack() as stack:
        readers = _open(old, new, options.jobs, stack)
        read: dict[str, _Read] = {}

        def look(reader: Reader) -> None:
            which = reader.side.which
            sequences = read_sequences(reader, options.choice, columns=which == "new")
            read[which] = _Read(read_inventory(reader), sequences, read_stored(reader))

        first = {reader.side.which: reader for reader in reversed(readers)}
        work_together([(reader, look) for reader in first.values()])
        before, after = read["old"], read["new"]
        _check(before, after, options)
        common = _in_both(before, after, options.choice)
        rows, differ = compare_rows(
            readers,
            common,
            checksums=options.checksums,
            as_utf8=before.inventory.encoding != after.inventory.encoding,
            progress=progress,
        )
    differences, counted, notes = compare_inventories(
        renamed(chosen(before.inventory, options.choice), options.roles), chosen(after.inventory, options.choice)
    )
    owned = {name: sequence.owned_by(options.roles) for name, sequence in before.sequences.items()}
    behind, sequences = compare_sequences(owned, after.sequences, options.slack)
    return ComparisonReport(
        before.inventory.version,
        after.inventory.version,
        tuple(rows),
        (*counted, sequences),
        (*_versions(before, after, options), *differ, *behind, *differences),
        (*notes, *_left_out(before, options)),
    )


def _open(old: Side, new: Side, jobs: int, stack: ExitStack) -> list[Reader]:
    """Connections to both sides; all those of a side see the same instant."""
    firsts = []
    for side in (old, new):
        firsts.append(open_reader(side))
        stack.callback(firsts[-1].close)
    readers = list(firsts)
    # Before 12 a float was written with more digits than it has; with 0 all versions write the same.
    digits = 0 if min(reader.version for reader in firsts) < 12 <= max(reader.version for reader in firsts) else 3
    for reader in firsts:
        if digits == 0:
            reader.ask("select set_config('extra_float_digits', '0', false)")
        ((snapshot,),) = reader.ask("select pg_export_snapshot()") if jobs > 1 else (("",),)
        for _ in range(jobs - 1):
            readers.append(open_reader(reader.side, snapshot=snapshot, digits=digits))
            stack.callback(readers[-1].close)
    return readers


def _check(before: _Read, after: _Read, options: Options) -> None:
    if before.inventory.identity == after.inventory.identity:
        raise UsageProblem(
            "OLD and NEW are the same database; it would be compared with itself.", "Look at the services' hosts."
        )
    if not (before.inventory.things["table"] or after.inventory.things["table"]):
        raise UsageProblem("Neither database has a table.", "Look at the name of the database: is it the right one?")
    options.choice.check(
        name for side in (before, after) for name in {*side.inventory.things["table"], *side.inventory.things["view"]}
    )


def _in_both(before: _Read, after: _Read, choice: Choice) -> dict[Table, tuple[Stored, Stored]]:
    """Tables whose rows can be compared: both sides have them, and a materialized view is filled."""
    tables = (
        {name for name, thing in side.inventory.things["table"].items() if thing.facts.get("filled") == "true"}
        for side in (before, after)
    )
    return {
        table: (before.stored[table], after.stored[table])
        for table in set[Table].intersection(*tables)
        if table in before.stored and table in after.stored and choice.takes(table)
    }


def _versions(before: _Read, after: _Read, options: Options) -> list[Difference]:
    old, new = before.inventory.version, after.inventory.version
    if not options.same_version or old == new:
        return []
    what = f"{old} in the old one, {new} in the new one"
    return [Difference("server", "version", what, "Leave --same-version out where the upgrade is meant.")]


def _left_out(before: _Read, options: Options) -> list[str]:
    notes = []
    if not options.checksums:
        notes.append("rows were counted, not compared (--no-checksums)")
    if options.choice.only:
        notes.append("only the named tables were compared (--only), and nothing that hangs on none")
    if options.choice.skip:
        notes.append(f"not compared (--skip): {', '.join(options.choice.skip)}")
    foreign = sorted(name for name, thing in before.inventory.things["table"].items() if thing.facts.get("kind") == "f")
    if foreign:
        notes.append(f"rows of {len(foreign)} foreign tables were not read: they lie elsewhere")
    return notes
