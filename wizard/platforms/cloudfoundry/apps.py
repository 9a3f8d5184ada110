"""Apps of the pretend platform: how one comes to be, and what an image makes of it."""

from __future__ import annotations


TYPE_CHECKING = False
if TYPE_CHECKING:
    from wizard.platforms.cloudfoundry.world import Facts, Space, World

MEGABYTES = {"M": 1, "MB": 1, "G": 1024, "GB": 1024, "T": 1024 * 1024, "TB": 1024 * 1024}
HEALTH = {"type": "http", "endpoint": "/_status?ignore-dependencies", "timeout": 60}


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


def make(world: World, space: Space, name: str, image: str, **more: object) -> Facts:
    """Put an app into a space, stopped and bound to nothing.

    Args:
        world: The world, which knows what the image looks up by name.
        space: Where.
        name: The app's name.
        image: Its docker image.
        more: Whatever differs from the usual facts.
    """
    app: Facts = {
        "guid": world.guid(),
        "name": name,
        "image": image,
        "instances": 1,
        "memory": "512M",
        "disk": "2G",
        "looks_up": dict(world.facts["kinds"].get(kind(image), {}).get("looks_up", {})),
        "env": {},
        "health": dict(HEALTH),
        "state": "stopped",
        "process": "down",
        "staged": False,
        "uploaded": world.now,
        "since": world.now,
        "vcap": [],
        "logs": [],
        "logged": 0,
        "events": [],
        "tasks": [],
        **more,
    }
    space.apps[app["guid"]] = app
    return app


def memory_used(world: World, *, but: Facts | None = None) -> int:
    """The megabytes that the started apps of the organisation have, one app left out."""
    return sum(
        (megabytes(app["memory"]) or 0) * int(app["instances"])
        for space in world.facts["spaces"].values()
        for app in space["apps"].values()
        if app["state"] == "started" and (but is None or app["guid"] != but["guid"])
    )
