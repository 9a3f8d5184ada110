"""Credentials that look real: they open nothing but the rehearsal's own servers, where an instance stands on one."""

from __future__ import annotations

from wizard.platforms.sdk import seeded_random


TYPE_CHECKING = False
if TYPE_CHECKING:
    from wizard.platforms.cloudfoundry.world import Facts, Space, World

_PORTS = {"redis": 6379, "postgres": 5432, "elasticsearch": 443, "opensearch": 443}
_SCHEMES = {"redis": "rediss", "elasticsearch": "https", "opensearch": "https"}

DATABASE = "marketplace"
"""The name of the database on a real server of a rehearsal."""


def of_service(service: Facts, holder: str) -> Facts:
    """The credentials that a binding or key of this guid has; empty for a user-provided service."""
    offering = service["offering"]
    if not offering:
        return {}
    if "server" in service:
        return _of_server(service, holder, int(service["server"]["port"]))
    secret = f"{seeded_random.of_text(holder):016x}{seeded_random.of_text(holder + '+'):016x}"
    host, port = f"{service['guid'][:8]}.rehearsal.invalid", _PORTS.get(offering, 443)
    uri = f"{_SCHEMES.get(offering, offering)}://user:{secret}@{host}:{port}"
    return {"host": host, "password": secret, "port": port, "uri": uri, "username": "user"}


def _of_server(service: Facts, holder: str, port: int) -> Facts:
    """What opens a real server: a login for each holder at a database, one password for all at a Redis."""
    host, redis = "127.0.0.1", service["offering"] == "redis"
    whose = str(service["guid"]) if redis else holder
    password = f"{seeded_random.of_text(whose):016x}{seeded_random.of_text(whose + '+'):016x}"
    if redis:
        uri = f"redis://:{password}@{host}:{port}"
        return {"host": host, "name": service["guid"], "password": password, "port": port, "uri": uri}
    user = f"u{seeded_random.of_text(holder + '-'):016x}"
    uri = f"postgres://{user}:{password}@{host}:{port}/{DATABASE}"
    return {"host": host, "name": DATABASE, "password": password, "port": port, "uri": uri, "username": user}


def of_repository(world: World, stage: str, name: str) -> str:
    """A secret that the credentials repository of the estate holds for a stage, such as a token of an API."""
    about = f"{name} {stage} {world.facts['seed']}"
    return f"{seeded_random.of_text(about):016x}" * 2


def vcap_services(space: Space, app: Facts) -> Facts:
    """VCAP_SERVICES as an app that is started now would get it."""
    services: dict[str, list[Facts]] = {}
    for binding in space.bindings.values():
        if binding["app"] == app["guid"]:
            service = space.services[binding["service"]]
            label = service["offering"] or "user-provided"
            entry = {
                "binding_guid": binding["guid"],
                "binding_name": binding["name"] or None,
                "credentials": of_service(service, binding["guid"]),
                "instance_guid": service["guid"],
                "instance_name": service["name"],
                "label": label,
                "name": binding["name"] or service["name"],
                "plan": service["plan"] or None,
                "syslog_drain_url": service["params"].get("syslog_drain_url"),
                "tags": service["tags"],
            }
            services.setdefault(label, []).append(entry)
    return services
