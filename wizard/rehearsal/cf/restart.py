"""`cf restart` and `cf restage`: the moment at which an app sees its new services, or does not find them."""

from __future__ import annotations

from wizard.rehearsal import lifecycle
from wizard.rehearsal.cf import apps, common


TYPE_CHECKING = False
if TYPE_CHECKING:
    from wizard.rehearsal.answer import Call
    from wizard.rehearsal.cf.usage import Given
    from wizard.rehearsal.world import Facts

_STOP_SECONDS, _START_SECONDS, _STAGE_SECONDS = 8, 25, 20


def restart(call: Call, given: Given) -> None:
    """Stop an app and start it again."""
    common.preflight(call)
    name = given.words[0]
    common.intro(call, f"Restarting app {name}")
    found = common.find_app(call, name)
    call.out()
    if not given.has("strategy"):
        call.out("Stopping app...")
        call.spend(_STOP_SECONDS)
        call.out()
    _start(call, found, rolling=given.has("strategy"))


def restage(call: Call, given: Given) -> None:
    """Stage an app anew and start it."""
    common.preflight(call)
    name = given.words[0]
    if not given.has("strategy"):
        call.err("This action will cause app downtime.")
    call.out()
    common.intro(call, f"Restaging app {name}")
    call.out()
    found = common.find_app(call, name)
    call.out("Staging app and tracing logs...")
    call.spend(_STAGE_SECONDS)
    call.out("   Staging process started ...")
    call.out("   Staging process finished")
    call.out()
    _start(call, found, rolling=given.has("strategy"))


def _start(call: Call, found: Facts, *, rolling: bool) -> None:
    if rolling:
        call.out(f"Starting deployment for app {found['name']}...")
        call.out()
        call.out("Waiting for app to deploy...")
    else:
        call.out(f"Waiting for app {found['name']} to start...")
    call.out()
    call.spend(_START_SECONDS)
    call.out("Instances starting...")
    if not lifecycle.start(call.world, call.world.space, found):
        tip = f"TIP: use 'cf logs {found['name']} --recent' for more information"
        common.fail(call, f"Start unsuccessful\n\n{tip}")
    call.out()
    apps.summary(call, found)
