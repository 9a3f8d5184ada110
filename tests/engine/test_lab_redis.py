"""Sessions carried over in a rehearsal between two real servers, while people go on to use the site."""

from typing import TYPE_CHECKING

import redis

from tests.conftest import until
from tests.engine.roads import Road
from wizard.errors import ExitCode
from wizard.platforms.cloudfoundry import secrets


if TYPE_CHECKING:
    from tests.conftest import Opener


NAME = "digitalmarketplace_redis"


def client(road: Road, name: str) -> "redis.Redis":
    """A client of the server under an instance, as only the lab has one."""
    service = road.world.space.service(name)
    assert service is not None
    assert service.server is not None
    key = secrets.of_server(road.world, service, service.server, "")
    return redis.Redis(host=key.host, port=key.port, password=key.password)


def test_who_was_logged_in_before_is_logged_in_after(sessions: "Opener") -> None:
    road = Road(sessions, "redis", answers={"sessions": "carry"})
    road.to("bulk")
    with client(road, NAME) as old:
        until(lambda: old.dbsize() >= 2000)  # the way in would wait for it; this client goes past that
        logged_in = {key: (old.dump(key), old.pttl(key)) for key in old.scan_iter("session:*", count=1000)}
    assert len(logged_in) > 1990
    road.to("remove-old")
    old_guid = road.state.values["old_guid"]
    with client(road, NAME) as new, client(road, f"{NAME}-old") as old:
        gone = [key for key in logged_in if not new.exists(key)]
        assert len(gone) <= 2  # who logged out, or was cut off by the end of the session
        unlike = [key for key in logged_in if key not in gone and abs(new.pttl(key) - old.pttl(key)) > 1000]
        assert len(unlike) < 250  # the visitors of just now: their sessions live longer since they came back
    assert road.walk(lambda _: False) is None
    assert road.drive.finished is not None
    assert road.drive.finished.code is ExitCode.COMPLETED
    assert "sessions that were looked for were there" in road.drive.finished.sentence
    held = road.world.space.service(NAME)
    assert held is not None
    assert held.guid != old_guid
