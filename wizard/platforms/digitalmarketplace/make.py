"""The pretend `make` of the estate's repositories: manifests, and the test of the router's configuration."""

import os
import shlex
from typing import NoReturn

from wizard.platforms.cloudfoundry import secrets
from wizard.platforms.cloudfoundry.cli import manifest_text
from wizard.platforms.digitalmarketplace import nginx, router_config
from wizard.platforms.digitalmarketplace.call import Call
from wizard.platforms.sdk.invocation import Steps
from wizard.platforms.sdk.world import Json


_MAKE_ERROR = 2


def run(call: Call) -> Steps:
    """Carry out `make [NAME=VALUE]... TARGET`; exit 2 is make's own word for a target that failed."""
    given = {**call.environment, **dict(word.partition("=")[::2] for word in call.words if "=" in word)}
    targets = [word for word in call.words if "=" not in word and not word.startswith("-")]
    if not targets:
        _stop(call, "*** No targets specified and no makefile found.  Stop.")
    for target in targets:
        act = _TARGETS.get(target)
        if act is None:
            _stop(call, f"*** No rule to make target '{target}'.  Stop.")
        yield from act(call, given)
    call.end(0)


def _stop(call: Call, text: str) -> NoReturn:
    call.err(f"make: {text}")
    call.end(_MAKE_ERROR)


def _generate_manifest(call: Call, given: dict[str, str]) -> Steps:
    """Print the manifest that the pipeline would push, or write it 0600 with `ARGS="-o FILE"`."""
    repository = call.world.estate.variables.repository
    for name in ("APPLICATION_NAME", "STAGE", repository):
        if not given.get(name):
            call.err(f"Makefile:{20 + len(name)}: *** Must specify {name}.  Stop.")
            call.end(_MAKE_ERROR)
    app, stage = given["APPLICATION_NAME"], given["STAGE"]
    if stage not in call.world.spaces:
        _no_manifest(call, f"FileNotFoundError: [Errno 2] No such file or directory: 'vars/{stage}.yml'")
    if app not in call.world.spaces[stage].manifests:
        _no_manifest(call, f"jinja2.exceptions.TemplateNotFound: paas/{app}.j2")
    if not call.place.has_folder(given[repository]):
        _no_manifest(call, f"sops-wrapper: {given[repository]}: No such file or directory")
    call.spend(5)
    lines = ["---", *manifest_text.write({"applications": [_application(call, app, stage)]})]
    text = "\n".join(lines) + "\n"
    words = shlex.split(given.get("ARGS", ""))
    if not words:
        call.write(1, text)
        return
    if words[0] != "-o" or len(words) != len(["-o", "FILE"]):
        _no_manifest(call, "Usage: generate-paas-manifest.py [-o FILE] <stage> <app>")
    problem = yield from call.save(words[1], text, alone=True)
    if problem:
        kind = type(OSError(problem, "")).__name__
        _no_manifest(call, f"{kind}: [Errno {problem}] {os.strerror(problem)}: '{words[1]}'")


def _no_manifest(call: Call, last: str) -> NoReturn:
    call.err(last)
    _stop(call, "*** [Makefile:41: generate-manifest] Error 1")


def _application(call: Call, app: str, stage: str) -> Json:
    manifest = call.world.spaces[stage].manifests[app]
    variables = call.world.estate.variables
    tokens = {name: secrets.of_repository(call.world, stage, name) for name in variables.secrets}
    return {
        "name": f"{app}-release",
        "instances": manifest.instances,
        "memory": manifest.memory,
        "disk_quota": "2G",
        "health-check-type": "http",
        "health-check-http-endpoint": "/_status?ignore-dependencies",
        "routes": [{"route": text} for text in manifest.routes],
        "services": list(manifest.services),
        "env": {variables.stage: stage, **manifest.env, **tokens},
    }


def _test_nginx(call: Call, given: dict[str, str]) -> Steps:
    """Build the router's image and let nginx test the rendered configuration."""
    del given
    estate = call.world.estate
    if not nginx.build(call, call.place.path("."), estate.image(estate.roles.router, "test")):
        _stop(call, "*** [Makefile:17: test-nginx] Error 1")
    if not (yield from router_config.test(call, call.place.path("."))):
        _stop(call, "*** [Makefile:19: test-nginx] Error 1")


_TARGETS = {"generate-manifest": _generate_manifest, "test-nginx": _test_nginx}
