"""A hundred thousand sessions carried over while people go on clicking."""

import pytest

from tests.carried import carry
from tests.real_redis import running


@pytest.mark.storm
def test_a_hundred_thousand_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    with running() as old, running() as new:
        monkeypatch.setenv("OLD_URL", old.url)
        monkeypatch.setenv("NEW_URL", new.url)
        carry(old, new, 100_000)
