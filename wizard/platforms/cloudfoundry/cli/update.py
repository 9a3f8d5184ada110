"""`cf update-service`: another plan or other parameters, as far as the broker lets a service change in place."""

from __future__ import annotations

from wizard.platforms.cloudfoundry.cli import common, create
from wizard.platforms.cloudfoundry.world import major_of
from wizard.platforms.digitalmarketplace import faults


TYPE_CHECKING = False
if TYPE_CHECKING:
    from wizard.platforms.cloudfoundry.cli.usage import Given
    from wizard.platforms.cloudfoundry.world import Facts
    from wizard.platforms.sdk.invocation import Invocation


def update_service(call: Invocation, given: Given) -> None:
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
    plan = given.get("p") or found["plan"]
    if plan != found["plan"]:
        _refuse(call, found, plan)
    if given.has("t"):
        found["tags"] = [tag.strip() for tag in given.get("t").split(",") if tag.strip()]
    found["params"] = {**found["params"], **params}
    _begin(call, found, plan)
    if given.has("wait"):
        create.await_end(call, found)
        call.out(f"Update of service instance {name} complete.")
    else:
        call.out(f"Update in progress. Use 'cf services' or 'cf service {name}' to check operation status.")
    call.out("OK")


def _refuse(call: Invocation, found: Facts, plan: str) -> None:
    offered = call.world.facts["offerings"].get(found["offering"])
    if offered is None or plan not in offered["plans"]:
        where = f"service offering '{found['offering']}' and broker '{found['broker']}'"
        common.fail(call, f"The plan '{plan}' could not be found for {where}.")
    rule = offered.get("updates", "none")
    old, new = major_of(found["plan"]), major_of(plan)
    if rule == "none" or (rule == "size" and old != new):
        common.fail(call, "The service does not support changing plans.")
    if rule == "next major":
        if new < old:
            common.fail(call, "Service broker error: cannot downgrade major versions")
        # The next one that is offered: what the platform never had nobody can go through.
        if new > min((major for major in map(major_of, offered["plans"]) if major > old), default=old):
            common.fail(
                call,
                "Service broker error: cannot skip major Postgres versions. Please upgrade one major version at a time "
                "(e.g. 10, to 11, to 12)",
            )
        if ("unencrypted" in plan) != ("unencrypted" in found["plan"]):
            why = "instance can not be updated to a plan with different encryption settings"
            common.fail(call, f"Service broker error: {why}")


def _begin(call: Invocation, found: Facts, plan: str) -> None:
    world = call.world
    spoiled = faults.take(world, "update_failed", service=found["name"])
    offered = world.facts["offerings"].get(found["offering"], {"takes": {}})
    takes = offered["takes"].get("update", [120, 600]) if plan != found["plan"] else [5, 20]
    last = {"type": "update", "started": world.now, "seconds": world.between(*takes), "outcome": "succeeded"}
    found["last"] = {**last, "message": "", "plan": plan}
    if spoiled is not None:
        found["last"].update(outcome="failed", message=str(spoiled.get("says", "the broker could not do it")))
