"""The platform of an estate: Cloud Foundry with the estate's own tools on it."""

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
from wizard.platforms.digitalmarketplace.lab import EstateLab
from wizard.platforms.digitalmarketplace.world import EstateWorld
from wizard.platforms.sdk.platform import Platform, Tool
from wizard.platforms.servers import programs
from wizard.platforms.servers.support import RealServers


TOOLS: dict[str, Tool[EstateWorld]] = {
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


def _scripts(world: EstateWorld) -> str:
    repository = world.estate.repositories.scripts
    return f"{repository}/scripts" if repository else ""


PLATFORM = Platform(
    world=EstateWorld,
    tools=TOOLS,
    worlds=scenario.known_worlds,
    drills=scenario.known_drills,
    build=scenario.build,
    files=scenario.files,
    faults=faults.KINDS,
    scripts=_scripts,
    programs=_programs,
    servers=RealServers(EstateLab()),
)
