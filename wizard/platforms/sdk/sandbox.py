"""The folder a rehearsal runs in: pretend commands, a home and an environment of its own, two fences.

bin/    launchers of the pretend commands, links to the short list and to the real programs that the extra `lab` brings;
        nothing in it can be written from inside
home/   HOME and CF_HOME
lab/    what real servers and the site's visitors tell of themselves; not to be written from inside either
tmp/    TMPDIR
work/   the folder commands start in
world/  the world's file and its lock
"""

import math
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pydantic

import wizard
from wizard.errors import RecordProblem, UplevelError
from wizard.execution.supervisor.confine import Confinement, supported
from wizard.platforms.digitalmarketplace import router_config, scenario, tools
from wizard.platforms.digitalmarketplace.world import EstateWorld
from wizard.platforms.sdk import launch, shortlist, store
from wizard.platforms.sdk.invocation import InvocationResult, WorkDir
from wizard.platforms.sdk.world import FORMAT
from wizard.platforms.servers import lab, programs


_WRITABLE = ("home", "tmp", "work", "world")
_REAL = (*programs.CLIENTS, router_config.PROGRAM)
_KEPT_VARIABLES = ("TERM", "COLORTERM", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "NO_COLOR")
_LONGEST_FIRST_LINE = 250

_LAUNCHER = """\
import sys

sys.path += {packages!r}
from wizard.platforms.sdk.launch import main

main({world!r}, {tool!r})
"""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """One rehearsal's sandbox.

    Attributes:
        folder: Its folder, absolute.
    """

    folder: Path

    @classmethod
    def create(
        cls,
        folder: Path,
        world: str,
        *,
        stage: str,
        seed: int,
        drill: str = "",
        offerings: Collection[str] = (),
        ports: Sequence[int] = (),
    ) -> "Sandbox":
        """Make the folder with everything in it.

        Args:
            folder: Where; must not exist or be empty.
            world: Name of the estate, such as `digitalmarketplace`.
            stage: The space that the pretend CLI points at; empty: the estate's first.
            seed: Decides guids and durations; the same seed gives the same rehearsal on any machine.
            drill: The fault that is planted in the world; empty for none.
            offerings: What of the stage stands on real servers.
            ports: Ports for those, enough for all that will be made.

        Raises:
            UsageProblem: There is no such world, stage or drill.
            OSError: The folder cannot be made or written.
        """
        built = scenario.build(world, stage=stage, seed=seed, drill=drill, lab=offerings, ports=ports)
        sandbox = cls(folder.absolute())
        for name in ("", "bin", "lab", *_WRITABLE):
            (sandbox.folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        for tool in tools.TOOLS:
            sandbox._write_launcher(tool)
        for name in sorted(shortlist.names() - tools.TOOLS.keys()):
            program = shortlist.find(name)
            if program is not None:
                (sandbox.folder / "bin" / name).symlink_to(program)
        sandbox._link_programs(clients=bool(offerings))
        sandbox._write_files(scenario.files(built), built.estate.repositories.scripts)
        store.write(sandbox._world_folder, built)
        return sandbox

    @classmethod
    def open(cls, folder: Path) -> "Sandbox":
        """The sandbox that `create` made earlier, with its world as it was left.

        Raises:
            RecordProblem: There is none, or its world cannot be read.
        """
        sandbox = cls(folder.absolute())
        try:
            sandbox._require_known_format()
        except store.DAMAGED as problem:
            raise RecordProblem(
                f"The pretend platform in {folder} cannot be read.", "Start the rehearsal again."
            ) from problem
        return sandbox

    def _require_known_format(self) -> None:
        """Look at the world's format.

        Raises:
            ValueError: An uplevel with other rules made it.
        """
        found = self.world().format
        if found != FORMAT:
            raise ValueError(f"The world has the format {found}, not {FORMAT}.")

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
        dwell = {launch.SPEED: str(speed)} if speed > 0 else {}
        home = str(self.folder / "home")
        own = {"PATH": str(self.folder / "bin"), "HOME": home, "CF_HOME": home, "TMPDIR": str(self.folder / "tmp")}
        return {"LANG": "C.UTF-8", **kept, **own, **dwell}

    def resolve(self, word0: str) -> Path | None:
        """Fence (a): the program that a bare name means in here, or None for what is not started.

        Args:
            word0: The first word of a command. With a `/` in it, only a script of a repository is meant by it.
        """
        name = word0.removeprefix("scripts/")
        if name in tools.TOOLS and (name == word0 or name.endswith(".py")):
            return self.folder / "bin" / name
        if word0 in self.clients():
            return self.folder / "bin" / word0
        return shortlist.find(word0) if word0 in shortlist.names() else None

    def clients(self) -> frozenset[str]:
        """The real programs that talk to the rehearsal's servers, by bare name; none where it has no servers."""
        return frozenset(name for name in programs.CLIENTS if (self.folder / "bin" / name).is_file())

    def confinement(self) -> Confinement | None:
        """Fence (b): what a child in here may write, execute and reach; None where the kernel cannot hold it."""
        if not supported():
            return None
        names = [*shortlist.names(), "bash", *(["sh"] if self._needs_sh() else [])]
        found = [path for path in map(shortlist.find, names) if path is not None]
        found += [path for name in _REAL if (path := self.folder / "bin" / name).is_file()]
        started = sorted({path.resolve() for path in [*found, _python()]})
        execute = [self.folder / "bin", *started, *sorted(shortlist.loaders(started))]
        return Confinement(
            write=tuple(str(self.folder / name) for name in _WRITABLE),
            execute=tuple(str(path) for path in execute),
            connect=self.open_ports(),
        )

    def open_ports(self) -> tuple[int, ...]:
        """The ports of the loopback address that a child may connect to just now."""
        return lab.open_ports(self.folder / "lab")

    def advance(self, seconds: float) -> None:
        """Let world time pass: a wait, or the pause between two polls. Parts of a second count as one.

        Raises:
            UplevelError: Something in the rehearsal damaged the world.
        """

        def pass_time(world: EstateWorld) -> EstateWorld:
            world.advance(math.ceil(seconds))
            return world

        try:
            store.change(self._world_folder, pass_time)
        except store.DAMAGED as problem:
            raise UplevelError(
                f"A command of this rehearsal damaged its pretend platform ({self._world_folder}).",
                "Start the rehearsal again.",
            ) from problem

    def world(self) -> EstateWorld:
        """The world as it is now."""
        return store.read(self._world_folder)

    def play(
        self,
        words: Sequence[str],
        typed: Sequence[str] = (),
        *,
        environment: Mapping[str, str] | None = None,
        closed: bool = True,
        cwd: str = "",
        cursor: str = "",
    ) -> InvocationResult[EstateWorld]:
        """Carry out a pretend command in this process.

        Args:
            words: The command, its bare name first.
            typed: The lines typed at its prompts.
            environment: Its environment; the sandbox's own unless given.
            closed: No more lines will come; else see `tools.play`.
            cwd: The folder it is started in; the sandbox's own unless given.
            cursor: See `tools.play`.

        Raises:
            KeyError: There is no such pretend command.
        """
        answers: list[InvocationResult[EstateWorld]] = []
        env = self.env({}) if environment is None else environment
        place = WorkDir(cwd or str(self.cwd), str(self.folder))

        def deed(before: EstateWorld) -> EstateWorld:
            answers.append(tools.play(before, words, env, typed, closed=closed, place=place, cursor=cursor))
            return answers[0].world

        store.change(self._world_folder, deed)
        return answers[0]

    def _write_files(self, files: Mapping[str, str], repository: str) -> None:
        """What of the repositories the procedures touch; their scripts lead to the pretend ones."""
        for name, text in files.items():
            path = self.cwd / name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        scripts = self.cwd / repository / "scripts"
        scripts.mkdir(mode=0o700, parents=True, exist_ok=True)
        for tool in tools.TOOLS:
            if tool.endswith(".py"):
                (scripts / tool).symlink_to(self.folder / "bin" / tool)

    def _link_programs(self, *, clients: bool) -> None:
        """Links and no variables: a step could set those. Only behind the fence, for what they are told names files."""
        real = {name: programs.client(name) for name in programs.CLIENTS} if clients else {}
        for name, program in {**real, router_config.PROGRAM: programs.nginx()}.items():
            if program is not None and supported():
                (self.folder / "bin" / name).symlink_to(program)

    @property
    def _world_folder(self) -> str:
        return str(self.folder / "world")

    def _write_launcher(self, tool: str) -> None:
        found = (Path(str(each.__file__)).resolve().parents[1] for each in (wizard, pydantic))
        packages = list(dict.fromkeys(map(str, found)))
        text = self._first_lines() + _LAUNCHER.format(packages=packages, world=self._world_folder, tool=tool)
        path = self.folder / "bin" / tool
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
