"""What the pretend platform answers to a browser: the router finds the app, the app answers from what it holds.

A kind of app (the name of its image) has one function in `_page`; a tool such as `curl` calls `visit`.
"""

import json
from collections.abc import Mapping

from wizard.platforms.cloudfoundry import apps, lifecycle, routes, secrets, traffic
from wizard.platforms.cloudfoundry.indices import SearchRefused
from wizard.platforms.cloudfoundry.things import App, Route, Service
from wizard.platforms.cloudfoundry.world import Space
from wizard.platforms.digitalmarketplace import search
from wizard.platforms.digitalmarketplace.world import EstateWorld
from wizard.platforms.sdk import seeded_random
from wizard.platforms.sdk.world import Json


class Reply:
    """An answer of HTTP: its status and its text."""

    __slots__ = ("status", "text")

    def __init__(self, status: int, text: str) -> None:
        self.status = status
        self.text = text

    @classmethod
    def of(cls, status: int, value: Json) -> "Reply":
        """An answer in JSON."""
        return cls(status, json.dumps(value) + "\n")


class Visit:
    """A request that reached an app.

    Args:
        world: The world.
        space: The app's space.
        app: The app.
        host: The first part of the name that was asked.
        path: The path and query, from the host on.
        method: GET, PUT and so on.
        headers: By name in small letters.
        body: What was sent with it.
    """

    __slots__ = ("app", "body", "headers", "host", "method", "path", "space", "world")

    def __init__(
        self,
        world: EstateWorld,
        space: Space,
        app: App,
        host: str,
        path: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: str = "",
    ) -> None:
        self.world = world
        self.space = space
        self.app = app
        self.host = host
        self.path = path
        self.method = method
        self.headers = headers or {}
        self.body = body


def visit(
    world: EstateWorld, url: str, *, method: str = "GET", headers: Mapping[str, str] | None = None, body: str = ""
) -> Reply | None:
    """Ask a web address.

    Args:
        world: The world; an app may change it, and the request stands in its log.
        url: The address, with or without its scheme.
        method: GET, PUT and so on.
        headers: By name in small letters.
        body: What is sent with it.

    Returns:
        The answer; None where the host is on no domain of the platform, or there is no network.
    """
    where, _, query = url.removeprefix("https://").removeprefix("http://").partition("?")
    parts = routes.split(world, where)
    if parts is None or not world.network:
        return None
    host, domain, path = parts
    found = serving(world, host, domain, path)
    if isinstance(found, Reply):
        return found
    space, route, app = found
    full = (path or "/") + (f"?{query}" if query else "")
    asked = Visit(world, space, app, host, full, method=method, headers=headers, body=body)
    reply = _page(asked)
    chance = seeded_random.of_text(f"{route.guid} {world.now}")
    line = traffic.line(route, app, world.now, chance, method=method, path=path or "/", status=reply.status)
    lifecycle.log(world, app, "RTR/0", "OUT", line)
    return reply


def serving(world: EstateWorld, host: str, domain: str, path: str) -> tuple[Space, Route, App] | Reply:
    """The app that a request comes to, with its space and the route that led there.

    Args:
        world: The world.
        host: The part of the address before the domain.
        domain: One of the platform's domains.
        path: What follows, with its slash.

    Returns:
        The platform's own answer where no app serves.
    """
    found = _route(world, host, domain, path)
    if found is None:
        return Reply(404, f"404 Not Found: Requested route ('{routes.address(host, domain)}') does not exist.\n")
    space, route = found
    running = [app for app in routes.apps_of(space, route) if app.process == "running"]
    if not running:
        return Reply(503, "503 Service Unavailable: Requested route has no available endpoints.\n")
    return space, route, running[seeded_random.of_text(f"{route.guid} {world.now}") % len(running)]


