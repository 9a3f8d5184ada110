"""The folder a rehearsal runs in: pretend commands, a home and an environment of its own, two fences.

bin/    launchers of the pretend commands, links to the short list and to the real programs that the platform has;
        nothing in it can be written from inside
home/   HOME and CF_HOME
lab/    what the platform's process tells of itself; not to be written from inside either
tmp/    TMPDIR
work/   the folder commands start in
world/  the world's file and its lock; the platform's process alone works on them
"""

import json
import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import wizard
from wizard.errors import RecordProblem, UplevelError
from wizard.execution.supervisor.confine import Confinement, supported
from wizard.platforms.sdk import shortlist
from wizard.platforms.sdk.calls import SPEED
from wizard.platforms.sdk.found import PLATFORMS, platform_of
from wizard.platforms.sdk.platform import Platform, WorldOptions
from wizard.platforms.sdk.store import DAMAGED, WorldStore, name_of, store_of
from wizard.platforms.sdk.world import FORMAT, World


_WRITABLE = ("home", "tmp", "work")
_KEPT_VARIABLES = ("TERM", "COLORTERM", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "NO_COLOR")
_LONGEST_FIRST_LINE = 250

_LAUNCHER = """\
import sys

sys.path.append({package!r})
from wizard.platforms.sdk.carrier import main

main({sandbox!r}, {tool!r}, {python!r})
"""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """One rehearsal's sandbox.

    Attributes:
        folder: Its folder, absolute.
        platform: What it pretends.
        store: The world and its file.
    """

    folder: Path
    platform: Platform[Any]
    store: WorldStore[Any]

    @classmethod
    def create(cls, folder: Path, world: str, options: WorldOptions) -> "Sandbox":
        """Make the folder with everything in it.

        Args:
            folder: Where; must not exist or be empty.
            world: Name of the world, such as that of an estate.
            options: With what it is made.

        Raises:
            UsageProblem: There is no such world, stage or drill.
            OSError: The folder cannot be made or written.
        """
        platform = platform_of(world)
        with PLATFORMS.foreign_code(f"The world {world} cannot be made"):
            built = platform.build(world, options)
            files = platform.files(built)
            scripts = "" if platform.scripts is None else platform.scripts(built)
        place = folder.absolute()
        sandbox = cls(place, platform, store_of(place / "world", platform.world))
        for name in ("", "bin", "lab", "world", *_WRITABLE):
            (sandbox.folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        sandbox._write_launchers()
        for name in sorted(shortlist.names() - platform.tools.keys()):
            program = shortlist.find(name)
            if program is not None:
                (sandbox.folder / "bin" / name).symlink_to(program)
        sandbox._link_programs(clients=bool(options.servers))
        sandbox._write_files(files)
        if scripts:
            sandbox._link_scripts(scripts)
        sandbox.store.write(built)
        return sandbox

    @classmethod
    def open(cls, folder: Path) -> "Sandbox":
        """The sandbox that `create` made earlier, with its world as it was left.

        Raises:
            RecordProblem: There is none, or its world cannot be read.
        """
        try:
            place, platform = folder.absolute(), platform_of(name_of(folder / "world"))
            sandbox = cls(place, platform, store_of(place / "world", platform.world))
            _require_known_format(sandbox.world())
            sandbox._write_launchers()  # an older uplevel's led elsewhere
        except (UplevelError, *DAMAGED) as problem:
            raise RecordProblem(
                f"The pretend platform in {folder} cannot be read.", "Start the rehearsal again."
            ) from problem
        return sandbox

    @property
    def cwd(self) -> Path:
        """The folder that commands start in."""
        return self.folder / "work"

    def env(self, wizard_env: Mapping[str, str], *, speed: float = 0) -> dict[str, str]:
        """The whole environment of a command: nothing of the operator's but terminal and language.

        Args:
            wizard_env: The wizard's own environment.
            speed: World seconds that pass in one on the screen while a pretend command works; 0: none are dwelt on.
        """
        kept = {name: wizard_env[name] for name in _KEPT_VARIABLES if name in wizard_env}
        dwell = {SPEED: str(speed)} if speed > 0 else {}
        home = str(self.folder / "home")
        own = {"PATH": str(self.folder / "bin"), "HOME": home, "CF_HOME": home, "TMPDIR": str(self.folder / "tmp")}
        return {"LANG": "C.UTF-8", **kept, **own, **dwell}

    def resolve(self, word0: str) -> Path | None:
        """Fence (a): the program that a bare name means in here, or None for what is not started.

        Args:
            word0: The first word of a command. With a `/` in it, only a script of a repository is meant by it.
        """
        name = word0.removeprefix("scripts/")
        if name in self.platform.tools and (name == word0 or name.endswith(".py")):
            return self.folder / "bin" / name
        if word0 in self.clients():
            return self.folder / "bin" / word0
        return shortlist.find(word0) if word0 in shortlist.names() else None

    def tools(self) -> frozenset[str]:
        """The bare names of all programs that may be started here."""
        return shortlist.names() | self.platform.tools.keys() | self.clients()

    def clients(self) -> frozenset[str]:
        """The real programs that talk to the rehearsal's servers, by bare name; none where it has no servers."""
        servers = self.platform.servers
        names = () if servers is None else servers.clients()
        return frozenset(name for name in names if (self.folder / "bin" / name).is_file())

    def confinement(self) -> Confinement | None:
        """Fence (b): what a child in here may write, execute and reach; None where the kernel cannot hold it."""
        if not supported():
            return None
        names = [*shortlist.names(), "bash", *(["sh"] if self._needs_sh() else [])]
        found = [path for path in map(shortlist.find, names) if path is not None]
        real = [self.folder / "bin" / name for name in (*self.clients(), *self.platform.programs())]
        found += [path for path in real if path.is_file()]
        started = sorted({path.resolve() for path in [*found, _python()]})
        execute = [self.folder / "bin", *started, *sorted(shortlist.loaders(started))]
        return Confinement(
            write=tuple(str(self.folder / name) for name in _WRITABLE),
            execute=tuple(str(path) for path in execute),
            connect=self.open_ports(),
        )

    def open_ports(self) -> tuple[int, ...]:
        """The ports of the loopback address that a child may connect to just now."""
        try:
            return tuple(json.loads((self.folder / "lab" / "ports").read_text(encoding="ascii")))
        except (OSError, ValueError):
            return ()

    def advance(self, seconds: float) -> None:
        """Let world time pass: a wait, or the pause between two polls. Parts of a second count as one.

        Raises:
            UplevelError: The world is damaged.
        """
        try:
            with self.store.changing() as world:
                world.advance(math.ceil(seconds))
        except DAMAGED as problem:
            raise UplevelError(
                f"The pretend platform of this rehearsal is damaged ({self.folder / 'world'}).",
                "Start the rehearsal again.",
            ) from problem

    def world(self) -> Any:
        """The world as it is now: one of the platform's own kind."""
        return self.store.read()

    def _write_files(self, files: Mapping[str, str]) -> None:
        """What of the repositories the procedures touch."""
        for name, text in files.items():
            path = self.cwd / name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def _link_scripts(self, folder: str) -> None:
        """Scripts of a repository lead to the pretend ones."""
        scripts = self.cwd / folder
        scripts.mkdir(mode=0o700, parents=True, exist_ok=True)
        for tool in self.platform.tools:
            if tool.endswith(".py"):
                (scripts / tool).symlink_to(self.folder / "bin" / tool)

    def _link_programs(self, *, clients: bool) -> None:
        """Links and no variables: a step could set those. Only behind the fence, for what they are told names files."""
        servers = self.platform.servers
        real = dict(servers.clients()) if clients and servers is not None else {}
        for name, program in {**real, **self.platform.programs()}.items():
            if program is not None and supported():
                (self.folder / "bin" / name).symlink_to(program)

    def _write_launchers(self) -> None:
        package = str(Path(wizard.__file__).resolve().parents[1])
        for tool in self.platform.tools:
            given = {"package": package, "sandbox": str(self.folder), "tool": tool, "python": sys.executable}
            text = self._first_lines() + _LAUNCHER.format(**given)
            path = self.folder / "bin" / tool
            path.unlink(missing_ok=True)
            path.write_text(text, encoding="utf-8")
            path.chmod(0o500)

    def _first_lines(self) -> str:
        """The line that starts Python; through sh where the path is too long for the kernel or has a blank in it."""
        if not self._needs_sh():
            return f"#!{_python()} -IS\n"
        return f"#!/bin/sh\n'''exec' \"{_python()}\" -IS \"$0\" \"$@\"\n' '''\n"

    @staticmethod
    def _needs_sh() -> bool:
        path = str(_python())
        return " " in path or len(path) > _LONGEST_FIRST_LINE


def _python() -> Path:
    """The interpreter itself, not a virtual environment's link to it: it starts faster and finds its library alone."""
    return Path(sys.executable).resolve()


def _require_known_format(world: World) -> None:
    """Look at a world's format.

    Raises:
        ValueError: An uplevel with other rules made it.
    """
    found = world.format
    if found != FORMAT:
        raise ValueError(f"The world has the format {found}, not {FORMAT}.")
