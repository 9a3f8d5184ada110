"""The subjects that are rights and settings: grants, default privileges, settings, the database itself."""

from wizard.data.compare.postgres.subjects import USER_SCHEMA, Subject, own, word


_WHO = f"case x.grantee when 0 then {word('PUBLIC')} else pg_get_userbyid(x.grantee)::text end"
_RIGHT = f"{word('to')}, {_WHO}, {word()} || x.privilege_type"
_FACTS = "json_build_object('with grant option', bool_or(x.is_grantable)::text)"

GRANTS = Subject(
    "grant",
    f"""select array[n.nspname, c.relname]::text[],
        array[{word("on")}, n.nspname, c.relname, {_RIGHT}]::text[], {_FACTS}
    from pg_class c join pg_namespace n on n.oid = c.relnamespace, lateral aclexplode(coalesce(c.relacl,
        acldefault((case c.relkind when 'S' then 's' else 'r' end)::"char", c.relowner))) x
    where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and {USER_SCHEMA} and {own("pg_class", "c.oid")} group by 1, 2
    union all
    select array[n.nspname, c.relname], array[{word("on")}, n.nspname, c.relname, a.attname, {_RIGHT}], {_FACTS}
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace,
        lateral aclexplode(a.attacl) x
    where not a.attisdropped and {USER_SCHEMA} and {own("pg_class", "c.oid")} group by 1, 2
    union all
    select null::text[], array[{word("on schema")}, n.nspname, {_RIGHT}], {_FACTS}
    from pg_namespace n, lateral aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) x
    where {USER_SCHEMA} and {own("pg_namespace", "n.oid")} group by 1, 2
    union all
    select null::text[], array[{word("on function")}, n.nspname, p.proname,
        '(' || pg_get_function_identity_arguments(p.oid) || ')',
        {_RIGHT}], {_FACTS}
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace,
        lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
    where {USER_SCHEMA} and {own("pg_proc", "p.oid")} group by 1, 2
    union all
    select null::text[], array[{word("on type")}, n.nspname, t.typname, {_RIGHT}], {_FACTS}
    from pg_type t join pg_namespace n on n.oid = t.typnamespace, lateral aclexplode(t.typacl) x
    where t.typacl is not null and {USER_SCHEMA} and {own("pg_type", "t.oid")} group by 1, 2
    union all
    select null::text[], array[{word("on the database")}, {_RIGHT}], {_FACTS}
    from pg_database d, lateral aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) x
    where d.datname = current_database() group by 1, 2""",
    missing="GRANT it as the old side has it.",
    extra="REVOKE it, or grant it on the old side too.",
    cures={"with grant option": "GRANT it again, WITH GRANT OPTION where the old side has it so."},
    roles=(-2,),
    shown=frozenset({"with grant option"}),
)
DEFAULTS = Subject(
    "default privilege",
    f"""select null::text[], array[{word("of")}, pg_get_userbyid(p.defaclrole),
        case when n.nspname is null then {word("everywhere")} else {word("in schema")} end, coalesce(n.nspname, ''),
        {word("on ")} || case p.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions'
            when 'T' then 'types' when 'n' then 'schemas' else p.defaclobjtype::text end, {_RIGHT}]::text[], {_FACTS}
    from pg_default_acl p left join pg_namespace n on n.oid = p.defaclnamespace, lateral aclexplode(p.defaclacl) x
    group by 2""",
    missing="ALTER DEFAULT PRIVILEGES ... GRANT it, before the next migration makes objects.",
    extra="ALTER DEFAULT PRIVILEGES ... REVOKE it.",
    roles=(1, -2),
    shown=frozenset({"with grant option"}),
)
_EVERYWHERE = "in all databases"
EVERYWHERE = f"\x01{_EVERYWHERE}"
"""The part of a setting's name that says it holds in all databases."""

SETTINGS = Subject(
    "setting",
    f"""select null::text[], array[case when r.rolname is null then {word("of all roles")} else {word("of")} end,
        coalesce(r.rolname, ''), case s.setdatabase when 0 then {word(_EVERYWHERE)} else {word("here")} end,
        split_part(c, '=', 1)]::text[], json_build_object(
        case when split_part(c, '=', 1) like '%.%' then 'hidden value' else 'value' end, substr(c, strpos(c, '=') + 1))
    from pg_db_role_setting s left join pg_roles r on r.oid = s.setrole, unnest(s.setconfig) c
    where s.setdatabase in (0, (select oid from pg_database where datname = current_database()))""",
    missing="ALTER DATABASE or ALTER ROLE ... SET it as the old side has it.",
    extra="ALTER DATABASE or ALTER ROLE ... RESET it, unless it is the write fence of this upgrade.",
    cures={"value": "ALTER DATABASE or ALTER ROLE ... SET it to the value of the old side."},
    roles=(1,),
    shown=frozenset({"value"}),
)
DATABASE = Subject(
    "database",
    f"""select null::text[], array[{word("itself")}]::text[],
        json_build_object('encoding', pg_encoding_to_char(d.encoding),
        'collation', d.datcollate, 'character type', d.datctype, 'owner', pg_get_userbyid(d.datdba),
        'locale provider', case coalesce(to_jsonb(d)->>'datlocprovider', 'c') when 'c' then 'libc' else
            concat_ws(' ', to_jsonb(d)->>'datlocprovider',
                coalesce(to_jsonb(d)->>'datlocale', to_jsonb(d)->>'daticulocale')) end)
    from pg_database d where d.datname = current_database()""",
    missing="",
    cures={
        "encoding": "Make the new database anew with the ENCODING of the old one.",
        "collation": "Make the new database anew with the LC_COLLATE of the old one.",
        "character type": "Make the new database anew with the LC_CTYPE of the old one.",
        "owner": "ALTER DATABASE ... OWNER TO the role of the old side.",
    },
    shown=frozenset({"encoding", "collation", "character type", "owner", "locale provider"}),
)
LARGE_OBJECTS = Subject(
    "large objects",
    f"""select null::text[], array[{word("all")}]::text[], json_build_object('count', count(*)::text)
    from pg_largeobject_metadata""",
    missing="",
    cures={"count": "Dump and restore them with --blobs; logical replication leaves them behind."},
    shown=frozenset({"count"}),
)
_REINDEX = "REINDEX what orders text by it, then ALTER ... REFRESH COLLATION VERSION."
DATABASE_COLLATION = Subject(
    "collation version of the database",
    """select null::text[], array[d.datcollate]::text[],
        json_build_object('valid', (d.datcollversion is not distinct from v.actual or d.datcollversion is null)::text)
    from pg_database d, lateral (select pg_database_collation_actual_version(d.oid) as actual) v
    where d.datname = current_database()""",
    missing="",
    cures={"valid": _REINDEX},
    alone=True,
    since=15,
)
COLLATIONS = Subject(
    "collation version",
    """select null::text[], array[n.nspname, l.collname]::text[],
        json_build_object('valid', (l.collversion is not distinct from pg_collation_actual_version(l.oid))::text)
    from pg_collation l join pg_namespace n on n.oid = l.collnamespace
    where l.collversion is not null and exists (select from pg_attribute a where a.attcollation = l.oid
        and not a.attisdropped and a.attrelid >= 16384)""",
    missing="",
    cures={"valid": _REINDEX},
    alone=True,
)
RIGHTS = (GRANTS, DEFAULTS, SETTINGS, DATABASE, LARGE_OBJECTS, DATABASE_COLLATION, COLLATIONS)
