"""What a search service holds: indices, and aliases that lead to them."""

from dataclasses import replace

from wizard.platforms.cloudfoundry.things import SearchIndex, Service
from wizard.platforms.cloudfoundry.world import Space
from wizard.platforms.sdk import seeded_random


class SearchRefused(Exception):
    """What was asked for cannot be done; the status and the message tell why."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def add(service: Service, name: str, index: SearchIndex) -> None:
    """Make an index.

    Raises:
        SearchRefused: There is one of that name.
    """
    if name in service.indices:
        raise SearchRefused(400, f"index [{name}] already exists")
    service.indices[name] = index


def point(service: Service, alias: str, target: str) -> None:
    """Let an alias lead to one index and to no other, at once.

    Raises:
        SearchRefused: There is no such index.
    """
    if target not in service.indices:
        raise SearchRefused(404, f"no such index [{target}]")
    if alias in service.indices:
        raise SearchRefused(400, f"an index exists with the same name as the alias [{alias}]")
    for name, index in service.indices.items():
        index.aliases = sorted({*index.aliases, alias} if name == target else {*index.aliases} - {alias})


def delete(service: Service, name: str) -> None:
    """Remove an index.

    Raises:
        SearchRefused: There is none of that name, or an alias leads to it.
    """
    index = service.indices.get(name)
    if index is None:
        raise SearchRefused(404, f"no such index [{name}]")
    if index.aliases:
        raise SearchRefused(400, f"Index '{name}' is aliased as '{index.aliases[0]}' and cannot be deleted")
    del service.indices[name]


def fill(service: Service, name: str, holds: str, documents: int) -> None:
    """Put documents into an index; those that are there are overwritten.

    Raises:
        SearchRefused: There is no such index.
    """
    index = named(service, name)
    if index is None:
        raise SearchRefused(404, f"no such index [{name}]")
    index.documents = documents
    index.holds = holds
    index.hash = f"{seeded_random.of_text(f'{holds} {documents}'):016x}"


def restore(old: Service, new: Service) -> None:
    """What the broker's restore brings: indices, mappings and aliases of the latest backup."""
    new.indices = {name: replace(index, aliases=list(index.aliases)) for name, index in old.indices.items()}


def named(service: Service, name: str) -> SearchIndex | None:
    """The index of a name or of an alias; None when there is none."""
    found = service.indices.get(name)
    return found or next((index for index in service.indices.values() if name in index.aliases), None)


def behind(space: Space, alias: str, of: str) -> SearchIndex | None:
    """The index behind an alias of the service of a name; None when there is none."""
    service = space.service(of)
    known = [] if service is None else service.indices.values()
    return next((index for index in known if alias in index.aliases), None)
