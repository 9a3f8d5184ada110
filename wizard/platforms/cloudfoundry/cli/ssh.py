"""`cf ssh`: a few words said inside an app's container."""

import json
import re
import shlex
from collections.abc import Callable

from wizard.platforms.cloudfoundry import apps, routes, secrets
from wizard.platforms.cloudfoundry.call import Call
from wizard.platforms.cloudfoundry.cli import common
from wizard.platforms.cloudfoundry.cli.usage import Given
from wizard.platforms.cloudfoundry.things import LATEST, App
from wizard.platforms.sdk.invocation import Steps, Tunnel
from wizard.platforms.servers.programs import LAB


_NO_SUCH_COMMAND = 127
_CLOSED = "Error: the connection to the container was closed"
_TUNNEL = re.compile(r"([^:\s]+:)?(?P<port>\d{1,5}):(?P<host>[^:\s]+):(?P<behind>\d{1,5})")


def ssh(call: Call, given: Given) -> Steps:
    """Run a command in an app's container, or take lines until `exit`; its exit code is the command's."""
    common.preflight(call)
    common.request(call)
    name = given.words[0]
    found = common.find_app(call, name)
    if found.state != "started":
        common.fail(call, f"Application '{name}' is not in the STARTED state")
    if found.process != "running":
        common.fail(call, "Error opening SSH connection: ssh: handshake failed")
    if given.has("L"):
        yield from _forward(call, found.guid, given.get("L").split("\n"))
    if given.has("command"):
        call.end(_said(call, found, " ".join(given.get("command").split("\n"))))
    code = 0
    while (line := (yield from call.ask(f"vcap@{_host(found)}:~$ "))) is not None:
        if line.strip() in {"exit", "logout"}:
            break
        inside = call.world.space.apps.get(found.guid)
        if inside is None:
            common.fail(call, _CLOSED)
        code = _said(call, inside, line) if line.strip() else code
    call.end(code)


def _forward(call: Call, app: str, wanted: list[str]) -> Steps:
    """Open tunnels through the app's container, and stay until somebody ends that or the container is gone."""
    if not call.world.lab.offerings:
        call.err(f"This rehearsal has no real servers, so nothing is behind the tunnel. {LAB} brings them.")
        while True:
            yield from call.follow()
    tunnels = [_TUNNEL.fullmatch(one) for one in wanted]
    if any(tunnel is None for tunnel in tunnels):
        common.fail(call, "Incorrect Usage: -L takes [BIND_ADDRESS:]PORT:HOST:HOST_PORT")
    ports = [(int(tunnel["port"]), tunnel["host"], int(tunnel["behind"])) for tunnel in tunnels if tunnel is not None]
    yield from call.open(Tunnel(app, ports))
    common.fail(call, _CLOSED)


def _said(call: Call, found: App, line: str) -> int:
    try:
        words = shlex.split(line)
    except ValueError:
        call.err("bash: -c: line 1: unexpected EOF while looking for matching quote")
        return 2
    act = _COMMANDS.get(words[0]) if words else None
    if act is None:
        call.err(f"bash: line 1: {words[0] if words else line}: command not found")
        return _NO_SUCH_COMMAND
    return act(call, found, words[1:])


def _nginx(call: Call, found: App, words: list[str]) -> int:
    """The version, which nginx says on standard error; nothing where the image has no nginx."""
    kind, release = apps.kind(found.image), apps.release(found.image)
    known = call.world.kinds.get(kind)
    software = {} if known is None else known.software.get("nginx", {})
    if not software:
        call.err("bash: line 1: nginx: command not found")
        return _NO_SUCH_COMMAND
    version = software.get(release.removeprefix("release-"), software[LATEST])
    if words[:1] == ["-v"]:
        (call.out if "2>&1" in words else call.err)(f"nginx version: nginx/{version}")
    elif words == ["-t"]:
        call.err("nginx: the configuration file /etc/nginx/nginx.conf syntax is ok")
        call.err("nginx: configuration file /etc/nginx/nginx.conf test is successful")
    return 0


def _environment(call: Call, found: App) -> dict[str, str]:
    tunnel_client = {entry.binding for entry in found.vcap}
    vcap = secrets.vcap_services(call.world, call.world.space, found)
    kept = {label: [one for one in some if one["binding_guid"] in tunnel_client] for label, some in vcap.items()}
    about = {"application_name": found.name, "application_uris": routes.addresses(call.world.space, found)}
    known = {"CF_INSTANCE_INDEX": "0", "PORT": "8080", "VCAP_APPLICATION": json.dumps(about)}
    return {**found.env, **known, "VCAP_SERVICES": json.dumps({label: some for label, some in kept.items() if some})}


def _env(call: Call, found: App, words: list[str]) -> int:
    del words
    for key, value in sorted(_environment(call, found).items()):
        call.out(f"{key}={value}")
    return 0


def _printenv(call: Call, found: App, words: list[str]) -> int:
    known = _environment(call, found)
    if not words:
        return _env(call, found, words)
    if words[0] not in known:
        return 1
    call.out(known[words[0]])
    return 0


def _echo(call: Call, found: App, words: list[str]) -> int:
    del found
    call.out(" ".join(words))
    return 0


def _hostname(call: Call, found: App, words: list[str]) -> int:
    del words
    call.out(_host(found))
    return 0


def _true(call: Call, found: App, words: list[str]) -> int:
    del call, found, words
    return 0


def _host(found: App) -> str:
    return f"{found.guid[:8]}-web-0"


_COMMANDS: dict[str, Callable[[Call, App, list[str]], int]] = {
    "nginx": _nginx,
    "env": _env,
    "printenv": _printenv,
    "echo": _echo,
    "hostname": _hostname,
    "true": _true,
}
