"""The pretend CLI's verbs by name, and what stands outside them: help, version, unknown words."""

from wizard.platforms.cloudfoundry.call import Call
from wizard.platforms.cloudfoundry.cli import usage
from wizard.platforms.cloudfoundry.cli.commands_apps import APPS
from wizard.platforms.cloudfoundry.cli.commands_services import PLACES, ROUTES, SERVICES
from wizard.platforms.sdk.invocation import Steps


VERBS = {**APPS, **SERVICES, **ROUTES, **PLACES}
"""The verbs by name. A later verb is a line in a table and a function in a file by topic."""

_GROUPS = {"APPS": APPS, "SERVICES": SERVICES, "ROUTES": ROUTES, "GETTING STARTED AND PLACES": PLACES}
_SHORT = {verb.alias: name for name, verb in VERBS.items() if verb.alias}


def run(call: Call) -> Steps | None:
    """Carry out a command line of the CLI."""
    if not call.words or call.words[0] in {"help", "h", "-h", "--help"}:
        _help(call, call.words[1:])
    elif call.words[0] in {"version", "-v", "--version"}:
        call.out(f"cf version {call.world.cli.version}")
    else:
        name = _known(call, call.words[0])
        verb = VERBS[name]
        return verb.act(call, usage.understand(call, name, verb, call.words[1:]))
    return None


def _known(call: Call, word: str) -> str:
    """The name of a verb that this version has, or the end of the call."""
    name = _SHORT.get(word, word)
    if name not in VERBS or VERBS[name].since > call.world.cli.major:
        call.err(f"'{word}' is not a registered command. See 'cf help -a'")
        call.end(1)
    return name


def _help(call: Call, words: list[str]) -> None:
    if words and not words[0].startswith("-"):
        name = _known(call, words[0])
        usage.show(call, name, VERBS[name])
        return
    call.out(f"cf version {call.world.cli.version}, Cloud Foundry command line tool (pretend)")
    call.out("Usage: cf [global options] command [arguments...] [command options]")
    for heading, table in _GROUPS.items():
        call.out()
        call.out(f"{heading}:")
        for known, verb in table.items():
            if verb.since <= call.world.cli.major:
                call.out(f"   {known.ljust(24)}{verb.about}")
