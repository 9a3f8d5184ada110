"""`cf update-service`: another plan or other parameters, as far as the broker lets a service change in place."""

from wizard.platforms.cloudfoundry import faults
from wizard.platforms.cloudfoundry.call import Call
from wizard.platforms.cloudfoundry.cli import common, create
from wizard.platforms.cloudfoundry.cli.usage import Given
from wizard.platforms.cloudfoundry.things import LastOperation, Service
from wizard.platforms.cloudfoundry.world import major_of
from wizard.platforms.sdk import drills


def update_service(call: Call, given: Given) -> None:
    """Begin to change a service instance."""
    params = create.parameters(call, given)
    common.preflight(call)
    name = given.words[0]
    common.intro(call, f"Updating service instance {name}")
    found = common.find_service(call, name)
    call.out()
    if not any(given.has(key) for key in ("p", "c", "t")):
        call.out("No flags specified. No changes were made.")
        call.out("OK")
        return
    common.refuse_in_progress(call, found)
    plan = given.get("p") or found.plan
    if plan != found.plan:
        _refuse(call, found, plan)
    if given.has("t"):
        found.tags = [tag.strip() for tag in given.get("t").split(",") if tag.strip()]
    found.params = {**found.params, **params}
    _begin(call, found, plan)
    if given.has("wait"):
        create.await_end(call, found)
        call.out(f"Update of service instance {name} complete.")
    else:
        call.out(f"Update in progress. Use 'cf services' or 'cf service {name}' to check operation status.")
    call.out("OK")


def _refuse(call: Call, found: Service, plan: str) -> None:
    offered = call.world.offerings.get(found.offering)
    if offered is None or plan not in offered.plans:
        where = f"service offering '{found.offering}' and broker '{found.broker}'"
        common.fail(call, f"The plan '{plan}' could not be found for {where}.")
    rule = offered.updates
    old, new = major_of(found.plan), major_of(plan)
    if rule == "none" or (rule == "size" and old != new):
        common.fail(call, "The service does not support changing plans.")
    if rule == "next major":
        if new < old:
            common.fail(call, "Service broker error: cannot downgrade major versions")
        # The next one that is offered: what the platform never had nobody can go through.
        if new > min((major for major in map(major_of, offered.plans) if major > old), default=old):
            common.fail(
                call,
                "Service broker error: cannot skip major Postgres versions. Please upgrade one major version at a time "
                "(e.g. 10, to 11, to 12)",
            )
        if ("unencrypted" in plan) != ("unencrypted" in found.plan):
            why = "instance can not be updated to a plan with different encryption settings"
            common.fail(call, f"Service broker error: {why}")


def _begin(call: Call, found: Service, plan: str) -> None:
    world = call.world
    spoiled = drills.take(world, faults.UpdateFailed, service=found.name)
    offered = world.offerings.get(found.offering)
    takes = (5, 20) if offered is None or plan == found.plan else offered.takes.update
    found.last = LastOperation("update", world.now, world.between(*takes), plan=plan)
    if spoiled is not None:
        found.last.outcome, found.last.message = "failed", spoiled.says
