"""A release through the pipeline: a new app beside the old one, routes moved over, the old one deleted."""

from wizard.platforms.cloudfoundry import apps, lifecycle, routes
from wizard.platforms.cloudfoundry.things import App, Manifest, Service
from wizard.platforms.cloudfoundry.world import CloudWorld, Space, progress


def release(world: CloudWorld, space: Space, name: str, tag: str = "") -> str:
    """Put a new app in an app's place, bound to the services that bear the manifest's names now.

    Args:
        world: The world.
        space: The stage.
        name: The app.
        tag: The release, such as `release-1235`; the one that runs, unless given.

    Returns:
        What went wrong; the old app then still serves. Empty when the new one serves.
    """
    old = space.app(name)
    if old is None:
        return f"App '{name}' not found."
    manifest = space.manifests.get(name)
    if manifest is None:
        return f"Error: there is no template paas/{name}.j2"
    services: list[Service] = []
    for wanted in manifest.services:
        service = space.service(wanted)
        if service is None:
            return f"For application '{name}-release': Service instance '{wanted}' not found"
        if progress(service, world.now) == "in progress":
            return f"An operation for service instance {wanted} is in progress."
        services.append(service)
    image = old.image if not tag else f"{old.image.rpartition(':')[0]}:{tag}"
    new = apps.make(world, space, name, image)
    new.instances, new.memory, new.env = manifest.instances, manifest.memory, dict(manifest.env)
    for service in services:
        lifecycle.bind(world, space, new, service)
    new.staged = True
    if not lifecycle.start(world, space, new):
        lifecycle.remove(space, new)
        return "Start unsuccessful"
    _take_over(world, space, new, manifest)
    lifecycle.remove(space, old)
    return ""


def _take_over(world: CloudWorld, space: Space, new: App, manifest: Manifest) -> None:
    """Map every route of the manifest; those that the old app has beside them stay behind without it."""
    for text in manifest.routes:
        parts = routes.split(world, text)
        found = None if parts is None else routes.find(world, *parts)
        if found is not None:
            routes.attach(world, found[1], new)
        elif parts is not None:
            routes.attach(world, routes.create(world, space, *parts), new)
