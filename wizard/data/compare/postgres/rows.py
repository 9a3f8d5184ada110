"""The rows of all tables on both sides, counted and hashed in parts by several connections."""

import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

from wizard.data.compare.postgres.checksums import (
    Key,
    Shape,
    Sums,
    buckets_for,
    differing,
    examples,
    parts_of,
)
from wizard.data.compare.postgres.connection import Reader
from wizard.data.compare.postgres.naming import Table, full_name
from wizard.data.compare.postgres.report import Difference, TableRows
from wizard.data.compare.postgres.subjects import USER_SCHEMA
from wizard.data.compare.postgres.together import work_together


EXAMPLES = 5
"""How many keys of differing rows are told of a table."""
_BUCKETS_READ = 3
_LONGEST_KEY = 60
_PLAIN = re.compile(r"[\w.:+-]+")
_ROWS_A_PAGE = 100
"""A guess, for tables that were never analyzed."""

_LIST = f"""select n.nspname::text, c.relname::text,
        (pg_relation_size(c.oid) / current_setting('block_size')::int)::bigint, c.reltuples::float8,
        coalesce((select m.amname from pg_am m where m.oid = c.relam), '') = 'heap',
        array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0
            and not a.attisdropped order by a.attnum),
        (select json_agg(json_build_array(a.attname, format_type(a.atttypid, null)) order by k.at)
            from pg_index x, unnest(x.indkey::smallint[]) with ordinality k(number, at), pg_attribute a
            where x.indrelid = c.oid and x.indisprimary and k.at <= x.indnkeyatts
            and a.attrelid = c.oid and a.attnum = k.number)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'm') and {USER_SCHEMA}"""

Progress = Callable[[str, int, int], None]
"""Called with the table that was just read, and with how much of how much is read."""


@dataclass(frozen=True, slots=True)
class Stored:
    """How a table lies in one database."""

    pages: int
    rows: float
    in_parts: bool
    columns: tuple[str, ...]
    key: tuple[tuple[str, str], ...]


def read_stored(reader: Reader) -> dict[Table, Stored]:
    """How the tables of one side lie there.

    Raises:
        NotCompared: It could not be read.
    """
    return {
        (schema, name): Stored(
            pages,
            rows if rows > 0 else pages * _ROWS_A_PAGE,
            heap and reader.version >= 14,  # before that each part would read the whole table
            tuple(columns),
            tuple((column, kind) for column, kind in key or ()),
        )
        for schema, name, pages, rows, heap, columns, key in reader.ask(_LIST, about="tables")
    }


@dataclass(slots=True)
class _Both:
    """A table while it is read: its shape and the sums of both sides."""

    shape: Shape
    hashed: bool
    sums: dict[str, Sums] = field(default_factory=lambda: {"old": Sums(), "new": Sums()})


def shape_of(table: Table, old: Stored, new: Stored, *, as_utf8: bool) -> Shape | None:
    """How a table's rows are hashed on both sides alike; None when its columns are not the same."""
    if {*old.columns} != {*new.columns}:
        return None
    key = old.key if {name for name, _ in old.key} <= {*new.columns} else ()
    kinds = dict(new.key)
    kind = key[0][1] if len(key) == 1 and kinds.get(key[0][0]) == key[0][1] else ""
    names = tuple(name for name, _ in key)
    return Shape(table, old.columns, names, kind, buckets_for(old.rows) if key else 1, as_utf8)


def compare_rows(
    readers: Sequence[Reader],
    tables: Mapping[Table, tuple[Stored, Stored]],
    *,
    checksums: bool,
    as_utf8: bool,
    progress: Progress,
) -> tuple[list[TableRows], list[Difference]]:
    """Count, and hash, the rows of tables that both sides have.

    Args:
        readers: All connections, of both sides.
        tables: How each table lies in the old and in the new database.
        checksums: Whether rows are hashed; else they are counted.
        as_utf8: Whether the two databases store texts in different encodings.
        progress: Told as parts come in.

    Raises:
        NotCompared: A part could not be read; nothing is known then.
    """
    both: dict[Table, _Both] = {}
    for table, (old, new) in tables.items():
        shape = shape_of(table, old, new, as_utf8=as_utf8) if checksums else None
        both[table] = _Both(shape or Shape(table, old.columns), shape is not None)
    _read(readers, tables, both, progress)
    found = [_judge(table, each) for table, each in sorted(both.items())]
    differences = [
        _difference(each, _narrowed(readers, each))
        for _, each in sorted(both.items())
        if each.sums["old"].whole != each.sums["new"].whole
    ]
    if checksums:
        differences += [_unlike(table) for table, each in sorted(both.items()) if not each.hashed]
    return found, differences


