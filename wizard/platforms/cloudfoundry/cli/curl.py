"""`cf curl`: the parts of the platform's own interface that procedures ask."""

import json
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, urlsplit

from wizard.platforms.cloudfoundry import routes, secrets
from wizard.platforms.cloudfoundry.call import Call
from wizard.platforms.cloudfoundry.cli import common
from wizard.platforms.cloudfoundry.cli.usage import Given
from wizard.platforms.cloudfoundry.world import CloudWorld, Space, progress
from wizard.platforms.sdk.world import Json


_NOT_FOUND = {"errors": [{"code": 10000, "detail": "Unknown request", "title": "CF-NotFound"}]}
_FAILED_CODE = 22


def curl(call: Call, given: Given) -> None:
    """Ask the platform; only reading is answered. With --fail an error of the platform ends with 22."""
    common.preflight(call, org=False, space=False)
    common.request(call)
    if given.get("X").upper() not in {"", "GET"} or given.has("d"):
        common.fail(call, "The pretend platform of this rehearsal answers reading requests only.")
    found = _answer(call.world, urlsplit(given.words[0]).path, dict(parse_qsl(urlsplit(given.words[0]).query)))
    call.out(json.dumps(_NOT_FOUND if found is None else found, indent=1))
    if found is None and given.has("fail"):
        call.err("The requested URL returned error: 404")
        call.end(_FAILED_CODE)


def _answer(world: CloudWorld, path: str, query: dict[str, str]) -> Json | None:
    words = path.strip("/").split("/")
    if words == ["v3", "info"]:
        return {"name": "pretend", "cli_version": {"minimum": "", "recommended": ""}, "links": {}}
    if len(words) < 2 or words[0] != "v3" or words[1] not in _KINDS:
        return None
    found = list(_KINDS[words[1]](world))
    if len(words) == 2:
        return _page(world, words[1], [one for one in found if _fits(one, query)])
    one = next((one for one in found if one["guid"] == words[2]), None)
    if one is None or len(words) == 3:
        return one
    return _inside(world, one, words[3:])


def _page(world: CloudWorld, kind: str, found: list[Json]) -> Json:
    first = {"href": f"{world.target.api}/v3/{kind}?page=1&per_page=50"}
    pages = {
        "total_results": len(found),
        "total_pages": 1,
        "first": first,
        "last": first,
        "next": None,
        "previous": None,
    }
    return {"pagination": pages, "resources": found}


def _fits(one: Json, query: dict[str, str]) -> bool:
    """Whether a resource has one of the asked values for each key that can be asked for."""
    for key, value in query.items():
        wanted = value.split(",")
        has = _ASKED.get(key)
        if has is not None and has(one) not in wanted:
            return False
    return True


def _inside(world: CloudWorld, one: Json, words: list[str]) -> Json | None:
    space = next(space for space in world.spaces.values() if space.guid == _space(one))
    app = space.apps.get(one["guid"])
    if app is not None and words == ["env"]:
        vcap = {"VCAP_SERVICES": secrets.vcap_services(world, space, app)}
        empty: Json = {}
        own = {"environment_variables": app.env, "staging_env_json": empty, "running_env_json": empty}
        return {**own, "system_env_json": vcap, "application_env_json": empty}
    if app is not None and words == ["environment_variables"]:
        return {"var": app.env}
    if app is not None and words == ["processes", "web", "stats"]:
        state = "RUNNING" if app.process == "running" else "CRASHED" if app.process == "crashed" else "DOWN"
        return {"resources": [{"type": "web", "index": index, "state": state} for index in range(app.instances)]}
    route = space.routes.get(one["guid"])
    if route is not None and words == ["destinations"]:
        return {"destinations": one["destinations"]}
    return None


def _apps(world: CloudWorld) -> Iterator[Json]:
    for space in world.spaces.values():
        for app in space.apps.values():
            life = {"type": "docker", "data": {}}
            own = {"guid": app.guid, "name": app.name, "state": app.state.upper(), "lifecycle": life}
            yield {**own, "created_at": world.moment(app.uploaded), **_related(space)}


def _routes(world: CloudWorld) -> Iterator[Json]:
    for space, route in routes.everywhere(world):
        own = {"guid": route.guid, "host": route.host, "path": route.path}
        own |= {"url": routes.address_of(route), "protocol": "http"}
        to = [{"app": {"guid": guid, "process": {"type": "web"}}, "port": 8080} for guid in route.apps]
        yield {**own, "destinations": to, **_related(space)}


def _services(world: CloudWorld) -> Iterator[Json]:
    for space in world.spaces.values():
        for service in space.services.values():
            last = service.last
            state = {"type": last.type, "state": progress(service, world.now), "description": last.message}
            kind = "managed" if service.offering else "user-provided"
            own = {"guid": service.guid, "name": service.name, "type": kind, "tags": service.tags}
            yield {**own, "last_operation": state, **_related(space)}


def _credential_bindings(world: CloudWorld) -> Iterator[Json]:
    done = {"type": "create", "state": "succeeded", "description": ""}
    for space in world.spaces.values():
        for binding in space.bindings.values():
            own = {"guid": binding.guid, "name": binding.name or None, "type": "app", "last_operation": done}
            to = {"app": binding.app, "service_instance": binding.service}
            yield {**own, **_related(space, **to)}
        for key in space.keys.values():
            own = {"guid": key.guid, "name": key.name, "type": "key", "last_operation": done}
            yield {**own, **_related(space, service_instance=key.service)}


def _spaces(world: CloudWorld) -> Iterator[Json]:
    for space in world.spaces.values():
        yield {"guid": space.guid, "name": space.name}


def _organizations(world: CloudWorld) -> Iterator[Json]:
    yield {"guid": world.org_guid, "name": world.org, "suspended": False}


def _related(space: Space, **to: str) -> Json:
    return {"relationships": {key: {"data": {"guid": guid}} for key, guid in {"space": space.guid, **to}.items()}}


def _other(one: Json, key: str) -> str:
    return str(one.get("relationships", {}).get(key, {}).get("data", {}).get("guid", ""))


def _space(one: Json) -> str:
    return _other(one, "space")


_KINDS: dict[str, Callable[[CloudWorld], Iterator[Json]]] = {
    "apps": _apps,
    "routes": _routes,
    "service_instances": _services,
    "service_credential_bindings": _credential_bindings,
    "spaces": _spaces,
    "organizations": _organizations,
}
_ASKED: dict[str, Callable[[Json], str]] = {
    "names": lambda one: str(one.get("name")),
    "guids": lambda one: str(one["guid"]),
    "hosts": lambda one: str(one.get("host")),
    "paths": lambda one: str(one.get("path")),
    "type": lambda one: str(one.get("type")),
    "space_guids": _space,
    "app_guids": lambda one: _other(one, "app"),
    "service_instance_guids": lambda one: _other(one, "service_instance"),
}
