"""Images of the router: built from its Dockerfile, and pushed."""

import re
from pathlib import Path

from wizard.platforms.cloudfoundry.things import LATEST, ImageKind
from wizard.platforms.digitalmarketplace.call import Call
from wizard.platforms.digitalmarketplace.world import BuiltImage


_FROM = re.compile(r"^FROM\s+nginx:(\S+)", re.MULTILINE)
_PYTHON = re.compile(r"apt-get install[^\n]*\b(python3\.\d+)\b")


def build(call: Call, folder: Path, tag: str) -> bool:
    """Build the image of a folder's Dockerfile; tells on standard error how it goes.

    Returns:
        Whether it was built.
    """
    text = _read(call, folder / "Dockerfile")
    base = None if text is None else _FROM.search(text)
    if text is None or base is None:
        call.err("ERROR: failed to solve: failed to read dockerfile: open Dockerfile: no such file or directory")
        return False
    version = base[1]
    debian = call.world.bases.get(version)
    call.err(f"#2 [internal] load metadata for docker.io/library/nginx:{version}")
    if debian is None:
        call.err(f"ERROR: failed to solve: nginx:{version}: docker.io/library/nginx:{version}: not found")
        return False
    call.spend(20)
    wanted = _PYTHON.search(text)
    has = {"buster": "python3.7", "bullseye": "python3.9", "bookworm": "python3.11"}.get(debian, "")
    if wanted is not None and wanted[1] != has:
        call.err(f"#6 E: Unable to locate package {wanted[1]}")
        call.err(
            'ERROR: failed to solve: process "/bin/sh -c apt-get update && apt-get install -y '
            f'{wanted[1]}" did not complete successfully: exit code: 100'
        )
        return False
    call.spend(40)
    call.err(f"#9 naming to docker.io/{tag} done")
    call.world.images[tag] = BuiltImage(version)
    return True


def release(call: Call, tag: str) -> BuiltImage | None:
    """The image of this name, now in the registry: what the apps that are pushed from it will be; None without one."""
    image = call.world.images.get(tag)
    if image is not None:
        image.pushed = True
        kind, _, number = tag.rpartition("/")[2].partition(":release-")
        software = call.world.kinds.setdefault(kind, ImageKind()).software
        software.setdefault("nginx", {LATEST: image.nginx})[number] = image.nginx
    return image


def _read(call: Call, path: Path) -> str | None:
    try:
        return call.place.read(path)
    except (OSError, UnicodeDecodeError):
        return None
