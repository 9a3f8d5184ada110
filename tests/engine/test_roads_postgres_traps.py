"""Each trap of a PostgreSQL upgrade is planted on real servers: a check sees it in time, and its cure works."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.conftest import until
from tests.engine.postgres_roads import DB, postgres_road, sql
from tests.engine.roads import TROUBLE, Road
from wizard.model.reading import read_procedure
from wizard.places import asset
from wizard.record.events import Evidence


if TYPE_CHECKING:
    from tests.conftest import Opener


NEW, OLD = f"{DB}-new", f"{DB}-old"
COMPARED = "mended by hand, and compared again"


class Trap(NamedTuple):
    """What goes wrong while a step asks whether to go on, the step and the words where it is seen, and the cure.

    Attributes:
        at: The step.
        plant: What goes wrong.
        seen: The steps whose checks see it, one after the other.
        words: What is said about it.
        cure: What puts it right.
        answer: What the operator says then.
        instead: What the operator says at the first step in the place of what is right.
    """

    at: str
    plant: Callable[[Road], object]
    seen: str
    words: str
    cure: Callable[[Road], object]
    answer: tuple[str, str] = ("again", "")
    instead: Evidence | None = None


def does(service: str, *statements: str) -> Callable[[Road], object]:
    """Somebody who does this in a database."""
    return lambda road: sql(road, service, *statements)


def stray_rows(road: Road) -> None:
    """Rows on the new side under the keys that the next visitors get, who come until one is met."""
    ((latest,),) = sql(road, DB, "select max(id) from audit_events")
    rows = f"select n, 'stray ' || n, 'x' from generate_series({latest} + 2, {latest} + 90) n"
    sql(road, NEW, f"insert into audit_events (id, request_id, type) {rows}")
    until(lambda: sql(road, NEW, "select 1 from pg_stat_subscription_stats where apply_error_count > 0") != [], 30)


def without_stray_rows(road: Road) -> None:
    """The rows go, and the new side follows again by itself."""
    sql(road, NEW, "delete from audit_events where request_id like 'stray %'")
    latest = "select pg_current_wal_lsn()::text"
    ((end,),) = sql(road, DB, latest)
    arrived = f"select from pg_replication_slots where slot_name = 'uplevel_up' and confirmed_flush_lsn >= '{end}'"
    until(lambda: sql(road, DB, arrived) != [], 30)


REPLICATE = (
    Trap(
        "publish",
        does(DB, "create table notes (text text)"),
        "publish",
        "no row of it can be updated or deleted, and the site breaks at once",
        does(DB, "drop table notes"),
    ),
    Trap(
        "subscribe",
        does(DB, "select pg_create_logical_replication_slot('uplevel_up', 'pgoutput')"),
        "subscribe",
        "keeps the log until the disk is full",
        does(DB, "select pg_drop_replication_slot('uplevel_up')"),
    ),
    Trap(
        "analyze-copy",
        does(DB, "alter table suppliers add column nick text"),
        "following",
        "somebody migrated during the freeze",
        does(NEW, "alter table suppliers add column nick text"),
    ),
    Trap("following", stray_rows, "ready", "which must be deleted", without_stray_rows),
    Trap(
        "verify",
        does(NEW, "select setval('users_id_seq', 1)"),
        "verify",
        "sequence public.users_id_seq: behind its own table",
        does(NEW, "select setval('users_id_seq', (select max(id) + 500 from users))"),
        ("rerun", COMPARED),
    ),
    Trap(
        "go",
        does(NEW, "insert into audit_events (id, request_id, type) values (999998, 'a job of somebody', 'x')"),
        "go follow-back",
        "when both were compared",
        does(NEW, "delete from audit_events where id = 999998"),
        ("accept", COMPARED),
    ),
    Trap(
        "stop-following",
        does(DB, "select pg_create_logical_replication_slot('somebodys', 'pgoutput')"),
        "stop-following",
        "A slot is left over on the old server",
        does(DB, "select pg_drop_replication_slot('somebodys')"),
    ),
)


def restored_and_cut_off(road: Road) -> None:
    """A restore whose end nobody saw: the rows are there, the mark is not."""
    assert road.aside(road.procedure.step("restore")).exit == 0
    (road.sandbox.folder / "tmp" / f"private-{road.drive.engine.session}" / "restored").unlink()


def emptied(road: Road) -> None:
    undo = road.procedure.step("restore").undo
    assert undo is not None
    assert road.aside(undo).exit == 0


FENCED = "alter database marketplace {} default_transaction_read_only{}"

DUMP = (
    Trap(
        "notes",
        does(DB, FENCED.format("set", " = on")),
        "sound",
        "The write fence of an earlier attempt is still on.",
        does(DB, FENCED.format("reset", "")),
    ),
    Trap(
        "restore",
        restored_and_cut_off,
        "restore",
        "a restore was begun before. A second one doubles rows.",
        emptied,
    ),
    Trap(
        "verify",
        does(NEW, "update audit_events set acknowledged = not acknowledged where id = 7"),
        "verify",
        "public.audit_events: rows differ; for example changed id 7",
        does(NEW, "update audit_events set acknowledged = not acknowledged where id = 7"),
        ("rerun", COMPARED),
    ),
    Trap(
        "open-new",
        lambda _road: None,
        "open-new",
        "ALTER DATABASE ... RESET default_transaction_read_only",
        lambda _road: None,
        ("rerun", "it was not done by hand after all"),
        Evidence(kind="text", text="done at another terminal"),
    ),
)


def walk_into(road: Road, traps: tuple[Trap, ...]) -> None:
    """Walk to the end, into each trap and out of it; what is seen elsewhere or not at all fails the test."""
    planted: list[tuple[Trap, list[str]]] = []
    waiting = list(traps)
    while (question := road.question()) is not None:
        if question.question_kind in TROUBLE:
            met = next((each for each in planted if each[1][0] == question.step), None)
            assert met is not None, road.told()
            trap, steps = met
            said = road.told() + (road.output() if question.question_kind == "failed" else "")
            assert trap.words in " ".join(said.split()), said
            if len(steps) == len(trap.seen.split()):
                trap.cure(road)
            del steps[0]
            planted = [each for each in planted if each[1]]
            road.drive.answer(*trap.answer)
            continue
        if waiting and question.step == waiting[0].at and question.question_kind != "found done":
            unseen = [trap.at for trap, steps in planted if len(steps) == len(trap.seen.split())]
            assert not unseen, f"nobody saw what was planted at {unseen}"
            trap = waiting.pop(0)
            trap.plant(road)
            planted.append((trap, trap.seen.split()))
            if trap.instead is not None:
                road.drive.answer("by-hand", "", trap.instead)
                continue
        road.answer(question)
    assert (planted, waiting) == ([], [])
    assert road.drive.finished is not None
    assert road.drive.finished.code == 0
    assert "none of them lost" in road.drive.finished.sentence


@pytest.mark.storm  # the traps of dump and restore stand for it, and those of a copy that has failed
def test_each_trap_of_replication_is_seen_in_time_and_its_cure_leads_on(sessions: "Opener") -> None:
    walk_into(postgres_road(sessions, "replicate"), REPLICATE)


def test_each_trap_of_dump_and_restore_is_seen_in_time_and_its_cure_leads_on(sessions: "Opener") -> None:
    walk_into(postgres_road(sessions, "dump"), DUMP)


def test_no_call_of_psql_goes_on_after_an_error() -> None:
    """Without ON_ERROR_STOP it says errors and ends with 0."""
    loaded = read_procedure(asset("procedures/postgresql.yaml"))
    calls = [call for file in loaded.files for call in re.findall(r"\bpsql (-.*)", file.data.decode())]
    assert len(calls) > 100
    assert [call for call in calls if "-v ON_ERROR_STOP=1" not in call] == []


@pytest.mark.storm
def test_what_a_call_without_it_left_out_is_found_by_the_comparison(sessions: "Opener") -> None:
    road = postgres_road(sessions, "dump")
    road.to("rights")
    sql(road, DB, "grant update on users to marketplace_reader")
    road.drive.answer("by-hand", "", Evidence(kind="text", text="psql -f grants.sql ended with 0"))
    question = road.trouble()
    assert (question.step, question.question_kind) == ("verify", "failed")
    assert "marketplace_reader" in road.output()


@pytest.mark.storm
def test_room_for_the_dump_is_looked_for_where_the_dump_goes(sessions: "Opener") -> None:
    values = {"stage": "preview", "dumps": "/proc/dumps"}  # where nothing is ever free
    road = Road(sessions, "postgresql", values=values, answers={"road": "dump", "trial": "known"})
    question = road.trouble()
    assert (question.step, question.question_kind) == ("fit", "before")
    assert "There is less room there than the database takes." in road.told()


@pytest.mark.storm
def test_a_copy_that_has_failed_goes_on_once_it_is_mended(sessions: "Opener") -> None:
    road = postgres_road(sessions, "replicate")
    road.to("subscribe")
    sql(road, DB, "alter table suppliers add column nick text")
    road.to("copy")
    until(lambda: sql(road, NEW, "select 1 from pg_stat_subscription_stats where sync_error_count >= 5") != [], 120)
    sql(road, NEW, "alter table suppliers add column nick text")
    road.to("analyze-copy")


@pytest.mark.storm
def test_an_upgrade_that_fails_at_the_platform_leaves_the_old_version_serving(sessions: "Opener") -> None:
    road = postgres_road(sessions, "in-place", drill="update-fails")
    question = road.trouble()
    assert (question.step, question.question_kind) == ("update", "failed")
    assert "the database still has its old version: its message tells why" in road.told()
    road.undo_all()
    assert road.drive.finished is not None
    assert "none of them lost" in road.drive.finished.sentence


@pytest.mark.storm
@pytest.mark.parametrize(
    ("road", "drill", "step", "words"),
    [
        ("replicate", "column-added", "copy following", "somebody migrated during the freeze"),
        ("replicate", "stray-write", "following ready", "names table and row"),
        ("replicate", "slot-left", "stop-following", "A slot is left over on the old server"),
        ("dump", "row-changed", "verify", "It ended with 1; 0 was expected."),
        ("dump", "key-left", "delete-old", "Somebody holds a key to it. Ask whose it is."),
        ("dump", "create-fails", "trial-create", "Where it says create failed, undo this step and run it again."),
        ("dump", "router-fails", "maintenance-on", "The pretend platform did it and failed."),
    ],
)
def test_a_drill_is_met_where_it_strikes(sessions: "Opener", road: str, drill: str, step: str, words: str) -> None:
    walked = postgres_road(sessions, road, drill=drill)
    question = walked.trouble()
    assert question.step in step.split(), walked.told()
    assert words in " ".join(walked.told().split())
