"""`cf create-app-manifest`: an app as it is, written down; its environment with it."""

from pathlib import Path

from wizard.platforms.cloudfoundry.call import Call
from wizard.platforms.cloudfoundry.cli import common, manifest, manifest_text
from wizard.platforms.cloudfoundry.cli.usage import Given


def create_app_manifest(call: Call, given: Given) -> None:
    """Write an app's manifest into a file of the sandbox."""
    common.preflight(call)
    name = given.words[0]
    common.intro(call, f"Creating an app manifest from current settings of app {name}")
    found = common.find_app(call, name)
    path = given.get("p") or f"./{name}_manifest.yml"
    lines = manifest_text.write({"applications": [manifest.of_app(call.world.space, found)]})
    if not call.place.writable(path):
        common.fail(call, f"Error creating manifest file: open {path}: permission denied")
    try:
        text = "---\n" + "".join(f"{line}\n" for line in lines)
        Path(call.place.path(path)).write_text(text, encoding="utf-8")
    except OSError as problem:
        common.fail(call, f"Error creating manifest file: open {path}: {(problem.strerror or '').lower()}")
    call.out()
    call.out(f"Manifest file created successfully at {path}")
    call.out("OK")
