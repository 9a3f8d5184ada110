"""What the pretend search-api answers: indices, aliases and documents of the service that its process holds."""

from __future__ import annotations

import json

from wizard.platforms.cloudfoundry import apps, lifecycle
from wizard.platforms.cloudfoundry.world import progress
from wizard.platforms.sdk import seeded_random


TYPE_CHECKING = False
if TYPE_CHECKING:
    from wizard.platforms.cloudfoundry.world import Facts, Space, World

MAPPINGS = {
    "services": ("g-cloud-9", "11.2.0"),
    "services-g-cloud-10": ("g-cloud-10", "13.1.0"),
    "services-g-cloud-11": ("g-cloud-11", "15.4.0"),
    "services-g-cloud-12": ("g-cloud-12", "18.0.0"),
    "briefs-digital-outcomes-and-specialists-2": ("digital-outcomes-and-specialists-2", "17.3.1"),
}
"""The mappings that the app knows: the framework each was generated from, and its version."""

_TOO_OLD_FOR_OPENSEARCH = 1100
"""Releases before this one use mapping types, which OpenSearch no longer has."""


class SearchRefused(Exception):
    """What was asked for cannot be done; the status and the message tell why."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def backend(world: World, space: Space, app: Facts) -> Facts:
    """The service instance that an app's process searches in.

    Raises:
        SearchRefused: It holds none that answers.
    """
    for entry in lifecycle.searched(app):
        service = space.services.get(entry["service"])
        if service is None or entry["binding"] not in space.bindings:
            raise SearchRefused(500, "Error connecting to elasticsearch (status_code: N/A, message: ConnectionError)")
        if service["last"]["type"] == "create" and progress(service, world.now) != "succeeded":
            raise SearchRefused(500, "Error connecting to elasticsearch (status_code: N/A, message: ConnectionTimeout)")
        number = apps.release(app["image"]).removeprefix("release-")
        if service["offering"] == "opensearch" and number.isdecimal() and int(number) < _TOO_OLD_FOR_OPENSEARCH:
            raise SearchRefused(
                500, "Error connecting to elasticsearch (status_code: 400, message: types are not supported)"
            )
        return service
    raise SearchRefused(500, "Error connecting to elasticsearch (status_code: N/A, message: no service)")


def status(world: World, space: Space, app: Facts) -> Facts:
    """What `/_status` tells of the backend.

    Raises:
        SearchRefused: The backend does not answer.
    """
    service = backend(world, space, app)
    indices = {name: _told(index) for name, index in sorted(service["indices"].items())}
    return {"disk": f"OK ({60 + seeded_random.of_text(service['guid']) % 30}% free)", "es_status": indices}


def answer(service: Facts, method: str, steps: list[str], body: str) -> Facts:
    """What the app answers to a request with a token: an index made, an alias pointed, or an index searched.

    Raises:
        SearchRefused: It cannot be done.
    """
    if method == "GET" and steps == [""]:
        return {"field-mappings": sorted(MAPPINGS), "links": {}}
    if method == "DELETE" and len(steps) == 1:
        delete(service, steps[0])
        return {"message": "acknowledged"}
    if method == "PUT" and len(steps) == 1:
        try:
            wanted = json.loads(body)
        except (ValueError, RecursionError):
            raise SearchRefused(400, "Invalid JSON") from None
        if not isinstance(wanted, dict):
            raise SearchRefused(400, "Invalid JSON; must be a valid JSON object")
        if wanted.get("type") == "alias":
            point(service, steps[0], str(wanted.get("target", "")))
        else:
            create(service, steps[0], str(wanted.get("mapping", "")))
        return {"message": "acknowledged"}
    if method == "GET" and steps[-1] == "search":
        index = named(service, steps[0])
        if index is None:
            raise SearchRefused(404, f"no such index [{steps[0]}]")
        meta = {"total": index["documents"], "took": 4, "results_per_page": 30, "query": {}}
        return {"meta": meta, "documents": [], "links": {}}
    raise SearchRefused(405, "The method is not allowed for the requested URL.")


def create(service: Facts, name: str, mapping: str) -> None:
    """Make an empty index.

    Raises:
        SearchRefused: There is one of that name, or no such mapping.
    """
    if mapping not in MAPPINGS:
        raise SearchRefused(400, f"Mapping definition named '{mapping}' not found.")
    if name in service["indices"]:
        raise SearchRefused(400, f"index [{name}] already exists")
    framework, version = MAPPINGS[mapping]
    about = {"mapping": mapping, "framework": framework, "mapping_version": version}
    service["indices"][name] = {**about, "documents": 0, "hash": "", "holds": "", "aliases": []}


def point(service: Facts, alias: str, target: str) -> None:
    """Let an alias lead to one index and to no other, at once.

    Raises:
        SearchRefused: There is no such index.
    """
    if target not in service["indices"]:
        raise SearchRefused(404, f"no such index [{target}]")
    if alias in service["indices"]:
        raise SearchRefused(400, f"an index exists with the same name as the alias [{alias}]")
    for name, index in service["indices"].items():
        index["aliases"] = sorted({*index["aliases"], alias} if name == target else {*index["aliases"]} - {alias})


def delete(service: Facts, name: str) -> None:
    """Remove an index.

    Raises:
        SearchRefused: There is none of that name, or an alias leads to it.
    """
    index = service["indices"].get(name)
    if index is None:
        raise SearchRefused(404, f"no such index [{name}]")
    if index["aliases"]:
        raise SearchRefused(400, f"Index '{name}' is aliased as '{index['aliases'][0]}' and cannot be deleted")
    del service["indices"][name]


def fill(service: Facts, name: str, framework: str, docs: int) -> None:
    """Put documents into an index; those that are there are overwritten.

    Raises:
        SearchRefused: There is no such index.
    """
    index = named(service, name)
    if index is None:
        raise SearchRefused(404, f"no such index [{name}]")
    index["documents"] = docs
    index["holds"] = framework
    index["hash"] = f"{seeded_random.of_text(f'{framework} {docs}'):016x}"


def copy(old: Facts, new: Facts, today: str) -> None:
    """Documents of each index with an alias into an index of today; aliases do not come along."""
    for index in old["indices"].values():
        if not index["aliases"]:
            continue
        kind = f"briefs-{index['holds']}" if index["holds"].startswith("digital-outcomes") else index["holds"]
        new["indices"][f"{kind}-{today}"] = {**index, "aliases": []}


def restore(old: Facts, new: Facts) -> None:
    """What the broker's restore brings: indices, mappings and aliases of the latest backup."""
    new["indices"] = {name: {**index, "aliases": list(index["aliases"])} for name, index in old["indices"].items()}


def refill(world: World, service: Facts, stage: str, prefix: str) -> list[str]:
    """Put what the database holds into the indices of the frameworks whose names begin so; gives what it says."""
    said = []
    for name, index in service["indices"].items():
        if index["aliases"] and index["holds"].startswith(prefix):
            fill(service, name, index["holds"], int(world.facts["documents"][stage].get(index["holds"], 0)))
            said.append(f"{index['documents']} documents of {index['holds']} into {name}")
    return said


def named(service: Facts, name: str) -> Facts | None:
    """The index of a name or of an alias; None when there is none."""
    found = service["indices"].get(name)
    return found or next((index for index in service["indices"].values() if name in index["aliases"]), None)


def _told(index: Facts) -> Facts:
    return {
        "aliases": list(index["aliases"]),
        "mapping_generated_from_framework": index["framework"],
        "mapping_version": index["mapping_version"],
        "max_result_window": "50000",
        "num_docs": index["documents"],
        "primary_size": f"{index['documents'] * 2.07 / 1024:.1f}mb",
    }
