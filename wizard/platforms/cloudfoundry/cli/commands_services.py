"""The verbs about services, routes, the place where the CLI points, and the rest."""

from wizard.platforms.cloudfoundry.cli import (
    bind,
    conduit,
    create,
    curl,
    delete,
    keys,
    marketplace,
    places,
    routing,
    services,
    target,
    update,
)
from wizard.platforms.cloudfoundry.cli.usage import Flag, Verb


_GUID = Flag("--guid", about="Retrieve and display the guid only. All other output is suppressed.")
_WAIT = Flag("-w", "--wait", about="Wait for the operation to complete", since=8)
_PARAMETERS = Flag("-c", about="A JSON object, or the path of a file that holds one", takes=True)
_FORCE = Flag("-f", "--force", about="Force deletion without confirmation")
_YES = Flag("-f", about="Force deletion without confirmation")
_HOSTNAME = Flag("-n", "--hostname", about="Hostname of the HTTP route", takes=True)
_PATH = Flag("--path", about="Path of the HTTP route", takes=True)
_TAGS = Flag("-t", about="Tags, separated by commas", takes=True)

SERVICES = {
    "marketplace": Verb(
        marketplace.marketplace,
        "List available offerings in the marketplace",
        flags=[
            Flag("-e", about="Show the plans of one offering", takes=True),
            Flag("-b", about="Only those of one broker", takes=True),
            Flag("--no-plans", about="Hide plan information"),
        ],
        alias="m",
    ),
    "services": Verb(
        services.services,
        "List all service instances in the target space",
        flags=[
            Flag("--no-apps", about="Do not retrieve bound apps information."),
            Flag("--wide", about="Show broker and upgrade information", since=9),
        ],
        alias="s",
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
        [Flag("-b", about="The broker, where several have the offering", takes=True), _PARAMETERS, _TAGS, _WAIT],
        alias="cs",
    ),
    "update-service": Verb(
        update.update_service,
        "Update a service instance",
        ["SERVICE_INSTANCE"],
        [Flag("-p", about="Change service plan for a service instance", takes=True), _PARAMETERS, _TAGS, _WAIT],
    ),
    "rename-service": Verb(
        create.rename_service, "Rename a service instance", ["SERVICE_INSTANCE", "NEW_SERVICE_INSTANCE"]
    ),
    "delete-service": Verb(
        delete.delete_service, "Delete a service instance", ["SERVICE_INSTANCE"], [_FORCE, _WAIT], alias="ds"
    ),
    "bind-service": Verb(
        bind.bind_service,
        "Bind a service instance to an app",
        ["APP_NAME", "SERVICE_INSTANCE"],
        [_PARAMETERS, Flag("--binding-name", about="Another name for the app to find it by", takes=True), _WAIT],
        alias="bs",
    ),
    "unbind-service": Verb(
        bind.unbind_service,
        "Unbind a service instance from an app",
        ["APP_NAME", "SERVICE_INSTANCE"],
        [_WAIT],
        alias="us",
    ),
    "create-service-key": Verb(
        keys.create_service_key,
        "Create key for a service instance",
        ["SERVICE_INSTANCE", "SERVICE_KEY"],
        [_PARAMETERS, _WAIT],
        alias="csk",
    ),
    "service-keys": Verb(keys.service_keys, "List keys for a service instance", ["SERVICE_INSTANCE"], alias="sk"),
    "service-key": Verb(
        keys.service_key,
        "Show service key info",
        ["SERVICE_INSTANCE", "SERVICE_KEY"],
        [_GUID, Flag("--json", about="Show the credentials as JSON only", since=8)],
    ),
    "delete-service-key": Verb(
        keys.delete_service_key,
        "Delete a service key",
        ["SERVICE_INSTANCE", "SERVICE_KEY"],
        [_YES, _WAIT],
        alias="dsk",
    ),
    "conduit": Verb(
        conduit.conduit,
        "Run a command behind a tunnel to a service instance (plugin)",
        ["SERVICE_INSTANCE"],
        [Flag("--local-port", about="First local port of the tunnel", takes=True)],
        command=True,
    ),
}
"""By name, in the order of the help."""

