"""The lab of a rehearsal as tests use it: a sandbox with real servers, and commands inside it behind the fence."""

import os
import select
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from tests.channels import platform_process, start_behind_fence
from wizard.places.ports import Ports
from wizard.platforms.sdk.platform import WorldOptions
from wizard.platforms.sdk.sandbox import Sandbox
from wizard.platforms.servers.support import PORTS


class Bench:
    """A sandbox whose stage stands on real servers, small ones.

    Args:
        sandbox: It.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        platform_process(sandbox).start()

    @property
    def servers(self) -> Path:
        """Where the servers keep what they hold."""
        return Path(self.sandbox.world().lab.folder)

    def started(self, *words: str, **env: str) -> "subprocess.Popen[str]":
        """A command of the sandbox, behind both fences; its output is to be read."""
        program = self.sandbox.resolve(words[0])
        assert program is not None, words[0]
        return start_behind_fence(self.sandbox, str(program), *words[1:], env=env)

    def said(self, *words: str, **env: str) -> str:
        """What a command of the sandbox says; it must end well."""
        process = self.started(*words, **env)
        said, _ = process.communicate(timeout=120)
        assert process.returncode == 0, said
        return said

    def asked(self, service: str, question: str) -> str:
        """The answer of a database to a question, asked through a conduit as an operator would."""
        told = self.said("cf", "conduit", service, "--", "psql", "-X", "-Atc", question)
        return "\n".join(line for line in told.splitlines() if not line.startswith(("Deploying ", "Deleting ")))

    def close(self, *, remove: bool = True) -> None:
        """End the lab."""
        platform_process(self.sandbox).close(remove=remove)

    def restart(self) -> None:
        """Take the rehearsal up again, as a new wizard does."""
        platform_process(self.sandbox).start()

    def processes(self) -> list[Path]:
        """The servers that run, as folders of /proc; a fork of one that has no title of its own yet is no server."""
        servers, found = str(self.servers), {}
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                words = (process / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
                mine = any(word.startswith(servers) for word in words)
                if mine and Path(words[0]).name in {"postgres", "redis-server"}:
                    parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
                    found[process] = process.with_name(parent)
        return [process for process, parent in found.items() if parent not in found]

    def server_ends(self) -> "list[int]":
        """A descriptor for each server that runs, which can be read once that has ended."""
        return [os.pidfd_open(int(process.name)) for process in self.processes()]


@contextmanager
def bench(folder: Path, *offerings: str, rows: int = 2000, sessions: int = 50, drill: str = "") -> Iterator[Bench]:
    """A sandbox with a lab, both gone afterwards."""
    ports = Ports()
    own = ports.take(PORTS)
    sandbox = Sandbox.create(
        folder, "digitalmarketplace", WorldOptions(stage="preview", seed=1, servers=offerings, ports=own, drill=drill)
    )

    with sandbox.store.changing() as world:
        world.lab.contents = replace(world.lab.contents, rows=rows, sessions=sessions)
    made = Bench(sandbox)
    try:
        yield made
    finally:
        servers = made.servers
        made.close()
        ports.release()
        shutil.rmtree(servers, ignore_errors=True)


def ended(servers: list[int]) -> bool:
    """Whether all of these servers have ended, or end within half a minute."""
    try:
        return all(select.select([server], [], [], 30)[0] for server in servers)
    finally:
        for server in servers:
            os.close(server)
