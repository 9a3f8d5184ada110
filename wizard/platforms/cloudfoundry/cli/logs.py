"""`cf logs` and `cf events`: what an app said, what the router brought to it, and what was done to it."""

import time

from wizard.platforms.cloudfoundry import faults, traffic
from wizard.platforms.cloudfoundry.call import Call
from wizard.platforms.cloudfoundry.cli import common
from wizard.platforms.cloudfoundry.cli.usage import Given
from wizard.platforms.cloudfoundry.things import App
from wizard.platforms.sdk import drills


_FIRST_LINES = 5
"""How many lines that were said before a stream shows when it begins."""


def logs(call: Call, given: Given) -> None:
    """Show what an app said lately; without --recent go on with what it says from now on."""
    common.preflight(call)
    name = given.words[0]
    if call.cursor:
        _go_on(call, name)
    common.intro(call, f"Retrieving logs for app {name}")
    found = common.find_app(call, name)
    call.out()
    if drills.take(call.world, faults.LogsFail, app=name) is not None:
        _log_cache_fails(call, found, given)
    lines = _lines(call, found)
    for at, text in lines if given.has("recent") else lines[-_FIRST_LINES:]:
        _say(call, at, text)
    if not given.has("recent"):
        call.follow(f"{found.guid} {found.logged} {call.world.now}")


def _log_cache_fails(call: Call, found: App, given: Given) -> None:
    """Recent logs that cannot be had end the call; a stream only warns and stays silent."""
    sentence = "Failed to retrieve logs from Log Cache: unexpected status code 502"
    if given.has("recent"):
        common.fail(call, sentence)
    call.err(sentence)
    call.follow(f"{found.guid} {found.logged} {call.world.now}")


def _go_on(call: Call, name: str) -> None:
    """Say what is new since the cursor; an app that is gone says nothing more, under whatever name."""
    del name
    guid, logged, since = call.cursor.split()
    space = call.world.space if call.world.target.space else None
    found = None if space is None else space.apps.get(guid)
    if found is None:
        call.follow(call.cursor)
        return
    for at, text in _lines(call, found, int(logged), int(since)):
        _say(call, at, text)
    call.follow(f"{guid} {found.logged} {call.world.now}")


def _lines(call: Call, found: App, logged: int = 0, since: int = 0) -> list[tuple[int, str]]:
    said = [(at, f"[{source}] {stream} {text}") for at, source, stream, text, number in found.logs if number > logged]
    requests = traffic.lines(call.world, call.world.space, found)
    said += [(at, f"[RTR/{found.logged % 4}] OUT {text}") for at, text in requests if at > since]
    return sorted(said, key=lambda line: line[0])


def _say(call: Call, at: int, text: str) -> None:
    moment = time.strftime("%Y-%m-%dT%H:%M:%S.00+0000", time.gmtime(at))
    call.out(f"   {moment} {text}")


def events(call: Call, given: Given) -> None:
    """Show what was done to an app, newest first."""
    common.preflight(call)
    name = given.words[0]
    common.intro(call, f"Getting events for app {name}")
    found = common.find_app(call, name)
    call.out()
    if not found.events:
        call.out(f"No events for app {name}.")
        return
    rows = [
        [time.strftime("%Y-%m-%dT%H:%M:%S.00+0000", time.gmtime(at)), kind, actor, about]
        for at, kind, actor, about in reversed(found.events)
    ]
    common.table(call, [["time", "event", "actor", "description"], *rows])
