"""Two real PostgreSQL databases of different majors, alike but for one thing that was planted."""

import pytest

from tests.postgres import Server
from wizard.data.compare.postgres import ComparisonReport, Difference, Options, compare_databases, side_of
from wizard.data.compare.postgres.naming import Choice


Pair = tuple[Server, Server]


def _quiet(_table: str, _done: int, _of: int) -> None:
    """Nobody watches."""


def compared(databases: Pair, name: str = "estate", options: Options | None = None, **more: str) -> ComparisonReport:
    old, new = databases
    environment = {"A": old.dsn("estate", **more), "B": new.dsn(name, **more)}
    sides = side_of("old", "env:A", environment), side_of("new", "env:B", environment)
    return compare_databases(*sides, options or Options(), _quiet)


def planted(databases: Pair, *statements: str) -> tuple[Difference, ...]:
    """What a comparison finds after something was done to a copy of the new database."""
    databases[1].fresh("changed", "estate")
    databases[1].run("postgres", "alter database changed set statement_timeout = '1min'")
    databases[1].run("changed", *statements)
    return compared(databases, "changed").differences


def test_equal_databases_of_two_majors_compare_equal(databases: Pair) -> None:
    report = compared(databases)
    assert report.differences == ()
    assert (report.old.split(".")[0], report.new.split(".")[0]) == ("16", "18")
    assert {each.name: each.old for each in report.tables}["public.orders"] == 500
    assert all(each.same for each in report.tables)
    # Everything that is compared is there at least once, so that "equal" is not said of nothing.
    alone = {"event trigger", "rule", "collation version"}
    assert {each.subject for each in report.counted if not each.old} <= alone


@pytest.mark.parametrize(
    ("statement", "subject", "told"),
    [
        ("update users set bio = 'other' where id = 117", "rows of table", "changed id 117"),
        ("delete from memberships where person = 7", "rows of table", 'missing (team "team 2", person 7)'),
        ("insert into notes values ('line1')", "rows of table", "100 rows in the old database, 101"),
        ("update notes set text = 'LINE1' where text = 'line1'", "rows of table", "without a primary key"),
        ("drop index orders_by_user", "index", "public.orders_by_user: the new database lacks it"),
        ("create index more on notes (text)", "index", "public.more: only the new database has it"),
        ("update pg_index set indisvalid = false where indexrelid = 'orders_by_user'::regclass", "index", "not valid"),
        ("select setval('users_id_seq', 299)", "sequence", "public.users.id is at 300, the sequence at 299"),
        ("select setval('orders_id_seq', 500, false)", "sequence", "behind the old side: 499, there 500"),
        ("select setval('orders_id_seq', 1500)", "sequence", "ahead of the old side: 1500"),
        ("alter sequence audit.numbers increment by -2", "sequence", "increment -1 in the old database, -2"),
        ("revoke select on users from reader", "grant", "on public.users to reader SELECT: the new database lacks it"),
        ("revoke update (paid) on orders from reader", "grant", "on public.orders.paid to reader UPDATE"),
        ("grant usage on schema audit to public", "grant", "on schema audit to PUBLIC USAGE: only the new"),
        ("update pg_extension set extversion = '0.1' where extname = 'vector'", "extension", "version"),
        ("drop table notes", "table", "public.notes: the new database lacks it"),
        ("create table extra (n int)", "table", "public.extra: only the new database has it"),
        ("alter table orders drop constraint positive", "constraint", "public.orders.positive: the new database lacks"),
        ("select lo_create(4712)", "large objects", "count 1 in the old database, 2 in the new one"),
        ("alter table orders owner to reader", "table", "owner uplevel in the old database, reader in the new one"),
        (
            "create or replace function touch() returns trigger language plpgsql as $$ begin return new; end $$",
            "function",
            "public.touch(): its body differs",
        ),
        (
            "create or replace function twice(n int) returns int language sql immutable return n * 3",
            "function",
            "twice",
        ),
        ("alter table memberships alter role type varchar(20)", "column", "type text in the old database, character"),
        ("alter table users alter bio set default 'none yet!'", "column", "public.users.bio: its default differs"),
        ("alter table users disable trigger touched", "trigger", "enabled O in the old database, D in the new one"),
        ("drop policy own_rows on notes", "policy", "the new database lacks it"),
        ("alter type mood add value 'angry'", "type", "{fine,tired,angry} in the new one"),
        ("drop statistics orders_stat", "statistics object", "the new database lacks it"),
        ("alter database changed set work_mem = '1GB'", "setting", "of all roles here work_mem: only the new"),
        ("alter database changed set app.token = 'hidden-value'", "setting", "app.token"),
        ("alter schema audit owner to uplevel", "schema", "owner app in the old database"),
        (
            "alter default privileges for role app in schema audit revoke select on tables from reader",
            "default privilege",
            "of app in schema audit on tables to reader SELECT: the new database lacks it",
        ),
        (
            """create or replace view unpaid as select u.email, o.total from users u join orders o on o.user_id = u.id
            where not o.paid and (o.total > 2.5 or u.bio is null)""",
            "view",
            "public.unpaid: its definition differs",
        ),
    ],
)
def test_each_planted_difference_is_found_and_names_its_cure(
    databases: Pair, statement: str, subject: str, told: str
) -> None:
    found = planted(databases, statement)
    assert any(each.subject == subject and told in f"{each}" for each in found), found
    assert all(each.cure.endswith(".") for each in found)
    assert "hidden-value" not in f"{found}"


