"""`cf api`, `login`, `auth`, `logout`, and orgs, spaces and quotas: who is where, and how much there may be."""

from wizard.platforms.cloudfoundry.call import Call
from wizard.platforms.cloudfoundry.cli import common, target
from wizard.platforms.cloudfoundry.cli.usage import Given
from wizard.platforms.cloudfoundry.things import Target
from wizard.platforms.sdk.invocation import Steps


_REJECTED = "Credentials were rejected, please try again."


def api(call: Call, given: Given) -> None:
    """Show the endpoint, or set it; setting it ends the login."""
    now = call.world.target
    endpoint = given.word(0)
    if given.has("unset"):
        call.out("Unsetting API endpoint...")
        _leave(now)
        now.api = ""
        call.out("OK")
        return
    if endpoint:
        call.out(f"Setting API endpoint to {endpoint}...")
        _leave(now)
        now.api = endpoint if "://" in endpoint else f"https://{endpoint}"
        call.out("OK")
        call.out()
    if not now.api:
        call.out("No API endpoint set. Use 'cf api' to set an endpoint")
        return
    common.table(call, [["API endpoint:", now.api], ["API version:", now.version]])
    if now.token == "none":  # noqa: S105 - the state of a login, not a secret
        call.out("Not logged in. Use 'cf login' or 'cf login --sso' to log in.")


def login(call: Call, given: Given) -> Steps:
    """Log in, with prompts for what is not said, and point at an org and a space."""
    api = given.get("a") or call.world.target.api or (yield from call.ask("API endpoint: "))
    if not api:
        common.fail(call, common.NO_API)
    call.out(f"API endpoint: {api}")
    call.out()
    user = ""
    if given.has("sso") or given.has("sso-passcode"):
        prompt = f"Temporary Authentication Code ( Get one at {_passcode(call)} ): "
        said = given.get("sso-passcode") or (yield from call.ask(prompt))
    else:
        user = given.get("u") or (yield from call.ask("Email: ")) or ""
        said = given.get("p") or (yield from call.ask("Password: "))
    now = call.world.target
    now.api, now.user, now.token = api, user or now.user, "good" if said else "none"
    call.out()
    call.out("Authenticating...")
    if not said:
        common.fail(call, _REJECTED)
    common.request(call)
    call.out("OK")
    call.out()
    target.point(call, given.get("o") or now.org or call.world.org, given.get("s") or now.space)


def auth(call: Call, given: Given) -> None:
    """Log in without prompts: the words, or CF_USERNAME and CF_PASSWORD."""
    now = call.world.target
    if not now.api:
        common.fail(call, common.NO_API)
    user = given.word(0) or call.environment.get("CF_USERNAME", "")
    said = given.word(1) or call.environment.get("CF_PASSWORD", "")
    if not user or not said:
        missing = "Username and password" if not user and not said else "Password" if user else "Username"
        common.fail(call, f"{missing} not provided.")
    call.out(f"API endpoint: {now.api}")
    call.out()
    call.out("Authenticating...")
    now.user, now.token = user, "good"
    common.request(call)
    call.out("OK")
    call.out()
    call.out("Use 'cf target' to view or set your target org and space.")


def logout(call: Call, given: Given) -> None:
    """Log out."""
    del given
    now = call.world.target
    call.out(f"Logging out {now.user}...")
    _leave(now)
    call.out("OK")


def orgs(call: Call, given: Given) -> None:
    """List the organisations."""
    del given
    common.preflight(call, org=False, space=False)
    common.intro_user(call, "Getting orgs")
    call.out()
    common.table(call, [["name"], [call.world.org]])


def spaces(call: Call, given: Given) -> None:
    """List the spaces of the targeted organisation."""
    del given
    common.preflight(call, space=False)
    common.intro_user(call, f"Getting spaces in org {call.world.target.org}")
    call.out()
    common.table(call, [["name"], *([name] for name in call.world.spaces)])


def org(call: Call, given: Given) -> None:
    """Show an organisation; with --guid its bare guid."""
    common.preflight(call, org=False, space=False)
    name, world = given.words[0], call.world
    if not given.has("guid"):
        common.intro_user(call, f"Getting info for org {name}")
    common.request(call)
    if name != world.org:
        common.fail(call, f"Organization '{name}' not found.")
    if given.has("guid"):
        call.out(world.org_guid)
        return
    call.out()
    rows = [["name:", name], ["domains:", ", ".join(world.domains)], ["quota:", world.quota.name]]
    common.table(call, [*rows, ["spaces:", ", ".join(world.spaces)], ["isolation segments:", ""]])


def space(call: Call, given: Given) -> None:
    """Show a space; with --guid its bare guid."""
    common.preflight(call, space=False)
    name, world = given.words[0], call.world
    if not given.has("guid"):
        common.intro_user(call, f"Getting info for space {name} in org {world.org}")
    common.request(call)
    if name not in world.spaces:
        common.fail(call, f"Space '{name}' not found.")
    found = call.world.spaces[name]
    if given.has("guid"):
        call.out(found.guid)
        return
    call.out()
    names = ", ".join(sorted(str(app.name) for app in found.apps.values()))
    services = ", ".join(sorted(str(service.name) for service in found.services.values()))
    rows = [["name:", name], ["org:", world.org], ["apps:", names], ["services:", services]]
    common.table(call, [*rows, ["isolation segment:", ""], ["quota:", ""]])


def quotas(call: Call, given: Given) -> None:
    """List the quotas of organisations."""
    del given
    common.preflight(call, org=False, space=False)
    common.intro_user(call, "Getting org quotas")
    call.out()
    quota = call.world.quota
    head = ["name", "total memory", "instance memory", "routes", "service instances", "paid service plans"]
    paid = "allowed" if quota.paid else "disallowed"
    row = [quota.name, quota.memory, "unlimited", "1000", str(quota.services), paid]
    more = ["app instances", "route ports", "log volume per second"]
    common.table(call, [[*head, *more], [*row, "unlimited", "0", "unlimited"]])


def quota(call: Call, given: Given) -> None:
    """Show a quota of organisations."""
    common.preflight(call, org=False, space=False)
    name, quota = given.words[0], call.world.quota
    common.intro_user(call, f"Getting org quota {name}")
    if name != quota.name:
        common.fail(call, f"Organization quota with name '{name}' not found.")
    call.out()
    paid = "allowed" if quota.paid else "disallowed"
    rows = [["total memory:", quota.memory], ["instance memory:", "unlimited"], ["routes:", "1000"]]
    rows += [["service instances:", str(quota.services)], ["paid service plans:", paid]]
    rows += [["app instances:", "unlimited"], ["route ports:", "0"], ["log volume per second:", "unlimited"]]
    common.table(call, rows)


def _passcode(call: Call) -> str:
    return str(call.world.target.api).replace("://api.", "://login.", 1) + "/passcode"


def _leave(now: Target) -> None:
    """End the login, and point nowhere."""
    now.token, now.org, now.space = "none", "", ""
