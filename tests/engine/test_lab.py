"""Real servers in a rehearsal: they follow the world, only its own commands reach them, and none outlives it."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import forked
from tests.conftest import HANG
from tests.lab import Bench, bench, ended
from wizard.platforms.sdk.client import PlatformProblem


DB = "digitalmarketplace_api_db"


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path / "box", "postgres") as made:
        yield made


def test_a_database_follows_the_world(lab: Bench) -> None:
    assert lab.asked(DB, "show server_version").startswith("16.")
    rows = lab.asked(DB, "select count(*) > 20 from services")
    assert rows == "t"
    lab.said("cf", "create-service", "postgres", "small-ha-18", "next")
    assert lab.asked("next", "show server_version").startswith("18.")
    assert lab.asked("next", "select count(*) from pg_class where relnamespace = 'public'::regnamespace") == "0"
    guid = lab.said("cf", "service", DB, "--guid").strip()
    restored = json.dumps({"restore_from_point_in_time_of": guid})
    lab.said("cf", "create-service", "postgres", "small-ha-16", "clone", "-c", restored)
    there = lab.asked(DB, "select count(*) from users")
    assert lab.asked("clone", "select count(*) from users") == there
    lab.sandbox.advance(1000)
    lab.said("cf", "update-service", DB, "-p", "small-ha-18")
    assert lab.asked(DB, "show server_version").startswith("18.")
    assert lab.asked(DB, "select count(*) from users") == there
    lab.said("cf", "delete-service", "next", "-f")
    lab.sandbox.advance(1000)
    lab.said("cf", "services")
    assert len(list(lab.servers.glob("*.log"))) == 3 + 1  # calls.log beside them
    servers = lab.server_ends()
    assert len(servers) == 2
    assert {process.stat().st_uid for process in lab.processes()} == {os.geteuid() or 65534}  # never root
    lab.close()
    assert ended(servers)
    assert not lab.servers.exists()


def test_each_key_is_a_login_of_its_own_and_goes_with_it(lab: Bench) -> None:
    lab.said("cf", "create-service-key", DB, "mine")
    shown = lab.said("cf", "service-key", DB, "mine")
    key = json.loads(shown[shown.index("{") :])["credentials"]
    assert (key["host"], key["name"]) == ("127.0.0.1", "marketplace")
    tunnel, port = tunnelled(lab, key["port"])
    try:
        env = {"PGPASSWORD": key["password"]}
        to = f"host=127.0.0.1 port={port} user={key['username']} dbname=marketplace"
        whoami = "select current_user, session_user"
        assert lab.said("psql", "-X", "-Atc", whoami, to, **env) == f"marketplace_manager|{key['username']}\n"
        wrong = lab.started("psql", "-X", "-Atc", whoami, to, PGPASSWORD="wrong")
        assert "password authentication failed" in wrong.communicate(timeout=30)[0]
        lab.said("cf", "delete-service-key", DB, "mine", "-f")
        gone = lab.started("psql", "-X", "-Atc", whoami, to, **env)
        assert "password authentication failed" in gone.communicate(timeout=30)[0]
    finally:
        tunnel.send_signal(signal.SIGINT)
        tunnel.communicate(timeout=30)


def tunnelled(lab: Bench, server: int) -> tuple["subprocess.Popen[str]", int]:
    """A tunnel to a server, and its local port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    tunnel = lab.started("cf", "ssh", "antivirus-api", "-N", "-L", f"{port}:127.0.0.1:{server}")
    while port not in (lab.sandbox.confinement() or pytest.fail("there is no fence")).connect:
        assert tunnel.poll() is None, tunnel.communicate()[0]
        os.sched_yield()
    return tunnel, port


def test_a_tunnel_ends_with_its_app_and_the_port_is_closed_to_commands(lab: Bench) -> None:
    database = lab.sandbox.world().space.service(DB)
    assert database is not None
    assert database.server is not None
    server = database.server.port
    tunnel, port = tunnelled(lab, server)
    taken = lab.started("cf", "ssh", "router", "-N", "-L", f"{port}:127.0.0.1:{server}")
    assert f"bind [127.0.0.1]:{port}: Address already in use" in taken.communicate(timeout=30)[0]
    assert taken.returncode == 1
    lab.said("cf", "stop", "antivirus-api")
    assert "the connection to the container was closed" in tunnel.communicate(timeout=30)[0]
    fence = lab.sandbox.confinement()
    assert fence is not None
    assert port not in fence.connect
    assert server not in fence.connect  # nor is there a way past the tunnels
    past = lab.started("psql", "-X", f"host=127.0.0.1 port={server} user=x dbname=marketplace")
    assert "Permission denied" in past.communicate(timeout=30)[0]


