"""Keeps the lab's servers as the world wants them: looks at the world's file and does what has changed."""

import contextlib
import os
import secrets as random
import shutil
import stat
import tempfile
import time
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import redis

from wizard.platforms.sdk import store
from wizard.platforms.servers import processes
from wizard.platforms.servers.jobs import Jobs
from wizard.platforms.servers.postgres import Postgres
from wizard.platforms.servers.processes import LabProblem
from wizard.platforms.servers.redis_server import Redis
from wizard.platforms.servers.server_spec import ServerSpec
from wizard.platforms.servers.tunnels import TunnelServer
from wizard.platforms.servers.visited import ServedPlatform
from wizard.platforms.servers.visitors import Visitors
from wizard.platforms.servers.world import ServedWorld


Server = Postgres | Redis
W = TypeVar("W", bound=ServedWorld)

_PREFIX, _BELONGS = "uplevel-lab-", "belongs-to"
"""How the lab's folders are called, and the file in each that names the world it is of."""

_JOBS_EVERY = 0.1
"""Seconds between two looks whether the moment of a drill's job has come."""


class Reconciler:
    """The lab of one sandbox.

    Args:
        sandbox: The sandbox's folder.
        platform: What it asks of the world.
    """

    def __init__(self, sandbox: Path, platform: ServedPlatform[Any]) -> None:
        self._platform = platform
        self._world_folder = str(sandbox / "world")
        self._servers: dict[str, Server] = {}
        self._settled: tuple[int, int] | None = None
        self._trouble = ""
        self.world = store.read(self._world_folder)
        self.folder = self._own_folder()
        self._jobs = Jobs(self.folder)
        self._token = random.token_hex(16)
        self._ways = TunnelServer(
            sandbox / "lab",
            self._token,
            serving=self._serving,
            stamp=lambda: self._stamp()[0],
            trouble=lambda: self._trouble,
        )
        self._visitors = Visitors(sandbox / "lab", lambda: platform.visited(self.world))
        self._visited = False
        self._jobs_at = 0.0

    def open(self) -> None:
        """Listen for requests and tell the sandbox where; servers come with the first look.

        Raises:
            OSError: The world cannot be written.
        """
        control = self._ways.open()

        def tell(world: W) -> W:
            world.lab.control, world.lab.token, world.lab.folder = control, self._token, str(self.folder)
            return world

        store.change(self._world_folder, tell)

    def look(self) -> None:
        """Do what the world wants by now."""
        stamp = self._stamp()
        if stamp != self._settled:
            # What goes wrong is told to whoever asks for a way; the rehearsal itself goes on.
            try:
                self._follow(stamp)
                self._trouble = ""
            except (LabProblem, psycopg.Error, redis.RedisError, *store.DAMAGED) as problem:
                self._trouble = f"A server of this rehearsal does not run. {type(problem).__name__}: {problem}".strip()
            self._settled = stamp
        if self._jobs.pending(self.world) and time.monotonic() >= self._jobs_at:
            self._jobs_at = time.monotonic() + _JOBS_EVERY
            if self._jobs.do(self.world, self._database_of):
                self._ways.cut()

    def close(self, *, remove: bool) -> None:
        """End everything.

        Args:
            remove: Whether what the servers hold goes too: the rehearsal is over for good.
        """
        if self._visited:
            self._visitors.stop()
        self._ways.close()
        for server in self._servers.values():
            server.stop()
        if remove:
            shutil.rmtree(self.folder, ignore_errors=True)

    def report(self) -> dict[str, Any]:
        """What the visitors noticed so far, and how many rows that were acknowledged the serving database lacks."""
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

    def _own_folder(self) -> Path:
        """The folder of before, or a new one: below the system's own folder for such, where paths are short.

        Raises:
            LabProblem: It was there and is gone, or is somebody else's now.
        """
        known = self.world.lab.folder
        if not known:
            _sweep()
            folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
            (folder / _BELONGS).write_text(self._world_folder, encoding="utf-8")
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
        world = store.read(self._world_folder)
        self._adapt(world)
        self._ways.retain(self._platform.running_apps(world), stamp[0])
        self.world = world
        if not self._visited:
            self._visitors.start()
            self._visited = True

    def _stamp(self) -> tuple[int, int]:
        """When the world was last changed, in nanoseconds, and which file it is; zeros while there is none."""
        try:
            found = Path(self._world_folder, "world.json").stat()
        except OSError:
            return 0, 0
        return found.st_mtime_ns, found.st_ino

    def _serving(self, port: int) -> bool | None:
        """Whether the server of a port is there as the world has it now; None where there is none and will be none."""
        if self._stamp() != self._settled:
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
            cache = Redis(want, self.folder, int(contents.sessions))
            cache.begin()
            return cache
        source = self._servers.get(want.source)
        database = Postgres(want, self.folder, int(contents.rows))
        database.begin(source if isinstance(source, Postgres) else None)
        return database


def _sweep() -> None:
    """Remove the folders of rehearsals that were left and then deleted; nobody can go on with them."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError, UnicodeDecodeError):
            whose = Path((folder / _BELONGS).read_text(encoding="utf-8"))
            if folder.lstat().st_uid in {os.geteuid(), processes.server_user()} and not whose.exists():
                shutil.rmtree(folder, ignore_errors=True)
