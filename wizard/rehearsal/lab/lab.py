"""The lab as the wizard sees it: whether there can be one, and the process that is one."""

import json
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from wizard.execution.programs import HelperProgram, start_program
from wizard.execution.supervisor.confine import holds_ports
from wizard.rehearsal import store
from wizard.rehearsal.lab.processes import LabProblem
from wizard.rehearsal.lab.programs import missing
from wizard.rehearsal.tunnel_client import LAB


NAMES = {"postgres": "PostgreSQL", "redis": "Redis"}
"""The offerings that can stand on real servers."""

PORTS = 16
"""Ports that the servers of one rehearsal need at most."""

_PATIENCE = 60.0
"""Seconds the lab may take to answer; to end, it writes what its servers hold."""


def why_not(offerings: Collection[str]) -> str:
    """Why a rehearsal can have no real servers of these offerings here, as a sentence; empty when it can."""
    names = " and ".join(NAMES[each] for each in offerings)
    if any(missing(each) for each in offerings):
        return f"Real {names} servers for this rehearsal come with the extra lab: {LAB}"
    if not holds_ports():
        return (
            f"Real {names} servers need a kernel that holds commands to their ports (Linux 6.7 or newer, Landlock 4), "
            "and this one does not."
        )
    return ""


def open_ports(folder: Path) -> tuple[int, ...]:
    """The ports that a command of the sandbox may connect to: those that its lab itself listens on.

    Args:
        folder: What the lab tells of itself.
    """
    try:
        return tuple(json.loads((folder / "ports").read_text(encoding="ascii")))
    except (OSError, ValueError):
        return ()


class Lab:
    """The process that keeps a rehearsal's servers. It ends with this one, and its servers end with it.

    Args:
        program: The process.
    """

    def __init__(self, program: HelperProgram) -> None:
        self._program = program
        self._lines = program.connection.makefile("r", encoding="utf-8")

    @classmethod
    def start(cls, sandbox: Path) -> "Lab | None":
        """Start the lab of a sandbox whose world asks for one; None where it does not.

        Raises:
            LabProblem: It does not start.
        """
        if "lab" not in store.read(str(sandbox / "world")).facts:
            return None
        (sandbox / "lab" / "ports").unlink(missing_ok=True)  # of a lab that is over: somebody else may have them now
        try:
            program = start_program("wizard.rehearsal.lab")
        except OSError as problem:
            raise LabProblem(f"The process for the servers cannot be started: {problem.strerror}.") from problem
        program.connection.settimeout(_PATIENCE)
        lab = cls(program)
        answer = lab._ask({"sandbox": str(sandbox)})
        if "ready" not in answer:
            lab.close(remove=False)
            raise LabProblem(str(answer.get("problem", "The process for the servers ended at once.")))
        return lab

    def report(self) -> Mapping[str, Any]:
        """What the site's visitors noticed so far; empty where nobody can tell."""
        return self._ask("report")

    def close(self, *, remove: bool) -> None:
        """End it and its servers.

        Args:
            remove: Whether what they hold goes too; else a later lab of the same sandbox goes on with it.
        """
        self._ask("remove" if remove else "leave")
        self._lines.close()
        self._program.end(_PATIENCE)

    def _ask(self, line: object) -> Mapping[str, Any]:
        with suppress(OSError, ValueError):
            self._program.connection.sendall(json.dumps(line).encode() + b"\n")
            answer = json.loads(self._lines.readline())
            if isinstance(answer, dict):
                return answer
        return {}
