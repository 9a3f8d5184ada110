"""What the commands of a session stand on: the operator's machine, or a rehearsal's sandbox."""

import os
import shutil
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from wizard.model.procedure import Procedure


if TYPE_CHECKING:
    from wizard.execution.supervisor.confine import Confinement
    from wizard.platforms.sdk.client import PlatformProcess
    from wizard.platforms.sdk.platform import ServerSupport
    from wizard.platforms.sdk.sandbox import Sandbox


class ExecutionEnvironment(Protocol):
    """Where commands find their programs, their environment and their time."""

    @property
    def real_time(self) -> bool:
        """Whether a second here is a second on the machine's clocks."""
        ...

    @property
    def speed(self) -> float:
        """Seconds that pass here in one on the screen."""
        ...

    @property
    def cwd(self) -> str:
        """The folder commands start in unless a step says another."""
        ...

    @property
    def confine(self) -> "Confinement | None":
        """What a child may touch, or None for no fence."""
        ...

    def channel(self) -> int | None:
        """The descriptor by which a child reaches the pretend platform; None where there is none.

        Raises:
            UplevelError: The platform does not run.
        """
        ...

    def variables(self) -> dict[str, str]:
        """The whole environment of a child, before the step's own variables."""
        ...

    def resolve(self, word: str, env: Mapping[str, str], cwd: str) -> Path | None:
        """The program that word 0 names, or None when there is none that may be started here."""
        ...

    def shell(self) -> Path | None:
        """The bash for `shell:` bodies, or None when none may be started here."""
        ...

    def pass_time(self, seconds: float) -> float:
        """Let time pass where it is only pretended.

        Args:
            seconds: How long the procedure wants to wait.

        Returns:
            How many real seconds remain to be waited.
        """
        ...

    def counted(self) -> tuple[int, Mapping[str, float]] | None:
        """What a pretend platform counted: its own time, and figures by name; None where there is nothing pretended."""
        ...

    def told(self) -> str:
        """What there is to say of it when a session is closed, in sentences behind another; often nothing."""
        ...

    def close(self, *, for_good: bool) -> None:
        """Give back what it holds.

        Args:
            for_good: Nobody takes the session up again.
        """
        ...


class LocalEnvironment:
    """The operator's own machine.

    Args:
        procedure: Its parameters name environment variables that hold secrets; no child inherits those.
    """

    confine = None
    real_time = True
    speed = 1.0

    def __init__(self, procedure: Procedure) -> None:
        self.cwd = str(Path.cwd())
        self._sources = {parameter.env for parameter in procedure.parameters.values() if parameter.env}

    def channel(self) -> int | None:
        return None

    def variables(self) -> dict[str, str]:
        return {
            name: value
            for name, value in os.environ.items()
            if name not in self._sources and not name.startswith("UPLEVEL_") and name != "BASH_ENV"
        }

    def resolve(self, word: str, env: Mapping[str, str], cwd: str) -> Path | None:
        if "/" in word:
            path = Path(cwd, word)
            return path if path.is_file() and os.access(path, os.X_OK) else None
        found = shutil.which(word, path=env.get("PATH", os.defpath))
        return None if found is None else Path(cwd, found)

    def shell(self) -> Path | None:
        return self.resolve("bash", dict(os.environ), self.cwd)

    def pass_time(self, seconds: float) -> float:
        return seconds

    def counted(self) -> tuple[int, Mapping[str, float]] | None:
        return None

    def told(self) -> str:
        return ""

    def close(self, *, for_good: bool) -> None:
        pass  # it was there before the session and stays


class SandboxEnvironment:
    """A rehearsal's sandbox; its time passes by itself and is only dwelt upon.

    Args:
        sandbox: The pretend platform.
        speed: Pretend seconds that pass in one second on the screen.
        process: The process of the platform; None where no command of it is a process.
        servers: What stands on real servers here.
    """

    real_time = False

    def __init__(
        self, sandbox: "Sandbox", speed: float, process: "PlatformProcess | None" = None, servers: Collection[str] = ()
    ) -> None:
        self._sandbox = sandbox
        self._process = process
        self.servers = frozenset(servers)
        self._fence = sandbox.confinement()
        self.speed = speed
        self.cwd = str(sandbox.cwd)

    @property
    def confine(self) -> "Confinement | None":
        if self._fence is None:
            return None
        return replace(self._fence, connect=self._sandbox.open_ports())  # ways to servers open and close

    def channel(self) -> int | None:
        return None if self._process is None else self._process.channel()

    def variables(self) -> dict[str, str]:
        return self._sandbox.env(os.environ, speed=self.speed)

    def resolve(self, word: str, env: Mapping[str, str], cwd: str) -> Path | None:
        del env, cwd  # a step cannot talk a rehearsal into another PATH
        return self._sandbox.resolve(word)

    def support(self) -> "ServerSupport | None":
        """Which real servers the platform can have; None where it knows of none."""
        return self._sandbox.platform.servers

    def tools(self) -> frozenset[str]:
        """The bare names of all programs that may be started here."""
        return self._sandbox.tools()

    def shell(self) -> Path | None:
        from wizard.execution.supervisor.confine import supported

        return Path(found) if supported() and (found := shutil.which("bash", path="/usr/bin:/bin")) else None

    def pass_time(self, seconds: float) -> float:
        self._sandbox.advance(seconds)
        return seconds / self.speed

    def counted(self) -> tuple[int, Mapping[str, float]] | None:
        try:
            world = self._sandbox.world()
        except (OSError, ValueError):  # it may be damaged, which a command then says
            return None
        return world.now, _flat("", {**self._report(), **({"harm": world.harm} if world.harm else {})})

    def told(self) -> str:
        support = self._sandbox.platform.servers
        return "" if support is None else support.told(self._report())

    def _report(self) -> Mapping[str, Any]:
        return self._process.report() if self._process is not None and self.servers else {}

    def close(self, *, for_good: bool) -> None:
        if self._process is not None:
            self._process.close(remove=for_good)


def _flat(before: str, counts: Mapping[str, Any]) -> dict[str, float]:
    """Figures in groups as one group, their names joined by dots."""
    found: dict[str, float] = {}
    for name, value in counts.items():
        if isinstance(value, Mapping):
            found |= _flat(f"{before}{name}.", value)
        elif isinstance(value, int | float):
            found[f"{before}{name}"] = float(value)
    return found