def test_a_conduit_that_is_killed_leaves_its_app_bound(lab: Bench) -> None:
    process = lab.started("cf", "conduit", DB, "--", "psql", "-X", "-c", "select pg_sleep(60)")
    assert process.stdout is not None
    assert process.stdout.readline().startswith("Deploying __conduit_7080__")
    while "__conduit_7080__" not in lab.said("cf", "service", DB):
        assert process.poll() is None
    process.kill()
    process.communicate(timeout=30)
    assert "__conduit_7080__" in lab.said("cf", "service", DB)
    assert lab.asked(DB, "select 1") == "1"  # the next one takes it over, and away
    assert "__conduit_7080__" not in lab.said("cf", "service", DB)


def test_what_the_servers_hold_is_there_after_a_break(lab: Bench) -> None:
    lab.asked(DB, "create table kept (id int primary key)")
    servers = lab.server_ends()
    lab.close(remove=False)
    assert ended(servers)
    lab.restart()
    assert lab.asked(DB, "select count(*) from kept") == "0"


def test_a_rehearsal_whose_servers_were_swept_away_says_so(lab: Bench) -> None:
    lab.close(remove=True)
    with pytest.raises(
        PlatformProblem, match=r"The servers of this rehearsal are gone: .* Start the rehearsal again\."
    ):
        lab.restart()


WIZARD = """
import sys
from pathlib import Path
from wizard.platforms.sdk.client import PlatformProcess
process = PlatformProcess(Path(sys.argv[1]))
process.start()
print(process._running.program.process.pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("victim", ["wizard", "lab"])
def test_no_server_outlives_a_killed_wizard_or_lab(lab: Bench, victim: str) -> None:
    lab.close(remove=False)
    wizard = forked.Popen(
        [sys.executable, "-c", WIZARD, str(lab.sandbox.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert wizard.stdout is not None
    try:
        platform = int(wizard.stdout.readline())
        words = [str(lab.sandbox.folder / "bin" / "cf"), "conduit", DB, "--", "psql", "-X", "-Atc", "select 1"]
        asked = subprocess.run(words, env=lab.sandbox.env({}), capture_output=True, timeout=HANG, check=True)
        assert asked.stdout == b"1\n"
        servers = lab.server_ends()
        assert len(servers) == 1
        os.kill(wizard.pid if victim == "wizard" else platform, signal.SIGKILL)
        assert ended(servers)
    finally:
        wizard.kill()
        wizard.communicate(timeout=30)


def test_a_command_of_a_rehearsal_that_nobody_has_open_starts_no_server(lab: Bench) -> None:
    lab.close(remove=False)
    told = lab.sandbox.folder / "lab" / "ports"
    told.unlink()
    words = [str(lab.sandbox.folder / "bin" / "cf"), "target"]
    done = subprocess.run(words, env=lab.sandbox.env({}), capture_output=True, timeout=HANG, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert not told.exists()


@pytest.mark.parametrize("damage", [None, "[]", "{}", '{"format": 1, "stage": 3}', "half a wor"])
def test_a_world_that_is_damaged_and_mended_costs_no_server(lab: Bench, damage: str | None) -> None:
    assert lab.asked(DB, "select 1") == "1"
    world = lab.sandbox.folder / "world" / "world.json"
    aside = world.rename(world.with_suffix(".aside"))
    if damage is not None:
        world.write_text(damage, encoding="utf-8")
    for _ in range(3):
        assert "cannot be used" in lab.started("cf", "target").communicate(timeout=30)[0]
    aside.rename(world)
    assert lab.asked(DB, "select 1") == "1"


def test_a_redis_gives_what_the_platform_gives(tmp_path: Path) -> None:
    with bench(tmp_path / "box", "redis", sessions=50) as lab:
        lab.said("cf", "create-service-key", "digitalmarketplace_redis", "mine")
        shown = lab.said("cf", "service-key", "digitalmarketplace_redis", "mine")
        key = json.loads(shown[shown.index("{") :])["credentials"]
        tunnel, port = tunnelled(lab, key["port"])
        try:
            ask = ("redis-cli", "-p", str(port))
            env = {"REDISCLI_AUTH": key["password"]}
            assert int(lab.said(*ask, "dbsize", **env)) >= 50
            assert "unknown command" in lab.said(*ask, "config", "get", "save", **env)
            assert "maxmemory:6838812672\n" in lab.said(*ask, "info", "memory", **env)
            assert "NOAUTH" in lab.said(*ask, "dbsize")
        finally:
            tunnel.send_signal(signal.SIGINT)
            tunnel.communicate(timeout=30)
