"""Sequences: against the highest value that a column has already, and against the old side."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from psycopg import sql

from wizard.data.compare.postgres.connection import Reader
from wizard.data.compare.postgres.inventory import Name
from wizard.data.compare.postgres.naming import Choice, Table, full_name
from wizard.data.compare.postgres.report import Counted, Difference
from wizard.data.compare.postgres.subjects import USER_SCHEMA, own


_LIST = f"""select n.nspname::text, c.relname::text, json_build_object('type', format_type(s.seqtypid, null),
        'increment', s.seqincrement, 'minimum', s.seqmin, 'maximum', s.seqmax, 'cycle', s.seqcycle,
        'owner', pg_get_userbyid(c.relowner)),
    s.seqincrement,
    coalesce((select json_agg(distinct jsonb_build_array(tn.nspname, t.relname, a.attname))
        from pg_depend d
        left join pg_attrdef f on d.classid = 'pg_attrdef'::regclass and f.oid = d.objid
        join pg_class t on t.oid = coalesce(f.adrelid, d.refobjid) join pg_namespace tn on tn.oid = t.relnamespace
        join pg_attribute a on a.attrelid = t.oid and a.attnum = coalesce(f.adnum, d.refobjsubid)
        where a.attnum > 0 and not a.attisdropped and a.atttypid in (20, 21, 23)
          and (f.oid is not null and d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid
            or d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass
                and d.deptype in ('a', 'i'))), '[]')
    from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
    where {USER_SCHEMA} and {own("pg_class", "c.oid")}"""


_AT_ONCE = 100
"""Sequences asked in one query."""


@dataclass(frozen=True, slots=True)
class Sequence:
    """One sequence.

    Attributes:
        facts: How it was made.
        step: By how much it counts; negative when downwards.
        reached: The value it gave last; one step before its first where it gave none.
        highest: The farthest value that a column which takes from it has, and which column; None where there is none.
        tables: The tables of these columns.
    """

    facts: Mapping[str, object]
    step: int
    reached: int
    highest: tuple[int, str] | None
    tables: tuple[Table, ...]

    def owned_by(self, roles: Mapping[str, str]) -> "Sequence":
        """The same, its owner by the name that the other side has for it."""
        owner = str(self.facts.get("owner"))
        return replace(self, facts={**self.facts, "owner": roles.get(owner, owner)})


def read_sequences(reader: Reader, choice: Choice, *, columns: bool) -> dict[Name, Sequence]:
    """The sequences of one side.

    Args:
        reader: The side.
        choice: Sequences of tables that take no part are left out; those of no table stay unless `--only` is given.
        columns: Whether to look for the highest value of their columns.

    Raises:
        NotCompared: One could not be read.
    """
    rows = []
    for schema, name, facts, step, uses in reader.ask(_LIST, about="sequences"):
        tables = tuple((use[0], use[1]) for use in uses)
        if any(choice.takes(table) for table in tables) if tables else not choice.only:
            rows.append(((schema, name), facts, step, uses, tables))
    found: dict[Name, Sequence] = {}
    for at in range(0, len(rows), _AT_ONCE):
        some = rows[at : at + _AT_ONCE]
        reached = _reached(reader, [row[0] for row in some])
        for (name, facts, step, uses, tables), value in zip(some, reached, strict=True):
            highest = _highest(reader, uses, step) if columns else None
            found[name] = Sequence(facts, step, value, highest, tables)
    return found


def _reached(reader: Reader, names: list[Name]) -> list[int]:
    each = [
        sql.SQL(
            "select {at}, case when q.is_called then q.last_value else q.last_value - s.seqincrement end"
            " from {name} q, pg_sequence s where s.seqrelid = q.tableoid"
        ).format(at=sql.Literal(at), name=sql.Identifier(*name))
        for at, name in enumerate(names)
    ]
    about = f"sequence {full_name(names[0])}" if len(names) == 1 else "values of sequences"
    return [int(value) for _, value in sorted(reader.ask(sql.SQL(" union all ").join(each), about=about))]


def _highest(reader: Reader, uses: list[list[str]], step: int) -> tuple[int, str] | None:
    found: list[tuple[int, str]] = []
    for schema, table, column in uses:
        query = sql.SQL("select {most}({column}) from {table}").format(
            most=sql.SQL("max" if step > 0 else "min"),
            column=sql.Identifier(column),
            table=sql.Identifier(schema, table),
        )
        ((value,),) = reader.ask(query, about=f"table {full_name((schema, table))}")
        if value is not None:
            found.append((int(value), full_name((schema, table, column))))
    return (max if step > 0 else min)(found, default=None)


def compare_sequences(
    old: Mapping[Name, Sequence], new: Mapping[Name, Sequence], slack: int
) -> tuple[list[Difference], Counted]:
    """Compare sequences. Pure.

    Args:
        old: Of the database that serves; owners by the names that the new side has for them.
        new: Of the one that will, with the highest values of the columns.
        slack: How far the new one may be ahead: the margin it was set forward by.
    """
    found: list[Difference] = []
    for name in sorted({*old, *new}):
        one, two = old.get(name), new.get(name)
        label = full_name(name)
        if one is None or two is None:
            lacks = two is None
            what = "the new database lacks it" if lacks else "only the new database has it"
            cure = "Restore it from the dump of the schema." if lacks else "Find out who made it, and drop it."
            found.append(Difference("sequence", label, what, cure))
        else:
            found += (Difference("sequence", label, what, cure) for what, cure in _of_two(one, two, slack))
    differ = len({each.name for each in found})
    return found, Counted("sequence", len(old), len(new), differ)


def _of_two(old: Sequence, new: Sequence, slack: int) -> Iterator[tuple[str, str]]:
    for fact in sorted({*old.facts, *new.facts}):
        if old.facts.get(fact) != new.facts.get(fact):
            told = f"{fact} {old.facts.get(fact)} in the old database, {new.facts.get(fact)} in the new one"
            yield told, "ALTER SEQUENCE it as the old side has it."
    way = 1 if new.step > 0 else -1
    if new.highest is not None and (new.highest[0] - new.reached) * way > 0:
        value, column = new.highest
        yield f"behind its own table: {column} is at {value}, the sequence at {new.reached}", _SETVAL
    ahead = (new.reached - old.reached) * way
    if ahead < 0:
        yield f"behind the old side: {new.reached}, there {old.reached}", _SETVAL
    elif ahead > slack * abs(new.step):
        cure = f"If it was set forward on purpose, compare with --sequence-slack {-(-ahead // abs(new.step))}."
        yield f"ahead of the old side: {new.reached}, there {old.reached}", cure


_SETVAL = "Run setval on it with what the old side gave last and a margin, before anybody writes."
