"""What a drill has somebody else do in a database, at the moment it says: once, and not again after a break."""

import json
from collections.abc import Callable
from pathlib import Path

import psycopg

from wizard.platforms.servers.postgres import Postgres
from wizard.platforms.servers.world import ServedWorld


class Jobs:
    """The jobs of one world, by their place in its list.

    Args:
        folder: The lab's folder, where those that are done are noted.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "done"
        self._done: set[int] = set(json.loads(self._file.read_text())) if self._file.is_file() else set()

    def pending(self, world: ServedWorld) -> bool:
        """Whether any is to be done yet."""
        return len(self._done) < len(world.database_jobs)

    def do(self, world: ServedWorld, server_of: Callable[[str], Postgres | None]) -> bool:
        """Do those whose moment has come: their service is there, and the question they wait for says yes.

        Args:
            world: The world, which lists them.
            server_of: The server under the service instance of a name.

        Returns:
            Whether one of them was that the ways to the servers are cut.
        """
        cut = False
        for number, job in enumerate(world.database_jobs):
            server = None if number in self._done else server_of(job.service)
            if server is None or not server.answers(job.when or "select true"):
                continue
            try:
                server.run(job.sql or "select true")
            except psycopg.Error:
                continue  # what it needs is not there yet
            cut = cut or not job.sql
            self._done.add(number)
            self._file.write_text(json.dumps(sorted(self._done)), encoding="ascii")
        return cut
