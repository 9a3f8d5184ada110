"""`cf create-app-manifest`: an app as it is, written down; its environment with it."""

import os

from wizard.platforms.cloudfoundry.call import Call
from wizard.platforms.cloudfoundry.cli import common, manifest, manifest_text
from wizard.platforms.cloudfoundry.cli.usage import Given
from wizard.platforms.sdk.invocation import Steps


def create_app_manifest(call: Call, given: Given) -> Steps:
    """Write an app's manifest into a file of the sandbox."""
    common.preflight(call)
    name = given.words[0]
    common.intro(call, f"Creating an app manifest from current settings of app {name}")
    found = common.find_app(call, name)
    path = given.get("p") or f"./{name}_manifest.yml"
    lines = manifest_text.write({"applications": [manifest.of_app(call.world.space, found)]})
    problem = yield from call.save(path, "---\n" + "".join(f"{line}\n" for line in lines))
    if problem:
        common.fail(call, f"Error creating manifest file: open {path}: {os.strerror(problem).lower()}")
    call.out()
    call.out(f"Manifest file created successfully at {path}")
    call.out("OK")
