"""Values taken at the start from commands that are known to print several lines."""

import re
from collections.abc import Iterator

from wizard.checks.kinds import TAKING_KINDS
from wizard.fields.lines import LineProblem, split_line
from wizard.model.reading.fault import Fault
from wizard.model.reading.outline import Outline, table
from wizard.model.reading.tree import Table, Text


_SEVERAL = re.compile(
    r"cf (target|apps|services|marketplace|routes|domains|buildpacks|spaces|orgs)( .*)?"
    r"|cf (app|service) (?!.*--guid).*"
    r"|kubectl get (?!.*--no-headers)(.* )?(-o|--output)[ =]?(json|yaml|wide)( .*)?|kubectl describe .*"
    r"|aws .*--output[ =](json|yaml|table)( .*)?"
    r"|(docker|podman) inspect (?!.*(-f|--format)[ =]).*"
    r"|systemctl status .*|df( .*)?"
)
"""What prints several lines wherever it is run, unless its words ask for something else."""


def value_faults(found: Outline) -> Iterator[Fault]:
    """Checks whose whole answer would be a value, and cannot be one."""
    owners = [found.root, *(step for step, _ in found.steps)]
    for owner in owners:
        for section in ("target", "who", "remember"):
            for name, check in table(owner.get(section)).entries.items():
                yield from _whole_answer(name, table(check), section)


def _whole_answer(name: str, check: Table, section: str) -> Iterator[Fault]:
    line = check.get("run")
    if not isinstance(line, Text) or any(kind.KEY in check.keys for kind in TAKING_KINDS):
        return
    try:
        words = split_line(line.value).words
    except LineProblem:
        return
    plain = " ".join("".join(part if isinstance(part, str) else "x" for part in word) for word in words)
    if _SEVERAL.fullmatch(plain):
        yield Fault(
            line.spot,
            f"{section}: would take the whole answer as {name}, and this command prints several lines, so it never has "
            "a value.",
            f"Take one out of it: {', or '.join(f'{kind.KEY}: {kind.TAKING}' for kind in TAKING_KINDS)}.",
        )
