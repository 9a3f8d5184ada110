"""`cf marketplace`: which services can be had, in which plans, and what they cost."""

from wizard.platforms.cloudfoundry.call import Call
from wizard.platforms.cloudfoundry.cli import common
from wizard.platforms.cloudfoundry.cli.usage import Given
from wizard.platforms.cloudfoundry.things import Offering
from wizard.platforms.sdk import tables


def marketplace(call: Call, given: Given) -> None:
    """List the offerings, or with -e the plans of one."""
    common.preflight(call)
    offerings = call.world.offerings
    if given.has("e"):
        name = given.flags["e"]
        common.intro(call, f"Getting service plan information for service offering {name}")
        if name not in offerings:
            common.fail(call, f"Service offering '{name}' not found.")
        _plans(call, offerings[name])
        return
    common.intro(call, "Getting all service offerings from marketplace")
    call.out()
    table = [["offering", "plans", "description", "broker"]]
    for name, offering in offerings.items():
        table.append([name, ", ".join(offering.plans), offering.description, offering.broker])
    for line in tables.rows(table):
        call.out(line)
    call.out()
    call.out(
        "TIP: Use 'cf marketplace -e SERVICE_OFFERING' to view descriptions of individual plans of a given service "
        "offering."
    )


def _plans(call: Call, offering: Offering) -> None:
    call.out()
    call.out(f"broker: {offering.broker}")
    available = call.world.cli.major >= 8
    table = [["plan", "description", "free or paid", "costs", *(["available"] if available else [])]]
    for name, plan in offering.plans.items():
        table.append([name, plan.description, "free" if plan.free else "paid", plan.costs, *(["yes"] * available)])
    for line in tables.rows(table, "   "):
        call.out(line)
