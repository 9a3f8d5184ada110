"""What the pretend search-api answers: indices, aliases and documents of the service that its process holds."""

import json
from collections.abc import Mapping
from dataclasses import replace

from wizard.platforms.cloudfoundry import apps, indices, lifecycle
from wizard.platforms.cloudfoundry.estate import MappingEntry
from wizard.platforms.cloudfoundry.indices import SearchRefused
from wizard.platforms.cloudfoundry.things import App, SearchIndex, Service
from wizard.platforms.cloudfoundry.world import Space, progress
from wizard.platforms.digitalmarketplace.world import EstateWorld
from wizard.platforms.sdk import seeded_random
from wizard.platforms.sdk.world import Json


_TOO_OLD_FOR_OPENSEARCH = 1100
"""Releases before this one use mapping types, which OpenSearch no longer has."""


def backend(world: EstateWorld, space: Space, app: App) -> Service:
    """The service instance that an app's process searches in.

    Raises:
        SearchRefused: It holds none that answers.
    """
    for entry in lifecycle.searched(app):
        service = space.services.get(entry.service)
        if service is None or entry.binding not in space.bindings:
            raise SearchRefused(500, "Error connecting to elasticsearch (status_code: N/A, message: ConnectionError)")
        if service.last.type == "create" and progress(service, world.now) != "succeeded":
            raise SearchRefused(500, "Error connecting to elasticsearch (status_code: N/A, message: ConnectionTimeout)")
        number = apps.release(app.image).removeprefix("release-")
        if service.offering == "opensearch" and number.isdecimal() and int(number) < _TOO_OLD_FOR_OPENSEARCH:
            raise SearchRefused(
                500, "Error connecting to elasticsearch (status_code: 400, message: types are not supported)"
            )
        return service
    raise SearchRefused(500, "Error connecting to elasticsearch (status_code: N/A, message: no service)")


def status(world: EstateWorld, space: Space, app: App) -> Json:
    """What `/_status` tells of the backend.

    Raises:
        SearchRefused: The backend does not answer.
    """
    service = backend(world, space, app)
    told = {name: _told(index) for name, index in sorted(service.indices.items())}
    return {"disk": f"OK ({60 + seeded_random.of_text(service.guid) % 30}% free)", "es_status": told}


def answer(mappings: Mapping[str, MappingEntry], service: Service, method: str, steps: list[str], body: str) -> Json:
    """What the app answers to a request with a token: an index made, an alias pointed, or an index searched.

    Raises:
        SearchRefused: It cannot be done.
    """
    if method == "GET" and steps == [""]:
        return {"field-mappings": sorted(mappings), "links": {}}
    if method == "DELETE" and len(steps) == 1:
        indices.delete(service, steps[0])
        return {"message": "acknowledged"}
    if method == "PUT" and len(steps) == 1:
        try:
            wanted = json.loads(body)
        except (ValueError, RecursionError):
            raise SearchRefused(400, "Invalid JSON") from None
        if not isinstance(wanted, dict):
            raise SearchRefused(400, "Invalid JSON; must be a valid JSON object")
        if wanted.get("type") == "alias":
            indices.point(service, steps[0], str(wanted.get("target", "")))
        else:
            create(mappings, service, steps[0], str(wanted.get("mapping", "")))
        return {"message": "acknowledged"}
    if method == "GET" and steps[-1] == "search":
        index = indices.named(service, steps[0])
        if index is None:
            raise SearchRefused(404, f"no such index [{steps[0]}]")
        meta = {"total": index.documents, "took": 4, "results_per_page": 30, "query": {}}
        return {"meta": meta, "documents": [], "links": {}}
    raise SearchRefused(405, "The method is not allowed for the requested URL.")


def create(mappings: Mapping[str, MappingEntry], service: Service, name: str, mapping: str) -> None:
    """Make an empty index.

    Raises:
        SearchRefused: There is one of that name, or no such mapping.
    """
    if mapping not in mappings:
        raise SearchRefused(400, f"Mapping definition named '{mapping}' not found.")
    indices.add(service, name, SearchIndex(mapping, *mappings[mapping]))


def copy(world: EstateWorld, old: Service, new: Service, today: str) -> None:
    """Documents of each index with an alias into an index of today; aliases do not come along."""
    for index in old.indices.values():
        if not index.aliases:
            continue
        kind = world.estate.scripts.index_for(index.holds)
        new.indices[f"{kind}-{today}"] = replace(index, aliases=[])


def refill(world: EstateWorld, service: Service, stage: str, prefix: str) -> list[str]:
    """Put what the database holds into the indices of the frameworks whose names begin so; gives what it says."""
    said = []
    for name, index in service.indices.items():
        if index.aliases and index.holds.startswith(prefix):
            indices.fill(service, name, index.holds, int(world.documents[stage].get(index.holds, 0)))
            said.append(f"{index.documents} documents of {index.holds} into {name}")
    return said


def _told(index: SearchIndex) -> Json:
    return {
        "aliases": list(index.aliases),
        "mapping_generated_from_framework": index.framework,
        "mapping_version": index.mapping_version,
        "max_result_window": "50000",
        "num_docs": index.documents,
        "primary_size": f"{index.documents * 2.07 / 1024:.1f}mb",
    }
