"""The subjects that are code: views, functions, triggers, rules, policies, types."""

from wizard.data.compare.postgres.subjects import USER_SCHEMA, Subject, own


_ON = "array[n.nspname, c.relname]::text[]"
_OWN_TABLE = f"{USER_SCHEMA} and {own('pg_class', 'c.oid')}"
_RESTORE = "Restore its definition from the dump of the old side's schema."
_OWNER = "ALTER ... OWNER TO the role of the old side, or restore with the roles in place."
_CURES = {"definition": _RESTORE, "body": _RESTORE, "owner": _OWNER}
_SHOWN = frozenset({"owner", "enabled"})

VIEWS = Subject(
    "view",
    f"""select null::text[], {_ON}, json_build_object('definition', pg_get_viewdef(c.oid), 'kind', c.relkind,
        'owner', case when c.relkind = 'v' then pg_get_userbyid(c.relowner) end,
        'options', array(select unnest(c.reloptions) order by 1)::text)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('v', 'm') and {_OWN_TABLE}""",
    missing=_RESTORE,
    cures=_CURES,
    shown=_SHOWN,
)
FUNCTIONS = Subject(
    "function",
    f"""select null::text[], array[n.nspname, p.proname,
        '(' || pg_get_function_identity_arguments(p.oid) || ')']::text[],
        json_build_object('body', p.prosrc, 'owner', pg_get_userbyid(p.proowner), 'definition', case
            when p.prokind = 'a' then (select concat_ws(' ', g.aggtransfn::regproc, g.aggfinalfn::regproc,
                g.aggcombinefn::regproc, g.agginitval, g.aggtranstype::regtype, g.aggkind, g.aggnumdirectargs)
                from pg_aggregate g where g.aggfnoid = p.oid)
            when p.prosrc = '' then pg_get_functiondef(p.oid)
            else replace(pg_get_functiondef(p.oid), p.prosrc, '') end)
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where {USER_SCHEMA} and {own("pg_proc", "p.oid")}""",
    missing=_RESTORE,
    cures=_CURES,
    shown=_SHOWN,
)
TRIGGERS = Subject(
    "trigger",
    f"""select {_ON}, array[n.nspname, c.relname, t.tgname]::text[],
        json_build_object('definition', pg_get_triggerdef(t.oid), 'enabled', t.tgenabled)
    from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
    where not t.tgisinternal and {_OWN_TABLE}""",
    missing=_RESTORE,
    cures={**_CURES, "enabled": "ALTER TABLE ... ENABLE or DISABLE TRIGGER, as the old side has it."},
    shown=_SHOWN,
)
EVENT_TRIGGERS = Subject(
    "event trigger",
    f"""select null::text[], array[evtname]::text[], json_build_object('definition', concat_ws(' ', evtevent,
        evtfoid::regproc, array(select unnest(evttags) order by 1)::text), 'enabled', evtenabled,
        'owner', pg_get_userbyid(evtowner))
    from pg_event_trigger where {own("pg_event_trigger", "oid")}""",
    missing="The platform makes its own when the service is made; restore yours from the dump.",
    cures={**_CURES, "enabled": "ALTER EVENT TRIGGER ... ENABLE or DISABLE, as the old side has it."},
    shown=_SHOWN,
)
RULES = Subject(
    "rule",
    f"""select {_ON}, array[n.nspname, c.relname, r.rulename]::text[],
        json_build_object('definition', pg_get_ruledef(r.oid), 'enabled', r.ev_enabled)
    from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
    where r.rulename <> '_RETURN' and {_OWN_TABLE}""",
    missing=_RESTORE,
    cures=_CURES,
    shown=_SHOWN,
)
POLICIES = Subject(
    "policy",
    f"""select {_ON}, array[n.nspname, c.relname, p.polname]::text[], json_build_object('definition', concat_ws(' ',
        p.polcmd, p.polpermissive, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)),
        'roles', array(select case r when 0 then 'public' else pg_get_userbyid(r)::text end
            from unnest(p.polroles) r order by 1)::text)
    from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
    where {_OWN_TABLE}""",
    missing=_RESTORE,
    cures={**_CURES, "roles": "ALTER POLICY ... TO the roles of the old side."},
    shown=frozenset({"roles"}),
)
TYPES = Subject(
    "type",
    f"""select null::text[], array[n.nspname, t.typname]::text[], json_build_object('kind', t.typtype,
        'owner', pg_get_userbyid(t.typowner),
        'labels', array(select l.enumlabel from pg_enum l where l.enumtypid = t.oid order by l.enumsortorder)::text,
        'base', case when t.typtype = 'd' then concat_ws(' ', format_type(t.typbasetype, t.typtypmod), t.typnotnull,
            t.typdefault) end,
        'checks', array(select pg_get_constraintdef(k.oid) from pg_constraint k
            where k.contypid = t.oid and k.contype = 'c' order by k.conname)::text,
        'fields', array(select concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod)) from pg_attribute a
            where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum)::text,
        'range of', (select concat_ws(' ', r.rngsubtype::regtype, r.rngsubopc::text) from pg_range r
            where r.rngtypid = t.oid))
    from pg_type t join pg_namespace n on n.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid
    where (t.typtype in ('e', 'd', 'r') or t.typtype = 'c' and c.relkind = 'c')
        and {USER_SCHEMA} and {own("pg_type", "t.oid")}""",
    missing=_RESTORE,
    cures={**_CURES, "labels": "ALTER TYPE ... ADD VALUE what is missing; an order that differs needs the type anew."},
    shown=frozenset({"owner", "labels"}),
)
STATISTICS = Subject(
    "statistics object",
    f"""select null::text[], array[n.nspname, s.stxname]::text[],
        json_build_object('definition', pg_get_statisticsobjdef(s.oid), 'owner', pg_get_userbyid(s.stxowner))
    from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace
    where {USER_SCHEMA}""",
    missing=_RESTORE,
    cures=_CURES,
    shown=_SHOWN,
)
CODE = (VIEWS, FUNCTIONS, TRIGGERS, EVENT_TRIGGERS, RULES, POLICIES, TYPES, STATISTICS)
