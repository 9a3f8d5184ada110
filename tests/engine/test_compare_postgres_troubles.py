"""What compare postgres says when it cannot compare: never a part for the whole, never a password, nothing unquoted."""

import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pexpect
import psycopg
import pytest
from click.testing import CliRunner, Result

from tests.postgres import Server
from wizard.cli import main
from wizard.cli.compare import compare
from wizard.data.compare.postgres import NotCompared, Options, Side, compare_databases, connection, side_of
from wizard.errors import UplevelError


Pair = tuple[Server, Server]


@pytest.fixture
def services(databases: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A service file with `old`, `new` and `limited`, who may read little."""
    lines = [
        f"[{name}]\nhost={server.folder}\nport={server.port}\nuser={user}\ndbname=estate\n"
        for name, server, user in (
            ("old", databases[0], "uplevel"),
            ("new", databases[1], "uplevel"),
            ("limited", databases[1], "limited"),
        )
    ]
    file = tmp_path / "services"
    file.write_text("".join(lines))
    monkeypatch.setenv("PGSERVICEFILE", str(file))
    return file


def _call(*words: str) -> Result:
    return CliRunner().invoke(compare, ["postgres", *words], standalone_mode=False)


def test_the_command_prints_a_table_or_json_and_its_exit_code_answers(databases: Pair, services: Path) -> None:
    same = _call("old", "new")
    assert (same.return_value, same.output.splitlines()[-1]) == (0, "Nothing differs.")
    databases[1].run("estate", "create table surplus ()")
    apart = _call("old", "service=new", "--json")
    databases[1].run("estate", "drop table surplus")
    told = json.loads(apart.output)
    assert (apart.return_value, told["same"]) == (1, False)
    assert ("table", "public.surplus") in [(each["subject"], each["name"]) for each in told["differences"]]
    assert all(each["cure"] for each in told["differences"])


@pytest.mark.parametrize("word", ["postgresql://me:sekret@host/db", "host=h password=sekret", "postgres://x y"])
def test_a_connection_string_on_the_command_line_is_refused_and_not_repeated(word: str) -> None:
    for words in ((word, "new"), ("env:PATH", word)):
        problem = _call(*words).exception
        assert isinstance(problem, UplevelError)
        assert "sekret" not in f"{problem}"
        assert problem.code == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "postgresql://me:sek%ret@host/db",
        "postgresql://me:sekret@127.0.0.1:1/db",
        "host=127.0.0.1 port=1 user=me password=sekret",
        "password=sekret service=nowhere",
    ],
)
def test_what_a_variable_holds_is_never_shown(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLD_URL", text)
    monkeypatch.setenv("NEW_URL", "postgresql://me:sekret@127.0.0.1:1/db")
    problem = _call("env:OLD_URL", "env:NEW_URL").exception
    assert isinstance(problem, UplevelError)
    assert problem.code == 2
    assert not any(part in f"{problem}" for part in ("sekret", "sek%ret"))


def test_wrong_words_cannot_be_compared(services: Path) -> None:
    for words, told in (
        (("old", "nope"), "no service"),
        (("old", "old"), "same database"),
        (("old", "new", "--only", "misspelt"), "a table misspelt"),
        (("old", "new", "--role", "app"), "OLD=NEW"),
        (("old", "env:NOT_SET_HERE"), "not set"),
    ):
        problem = _call(*words).exception
        assert isinstance(problem, UplevelError)
        assert (problem.code, told in f"{problem}") == (2, True), problem


def test_without_psycopg_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("wizard.data.compare.postgres")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    problem = _call("old", "new").exception
    assert isinstance(problem, UplevelError)
    assert "pip install 'uplevel-wizard[postgres]'" in f"{problem}"


def test_a_table_that_may_not_be_read_makes_no_part_of_an_answer(databases: Pair, services: Path) -> None:
    databases[1].run("postgres", "drop role if exists limited", "create role limited login")
    done = _call("old", "limited")
    assert isinstance(done.exception, NotCompared)
    assert (done.exception.code, done.stdout) == (2, "")
    assert "permission denied" in f"{done.exception}"
    assert "pg_read_all_data" in done.exception.cure


def test_a_lock_is_not_waited_for_long(databases: Pair, services: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection._SETTINGS, "lock_timeout", "50ms")
    with psycopg.connect(databases[1].dsn("estate")) as other:
        other.execute("lock table orders in access exclusive mode")
        done = _call("old", "new")
    assert isinstance(done.exception, NotCompared)
    assert "holds a lock" in f"{done.exception}"


@pytest.fixture
def struck(databases: Pair) -> tuple[Side, Side]:
    """A database on both sides with a table whose lock stops the reading of rows, and nothing before it."""
    for server in databases:
        server.fresh("struck", "estate")
        server.run("postgres", "alter database struck set statement_timeout = '1min'")
        server.run("struck", "create table waits (n int)")
    environment = {"A": databases[0].dsn("struck"), "B": databases[1].dsn("struck")}
    return side_of("old", "env:A", environment), side_of("new", "env:B", environment)


_STRIKE = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'uplevel compare'"


@pytest.mark.parametrize("jobs", [1, 3])
@pytest.mark.parametrize("which", [0, 1])
def test_a_connection_that_is_lost_in_the_middle_ends_it_and_a_later_run_completes(
    databases: Pair, struck: tuple[Side, Side], monkeypatch: pytest.MonkeyPatch, jobs: int, which: int
) -> None:
    monkeypatch.setitem(connection._SETTINGS, "lock_timeout", "0")
    with ExitStack() as stack:
        others = [stack.enter_context(psycopg.connect(server.dsn("struck"))) for server in databases]

        def strike(*_: object) -> None:
            # Only the end of the test gives these locks back: whoever is not struck waits, and must be interrupted.
            for other in others:
                other.execute("lock table waits in access exclusive mode")
            databases[which].run("postgres", _STRIKE)

        with pytest.raises(NotCompared) as told:
            compare_databases(*struck, Options(jobs=jobs), strike)
    assert told.value.code == 2
    assert f"The {('old', 'new')[which]} database cannot be reached, or the connection was lost" in f"{told.value}"
    assert compare_databases(*struck, Options(jobs=jobs), lambda *_: None).differences == ()


@pytest.mark.parametrize("jobs", [1, 3])
def test_what_is_written_meanwhile_is_not_seen_by_any_connection(
    databases: Pair, struck: tuple[Side, Side], jobs: int
) -> None:
    def write(*_: object) -> None:
        databases[1].run("struck", "insert into waits values (1)", "update users set bio = 'meanwhile'")

    assert compare_databases(*struck, Options(jobs=jobs), write).differences == ()
    assert compare_databases(*struck, Options(jobs=jobs), lambda *_: None).differences != ()


def test_progress_is_told_on_a_terminal_and_nowhere_else(databases: Pair, tmp_path: Path) -> None:
    env = {"A": databases[0].dsn("estate"), "B": databases[1].dsn("estate"), "HOME": str(tmp_path), "TERM": "xterm"}
    words = ["-I", "-m", "wizard.cli", "compare", "postgres", "env:A", "env:B"]
    terminal = pexpect.spawn(sys.executable, words, env=env, dimensions=(24, 80), encoding="utf-8", timeout=60)
    terminal.expect("% of the rows read")
    terminal.expect("Nothing differs")
    terminal.expect(pexpect.EOF)
    piped = subprocess.run([sys.executable, *words], env=env, capture_output=True, text=True, check=True, timeout=60)
    assert piped.stderr == ""


def test_two_databases_without_tables_are_not_said_to_be_equal(databases: Pair) -> None:
    environment = {"A": databases[0].dsn("postgres"), "B": databases[1].dsn("postgres")}
    sides = side_of("old", "env:A", environment), side_of("new", "env:B", environment)
    with pytest.raises(UplevelError, match="Neither database has a table"):
        compare_databases(*sides, Options(), lambda *_: None)


def test_names_are_data(databases: Pair, services: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    schema = 'we"ird %s {}'
    table = "x'; drop table users; --\x1b[31m\nrot ünïcode $1 \\"
    names = [psycopg.sql.Identifier(part).as_string() for part in (schema, table, 'id"%s', "\x1b]0;owned\x07")]
    made = (
        f"create schema {names[0]}",
        f"create table {names[0]}.{names[1]} ({names[2]} serial, {names[3]} text)",
        f"alter table {names[0]}.{names[1]} add primary key ({names[2]}, {names[3]})",
        f"create index on {names[0]}.{names[1]} ({names[3]})",
        f"insert into {names[0]}.{names[1]} ({names[3]}) select i::text from generate_series(1, 5) i",
    )
    for server in databases:
        server.fresh("hostile", "estate")
        server.run("hostile", *made)
        server.run("postgres", "alter database hostile set statement_timeout = '1min'")
    monkeypatch.setenv("A", databases[0].dsn("hostile"))
    monkeypatch.setenv("B", databases[1].dsn("hostile"))
    assert _call("env:A", "env:B").return_value == 0
    databases[1].run("hostile", f"update {names[0]}.{names[1]} set {names[3]} = e'\\x1b[2Jevil' where {names[2]} = 3")
    done = _call("env:A", "env:B")
    assert done.return_value == 1
    assert not {"\x1b", "\x07"} & {*done.output}
    assert "drop table users" in done.output
    (line,) = [line for line in done.output.splitlines() if line.startswith("rows of table")]
    assert "3" in line
    assert _call("env:A", "env:B", "--skip", f"{schema}.{table}").return_value == 0


def test_a_role_may_have_another_name_on_the_new_side(databases: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    new = databases[1]
    new.run("postgres", "alter role app rename to app_of_another_instance")
    monkeypatch.setenv("A", databases[0].dsn("estate"))
    monkeypatch.setenv("B", new.dsn("estate"))
    apart, same = _call("env:A", "env:B"), _call("env:A", "env:B", "--role", "app=app_of_another_instance")
    new.run("postgres", "alter role app_of_another_instance rename to app")
    assert (apart.return_value, same.return_value) == (1, 0)


def test_nothing_can_be_written_through_its_connections(databases: Pair) -> None:
    side = side_of("new", "env:B", {"B": databases[1].dsn("estate", options="-c default_transaction_read_only=off")})
    reader = connection.open_reader(side)
    with pytest.raises(NotCompared, match="ReadOnly"):
        reader.ask("create table made ()")
    reader.close()


def test_it_is_a_command_of_uplevel_and_tells_exit_2(capfd: pytest.CaptureFixture[str]) -> None:
    code = main(lambda **_: 0, ["compare", "postgres", "postgresql://u:sekret@h/d", "new"])
    said = capfd.readouterr()
    assert (code, said.out, "sekret" in said.err) == (2, "", False)
