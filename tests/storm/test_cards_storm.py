"""Every step of every built-in procedure at every size: its sibling in default looks at a part of them."""

import pytest

from tests.ui.conftest import Desk
from tests.ui.test_nothing_cut import look_at_all


pytestmark = pytest.mark.storm


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (100, 30), (120, 40), (160, 50)], ids=lambda size: str(size[0]))
async def test_nothing_that_decides_is_cut_at_any_step(size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    for wait in ("SETTLING", "BURST", "OPENING"):
        monkeypatch.setattr(f"screens.shared.guard.{wait}", 0.0)
    assert await look_at_all(size, Desk, 1, ("", "no")) > 300
