"""`cf target`: where the CLI points, and pointing it elsewhere."""

from wizard.platforms.cloudfoundry.call import Call
from wizard.platforms.cloudfoundry.cli import common
from wizard.platforms.cloudfoundry.cli.usage import Given
from wizard.platforms.cloudfoundry.things import Target
from wizard.platforms.sdk import tables


def target(call: Call, given: Given) -> None:
    """Show the target; with -o and -s set it first. What is not found leaves nothing targeted in its place."""
    common.preflight(call, org=False, space=False)
    common.request(call)
    now = call.world.target
    if given.has("o"):
        _set_org(call, now, given.flags["o"], alone=not given.has("s"))
    if given.has("s"):
        _set_space(call, now, given.flags["s"])
    _show(call, now)


def _set_org(call: Call, now: Target, name: str, *, alone: bool) -> None:
    now.org = now.space = ""
    if name != call.world.org:
        common.fail(call, f"Organization '{name}' not found.")
    now.org = name
    spaces = list(call.world.spaces)
    now.space = spaces[0] if alone and len(spaces) == 1 else ""


def _set_space(call: Call, now: Target, name: str) -> None:
    if not now.org:
        common.fail(call, common.NO_ORG)
    now.space = ""
    if name not in call.world.spaces:
        common.fail(call, f"Space '{name}' not found.")
    now.space = name


def point(call: Call, org: str, space: str) -> None:
    """Point at an org and a space as a login does, and show where that is."""
    now = call.world.target
    _set_org(call, now, org, alone=not space)
    call.out(f"Targeted org {now.org}.")
    call.out()
    if space:
        _set_space(call, now, space)
    if now.space:
        call.out(f"Targeted space {now.space}.")
        call.out()
    _show(call, now)


def _show(call: Call, now: Target) -> None:
    table = [
        ["API endpoint:", now.api],
        ["API version:", now.version],
        ["user:", now.user],
        *([["org:", now.org]] if now.org else []),
        *([["space:", now.space]] if now.space else []),
    ]
    for line in tables.rows(table):
        call.out(line)
    if not now.org:
        call.out("No org or space targeted, use 'cf target -o ORG -s SPACE'")
    elif not now.space:
        call.out("No space targeted, use 'cf target -s SPACE'")
