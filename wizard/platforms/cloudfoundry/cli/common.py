"""What every verb begins and ends with: pre-flight errors, the line that names org and space, FAILED."""

from collections.abc import Generator
from typing import NoReturn

from wizard.platforms.cloudfoundry.call import Call
from wizard.platforms.cloudfoundry.things import App, Service
from wizard.platforms.sdk import tables
from wizard.platforms.sdk.invocation import Reply, Wanted


NO_API = "No API endpoint set. Use 'cf login' or 'cf api' to target an endpoint."
NO_LOGIN = "Not logged in. Use 'cf login' or 'cf login --sso' to log in."
NO_ORG = "No org targeted, use 'cf target -o ORG' to target an org."
NO_SPACE = "No space targeted, use 'cf target -s SPACE' to target a space."
EXPIRED = "The token expired, was revoked, or the token ID is incorrect. Please log back in to re-authenticate."
NO_NETWORK = (
    'Request error: Get "{api}": dial tcp: i/o timeout\nTIP: If you are behind a firewall and require an HTTP proxy, '
    "verify the https_proxy environment variable is correctly set. Else, check your network connection."
)


def fail(call: Call, sentence: str) -> NoReturn:
    """Say what is wrong on standard error and FAILED on standard output, and end with 1."""
    call.err(sentence)
    call.out("FAILED")
    call.end(1)
    raise AssertionError("a call that ended went on")


def preflight(call: Call, *, org: bool = True, space: bool = True) -> None:
    """Stop where the CLI itself knows that it cannot ask: no endpoint, no login, no org, no space, in this order."""
    target = call.world.target
    if not target.api:
        fail(call, NO_API)
    if target.token == "none":  # noqa: S105 - the state of a login, not a secret
        fail(call, NO_LOGIN)
    if org and not target.org:
        fail(call, NO_ORG)
    if space and not target.space:
        fail(call, NO_SPACE)


def request(call: Call) -> None:
    """Stop where the platform would not answer: an expired login, or no network."""
    if call.world.target.token == "expired":  # noqa: S105 - as above
        fail(call, EXPIRED)
    if not call.world.network:
        fail(call, NO_NETWORK.format(api=call.world.target.api))


def intro(call: Call, deed: str) -> None:
    """The first line of a command, which names org, space and user; then the first request."""
    target = call.world.target
    call.out(f"{deed} in org {target.org} / space {target.space} as {target.user}...")
    request(call)


def intro_user(call: Call, deed: str) -> None:
    """The first line of a command that names only the user; then the first request."""
    call.out(f"{deed} as {call.world.target.user}...")
    request(call)


def intro_org(call: Call, deed: str) -> None:
    """The first line of a command that names org and user; then the first request."""
    call.out(f"{deed} in org {call.world.target.org} as {call.world.target.user}...")
    request(call)


def table(call: Call, rows: list[list[str]], indent: str = "") -> None:
    """Say a table."""
    for line in tables.rows(rows, indent):
        call.out(line)


def yes_or_no(call: Call, prompt: str) -> Generator[Wanted, Reply, bool]:
    """Ask until the answer is one; Enter means no, and so does the end of the terminal."""
    while True:
        line = yield from call.ask(prompt)
        answer = (line or "").strip().lower()
        if answer in {"y", "yes"}:
            return True
        if answer in {"", "n", "no"}:
            return False
        call.out("invalid input (not y, n, yes, or no)")


def find_service(call: Call, name: str) -> Service:
    """The service instance of this name in the targeted space, or the end of the call."""
    service = call.world.space.service(name)
    if service is None:
        fail(call, f"Service instance '{name}' not found")
    return service


def find_app(call: Call, name: str) -> App:
    """The app of this name in the targeted space, or the end of the call."""
    app = call.world.space.app(name)
    if app is None:
        fail(call, f"App '{name}' not found.")
    return app


def refuse_in_progress(call: Call, service: Service) -> None:
    """End the call when an operation on the service instance is not over yet."""
    if call.world.now < service.last.started + service.last.seconds:
        fail(call, f"An operation for service instance {service.name} is in progress.")
