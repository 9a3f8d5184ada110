"""What a manifest asks for one app, the command line over it, and the difference to the app there is."""

import os
import re
from collections.abc import Iterator

from wizard.platforms.cloudfoundry import apps, routes
from wizard.platforms.cloudfoundry.call import Call
from wizard.platforms.cloudfoundry.cli import common, manifest_text, usage
from wizard.platforms.cloudfoundry.cli.usage import Given
from wizard.platforms.cloudfoundry.things import App
from wizard.platforms.cloudfoundry.world import Space
from wizard.platforms.sdk.world import Json


USUAL_FILE = "manifest.yml"
_VARIABLE = re.compile(r"\(\(([A-Za-z0-9_.-]+)\)\)")
_REDACTED = "<redacted>"
_OVER = {
    "instances": "instances",
    "memory": "memory",
    "disk_quota": "disk",
    "command": "start-command",
    "health-check-type": "health-check-type",
    "timeout": "app-start-timeout",
}
"""What the command line says over the manifest: the manifest's key, and the option."""


def path_of(call: Call, given: Given) -> str:
    """The manifest's file as the CLI names it; empty where there is none to be read."""
    if given.has("no-manifest"):
        return ""
    named = given.get("manifest")
    path = os.path.normpath(call.place.path(named or USUAL_FILE).absolute())
    if call.place.has_folder(path):
        path = f"{path}/{USUAL_FILE}"
    if call.place.has_file(path):
        return path
    if named:
        usage.wrong(call, f"The specified path '{named}' does not exist.")
    return ""


def asked(call: Call, given: Given, path: str) -> list[Json]:
    """The apps that a push is asked for, each as its manifest's table with the command line over it."""
    found = _read(call, given, path) if path else []
    name = given.word(0)
    if name and len(found) > 1:
        found = [one for one in found if one.get("name") == name]
        if not found:
            common.fail(call, f"Could not find app named '{name}' in manifest")
    if not found:
        found = [{}]
    for one in found:
        if name:
            one["name"] = name
        if not one.get("name"):
            usage.wrong(
                call,
                "The push command requires an app name. The app name can be supplied as an argument or with a "
                "manifest.yml file.",
            )
        _override(one, given)
    if len(found) > 1 and any(given.has(key) for key in ("docker-image", "instances", "memory", "disk", "no-route")):
        common.fail(
            call,
            "Incorrect Usage: Command line flags (except -f and --no-start) cannot be applied when pushing "
            "multiple apps from a manifest file.",
        )
    return found


def _read(call: Call, given: Given, path: str) -> list[Json]:
    try:
        loaded = manifest_text.read(_with_variables(call, given, call.place.read(path)))
    except (OSError, UnicodeDecodeError):
        common.fail(call, f"The manifest {path} cannot be read.")
    except manifest_text.Unreadable as wrong:
        common.fail(call, str(wrong))
    found = loaded.get("applications") if isinstance(loaded, dict) else None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        common.fail(call, "Manifest does not contain any applications.")
    return found


def _with_variables(call: Call, given: Given, text: str) -> str:
    values: dict[str, str] = {}
    for named in filter(None, given.get("vars-file").split("\n")):
        loaded = manifest_text.read(call.place.read(named))
        values.update({key: str(value) for key, value in loaded.items()} if isinstance(loaded, dict) else {})
    values.update(dict(pair.partition("=")[::2] for pair in filter(None, given.get("var").split("\n"))))
    missing = sorted({name for name in _VARIABLE.findall(text) if name not in values})
    if missing:
        common.fail(call, f"Expected to find variables: {', '.join(missing)}")
    return _VARIABLE.sub(lambda match: values[match[1]], text)


def _override(one: Json, given: Given) -> None:
    for key, flag in _OVER.items():
        if given.has(flag):
            one[key] = given.get(flag)
    if given.has("docker-image"):
        one["docker"] = {"image": given.get("docker-image")}
    if given.has("docker-username"):
        one.setdefault("docker", {})["username"] = given.get("docker-username")
    for key in ("no-route", "random-route"):
        if given.has(key):
            one[key] = "true"


