"""How the rows of a table become a few numbers, on the server, in constant memory, whatever their order.

Each row's text is hashed by md5, and the first 64 bits of the hashes are summed. A sum does not depend on the order,
and knows duplicates. Sums are kept apart by bucket, a number made of the primary key, so that a difference can be
narrowed down to keys.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from psycopg import sql

from wizard.data.compare.postgres.naming import Table


ROWS_IN_A_BUCKET = 2048
MOST_BUCKETS = 16_384
PAGES_AT_ONCE = 4096
"""32 MiB of a table with pages of the usual size."""
_WHOLE_NUMBERS = frozenset({"smallint", "integer", "bigint"})

Bucket = tuple[int, int]
"""How many rows, and the sum of their hashes."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What must be known of a table to hash its rows in the same way on both sides.

    Attributes:
        table: Schema and name.
        columns: Their names, in the order of the old side.
        key: The columns of the primary key, in its order; empty without one.
        key_type: The type of a key of one column, else empty.
        buckets: How many; a power of two.
        as_utf8: Whether texts are converted first, because the two databases store them otherwise.
    """

    table: Table
    columns: tuple[str, ...]
    key: tuple[str, ...] = ()
    key_type: str = ""
    buckets: int = 1
    as_utf8: bool = False

    @property
    def _row(self) -> sql.Composable:
        text = sql.SQL("row({})::text").format(sql.SQL(", ").join(map(sql.Identifier, self.columns)))
        return sql.SQL("convert_to({}, 'UTF8')").format(text) if self.as_utf8 else text

    @property
    def _bucket(self) -> sql.Composable:
        if self.buckets == 1 or not self.key:
            return sql.SQL("0")
        mask = sql.Literal(self.buckets - 1)
        if self.key_type in _WHOLE_NUMBERS:
            return sql.SQL("({} & {})::int").format(sql.Identifier(self.key[0]), mask)
        key = sql.SQL("row({})::text").format(sql.SQL(", ").join(map(sql.Identifier, self.key)))
        return sql.SQL('(hashtext({} collate "C") & {})').format(key, mask)

    def sums(self, pages: tuple[int, int | None] | None, *, hashes: bool) -> sql.Composed:
        """The query for the sums of a part of the table.

        Args:
            pages: First page and the one behind the last, None for the end; None for the whole table.
            hashes: Whether rows are hashed or only counted.
        """
        return sql.SQL("select {bucket}, count(*), {sums} from only {table}{where} group by 1").format(
            bucket=self._bucket if hashes else sql.SQL("0"),
            sums=sql.SQL("sum({})").format(self._hash) if hashes else sql.SQL("0"),
            table=sql.Identifier(*self.table),
            where=_between(pages),
        )

    def rows_of(self, buckets: Iterable[int]) -> sql.Composed:
        """The query for key and hash of each row in some buckets; the key's columns come as texts."""
        return sql.SQL("select array[{key}], {hash} from only {table} where {bucket} = any({buckets})").format(
            key=sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for name in self.key),
            hash=self._hash,
            table=sql.Identifier(*self.table),
            bucket=self._bucket,
            buckets=sql.Literal(list(buckets)),
        )

    @property
    def _hash(self) -> sql.Composable:
        return sql.SQL("('x' || left(md5({}), 16))::bit(64)::bigint").format(self._row)


def _between(pages: tuple[int, int | None] | None) -> sql.Composable:
    if pages is None:
        return sql.SQL("")
    first, behind = pages
    start = sql.SQL(" where ctid >= {}::tid").format(sql.Literal(f"({first},0)"))
    if behind is None:
        return start
    return sql.SQL("{} and ctid < {}::tid").format(start, sql.Literal(f"({behind},0)"))


def parts_of(pages: int) -> list[tuple[int, int | None] | None]:
    """A table of so many pages in parts that are read one by one; the last is open, for pages that come meanwhile."""
    if pages <= PAGES_AT_ONCE:
        return [None]
    starts = range(0, pages, PAGES_AT_ONCE)
    return [(at, at + PAGES_AT_ONCE if at + PAGES_AT_ONCE < pages else None) for at in starts]


def buckets_for(rows: float) -> int:
    """How many buckets a table of about so many rows gets: a power of two."""
    wanted = max(1, int(rows) // ROWS_IN_A_BUCKET)
    return min(MOST_BUCKETS, 1 << (wanted - 1).bit_length())


@dataclass(slots=True)
class Sums:
    """The sums of one table on one side, as its parts come in."""

    buckets: dict[int, Bucket] = field(default_factory=dict)

    def add(self, rows: Iterable[tuple[int, int, int | None]]) -> None:
        """Add what one part of the table answered."""
        for bucket, count, total in rows:
            before = self.buckets.get(bucket, (0, 0))
            self.buckets[bucket] = (before[0] + count, before[1] + int(total or 0))

    @property
    def whole(self) -> Bucket:
        """Of the whole table."""
        return sum(count for count, _ in self.buckets.values()), sum(total for _, total in self.buckets.values())


def differing(old: Sums, new: Sums, most: int) -> list[int]:
    """The first buckets that differ."""
    apart = (each for each in sorted({*old.buckets, *new.buckets}) if old.buckets.get(each) != new.buckets.get(each))
    return [bucket for bucket, _ in zip(apart, range(most), strict=False)]


Key = tuple[str | None, ...]


def examples(old: Mapping[Key, int], new: Mapping[Key, int], most: int) -> list[tuple[str, Key]]:
    """Keys of rows that differ, in words and as they are: at most so many."""
    found = [
        ("changed" if key in old and key in new else "missing" if key in old else "only in the new database", key)
        for key in sorted({*old, *new}, key=_order)
        if old.get(key) != new.get(key)
    ]
    return found[:most]


def _order(key: Key) -> tuple[tuple[int, str], ...]:
    return tuple((len(part or ""), part or "") for part in key)
