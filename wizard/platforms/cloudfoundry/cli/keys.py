"""`cf create-service-key` and what belongs to it: credentials of a service instance for somebody who is no app."""

import json

from wizard.platforms.cloudfoundry import secrets
from wizard.platforms.cloudfoundry.call import Call
from wizard.platforms.cloudfoundry.cli import common, create
from wizard.platforms.cloudfoundry.cli.usage import Given
from wizard.platforms.cloudfoundry.things import Service, ServiceKey
from wizard.platforms.sdk.invocation import Steps


def create_service_key(call: Call, given: Given) -> None:
    """Make a key. One of that name is said and ends with 0."""
    params = create.parameters(call, given)
    common.preflight(call)
    service_name, name = given.words
    common.intro_user(call, f"Creating service key {name} for service instance {service_name}")
    service = common.find_service(call, service_name)
    if _key(call, service, name) is not None:
        call.out(f"Service key {name} already exists")
        call.out("OK")
        return
    common.refuse_in_progress(call, service)
    made = ServiceKey(call.world.guid(), name, service.guid, call.world.now, params)
    call.world.space.keys[made.guid] = made
    call.out("OK")


def service_keys(call: Call, given: Given) -> None:
    """List the keys of a service instance."""
    common.preflight(call)
    service_name = given.words[0]
    common.intro_user(call, f"Getting keys for service instance {service_name}")
    service = common.find_service(call, service_name)
    call.out()
    found = [key for key in call.world.space.keys.values() if key.service == service.guid]
    if not found:
        call.out(f"No service keys for service instance {service_name}")
        return
    eight = call.world.cli.major >= 8
    head = ["name", "last operation", "message"] if eight else ["name"]
    rows = [[key.name, "create succeeded", ""][: len(head)] for key in sorted(found, key=lambda key: str(key.name))]
    common.table(call, [head, *rows])


def service_key(call: Call, given: Given) -> None:
    """Show a key's credentials, with --guid its bare guid."""
    common.preflight(call)
    service_name, name = given.words
    bare = given.has("guid") or given.has("json")
    if bare:
        common.request(call)
    else:
        common.intro_user(call, f"Getting key {name} for service instance {service_name}")
    service = common.find_service(call, service_name)
    found = _key(call, service, name)
    if found is None:
        common.fail(call, f"No service key {name} found for service instance {service_name}")
    if given.has("guid"):
        call.out(found.guid)
        return
    credentials = secrets.as_json(secrets.of_service(call.world, service, found.guid))
    if not bare:
        call.out()
    call.out(json.dumps({"credentials": credentials} if call.world.cli.major >= 8 else credentials, indent=2))


def delete_service_key(call: Call, given: Given) -> Steps:
    """Delete a key, after asking unless -f is given. A missing one is said and ends with 0."""
    common.preflight(call)
    service_name, name = given.words
    if not given.has("f") and not (yield from common.yes_or_no(call, f"Really delete the service key {name}? [yN]: ")):
        call.out("Delete cancelled")
        return
    common.intro_user(call, f"Deleting key {name} for service instance {service_name}")
    service = common.find_service(call, service_name)
    found = _key(call, service, name)
    if found is None:
        call.out(f"Service key {name} does not exist for service instance {service_name}.")
    else:
        common.refuse_in_progress(call, service)
        del call.world.space.keys[found.guid]
    call.out("OK")


def _key(call: Call, service: Service, name: str) -> ServiceKey | None:
    found = call.world.space.keys.values()
    return next((key for key in found if (key.service, key.name) == (service.guid, name)), None)