def flag(one: Json, key: str) -> bool:
    """Whether a manifest's table says yes to a key."""
    return str(one.get(key, "")).lower() in {"true", "yes", "on"}


def services(one: Json) -> list[tuple[str, str]]:
    """The service instances that a manifest binds: their names, and the names that the app is to find them by."""
    found = one.get("services") or []
    return [
        (str(each["name"]), str(each.get("binding_name", ""))) if isinstance(each, dict) else (str(each), "")
        for each in (found if isinstance(found, list) else [found])
    ]


def addresses(one: Json) -> list[str]:
    """The routes that a manifest names."""
    found = one.get("routes") or []
    return [str(each.get("route", "")) if isinstance(each, dict) else str(each) for each in found if each]


def of_app(space: Space, app: App) -> Json:
    """The manifest that would give an app as it is, keys in the order in which the CLI writes them."""
    bound = [b for b in space.bindings.values() if b.app == app.guid]
    return {
        "name": app.name,
        "docker": {"image": app.image},
        **({"env": dict(sorted(app.env.items()))} if app.env else {}),
        "routes": [{"route": text} for text in routes.addresses(space, app)],
        **({"services": sorted(space.services[b.service].name for b in bound)} if bound else {}),
        "processes": [
            {
                "type": "web",
                "instances": app.instances,
                "memory": app.memory,
                "disk_quota": app.disk,
                "health-check-type": app.health.type,
                "health-check-http-endpoint": app.health.endpoint,
            }
        ],
    }


def difference(space: Space, app: App | None, one: Json, *, redact: bool) -> Iterator[str]:
    """The lines in which the CLI shows what a push will change; values of the environment too, unless redacted."""
    yield "  ---"
    yield "  applications:"
    now = {} if app is None else _flat(of_app(space, app))
    wanted = _flat(one)
    first = True
    for key, value in wanted.items():
        dash = "- " if first else "  "
        first = False
        shown = dict.fromkeys(value, _REDACTED) if redact and key == "env" and isinstance(value, dict) else value
        if key not in now:
            yield from _marked("+", dash, key, shown)
        elif isinstance(value, dict | list):
            yield from _parts(dash, key, shown, now[key])
        elif str(now[key]) == str(value):
            yield from _marked(" ", dash, key, value)
        else:
            yield from _marked("-", dash, key, now[key])
            yield from _marked("+", dash, key, value)


def _flat(one: Json) -> Json:
    """A manifest's table with the sizes of the web process beside the rest."""
    process = next(iter(one.get("processes") or [{}]))
    flat = {**{key: value for key, value in one.items() if key != "processes"}, **process}
    flat.pop("type", None)
    for key in ("instances", "timeout"):
        if str(flat.get(key, "")).isdecimal():
            flat[key] = int(flat[key])
    return {key: value for key, value in flat.items() if value not in ("", [], {})}


def _marked(mark: str, dash: str, key: str, value: object) -> Iterator[str]:
    for number, line in enumerate(manifest_text.write({key: value})):
        yield f"{mark} {dash if number == 0 else '  '}{line}"


def _parts(dash: str, key: str, value: Json | list[Json], now: object) -> Iterator[str]:
    yield f"  {dash}{key}:"
    before = list(manifest_text.write(now)) if isinstance(now, dict | list) else []
    for line in manifest_text.write(value):
        inner = f"  {line}" if isinstance(value, dict) else line
        yield f"{' ' if line in before or line.endswith(_REDACTED) else '+'}   {inner}"


def sizes(call: Call, one: Json, app: App | None) -> tuple[int, int, str]:
    """How many instances an app is to have, of how many megabytes, and on how much disk."""
    one = _flat(one)
    instances, memory = str(one.get("instances", app.instances if app else 1)), str(one.get("memory", ""))
    if not instances.isdecimal():
        common.fail(call, f"For application '{one['name']}': Instances must be a number")
    amount = apps.megabytes(memory) if memory else apps.megabytes(app.memory if app else "1G")
    if amount is None:
        common.fail(call, f"For application '{one['name']}': Memory must use a supported unit: B, K, KB, M, MB, G, GB")
    disk = apps.megabytes(str(one.get("disk_quota", "")))
    return int(instances), amount, apps.size(disk) if disk else app.disk if app else "2G"
