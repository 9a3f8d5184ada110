"""What the pretend platform answers to a browser: the router finds the app, the app answers from what it holds.

A kind of app (the name of its image) has one function in `PAGES`; a tool such as `curl` calls `visit`.
"""

from __future__ import annotations

import json

from wizard.rehearsal import apps, dice, lifecycle, routes
from wizard.rehearsal.world import progress


TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wizard.rehearsal.world import Facts, Space, World


class Reply:
    """An answer of HTTP: its status and its text."""

    __slots__ = ("status", "text")

    def __init__(self, status: int, text: str) -> None:
        self.status = status
        self.text = text

    @classmethod
    def of(cls, status: int, value: Facts) -> Reply:
        """An answer in JSON."""
        return cls(status, json.dumps(value) + "\n")


class Visit:
    """A request that reached an app.

    Args:
        world: The world.
        space: The app's space.
        app: The app.
        path: The path and query, from the host on.
        method: GET, PUT and so on.
        headers: By name in small letters.
        body: What was sent with it.
    """

    __slots__ = ("app", "body", "headers", "method", "path", "space", "world")

    def __init__(
        self,
        world: World,
        space: Space,
        app: Facts,
        path: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: str = "",
    ) -> None:
        self.world = world
        self.space = space
        self.app = app
        self.path = path
        self.method = method
        self.headers = headers or {}
        self.body = body

    @property
    def backend(self) -> Facts | None:
        """The service that the process looked up by its name when it started; None when it can no longer use it."""
        for entry in lifecycle.searched(self.app):
            service = self.space.services.get(entry["service"])
            if service is not None and entry["binding"] in self.space.bindings:
                return service
        return None


def visit(
    world: World, url: str, *, method: str = "GET", headers: Mapping[str, str] | None = None, body: str = ""
) -> Reply | None:
    """Ask a web address.

    Args:
        world: The world; an app may change it.
        url: The address, with or without its scheme.
        method: GET, PUT and so on.
        headers: By name in small letters.
        body: What is sent with it.

    Returns:
        The answer; None where the host is on no domain of the platform.
    """
    where, _, query = url.removeprefix("https://").removeprefix("http://").partition("?")
    parts = routes.split(world, where)
    if parts is None:
        return None
    host, domain, path = parts
    found = _route(world, host, domain, path)
    name = routes.address(host, domain)
    if found is None:
        return Reply(404, f"404 Not Found: Requested route ('{name}') does not exist.\n")
    space, route = found
    serving = [app for app in routes.apps_of(space, route) if app["process"] == "running"]
    if not serving:
        return Reply(503, "503 Service Unavailable: Requested route has no available endpoints.\n")
    app = serving[dice.of_text(f"{route['guid']} {world.now}") % len(serving)]
    full = (path or "/") + (f"?{query}" if query else "")
    asked = Visit(world, space, app, full, method=method, headers=headers, body=body)
    return PAGES.get(apps.kind(app["image"]), _plain)(asked)


def _route(world: World, host: str, domain: str, path: str) -> tuple[Space, Facts] | None:
    """The route with the longest path that the asked one begins with, among those that lead somewhere."""
    fitting = [
        (space, route)
        for space, route in routes.everywhere(world)
        if (route["host"], route["domain"]) == (host, domain)
        and route["apps"]
        and (path + "/").startswith(route["path"] + "/")
    ]
    return max(fitting, key=lambda each: len(each[1]["path"]), default=None)


def _plain(asked: Visit) -> Reply:
    """The status page that every app has; every other page is a greeting."""
    if not asked.path.partition("?")[0].endswith("/_status"):
        return Reply(200, f"{apps.kind(asked.app['image'])}\n")
    trouble = lifecycle.healthy(asked.space, asked.app)
    if trouble:
        return Reply.of(500, {"status": "error", "message": [trouble]})
    return Reply.of(200, {"status": "ok", **version(asked)})


def _router(asked: Visit) -> Reply:
    status = asked.path.partition("?")[0] == "/_status"
    return Reply(200, "nginx healthcheck status ok\n" if status else "Digital Marketplace\n")


def search_status(asked: Visit) -> Reply:
    """The status page of search-api: an index each, as the backend that the process holds has them."""
    backend = asked.backend
    if backend is None or (backend["last"]["type"] == "create" and progress(backend, asked.world.now) != "succeeded"):
        why = "Error connecting to elasticsearch (status_code: N/A, message: Connection refused)"
        return Reply.of(500, {"status": "error", "message": [why]})
    indices = {
        name: {
            "num_docs": index["documents"],
            "primary_size": index.get("size", f"{index['documents'] * 2 / 1000:.1f}mb"),
            "mapping_version": index.get("mapping_version", ""),
            "max_result_window": index.get("max_result_window", "50000"),
            "mapping_generated_from_framework": index.get("framework", ""),
            "aliases": list(index["aliases"]),
        }
        for name, index in sorted(backend["indices"].items())
    }
    free = 60 + dice.of_text(backend["guid"]) % 30
    return Reply.of(200, {"status": "ok", **version(asked), "disk": f"OK ({free}% free)", "es_status": indices})


def _search(asked: Visit) -> Reply:
    status = asked.path.partition("?")[0] == "/_status"
    return search_status(asked) if status else Reply.of(404, {"error": "Not found"})


def version(asked: Visit) -> Facts:
    """The release that a status page tells, unless it was asked to look at nothing else."""
    return {} if "ignore-dependencies" in asked.path else {"version": apps.release(asked.app["image"])}


PAGES: dict[str, Callable[[Visit], Reply]] = {"router": _router, "search-api": _search}
"""What answers for an app, by the name of its image; a later app is a line here."""
