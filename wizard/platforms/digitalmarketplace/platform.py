"""The platform of the Digital Marketplace: Cloud Foundry with the estate's own tools on it."""

from collections.abc import Mapping
from pathlib import Path

from wizard.platforms.cloudfoundry.cli import verbs
from wizard.platforms.digitalmarketplace import (
    curl,
    docker,
    faults,
    index_scripts,
    jenkins,
    make,
    router_config,
    scenario,
)
from wizard.platforms.sdk.platform import Platform, Tool
from wizard.platforms.servers import programs
from wizard.platforms.servers.support import RealServers


TOOLS = {
    "cf": Tool(verbs.run, 2),
    "curl": Tool(curl.run, 1),
    "docker": Tool(docker.run, 2),
    "index-to-search-service.py": Tool(index_scripts.index, 3),
    "jenkins": Tool(jenkins.run, 2),
    "make": Tool(make.run, 2),
    "update-index-alias.py": Tool(index_scripts.alias, 3),
}


def _programs() -> Mapping[str, Path | None]:
    return {router_config.PROGRAM: programs.nginx()}


PLATFORM = Platform(
    tools=TOOLS,
    worlds=scenario.known_worlds,
    drills=scenario.known_drills,
    build=scenario.build,
    files=scenario.files,
    tick=faults.tick,
    scripts="digitalmarketplace-scripts/scripts",
    programs=_programs,
    servers=RealServers(),
)
