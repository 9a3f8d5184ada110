"""The pretend `make` of the estate's repositories: manifests, and the test of the router's configuration."""

from __future__ import annotations

import os
import shlex

from wizard.platforms.cloudfoundry import secrets
from wizard.platforms.cloudfoundry.cli import manifest_text
from wizard.platforms.digitalmarketplace import nginx, router_config


TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from wizard.platforms.cloudfoundry.world import Facts
    from wizard.platforms.sdk.invocation import Invocation, Steps

_MAKE_ERROR = 2
_SECRETS = ("DM_API_AUTH_TOKENS", "DM_SEARCH_API_AUTH_TOKENS", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


def run(call: Invocation) -> Steps:
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


def _stop(call: Invocation, text: str) -> NoReturn:
    call.err(f"make: {text}")
    call.end(_MAKE_ERROR)


def _generate_manifest(call: Invocation, given: dict[str, str]) -> Steps:
    """Print the manifest that the pipeline would push, or write it 0600 with `ARGS="-o FILE"`."""
    for name in ("APPLICATION_NAME", "STAGE", "DM_CREDENTIALS_REPO"):
        if not given.get(name):
            call.err(f"Makefile:{20 + len(name)}: *** Must specify {name}.  Stop.")
            call.end(_MAKE_ERROR)
    app, stage = given["APPLICATION_NAME"], given["STAGE"]
    if stage not in call.world.facts["spaces"]:
        _no_manifest(call, f"FileNotFoundError: [Errno 2] No such file or directory: 'vars/{stage}.yml'")
    if app not in call.world.space_named(stage).manifests:
        _no_manifest(call, f"jinja2.exceptions.TemplateNotFound: paas/{app}.j2")
    if not call.place.path(given["DM_CREDENTIALS_REPO"]).is_dir():
        _no_manifest(call, f"sops-wrapper: {given['DM_CREDENTIALS_REPO']}: No such file or directory")
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


def _no_manifest(call: Invocation, last: str) -> NoReturn:
    call.err(last)
    _stop(call, "*** [Makefile:41: generate-manifest] Error 1")


def _application(call: Invocation, app: str, stage: str) -> Facts:
    manifest = call.world.space_named(stage).manifests[app]
    tokens = {name: secrets.of_repository(call.world, stage, name) for name in _SECRETS}
    return {
        "name": f"{app}-release",
        "instances": manifest["instances"],
        "memory": manifest["memory"],
        "disk_quota": "2G",
        "health-check-type": "http",
        "health-check-http-endpoint": "/_status?ignore-dependencies",
        "routes": [{"route": text} for text in manifest["routes"]],
        "services": list(manifest["services"]),
        "env": {"DM_ENVIRONMENT": stage, **manifest["env"], **tokens},
    }


def _test_nginx(call: Invocation, given: dict[str, str]) -> Steps:
    """Build the router's image and let nginx test the rendered configuration."""
    del given
    if not nginx.build(call, call.place.path("."), "digitalmarketplace/router:test"):
        _stop(call, "*** [Makefile:17: test-nginx] Error 1")
    if not (yield from router_config.test(call, call.place.path("."))):
        _stop(call, "*** [Makefile:19: test-nginx] Error 1")


_TARGETS = {"generate-manifest": _generate_manifest, "test-nginx": _test_nginx}
