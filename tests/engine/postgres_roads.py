"""The roads of PostgreSQL with real servers behind them, and what somebody else does there meanwhile."""

from typing import TYPE_CHECKING

import psycopg

from tests.engine.roads import Road


if TYPE_CHECKING:
    from tests.conftest import Opener


ROADS = ("in-place", "dump", "replicate")
DB = "digitalmarketplace_api_db"
RELEASED = ("api", "router")
"""Apps that are released on the way, so that their guids are other ones afterwards."""


def postgres_road(
    sessions: "Opener", road: str, *, stage: str = "preview", drill: str = "", answers: dict[str, str] | None = None
) -> Road:
    """A rehearsal of one road, with ports of its own for the tunnels."""
    values = {"stage": stage}
    return Road(sessions, "postgresql", values=values, answers={"road": road, **(answers or {})}, drill=drill)


def sql(road: Road, service: str, *statements: str) -> list[tuple[object, ...]]:
    """What somebody else does in a database, past the wizard and past its write fence.

    Returns:
        The rows of the last statement; none where it has none.
    """
    world = road.world
    found = world.site.service(service)
    assert found is not None, service
    assert found.server is not None, service
    rows: list[tuple[object, ...]] = []
    with psycopg.connect(
        host=world.lab.folder,
        port=found.server.port,
        user="uplevel",
        dbname="marketplace",
        autocommit=True,
        options="-c default_transaction_read_only=off",
    ) as connection:
        for statement in statements:
            cursor = connection.execute(statement.encode())
            rows = cursor.fetchall() if cursor.description is not None else []
    return rows
