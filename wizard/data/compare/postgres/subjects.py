"""What is compared besides rows: each subject with the query that lists it and the cures of what differs.

Each query answers rows of (table it hangs on or null, parts of its name, facts as JSON). System schemas and what
belongs to an extension are left out. Names of things are data in the answers; no query holds one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Subject:
    """A sort of thing that both databases should have alike.

    Attributes:
        name: One of them, in words.
        query: Lists them.
        missing: The cure when the new database lacks one.
        extra: The cure when only the new database has one.
        cures: The cure for each fact that can differ.
        shown: Facts whose values may be told; others are only said to differ.
        alone: Each side is judged by itself; what only one has is no difference.
        roles: Which parts of a name are roles.
        since: The first major version that has what the query asks.
    """

    name: str
    query: str
    missing: str
    extra: str = "Find out who made it; drop it, or make it in the old database too."
    cures: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    shown: frozenset[str] = frozenset()
    alone: bool = False
    roles: tuple[int, ...] = ()
    since: int = 0


USER_SCHEMA = r"n.nspname !~ '^pg_' and n.nspname <> 'information_schema'"


def word(text: str = "") -> str:
    """SQL for a part of a name that is a word of ours: it begins with a character that names do not have."""
    return rf"E'\x01{text}'"


def own(catalogue: str, oid: str) -> str:
    """The condition that a thing belongs to no extension."""
    return (
        f"not exists (select from pg_depend e where e.classid = '{catalogue}'::regclass"
        f" and e.objid = {oid} and e.deptype = 'e')"
    )


_OWN_TABLE = f"{USER_SCHEMA} and {own('pg_class', 'c.oid')}"
_ON = "array[n.nspname, c.relname]::text[]"
DEFAULT_CURE = "Run the migration or the restore that should have made it like the old one."
_OWNER = "ALTER ... OWNER TO the role of the old side, or restore with the roles in place."

EXTENSIONS = Subject(
    "extension",
    "select null::text[], array[extname]::text[], json_build_object('version', extversion, 'schema', n.nspname)"
    " from pg_extension join pg_namespace n on n.oid = extnamespace",
    missing="CREATE EXTENSION it; on a platform that takes extensions when the service is made, make it anew with it.",
    extra="DROP EXTENSION it if nothing of the new release needs it.",
    cures={
        "version": "ALTER EXTENSION ... UPDATE on the side that is behind.",
        "schema": "ALTER EXTENSION ... SET SCHEMA.",
    },
    shown=frozenset({"version", "schema"}),
)
SCHEMAS = Subject(
    "schema",
    "select null::text[], array[n.nspname]::text[], json_build_object('owner', pg_get_userbyid(n.nspowner))"
    f" from pg_namespace n where {USER_SCHEMA} and {own('pg_namespace', 'n.oid')}",
    missing="Restore it from the dump of the schema.",
    cures={"owner": _OWNER},
    shown=frozenset({"owner"}),
)
TABLES = Subject(
    "table",
    f"""select {_ON}, {_ON}, json_build_object(
        'kind', c.relkind, 'persistence', c.relpersistence, 'owner', pg_get_userbyid(c.relowner),
        'partition', c.relispartition::text || coalesce(pg_get_expr(c.relpartbound, c.oid), ''),
        'partition key', case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end,
        'replica identity', c.relreplident, 'row security', c.relrowsecurity::text || c.relforcerowsecurity::text,
        'storage options', array(select unnest(c.reloptions) order by 1)::text, 'filled', c.relispopulated::text)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'm', 'f') and {_OWN_TABLE}""",
    missing="Restore it from the dump; without it the release fails.",
    cures={
        "owner": _OWNER,
        "persistence": "ALTER TABLE ... SET LOGGED or UNLOGGED, as the old side has it.",
        "replica identity": "ALTER TABLE ... REPLICA IDENTITY, as the old side has it.",
        "filled": "REFRESH MATERIALIZED VIEW it.",
    },
    shown=frozenset({"owner", "kind", "persistence", "partition key", "filled"}),
)
COLUMNS = Subject(
    "column",
    f"""select {_ON}, array[n.nspname, c.relname, a.attname]::text[], json_build_object(
        'type', format_type(a.atttypid, a.atttypmod), 'required', a.attnotnull::text,
        'default', pg_get_expr(d.adbin, d.adrelid), 'identity', a.attidentity,
        'generated', to_jsonb(a)->>'attgenerated',
        'collation', (select l.collname from pg_collation l where l.oid = a.attcollation))
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relkind in ('r', 'p', 'm', 'f', 'v') and {_OWN_TABLE}""",
    missing="ALTER TABLE ... ADD COLUMN it by the migration that the new database missed.",
    extra="Has a migration run on the new database alone? Run it on both, or restore again.",
    cures={"type": "ALTER TABLE ... ALTER COLUMN ... TYPE, as the old side has it."},
    shown=frozenset({"type", "required", "collation"}),
)
INDEXES = Subject(
    "index",
    f"""select {_ON}, array[n.nspname, i.relname]::text[], json_build_object(
        'definition', pg_get_indexdef(i.oid), 'valid', (x.indisvalid and x.indisready and x.indislive)::text)
    from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
    join pg_namespace n on n.oid = c.relnamespace where {_OWN_TABLE}""",
    missing="Create it CONCURRENTLY by its definition on the old side.",
    cures={
        "definition": "Drop it and create it by its definition on the old side.",
        "valid": "REINDEX INDEX CONCURRENTLY it; until then no query uses it.",
    },
)
CONSTRAINTS = Subject(
    "constraint",
    f"""select {_ON}, array[n.nspname, c.relname, k.conname]::text[], json_build_object(
        'definition', regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', ''), 'valid', k.convalidated::text)
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
    where (k.contype in ('c', 'f', 'p', 'u', 'x') or k.contype = 'n' and not k.convalidated) and {_OWN_TABLE}""",
    missing="ALTER TABLE ... ADD CONSTRAINT it by its definition on the old side.",
    cures={
        "definition": "Drop it and add it by its definition on the old side.",
        "valid": "ALTER TABLE ... VALIDATE CONSTRAINT it; rows that break it show themselves then.",
    },
)
SHAPES = (TABLES, COLUMNS, INDEXES, CONSTRAINTS)
