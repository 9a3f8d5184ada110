"""A database that begins with the contents of another: a snapshot, or a moment of its past."""

from wizard.platforms.cloudfoundry.call import Call
from wizard.platforms.cloudfoundry.cli import common
from wizard.platforms.sdk.world import Json


_KEYS = ("restore_from_latest_snapshot_of", "restore_from_point_in_time_of")
"""The parameters that name a source by its guid."""

_SAME_PLAN = "You must use the same plan as the service instance you are getting a snapshot from"


def source(call: Call, offering: str, plan: str, params: Json) -> str:
    """The guid of the database that a new one is restored from; the call ends where the broker refuses.

    Args:
        call: The call.
        offering: What is to be created.
        plan: On which plan; a database is restored on its own plan only.
        params: What was said behind -c.

    Returns:
        The guid; empty for an instance that begins empty.
    """
    guid = next((str(params[key]) for key in _KEYS if key in params), "")
    if not guid:
        return ""
    found = call.world.space.services.get(guid)
    if found is None or found.offering != offering or found.last.type == "delete":
        common.fail(call, f"Service broker error: cannot find the service instance {guid} to restore from")
    if plan != found.plan:
        common.fail(call, f"Service broker error: {_SAME_PLAN}")
    return guid