def _read(
    readers: Sequence[Reader],
    tables: Mapping[Table, tuple[Stored, Stored]],
    both: Mapping[Table, _Both],
    progress: Progress,
) -> None:
    queues: dict[str, deque[tuple[Table, tuple[int, int | None] | None, int]]] = {"old": deque(), "new": deque()}
    # The largest first, so that no connection is left alone with one at the end.
    for table, sides in sorted(tables.items(), key=lambda item: (-item[1][0].pages, item[0])):
        for which, stored in zip(("old", "new"), sides, strict=True):
            parts = parts_of(stored.pages) if stored.in_parts else [None]
            queues[which].extend((table, part, max(1, stored.pages) // len(parts) + 1) for part in parts)
    of = sum(weight for queue in queues.values() for _, _, weight in queue)
    done = 0
    lock = Lock()

    def drain(reader: Reader) -> None:
        nonlocal done
        queue = queues[reader.side.which]
        while True:
            with lock:
                if not queue:
                    return
                table, part, weight = queue.popleft()
            each = both[table]
            rows = reader.ask(each.shape.sums(part, hashes=each.hashed), about=f"table {full_name(table)}")
            with lock:
                each.sums[reader.side.which].add((bucket, count, total) for bucket, count, total in rows)
                done += weight
                progress(full_name(table), done, of)

    work_together([(reader, drain) for reader in readers])


def _judge(table: Table, each: _Both) -> TableRows:
    old, new = each.sums["old"].whole, each.sums["new"].whole
    return TableRows(full_name(table), old[0], new[0], each.hashed, old == new)


def _narrowed(readers: Sequence[Reader], each: _Both) -> list[tuple[str, Key]]:
    """Keys of a few rows that differ, from the first buckets that do; none for a table without a primary key."""
    if not each.hashed or not each.shape.key:
        return []
    buckets = differing(each.sums["old"], each.sums["new"], _BUCKETS_READ)
    query = each.shape.rows_of(buckets)
    found: dict[str, dict[Key, int]] = {}

    def fetch(reader: Reader) -> None:
        rows = reader.ask(query, about=f"table {full_name(each.shape.table)}")
        found[reader.side.which] = {tuple(key): hashed for key, hashed in rows}

    first = {reader.side.which: reader for reader in reversed(readers)}
    work_together([(reader, fetch) for reader in first.values()])
    return examples(found["old"], found["new"], EXAMPLES)


def _difference(each: _Both, named: list[tuple[str, Key]]) -> Difference:
    old, new = each.sums["old"].whole[0], each.sums["new"].whole[0]
    what = f"{old:,} rows in the old database, {new:,} in the new one" if old != new else "rows differ"
    if named:
        what += "; for example " + ", ".join(f"{how} {_key(each.shape.key, key)}" for how, key in named)
    elif each.hashed:
        what += "; without a primary key they cannot be named"
    cure = "Stop what writes, copy these rows or the whole table again, then compare again."
    return Difference("rows of table", full_name(each.shape.table), what, cure)


def _unlike(table: Table) -> Difference:
    what = "its columns differ, so its rows were only counted"
    return Difference("rows of table", full_name(table), what, "Make the columns alike, then compare again.")


def _key(columns: Sequence[str], key: Key) -> str:
    parts = (f"{full_name((name,))} {_cut(value or '')}" for name, value in zip(columns, key, strict=True))
    return ", ".join(parts) if len(columns) == 1 else f"({', '.join(parts)})"


def _cut(text: str) -> str:
    short = text if len(text) <= _LONGEST_KEY else f"{text[:_LONGEST_KEY]}…"
    return short if _PLAIN.fullmatch(short) else f'"{short}"'
