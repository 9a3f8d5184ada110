"""`cf delete-service`: major version 8 takes live bindings with it, 7 refuses while there are any."""

from collections.abc import Generator

from wizard.platforms.cloudfoundry.call import Call
from wizard.platforms.cloudfoundry.cli import common, create
from wizard.platforms.cloudfoundry.cli.usage import Given
from wizard.platforms.cloudfoundry.things import LastOperation, Service
from wizard.platforms.sdk.invocation import Reply, Steps, Wanted


_STILL_BOUND = "Cannot delete service instance. Service keys, bindings, and shares must first be deleted."


def delete_service(call: Call, given: Given) -> Steps:
    """Begin to delete a service instance, after asking unless -f is given. A missing one is said and ends with 0."""
    common.preflight(call)
    name = given.words[0]
    if not given.has("force") and not (yield from _sure(call, name)):
        call.out("Delete cancelled")
        return
    common.intro(call, f"Deleting service instance {name}")
    call.out()
    found = call.world.space.service(name)
    if found is None:
        call.out(f"Service instance {name} did not exist.")
        call.out("OK")
        return
    common.refuse_in_progress(call, found)
    if call.world.cli.major < 8 and _in_use(call, found):
        common.fail(call, _STILL_BOUND)
    _begin(call, found)
    _say(call, found, wait=given.has("wait"))


def _sure(call: Call, name: str) -> Generator[Wanted, Reply, bool]:
    if call.world.cli.major >= 8:
        call.out(
            "This action impacts all resources scoped to this service instance, including service bindings, "
            "service keys and route bindings."
        )
        call.out("This will remove the service instance from any spaces where it has been shared.")
    return (yield from common.yes_or_no(call, f"Really delete the service instance {name}? [yN]: "))


def _in_use(call: Call, found: Service) -> bool:
    space = call.world.space
    return any(space.bindings_of(found)) or any(key.service == found.guid for key in space.keys.values())


def _begin(call: Call, found: Service) -> None:
    """Take the bindings away at once, the instance when the broker is done. Running apps keep dead credentials."""
    world = call.world
    for binding in list(world.space.bindings_of(found)):
        del world.space.bindings[binding.guid]
    for guid in [guid for guid, key in world.space.keys.items() if key.service == found.guid]:
        del world.space.keys[guid]
    takes = world.offerings[found.offering].takes.delete if found.offering else (0, 0)
    found.last = LastOperation("delete", world.now, world.between(*takes))


def _say(call: Call, found: Service, *, wait: bool) -> None:
    name = found.name
    if wait and found.last.seconds:
        create.await_end(call, found)
    if wait or not found.last.seconds:
        call.world.advance(0)
        call.out(f"Service instance {name} deleted.")
    else:
        call.out(f"Delete in progress. Use 'cf services' or 'cf service {name}' to check operation status.")
    call.out("OK")