def test_a_constraint_that_was_not_validated_is_told_with_its_cure(databases: Pair) -> None:
    (found,) = planted(
        databases,
        "alter table orders drop constraint positive",
        "alter table orders add constraint positive check (total >= 0) not valid",
    )
    assert (found.subject, found.what) == ("constraint", "not valid in the new database")
    assert "VALIDATE CONSTRAINT" in found.cure


def test_one_changed_row_of_many_is_narrowed_down_to_its_key_and_no_value_is_shown(databases: Pair) -> None:
    many = (
        "create table many (id int primary key, secret text)",
        "insert into many select i, 'value ' || i from generate_series(1, 200000) i",
    )
    for server in databases:
        server.fresh("counted", "estate")
        server.run("counted", *many)
    databases[1].run("counted", "update many set secret = 'planted' where id = 123456")
    old, new = databases
    environment = {"A": old.dsn("counted"), "B": new.dsn("counted")}
    sides = side_of("old", "env:A", environment), side_of("new", "env:B", environment)
    choice = Choice(only=("many",))
    report = compare_databases(*sides, Options(choice), _quiet)
    assert [each.what for each in report.differences] == ["rows differ; for example changed id 123456"]
    assert "planted" not in f"{report}"
    counted = compare_databases(*sides, Options(choice, checksums=False), _quiet)
    assert counted.differences == ()
    assert any("not compared" in note for note in counted.notes)
    assert compare_databases(*sides, Options(Choice(skip=("public.many",))), _quiet).tables != ()


def test_rows_of_a_table_whose_columns_differ_are_never_said_to_be_the_same(databases: Pair) -> None:
    found = planted(databases, "alter table memberships add more int")
    told = [f"{each}" for each in found if each.subject == "rows of table"]
    assert len(told) == 1
    assert "memberships: its columns differ, so its rows were only counted" in told[0]


def test_a_margin_of_sequences_and_another_version_count_only_as_asked(databases: Pair) -> None:
    databases[1].fresh("ahead", "estate")
    databases[1].run("postgres", "alter database ahead set statement_timeout = '1min'")
    databases[1].run("ahead", "select setval('orders_id_seq', 1500)")
    assert compared(databases, "ahead", Options(slack=1000)).differences == ()
    (told,) = compared(databases, "ahead", Options(slack=999)).differences
    assert "--sequence-slack 1000" in told.cure
    (version,) = compared(databases, options=Options(same_version=True)).differences
    assert version.subject == "server"


def test_the_settings_of_a_login_that_only_one_server_has_are_left_out_and_noted(databases: Pair) -> None:
    """A platform makes a login for each key; what it sets for one is no difference of the databases."""
    old, _ = databases
    old.run("postgres", "create role u1 login", "alter role u1 set role to app", "alter role app set work_mem = '9MB'")
    try:
        report = compared(databases)
        assert [each.name for each in report.differences] == ["of app in all databases work_mem"]
        assert report.notes == ("only the old server has the role u1; its settings are left out",)
    finally:
        old.run("postgres", "drop role u1", "alter role app reset work_mem")
