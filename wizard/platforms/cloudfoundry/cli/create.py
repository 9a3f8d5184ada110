"""`cf create-service` and `cf rename-service`."""

from __future__ import annotations

import json

from wizard.platforms.cloudfoundry.cli import common, restore
from wizard.platforms.cloudfoundry.world import ends_at, progress
from wizard.platforms.digitalmarketplace import faults, search


TYPE_CHECKING = False
if TYPE_CHECKING:
    from wizard.platforms.cloudfoundry.cli.usage import Given
    from wizard.platforms.cloudfoundry.world import Facts
    from wizard.platforms.sdk.invocation import Invocation

_RESTORABLE = ("elasticsearch", "opensearch")
_BAD_JSON = (
    "Invalid configuration provided for -c flag. Please provide a valid JSON object or path to a file containing a "
    "valid JSON object."
)


def create_service(call: Invocation, given: Given) -> None:
    """Begin to create a service instance. A taken name is said and ends with 0, whatever bears it."""
    offering, plan, name = given.words
    params = parameters(call, given)
    common.preflight(call)
    common.intro(call, f"Creating service instance {name}")
    offered = _offered(call, offering, plan, given.flags.get("b", ""))
    quota = call.world.facts["quota"]
    if not offered["plans"][plan]["free"] and not quota["paid"]:
        sentence = "The service instance cannot be created because paid service plans are not allowed for your space."
        common.fail(call, sentence)
    if call.world.space.service(name) is not None:
        call.out("OK")
        call.out(f"Service instance {name} already exists")
        return
    if _instances(call) >= quota["services"]:
        common.fail(call, "You have exceeded your organization's services limit.")
    tags = [tag.strip() for tag in given.flags.get("t", "").split(",") if tag.strip()]
    restored = restore.source(call, offering, plan, params)
    what = {"name": name, "offering": offering, "plan": plan, "params": params, "tags": tags}
    what["restored_from"] = restored
    made = _make(call, what, offered)
    _say_made(call, made, offered, wait=given.has("wait"))


def rename_service(call: Invocation, given: Given) -> None:
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
    found["name"] = new
    call.out("OK")


def parameters(call: Invocation, given: Given) -> Facts:
    """The object behind -c, which is JSON or the path of a file that holds it."""
    text = given.flags.get("c", "{}").strip()
    try:
        if not text.startswith("{") and call.place.path(text).is_file():
            text = call.place.read(text)
        value = json.loads(text)
    except (OSError, ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        common.fail(call, _BAD_JSON)
    return value


def _offered(call: Invocation, offering: str, plan: str, broker: str) -> Facts:
    offerings: dict[str, Facts] = call.world.facts["offerings"]
    if offering not in offerings or (broker and offerings[offering]["broker"] != broker):
        behind = f" for service broker '{broker}'" if broker else ""
        common.fail(call, f"Service offering '{offering}' not found{behind}.")
    offered = offerings[offering]
    if offered.get("brokers", 1) > 1 and not broker:
        common.fail(
            call,
            f"Service offering '{offering}' is provided by multiple service brokers. "
            "Specify a broker name by using the '-b' flag.",
        )
    if plan not in offered["plans"]:
        where = f"service offering '{offering}' and broker '{offered['broker']}'"
        common.fail(call, f"The plan '{plan}' could not be found for {where}.")
    return offered


def _instances(call: Invocation) -> int:
    """The managed service instances of the organisation; user-provided ones do not count."""
    spaces = call.world.facts["spaces"].values()
    return sum(1 for space in spaces for one in space["services"].values() if one["offering"])


def _make(call: Invocation, what: Facts, offered: Facts) -> Facts:
    world = call.world
    seconds = world.between(*offered["takes"]["create"])
    last: Facts = {"type": "create", "started": world.now, "seconds": seconds, "outcome": "succeeded", "message": ""}
    slow = faults.take(world, "slow_create", offering=what["offering"], name=what["name"])
    failed = faults.take(world, "create_failed", offering=what["offering"], name=what["name"])
    if slow is not None:
        last["seconds"] = seconds + int(slow["seconds"])
    if failed is not None:
        last.update(outcome="failed", message=str(failed.get("says", "the broker could not do it")))
    made = {"guid": world.guid(), "broker": offered["broker"], "last": last, "indices": {}, **what}
    made |= world.server(world.space, what["offering"])
    backup = what["params"].get("restore_from_latest_backup_of")
    if backup is not None:
        source = world.space.services.get(str(backup))
        if source is None or source["offering"] not in _RESTORABLE:
            last.update(outcome="failed", message="there is no backup of that instance")
        else:
            search.restore(source, made)
    world.space.services[made["guid"]] = made
    return made


def _say_made(call: Invocation, made: Facts, offered: Facts, *, wait: bool) -> None:
    name = made["name"]
    if call.world.major < 8:
        call.out("OK")
        call.out()
        call.out(f"Create in progress. Use 'cf services' or 'cf service {name}' to check operation status.")
        if not offered["plans"][made["plan"]]["free"]:
            call.out()
            call.out(
                f"Attention: The plan `{made['plan']}` of service `{made['offering']}` is not free.  The instance "
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


def await_end(call: Invocation, service: Facts) -> None:
    """Wait, as -w does, until the operation on a service instance is over; a failure ends the call."""
    call.write(1, "Waiting for the operation to complete")
    for _ in range(4):
        call.spend(max(0, -(-(ends_at(service) - call.world.now) // 2)))
        call.write(1, ".")
    call.spend(max(0, ends_at(service) - call.world.now))
    call.write(1, "\n\n")
    if progress(service, call.world.now) == "failed":
        common.fail(call, f"Job ({call.world.guid()}) failed: {service['last']['message']}")