ROUTES = {
    "routes": Verb(
        routing.list_routes,
        "List all routes in the current space or the current organization",
        flags=[Flag("--org-level", about="List all the routes for all spaces of current organization")],
        alias="r",
    ),
    "route": Verb(routing.show_route, "Display route details and mapped destinations", ["DOMAIN"], [_HOSTNAME, _PATH]),
    "check-route": Verb(
        routing.check_route, "Perform a check to determine whether a route exists", ["DOMAIN"], [_HOSTNAME, _PATH]
    ),
    "create-route": Verb(routing.create_route, "Create a route for later use", ["DOMAIN"], [_HOSTNAME, _PATH]),
    "map-route": Verb(routing.map_route, "Map a route to an app", ["APP_NAME", "DOMAIN"], [_HOSTNAME, _PATH]),
    "unmap-route": Verb(routing.unmap_route, "Remove a route from an app", ["APP_NAME", "DOMAIN"], [_HOSTNAME, _PATH]),
    "delete-route": Verb(routing.delete_route, "Delete a route", ["DOMAIN"], [_YES, _HOSTNAME, _PATH]),
    "delete-orphaned-routes": Verb(
        routing.delete_orphaned_routes,
        "Delete all orphaned routes in the currently targeted space (i.e. those that are not mapped to an app)",
        flags=[_YES],
    ),
}
"""By name, in the order of the help."""

PLACES = {
    "api": Verb(
        places.api,
        "Set or view target api url",
        flags=[
            Flag("--unset", about="Remove all api endpoint targeting"),
            Flag("--skip-ssl-validation", about="Skip verification of the API endpoint. Not recommended!"),
        ],
        may=["URL"],
    ),
    "login": Verb(
        places.login,
        "Log user in",
        flags=[
            Flag("-a", about="API endpoint (e.g. https://api.example.com)", takes=True),
            Flag("-u", about="Username", takes=True),
            Flag("-p", about="Password", takes=True),
            Flag("-o", about="Org", takes=True),
            Flag("-s", about="Space", takes=True),
            Flag("--sso", about="Prompt for a one-time passcode to login"),
            Flag("--sso-passcode", about="One-time passcode", takes=True),
            Flag("--skip-ssl-validation", about="Skip verification of the API endpoint. Not recommended!"),
        ],
        alias="l",
    ),
    "auth": Verb(places.auth, "Authenticate non-interactively", may=["USERNAME", "PASSWORD"]),
    "logout": Verb(places.logout, "Log user out", alias="lo"),
    "target": Verb(
        target.target,
        "Set or view the targeted org or space",
        flags=[Flag("-o", about="Organization", takes=True), Flag("-s", about="Space", takes=True)],
        alias="t",
    ),
    "orgs": Verb(places.orgs, "List all orgs", alias="o"),
    "org": Verb(places.org, "Show org info", ["ORG"], [_GUID]),
    "spaces": Verb(places.spaces, "List all spaces in an org"),
    "space": Verb(places.space, "Show space info", ["SPACE"], [_GUID]),
    "org-quotas": Verb(places.quotas, "List available quotas for organizations", alias="quotas"),
    "org-quota": Verb(places.quota, "Show organization quota", ["QUOTA"], alias="quota"),
    "curl": Verb(
        curl.curl,
        "Executes a request to the targeted API endpoint",
        ["PATH"],
        [
            Flag("-i", about="Include response headers in the output"),
            Flag("-X", about="HTTP method (GET,POST,PUT,DELETE,etc)", takes=True),
            Flag("-H", about="Custom headers to include in the request", many=True),
            Flag("-d", about="HTTP data to include in the request body", takes=True),
            Flag("-f", "--fail", about="Server errors return exit code 22"),
        ],
    ),
}
"""By name, in the order of the help."""
