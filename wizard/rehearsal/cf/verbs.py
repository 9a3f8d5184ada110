"""The table of the pretend CLI's verbs, and what stands outside it: help, version, unknown words."""

from __future__ import annotations

from wizard.rehearsal.cf import apps, bind, create, delete, marketplace, restart, services, target, usage
from wizard.rehearsal.cf.usage import Flag, Verb


TYPE_CHECKING = False
if TYPE_CHECKING:
    from wizard.rehearsal.answer import Call

_GUID = Flag("--guid", about="Retrieve and display the guid only. All other output is suppressed.")
_WAIT = Flag("-w", "--wait", about="Wait for the operation to complete", since=8)
_PARAMETERS = Flag("-c", about="A JSON object, or the path of a file that holds one", takes=True)
_STRATEGY = Flag("--strategy", about="Deployment strategy: rolling", takes=True)

VERBS = {
    "target": Verb(
        target.target,
        "Set or view the targeted org or space",
        flags=[Flag("-o", about="Organization", takes=True), Flag("-s", about="Space", takes=True)],
    ),
    "marketplace": Verb(
        marketplace.marketplace,
        "List available offerings in the marketplace",
        flags=[Flag("-e", about="Show the plans of one offering", takes=True)],
    ),
    "services": Verb(
        services.services,
        "List all service instances in the target space",
        flags=[Flag("--no-apps", about="Do not retrieve bound apps")],
    ),
    "service": Verb(
        services.service,
        "Show service instance info",
        ["SERVICE_INSTANCE"],
        [_GUID, Flag("--params", about="Retrieve and display the parameters only.", since=8)],
    ),
    "create-service": Verb(
        create.create_service,
        "Create a service instance",
        ["SERVICE_OFFERING", "PLAN", "SERVICE_INSTANCE"],
        [
            Flag("-b", about="The broker, where several have the offering", takes=True),
            _PARAMETERS,
            Flag("-t", about="Tags, separated by commas", takes=True),
            _WAIT,
        ],
    ),
    "rename-service": Verb(
        create.rename_service, "Rename a service instance", ["SERVICE_INSTANCE", "NEW_SERVICE_INSTANCE"]
    ),
    "delete-service": Verb(
        delete.delete_service,
        "Delete a service instance",
        ["SERVICE_INSTANCE"],
        [Flag("-f", "--force", about="Force deletion without confirmation"), _WAIT],
    ),
    "bind-service": Verb(
        bind.bind_service,
        "Bind a service instance to an app",
        ["APP_NAME", "SERVICE_INSTANCE"],
        [_PARAMETERS, Flag("--binding-name", about="Another name for the app to find it by", takes=True), _WAIT],
    ),
    "unbind-service": Verb(
        bind.unbind_service, "Unbind a service instance from an app", ["APP_NAME", "SERVICE_INSTANCE"], [_WAIT]
    ),
    "apps": Verb(apps.apps, "List all apps in the target space"),
    "app": Verb(apps.app, "Display health and status for an app", ["APP_NAME"], [_GUID]),
    "env": Verb(apps.env, "Show all env variables for an app", ["APP_NAME"]),
    "logs": Verb(
        apps.logs,
        "Tail or show recent logs for an app",
        ["APP_NAME"],
        [Flag("--recent", about="Dump recent logs instead of tailing")],
    ),
    "restart": Verb(restart.restart, "Stop all instances of the app, then start them again", ["APP_NAME"], [_STRATEGY]),
    "restage": Verb(restart.restage, "Stage the app's latest package and start it anew", ["APP_NAME"], [_STRATEGY]),
}
"""The verbs by name. A later verb is a line here and a function in a file by topic."""

_SHORT = {"t": "target", "m": "marketplace", "s": "services", "cs": "create-service", "ds": "delete-service"}
_SHORT |= {"bs": "bind-service", "us": "unbind-service", "a": "apps", "e": "env", "rs": "restart", "rg": "restage"}


def run(call: Call) -> None:
    """Carry out a command line of the CLI."""
    if not call.words or call.words[0] in {"help", "-h", "--help"}:
        _help(call, call.words[1:])
    elif call.words[0] in {"version", "-v", "--version"}:
        call.out(f"cf version {call.world.facts['cli']['version']}")
    else:
        name = _SHORT.get(call.words[0], call.words[0])
        if name not in VERBS:
            call.err(f"'{name}' is not a registered command. See 'cf help -a'")
            call.end(1)
        verb = VERBS[name]
        verb.act(call, usage.understand(call, name, verb, call.words[1:]))


def _help(call: Call, words: list[str]) -> None:
    name = _SHORT.get(words[0], words[0]) if words else ""
    if name in VERBS:
        usage.show(call, name, VERBS[name])
        return
    if name and not name.startswith("-"):
        call.err(f"'{name}' is not a registered command. See 'cf help -a'")
        call.end(1)
    call.out(f"cf version {call.world.facts['cli']['version']}, Cloud Foundry command line tool (pretend)")
    call.out("Usage: cf [global options] command [arguments...] [command options]")
    call.out()
    call.out("Commands of this rehearsal:")
    for known, verb in VERBS.items():
        call.out(f"   {known.ljust(18)}{verb.about}")
