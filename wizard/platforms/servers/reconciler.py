"""Keeps the lab's servers as the world wants them: looks at the world's file and does what has changed."""

import contextlib
import os
import shutil
import stat
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import psycopg
import redis

from wizard.platforms.sdk.invocation import Tunnel
from wizard.platforms.sdk.store import DAMAGED, WorldStore
from wizard.platforms.servers import processes
from wizard.platforms.servers.jobs import Jobs
from wizard.platforms.servers.postgres import Postgres
from wizard.platforms.servers.processes import LabProblem
from wizard.platforms.servers.redis_server import Redis
from wizard.platforms.servers.server_spec import ServerSpec
from wizard.platforms.servers.tunnels import OpenTunnel, TunnelServer
from wizard.platforms.servers.visited import ServedPlatform
from wizard.platforms.servers.visitors import Visitors
from wizard.platforms.servers.world import ServedWorld


Server = Postgres | Redis

_PREFIX, _BELONGS = "uplevel-lab-", "belongs-to"
"""How the lab's folders are called, and the file in each that names the world it is of."""

_JOBS_EVERY = 0.1
"""Seconds between two looks whether the moment of a drill's job has come."""


class Reconciler:
    """The lab of one sandbox.

    Made on the loop that its tunnels are served by; `look` and `report` are called on other threads.

    Args:
        sandbox: The sandbox's folder.
        store: The world.
        platform: What it asks of the world.

    Raises:
        LabProblem: What its servers hold is gone.
        OSError: The world cannot be read or written.
    """

    def __init__(self, sandbox: Path, store: WorldStore[Any], platform: ServedPlatform[Any]) -> None:
        self._store = store
        self._platform = platform
        self._lock = threading.Lock()
        self._servers: dict[str, Server] = {}
        self._settled: tuple[int, int] | None = None
        self._trouble = ""
        self.world = store.read()
        self.folder = self._own_folder(sandbox / "world")
        with store.changing() as world:
            world.lab.folder = str(self.folder)
        self._jobs = Jobs(self.folder)
        self.tunnels = TunnelServer(
            sandbox / "lab", serving=self._serving, stamp=lambda: store.stamp()[0], trouble=lambda: self._trouble
        )
        self._visitors = Visitors(sandbox / "lab", lambda: platform.visited(self.world))
        self._visited = False
        self._jobs_at = 0.0

    async def open(self, tunnel: Tunnel) -> OpenTunnel:
        """See `Servers`."""
        return await self.tunnels.open(tunnel)

    def look(self) -> None:
        """See `Servers`."""
        with self._lock:
            self._look()

    def report(self) -> dict[str, Any]:
        """What visitors noticed so far, and how many rows that were acknowledged the serving database lacks."""
        with self._lock:
            return self._report()

    def _look(self) -> None:
        stamp = self._store.stamp()
        if stamp != self._settled:
            # What goes wrong is told to whoever asks for a way; the rehearsal itself goes on.
            try:
                self._follow(stamp)
                self._trouble = ""
            except (LabProblem, psycopg.Error, redis.RedisError, *DAMAGED) as problem:
                self._trouble = f"A server of this rehearsal does not run. {type(problem).__name__}: {problem}".strip()
            self._settled = stamp
        if self._jobs.pending(self.world) and time.monotonic() >= self._jobs_at:
            self._jobs_at = time.monotonic() + _JOBS_EVERY
            if self._jobs.do(self.world, self._database_of):
                self.tunnels.cut_soon()

    def close(self, *, remove: bool) -> None:
        """See `Servers`."""
        self.tunnels.cut_soon()
        if self._visited:
            self._visitors.stop()
        for server in self._servers.values():
            server.stop()
        if remove:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _report(self) -> dict[str, Any]:
        told = self._visitors.report()
        for guid in self._platform.written(self.world):
            server = self._servers.get(guid)
            if isinstance(server, Postgres):
                with contextlib.suppress(psycopg.Error, OSError), server.connect() as connection:
                    told["postgres"]["lost"] = self._visitors.check(connection)
        return told

    def _database_of(self, name: str) -> Postgres | None:
        server = self._servers.get(self._platform.guid_of(self.world, name))
        return server if isinstance(server, Postgres) else None

    def _own_folder(self, world_folder: Path) -> Path:
        """The folder of before, or a new one: below the system's own folder for such, where paths are short.

        Raises:
            LabProblem: It was there and is gone, or is somebody else's now.
        """
        known = str(self.world.lab.folder)
        if not known:
            _sweep()
            folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
            (folder / _BELONGS).write_text(str(world_folder), encoding="utf-8")
            processes.hand_over(folder)
            return folder
        folder = Path(known)
        try:
            found = folder.lstat()
        except OSError:
            found = None
        owner = processes.server_user() if processes.server_user() is not None else os.geteuid()
        if found is None or not stat.S_ISDIR(found.st_mode) or (found.st_uid, found.st_mode & 0o77) != (owner, 0):
            raise LabProblem(
                f"The servers of this rehearsal are gone: {known} is not there any more.", "Start the rehearsal again."
            )
        return folder

    def _follow(self, stamp: tuple[int, int]) -> None:
        """Make the servers what the world wants them to be."""
        world = self._store.read()
        self._adapt(world)
        self.tunnels.retain(self._platform.running_apps(world), stamp[0])
        self.world = world
        if not self._visited:
            self._visitors.start()
            self._visited = True

    def _serving(self, port: int) -> bool | None:
        """Whether the server of a port is there as the world has it now; None where there is none and will be none."""
        if self._store.stamp() != self._settled:
            return False
        if self._trouble:
            return None
        return True if any(server.want.port == port for server in self._servers.values()) else None

    def _adapt(self, world: ServedWorld) -> None:
        wanted = self._platform.wanted_servers(world)
        for guid in [guid for guid in self._servers if guid not in wanted]:
            self._servers.pop(guid).remove()
        for guid, want in wanted.items():
            if guid not in self._servers:
                self._servers[guid] = self._begun(want, world)
            elif self._servers[guid].want != want:
                self._servers[guid].adapt(want)

    def _begun(self, want: ServerSpec, world: ServedWorld) -> Server:
        contents = world.lab.contents
        if want.offering == "redis":
            cache = Redis(want, self.folder, contents.sessions)
            cache.begin()
            return cache
        source = self._servers.get(want.source)
        database = Postgres(want, self.folder, contents.rows)
        database.begin(source if isinstance(source, Postgres) else None)
        return database


def _sweep() -> None:
    """Remove the folders of rehearsals that were left and then deleted; nobody can go on with them."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError, UnicodeDecodeError):
            whose = Path((folder / _BELONGS).read_text(encoding="utf-8"))
            if folder.lstat().st_uid in {os.geteuid(), processes.server_user()} and not whose.exists():
                shutil.rmtree(folder, ignore_errors=True)
