"""Sessions carried over by the steps of a live session: the addresses are asked for, and are written nowhere."""

from typing import TYPE_CHECKING

from tests.real_redis import running
from wizard.errors import ExitCode


if TYPE_CHECKING:
    from tests.conftest import Opener


CARRY = r"""
format: 1
procedure: carry
title: Carry the sessions over
phases:
  - title: Carry
    steps:
      - id: old-address
        title: The old address
        ask: {name: old_url, ask: Address of the old service, secret: true, matches: '(rediss?|unix)://\S+'}
      - id: new-address
        title: The new address
        ask: {name: new_url, ask: Address of the new service, secret: true, matches: '(rediss?|unix)://\S+'}
      - id: bulk
        title: Copy
        run: uplevel copy redis-sessions env:OLD_REDIS_URL env:NEW_REDIS_URL
        env: {OLD_REDIS_URL: '${old_url}', NEW_REDIS_URL: '${new_url}'}
        expect: {has: '^copied +\d'}
        after:
          - run: uplevel compare redis env:OLD_REDIS_URL env:NEW_REDIS_URL --match 'session:*'
            env: {OLD_REDIS_URL: '${old_url}', NEW_REDIS_URL: '${new_url}'}
        repeat: safe
"""


def test_the_steps_copy_and_compare_and_no_password_is_kept(sessions: "Opener") -> None:
    with running() as old, running() as new:
        addresses = []
        for server, password in ((old, "hunter2-and-more"), (new, "correct-horse")):
            server.client.config_set("requirepass", password)
            addresses.append(f"{server.url}?password={password}")
        old.client.set("session:cafe0123456789", "somebody's cookie", ex=3600)
        drive = sessions.open(CARRY)
        for address in addresses:
            drive.ask_and_answer("answer", address, sort="secret")
        drive.ask_and_answer("run", sort="go")
        assert drive.until_finished().code is ExitCode.COMPLETED
        assert new.client.get("session:cafe0123456789") == b"somebody's cookie"
        kept = [path.read_bytes() for path in drive.engine.folder.rglob("*") if path.is_file()]
        for secret in (b"hunter2", b"correct-horse", b"cafe0123456789", b"somebody's"):
            assert not [content for content in kept if secret in content]
