"""`cf rename`, `delete`, `set-env`, `unset-env`: what changes an app without starting it."""

from wizard.platforms.cloudfoundry import lifecycle, routes
from wizard.platforms.cloudfoundry.call import Call
from wizard.platforms.cloudfoundry.cli import common
from wizard.platforms.cloudfoundry.cli.usage import Given
from wizard.platforms.cloudfoundry.things import App, Route
from wizard.platforms.sdk.invocation import Steps


_DELETE_SECONDS = 5


def rename(call: Call, given: Given) -> None:
    """Give an app another name; what runs does not notice."""
    common.preflight(call)
    old, new = given.words
    common.intro(call, f"Renaming app {old} to {new}")
    found = common.find_app(call, old)
    taken = call.world.space.app(new)
    if taken is not None and taken is not found:
        common.fail(call, f"App with the name '{new}' already exists.")
    found.name = new
    lifecycle.event(call.world, found, "audit.app.update", f"name: {new}")
    call.out("OK")


def delete(call: Call, given: Given) -> Steps:
    """Delete an app, with -r its routes too, after asking unless -f is given. A missing one ends with 0."""
    common.preflight(call)
    name = given.words[0]
    if not given.has("f") and not (yield from common.yes_or_no(call, f"Really delete the app {name}? [yN]: ")):
        call.out(f"App '{name}' has not been deleted.")
        return
    common.intro(call, f"Deleting app {name}")
    space = call.world.space
    found = space.app(name)
    if found is None:
        call.err(f"App '{name}' does not exist.")
        call.out("OK")
        return
    leading = routes.of_app(space, found)
    if given.has("r"):
        _refuse_shared(call, found, leading)
    call.spend(_DELETE_SECONDS)
    lifecycle.remove(space, found)
    if given.has("r"):
        for route in leading:
            del space.routes[route.guid]
    call.out("OK")


def _refuse_shared(call: Call, found: App, leading: list[Route]) -> None:
    for route in leading:
        if len(route.apps) > 1:
            text = routes.address_of(route)
            why = f"because route '{text}' is mapped to more than one app."
            common.fail(call, f"App '{found.name}' was not deleted {why}")


def set_env(call: Call, given: Given) -> None:
    """Set a variable of an app's environment; the process that runs does not notice."""
    common.preflight(call)
    name, variable, value = given.words
    common.intro(call, f"Setting env variable {variable} for app {name}")
    found = common.find_app(call, name)
    found.env[variable] = value
    lifecycle.event(call.world, found, "audit.app.update", "environment_json: [PRIVATE DATA HIDDEN]")
    _restage_tip(call, name)


def unset_env(call: Call, given: Given) -> None:
    """Take a variable out of an app's environment; one that is not there is said and ends with 0."""
    common.preflight(call)
    name, variable = given.words
    common.intro(call, f"Removing env variable {variable} from app {name}")
    found = common.find_app(call, name)
    if variable not in found.env:
        call.err(f"Env variable {variable} was not set.")
        call.out("OK")
        return
    del found.env[variable]
    lifecycle.event(call.world, found, "audit.app.update", "environment_json: [PRIVATE DATA HIDDEN]")
    _restage_tip(call, name)


def _restage_tip(call: Call, name: str) -> None:
    call.out("OK")
    call.out()
    call.out(f"TIP: Use 'cf restage {name}' to ensure your env variable changes take effect.")
