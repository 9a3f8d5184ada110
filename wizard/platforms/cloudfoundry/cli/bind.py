"""`cf bind-service` and `cf unbind-service`: a running app does not notice before it is restarted."""

from wizard.platforms.cloudfoundry import lifecycle
from wizard.platforms.cloudfoundry.call import Call
from wizard.platforms.cloudfoundry.cli import common, create
from wizard.platforms.cloudfoundry.cli.usage import Given


def bind_service(call: Call, given: Given) -> None:
    """Bind an app to a service instance; one that is bound already is said and ends with 0."""
    params = create.parameters(call, given)
    common.preflight(call)
    app_name, service_name = given.words
    common.intro(call, f"Binding service instance {service_name} to app {app_name}")
    app, service = common.find_app(call, app_name), common.find_service(call, service_name)
    if call.world.space.binding(app, service) is not None:
        call.out(f"App {app_name} is already bound to service instance {service_name}.")
        call.out("OK")
        return
    common.refuse_in_progress(call, service)
    bound = lifecycle.bind(call.world, call.world.space, app, service)
    bound.params, bound.name = params, given.get("binding-name")
    call.out("OK")
    call.out()
    call.out(f"TIP: Use 'cf restage {app_name}' to ensure your env variable changes take effect")


def unbind_service(call: Call, given: Given) -> None:
    """Take a binding away; the credentials that a running app holds die with it."""
    common.preflight(call)
    app_name, service_name = given.words
    common.intro(call, f"Unbinding app {app_name} from service {service_name}")
    app, service = common.find_app(call, app_name), common.find_service(call, service_name)
    binding = call.world.space.binding(app, service)
    if binding is None:
        call.out(f"Binding between {service_name} and {app_name} does not exist")
        call.out("OK")
        return
    common.refuse_in_progress(call, service)
    del call.world.space.bindings[binding.guid]
    if call.world.cli.major >= 8:
        call.out(f"Deleting service binding {binding.guid}...")
    call.out("OK")
