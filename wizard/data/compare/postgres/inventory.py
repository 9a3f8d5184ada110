"""What one database holds besides rows: every subject's things, with their facts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from wizard.data.compare.postgres.connection import Reader
from wizard.data.compare.postgres.naming import Choice, Table
from wizard.data.compare.postgres.subjects import EXTENSIONS, SCHEMAS, SHAPES, Subject
from wizard.data.compare.postgres.subjects_code import CODE
from wizard.data.compare.postgres.subjects_rights import RIGHTS


Name = tuple[str, ...]
Facts = Mapping[str, str | None]

SUBJECTS: tuple[Subject, ...] = (EXTENSIONS, SCHEMAS, *SHAPES, *CODE, *RIGHTS)

_LEFT_OVER = (
    ("publication", "select pubname::text from pg_publication"),
    (
        "subscription",
        """select subname::text from pg_subscription s join pg_database d on d.oid = s.subdbid
        where d.datname = current_database()""",
    ),
    (
        "replication slot",
        """select slot_name || case when active then '' else ' (nobody reads it: WAL piles up)' end
        from pg_replication_slots where database is null or database = current_database()""",
    ),
    ("prepared transaction", "select gid from pg_prepared_xacts where database = current_database()"),
)


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing of a subject.

    Attributes:
        table: What it hangs on, or None.
        facts: What can differ, by name.
    """

    table: Table | None
    facts: Facts


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything of one side that is compared and is no row.

    Attributes:
        version: The server's version, as it says it.
        major: The same, the part before the point.
        encoding: Of the database.
        identity: Which server and database it is; the same twice means a database compared with itself.
        things: By subject's name, then by the thing's.
        left_over: Parts of replication and the like that still stand, in words.
        roles: The names of all roles of its server.
    """

    version: str
    major: int
    encoding: str
    identity: tuple[str, ...]
    things: Mapping[str, Mapping[Name, Thing]]
    left_over: tuple[str, ...]
    roles: frozenset[str]


def read_inventory(reader: Reader) -> Inventory:
    """List everything.

    Args:
        reader: The side.

    Raises:
        NotCompared: Something could not be read.
    """
    ((version, encoding, *identity),) = reader.ask(
        "select current_setting('server_version'), pg_encoding_to_char(encoding), oid::text, datname::text,"
        " pg_postmaster_start_time()::text from pg_database where datname = current_database()"
    )
    things = {subject.name: _things(reader, subject) for subject in SUBJECTS if reader.version >= subject.since}
    left_over = tuple(
        f"{what} {name}" for what, query in _LEFT_OVER for (name,) in reader.ask(query, about=f"every {what}")
    )
    roles = frozenset(name for (name,) in reader.ask("select rolname::text from pg_roles", about="every role"))
    return Inventory(version, reader.version, encoding, tuple(identity), things, left_over, roles)


def _things(reader: Reader, subject: Subject) -> dict[Name, Thing]:
    return {
        tuple(name): Thing(tuple(table) if table else None, facts)
        for table, name, facts in reader.ask(subject.query, about=f"every {subject.name}")
    }


def chosen(inventory: Inventory, choice: Choice) -> Inventory:
    """An inventory without tables that take no part and what hangs on them; by `--only` without what hangs on none."""
    kept = {
        subject.name: {
            name: thing
            for name, thing in inventory.things.get(subject.name, {}).items()
            if (choice.takes(thing.table) if thing.table else not choice.only)
        }
        for subject in SUBJECTS
    }
    return replace(inventory, things=kept)


def renamed(inventory: Inventory, roles: Mapping[str, str]) -> Inventory:
    """The inventory as it would be if some roles had other names: those that the other side knows them by."""
    if not roles:
        return inventory
    things = {
        subject.name: {
            _with_roles(name, subject.roles, roles): replace(thing, facts=_owned(thing.facts, roles))
            for name, thing in inventory.things.get(subject.name, {}).items()
        }
        for subject in SUBJECTS
    }
    return replace(inventory, things=things, roles=frozenset(roles.get(role, role) for role in inventory.roles))


def _with_roles(name: Name, at: tuple[int, ...], roles: Mapping[str, str]) -> Name:
    parts = list(name)
    for place in at:
        parts[place] = roles.get(parts[place], parts[place])
    return tuple(parts)


def _owned(facts: Facts, roles: Mapping[str, str]) -> Facts:
    owner = facts.get("owner")
    return facts if owner is None else {**facts, "owner": roles.get(owner, owner)}