def _route(world: EstateWorld, host: str, domain: str, path: str) -> tuple[Space, Route] | None:
    """The route with the longest path that the asked one begins with, among those that lead somewhere."""
    fitting = [
        (space, route)
        for space, route in routes.everywhere(world)
        if (route.host, route.domain) == (host, domain) and route.apps and (path + "/").startswith(route.path + "/")
    ]
    return max(fitting, key=lambda each: len(each[1].path), default=None)


def _plain(asked: Visit) -> Reply:
    """The status page that every app has; every other page is a greeting."""
    if not asked.path.partition("?")[0].endswith("/_status"):
        return Reply(200, f"{apps.kind(asked.app.image)}\n")
    trouble = lifecycle.healthy(asked.space, asked.app)
    if trouble:
        return Reply.of(500, {"status": "error", "message": [trouble]})
    return Reply.of(200, {"status": "ok", **version(asked)})


def _router(asked: Visit) -> Reply:
    """The site, its assets, and APIs that nobody from here is allowed to use; recovery leaves those as they are."""
    if asked.path.partition("?")[0] == "/_status":
        return Reply(200, "nginx healthcheck status ok\n")
    site, part = asked.world.estate.site, asked.host.partition(".")[0]
    if asked.world.mode_of(asked.app).turns_away(part):
        return Reply(503, "Down for maintenance\n")
    return Reply(403, "403 Forbidden\n") if part in site.closed else Reply(200, f"{site.page}\n")


def _search(asked: Visit) -> Reply:
    """The search app: its status for everybody, the rest for who brings a token."""
    path = asked.path.partition("?")[0]
    try:
        if path == "/_status":
            told = search.status(asked.world, asked.space, asked.app)
            return Reply.of(200, {"status": "ok", **version(asked), **told})
        refused = _stranger(asked)
        if refused is not None:
            return refused
        service = search.backend(asked.world, asked.space, asked.app)
        return Reply.of(
            200,
            search.answer(asked.world.estate.mappings, service, asked.method, path.strip("/").split("/"), asked.body),
        )
    except SearchRefused as refused:
        if path == "/_status":
            return Reply.of(500, {"status": "error", **version(asked), "message": [refused.message]})
        return Reply.of(refused.status, {"error": refused.message})


def _stranger(asked: Visit) -> Reply | None:
    """The answer to who may not ask, or not so; None for who may."""
    scheme, _, token = asked.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return Reply.of(401, {"error": "Unauthorized; bearer token must be provided"})
    if token.strip() != search_token(asked.world, asked.space.name):
        return Reply.of(403, {"error": "Forbidden; invalid bearer token provided"})
    json_only = asked.method in {"PUT", "POST"}
    if json_only and not asked.headers.get("content-type", "").startswith("application/json"):
        return Reply.of(400, {"error": "Unexpected Content-Type, expecting 'application/json'"})
    return None


def behind(world: EstateWorld, url: str) -> Service | None:
    """The service that the search app at an address searches in; None where none answers."""
    parts = routes.split(world, url)
    found = None if parts is None else _route(world, *parts)
    for app in routes.apps_of(*found) if found is not None else []:
        if found is not None and app.process == "running" and apps.kind(app.image) == world.estate.roles.search:
            try:
                return search.backend(world, found[0], app)
            except SearchRefused:
                return None
    return None


def version(asked: Visit) -> Json:
    """The release that a status page tells, unless it was asked to look at nothing else."""
    return {} if "ignore-dependencies" in asked.path else {"version": apps.release(asked.app.image)}


def search_token(world: EstateWorld, stage: str) -> str:
    """The token that opens the search API of a stage."""
    return secrets.of_repository(world, stage, world.estate.variables.token_of_search)


def _page(asked: Visit) -> Reply:
    """What answers for an app, by the name of its image; a later app is a line here."""
    roles, kind = asked.world.estate.roles, apps.kind(asked.app.image)
    return {roles.router: _router, roles.search: _search}.get(kind, _plain)(asked)
