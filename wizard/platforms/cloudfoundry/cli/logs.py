"""`cf logs` and `cf events`: what an app said, what the router brought to it, and what was done to it."""

import time

from wizard.platforms.cloudfoundry import faults, traffic
from wizard.platforms.cloudfoundry.call import Call
from wizard.platforms.cloudfoundry.cli import common
from wizard.platforms.cloudfoundry.cli.usage import Given
from wizard.platforms.cloudfoundry.things import App
from wizard.platforms.sdk import drills
from wizard.platforms.sdk.invocation import Steps


_FIRST_LINES = 5
"""How many lines that were said before a stream shows when it begins."""


def logs(call: Call, given: Given) -> Steps:
    """Show what an app said lately; without --recent go on with what it says from now on."""
    common.preflight(call)
    name = given.words[0]
    common.intro(call, f"Retrieving logs for app {name}")
    found = common.find_app(call, name)
    call.out()
    if drills.take(call.world, faults.LogsFail, app=name) is not None:
        _log_cache_fails(call, given)
    else:
        lines = _lines(call, found)
        for at, text in lines if given.has("recent") else lines[-_FIRST_LINES:]:
            _say(call, at, text)
    if not given.has("recent"):
        yield from _go_on(call, found.guid, found.logged, call.world.now)


def _log_cache_fails(call: Call, given: Given) -> None:
    """Recent logs that cannot be had end the call; a stream only warns and stays silent."""
    sentence = "Failed to retrieve logs from Log Cache: unexpected status code 502"
    if given.has("recent"):
        common.fail(call, sentence)
    call.err(sentence)


def _go_on(call: Call, guid: str, logged: int, since: int) -> Steps:
    """Say what is new, for ever; an app that is gone says nothing more, under whatever name."""
    while True:
        yield from call.follow()
        found = call.world.space.apps.get(guid) if call.world.target.space else None
        if found is not None:
            for at, text in _lines(call, found, logged, since):
                _say(call, at, text)
            logged, since = found.logged, call.world.now


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
