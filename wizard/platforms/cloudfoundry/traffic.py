"""What the router writes into the apps' logs: requests of the public, shared among the apps of a route."""

import time

from wizard.platforms.cloudfoundry import routes
from wizard.platforms.cloudfoundry.things import App, Route
from wizard.platforms.cloudfoundry.world import CloudWorld, Space
from wizard.platforms.sdk import seeded_random


_LOOKED_BACK = 120
"""Seconds of traffic that the recent logs still hold."""


def lines(world: CloudWorld, space: Space, app: App) -> list[tuple[int, str]]:
    """The router's lines for an app: when, and the text; oldest first.

    A request goes to one of the apps that the route led to at its time, drawn by route and time: the same look at the
    same world says the same.
    """
    found: list[tuple[int, str]] = []
    if app.state != "started":
        return found
    for route in routes.of_app(space, app):
        every = int(route.visits)
        if not every:
            continue
        since = max(world.now - _LOOKED_BACK, route.apps[app.guid], app.since)
        for slot in range(since // every + 1, world.now // every + 1):
            at = slot * every
            serving = sorted(guid for guid, began in route.apps.items() if began <= at)
            chance = seeded_random.of_text(f"{route.guid} {slot}")
            if serving[chance % len(serving)] == app.guid:
                found.append((at, line(route, app, at, chance // 64)))
    return sorted(found)


def line(route: Route, app: App, at: int, chance: int, *, method: str = "GET", path: str = "", status: int = 0) -> str:
    """One line of the router about a request; path and status are the usual ones of the route and app unless given."""
    host = routes.address(route.host, route.domain)
    path = path or route.path or "/"
    status = status or (200 if app.process == "running" else 502)
    moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)) + f".{chance % 10**9:09d}Z"
    where = f"10.0.{chance % 32}.{chance % 250 + 1}"
    index = chance % int(app.instances)
    return (
        f'{host} - [{moment}] "{method} {path} HTTP/1.1" {status} 0 {chance % 40000 + 200} "-" "Mozilla/5.0" '
        f'"{where}:{chance % 20000 + 40000}" "{where}:{chance % 900 + 61001}" '
        f'x_forwarded_for:"203.0.113.{chance % 250}" '
        f'response_time:0.{chance % 90 + 10:03d} app_id:"{app.guid}" app_index:"{index}"'
    )
