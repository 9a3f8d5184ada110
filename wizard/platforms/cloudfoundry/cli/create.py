"""`cf create-service` and `cf rename-service`."""

import json

from wizard.platforms.cloudfoundry import faults, indices
from wizard.platforms.cloudfoundry.call import Call
from wizard.platforms.cloudfoundry.cli import common, restore
from wizard.platforms.cloudfoundry.cli.usage import Given
from wizard.platforms.cloudfoundry.things import LastOperation, Offering, Service
from wizard.platforms.cloudfoundry.world import ends_at, progress
from wizard.platforms.sdk import drills
from wizard.platforms.sdk.world import Json


_RESTORABLE = ("elasticsearch", "opensearch")
_BAD_JSON = (
    "Invalid configuration provided for -c flag. Please provide a valid JSON object or path to a file containing a "
    "valid JSON object."
)


def create_service(call: Call, given: Given) -> None:
    """Begin to create a service instance. A taken name is said and ends with 0, whatever bears it."""
    offering, plan, name = given.words
    params = parameters(call, given)
    common.preflight(call)
    common.intro(call, f"Creating service instance {name}")
    offered = _offered(call, offering, plan, given.flags.get("b", ""))
    quota = call.world.quota
    if not offered.plans[plan].free and not quota.paid:
        sentence = "The service instance cannot be created because paid service plans are not allowed for your space."
        common.fail(call, sentence)
    if call.world.space.service(name) is not None:
        call.out("OK")
        call.out(f"Service instance {name} already exists")
        return
    if call.world.managed_services() >= quota.services:
        common.fail(call, "You have exceeded your organization's services limit.")
    tags = [tag.strip() for tag in given.flags.get("t", "").split(",") if tag.strip()]
    made = Service(
        guid="",
        name=name,
        offering=offering,
        plan=plan,
        broker=offered.broker,
        params=params,
        tags=tags,
        restored_from=restore.source(call, offering, plan, params),
        last=LastOperation("create", call.world.now, 0),
    )
    _make(call, made, offered)
    _say_made(call, made, offered, wait=given.has("wait"))


def rename_service(call: Call, given: Given) -> None:
    """Give a service instance another name; running apps and bindings do not notice."""
    common.preflight(call)
    old, new = given.words
    common.intro(call, f"Renaming service {old} to {new}")
    space = call.world.space
    found = space.service(old)
    if found is None:
        call.out("TIP: Use 'cf services' to view all services in this org and space.")
        common.fail(call, f"Service instance '{old}' not found")
    common.refuse_in_progress(call, found)
    taken = space.service(new)
    if taken is not None and taken is not found:
        common.fail(call, f"The service instance name is taken: {new}")
    found.name = new
    call.out("OK")


def parameters(call: Call, given: Given) -> Json:
    """The object behind -c, which is JSON or the path of a file that holds it."""
    text = given.flags.get("c", "{}").strip()
    try:
        if not text.startswith("{") and call.place.has_file(text):
            text = call.place.read(text)
        value = json.loads(text)
    except (OSError, ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        common.fail(call, _BAD_JSON)
    return value


def _offered(call: Call, offering: str, plan: str, broker: str) -> Offering:
    offerings = call.world.offerings
    if offering not in offerings or (broker and offerings[offering].broker != broker):
        behind = f" for service broker '{broker}'" if broker else ""
        common.fail(call, f"Service offering '{offering}' not found{behind}.")
    offered = offerings[offering]
    if offered.brokers > 1 and not broker:
        common.fail(
            call,
            f"Service offering '{offering}' is provided by multiple service brokers. "
            "Specify a broker name by using the '-b' flag.",
        )
    if plan not in offered.plans:
        where = f"service offering '{offering}' and broker '{offered.broker}'"
        common.fail(call, f"The plan '{plan}' could not be found for {where}.")
    return offered


def _make(call: Call, made: Service, offered: Offering) -> None:
    """Let the broker begin with an instance that the platform took."""
    world, about = call.world, {"offering": made.offering, "name": made.name}
    made.last.seconds = world.between(*offered.takes.create)
    slow, failed = drills.take(world, faults.SlowCreate, **about), drills.take(world, faults.CreateFailed, **about)
    if slow is not None:
        made.last.seconds += slow.seconds
    if failed is not None:
        made.last.outcome, made.last.message = "failed", failed.says
    made.guid = world.guid()
    made.server = world.server(world.space, made.offering)
    backup = made.params.get("restore_from_latest_backup_of")
    if backup is not None:
        source = world.space.services.get(str(backup))
        if source is None or source.offering not in _RESTORABLE:
            made.last.outcome, made.last.message = "failed", "there is no backup of that instance"
        else:
            indices.restore(source, made)
    world.space.services[made.guid] = made


def _say_made(call: Call, made: Service, offered: Offering, *, wait: bool) -> None:
    name = made.name
    if call.world.cli.major < 8:
        call.out("OK")
        call.out()
        call.out(f"Create in progress. Use 'cf services' or 'cf service {name}' to check operation status.")
        if not offered.plans[made.plan].free:
            call.out()
            call.out(
                f"Attention: The plan `{made.plan}` of service `{made.offering}` is not free.  The instance "
                f"`{name}` will incur a cost.  Contact your administrator if you think this is in error."
            )
        return
    call.out()
    if wait:
        await_end(call, made)
        call.out(f"Service instance {name} created.")
    else:
        call.out(f"Create in progress. Use 'cf services' or 'cf service {name}' to check operation status.")
    call.out("OK")


def await_end(call: Call, service: Service) -> None:
    """Wait, as -w does, until the operation on a service instance is over; a failure ends the call."""
    call.write(1, "Waiting for the operation to complete")
    for _ in range(4):
        call.spend(max(0, -(-(ends_at(service) - call.world.now) // 2)))
        call.write(1, ".")
    call.spend(max(0, ends_at(service) - call.world.now))
    call.write(1, "\n\n")
    if progress(service, call.world.now) == "failed":
        common.fail(call, f"Job ({call.world.guid()}) failed: {service.last.message}")
