"""Apps of the pretend platform: how one comes to be, and what an image makes of it."""

from wizard.platforms.cloudfoundry.things import App
from wizard.platforms.cloudfoundry.world import CloudWorld, Space


MEGABYTES = {"M": 1, "MB": 1, "G": 1024, "GB": 1024, "T": 1024 * 1024, "TB": 1024 * 1024}


def megabytes(text: str) -> int | None:
    """A size such as `512M` or `2G` in megabytes; None for what is no size."""
    number = text.rstrip("bgmtBGMT")
    unit = text[len(number) :].upper()
    return int(number) * MEGABYTES[unit] if number.isdecimal() and unit in MEGABYTES and int(number) else None


def size(amount: int) -> str:
    """Megabytes as the CLI writes them."""
    return f"{amount // 1024}G" if amount % 1024 == 0 else f"{amount}M"


def kind(image: str) -> str:
    """What an image is of: `search-api` for `digitalmarketplace/search-api:release-1234`."""
    return image.rpartition("/")[2].partition(":")[0]


def release(image: str) -> str:
    """An image's tag, such as `release-1234`."""
    return image.rpartition(":")[2] if ":" in image.rpartition("/")[2] else "latest"


def make(world: CloudWorld, space: Space, name: str, image: str) -> App:
    """Put an app into a space, stopped and bound to nothing, as small as they come.

    Args:
        world: The world, which knows what the image looks up by name.
        space: Where.
        name: The app's name.
        image: Its docker image.
    """
    app = App(guid=world.guid(), name=name, image=image, uploaded=world.now, since=world.now)
    app.looks_up = looked_up(world, image)
    space.apps[app.guid] = app
    return app


def make_small(world: CloudWorld, space: Space, name: str, image: str) -> App:
    """An app that is there to be bound alone, as a tunnel needs one."""
    app = make(world, space, name, image)
    app.memory, app.staged, app.looks_up = "64M", True, {}
    return app


def looked_up(world: CloudWorld, image: str) -> dict[str, str]:
    """The variables in which an image looks for the names of services, with the usual names."""
    known = world.kinds.get(kind(image))
    return {} if known is None else dict(known.looks_up)


def memory_used(world: CloudWorld, *, but: App | None = None) -> int:
    """The megabytes that the started apps of the organisation have, one app left out."""
    return sum(
        (megabytes(app.memory) or 0) * app.instances
        for space in world.spaces.values()
        for app in space.apps.values()
        if app.state == "started" and (but is None or app.guid != but.guid)
    )
