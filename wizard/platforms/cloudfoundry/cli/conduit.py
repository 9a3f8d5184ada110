"""`cf conduit`: a command run behind a tunnel to a service instance, through an app made for that alone."""

from wizard.platforms.cloudfoundry import apps, lifecycle, secrets
from wizard.platforms.cloudfoundry.call import Call
from wizard.platforms.cloudfoundry.cli import common
from wizard.platforms.cloudfoundry.cli.usage import Given
from wizard.platforms.cloudfoundry.things import Service
from wizard.platforms.sdk.invocation import Steps, Tunnel
from wizard.platforms.servers.credentials import Credentials
from wizard.platforms.servers.programs import LAB


_TUNNELLED = ("postgres", "redis")
_IMAGE = "cloudfoundry/conduit:release-1"


def conduit(call: Call, given: Given) -> Steps:
    """Open a way to an instance through an app of its own, run the command, and take the app away again."""
    name = f"__conduit_{given.get('local-port') or '7080'}__"
    common.preflight(call)
    common.request(call)
    service = common.find_service(call, given.words[0])
    if service.offering not in _TUNNELLED:
        common.fail(call, f"Conduit cannot tunnel to a service of {service.offering or 'no offering'}")
    if service.server is None:
        common.fail(call, f"No real server is behind {service.name} in this rehearsal. {LAB} brings them.")
    call.err(f"Deploying {name} and binding {service.name} to it")
    call.spend(20)
    space = call.world.space
    app = space.app(name) or apps.make_small(call.world, space, name, _IMAGE)
    binding = space.binding(app, service) or lifecycle.bind(call.world, space, app, service)
    lifecycle.start(call.world, space, app)
    credentials = secrets.of_server(call.world, service, service.server, binding.guid)
    tunnel = Tunnel(
        app.guid,
        conduit=int(credentials.port),
        command=given.after,
        environment=_environment(service, credentials),
        told=_told(given, credentials),
    )
    code = yield from call.open(tunnel)
    _take_away(call, name)
    call.end(code)


def _environment(service: Service, credentials: Credentials) -> dict[str, str]:
    """What the command finds its server by."""
    if service.offering == "redis":
        password = credentials.password
        return {
            "REDIS_URL": f"redis://:{password}@127.0.0.1:{{port}}",
            "REDISCLI_AUTH": password,
            "REDIS_PORT": "{port}",
        }
    user, password, name = credentials.username, credentials.password, credentials.name
    return {
        "PGHOST": "127.0.0.1",
        "PGPORT": "{port}",
        "PGUSER": user,
        "PGPASSWORD": password,
        "PGDATABASE": name,
        "DATABASE_URL": f"postgres://{user}:{password}@127.0.0.1:{{port}}/{name}",
    }


def _told(given: Given, credentials: Credentials) -> str:
    """What is said where no command runs: how to connect."""
    if given.after:
        return ""
    user = f"  user: {credentials.username}\n" if credentials.username else ""
    return f"The tunnel is open.\n  host: 127.0.0.1\n  port: {{port}}\n{user}  password: {credentials.password}\n"


def _take_away(call: Call, name: str) -> None:
    space = call.world.space
    app = space.app(name)
    if app is not None:
        call.err(f"Deleting {name}")
        lifecycle.remove(space, app)
