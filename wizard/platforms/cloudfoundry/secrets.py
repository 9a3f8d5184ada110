"""Credentials that look real: they open nothing but the rehearsal's own servers, where an instance stands on one."""

from wizard.platforms.cloudfoundry.things import App, RealServer, Service
from wizard.platforms.cloudfoundry.world import CloudWorld, Space
from wizard.platforms.sdk import seeded_random
from wizard.platforms.sdk.world import Json
from wizard.platforms.servers.credentials import Credentials


_PORTS = {"redis": 6379, "postgres": 5432, "elasticsearch": 443, "opensearch": 443}
_SCHEMES = {"redis": "rediss", "elasticsearch": "https", "opensearch": "https"}


def of_service(world: CloudWorld, service: Service, holder: str) -> Credentials | None:
    """What a binding or key of this guid has; None for a user-provided service."""
    offering = service.offering
    if not offering:
        return None
    if service.server is not None:
        return of_server(world, service, service.server, holder)
    secret = f"{seeded_random.of_text(holder):016x}{seeded_random.of_text(holder + '+'):016x}"
    host, port = f"{service.guid[:8]}.rehearsal.invalid", _PORTS.get(offering, 443)
    uri = f"{_SCHEMES.get(offering, offering)}://user:{secret}@{host}:{port}"
    return Credentials(host, port, secret, uri, "user")


def of_server(world: CloudWorld, service: Service, server: RealServer, holder: str) -> Credentials:
    """What opens a real server: a login for each holder at a database, one password for all at a Redis."""
    host, port, redis = "127.0.0.1", server.port, service.offering == "redis"
    whose = service.guid if redis else holder
    password = f"{seeded_random.of_text(whose):016x}{seeded_random.of_text(whose + '+'):016x}"
    if redis:
        return Credentials(host, port, password, f"redis://:{password}@{host}:{port}", name=service.guid)
    name = world.estate.contents.database
    user = f"u{seeded_random.of_text(holder + '-'):016x}"
    uri = f"postgres://{user}:{password}@{host}:{port}/{name}"
    return Credentials(host, port, password, uri, user, name)


def as_json(credentials: Credentials | None) -> Json:
    """As the platform hands them out; an empty table for none."""
    return {} if credentials is None else credentials.json()


def of_repository(world: CloudWorld, stage: str, name: str) -> str:
    """A secret that the credentials repository of the estate holds for a stage, such as a token of an API."""
    about = f"{name} {stage} {world.seed}"
    return f"{seeded_random.of_text(about):016x}" * 2


def vcap_services(world: CloudWorld, space: Space, app: App) -> Json:
    """VCAP_SERVICES as an app that is started now would get it."""
    services: dict[str, list[Json]] = {}
    for binding in space.bindings.values():
        if binding.app == app.guid:
            service = space.services[binding.service]
            label = service.offering or "user-provided"
            entry = {
                "binding_guid": binding.guid,
                "binding_name": binding.name or None,
                "credentials": as_json(of_service(world, service, binding.guid)),
                "instance_guid": service.guid,
                "instance_name": service.name,
                "label": label,
                "name": binding.name or service.name,
                "plan": service.plan or None,
                "syslog_drain_url": service.params.get("syslog_drain_url"),
                "tags": service.tags,
            }
            services.setdefault(label, []).append(entry)
    return services
