"""The manual's Redis upgrade, rehearsed key by key in a terminal of 80x24."""

import json
from pathlib import Path

import pytest

from screens.app import UplevelApp
from screens.run.screen import RunScreen
from screens.start.screen import StartScreen
from tests.decisions import decisions
from tests.ui.settling import Settling
from tests.whole.by_keys import act, can_act, until
from wizard.engine import Request, open_session, prepare


@pytest.mark.storm  # every day redis is rehearsed by keys in test_tui_walk, and its decisions are compared line by line
async def test_the_whole_upgrade_key_by_key(monkeypatch: pytest.MonkeyPatch) -> None:
    Settling(monkeypatch)
    for wait in ("SETTLING", "BURST", "OPENING"):
        monkeypatch.setattr(f"screens.shared.guard.{wait}", 0.0)
    app = UplevelApp(preparation=prepare(Request("redis", "rehearsal", {"stage": "preview"}, speed=2000.0)))
    did: list[str] = []
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: isinstance(app.screen, StartScreen) and app.screen.guard.ready, pilot)
        await pilot.press("f5")
        await until(lambda: isinstance(app.screen, RunScreen), pilot)
        run = app.screen
        assert isinstance(run, RunScreen)
        while app.return_value is None:
            await until(lambda: app.return_value is not None or can_act(run), pilot)
            if app.return_value is None:
                did.append(await act(run, pilot))
            assert len(did) < 60, did
        assert run.showing.view.mode == "REHEARSAL"
        folder = run.driver.engine.folder
    assert app.return_value.code == 0, did
    assert did.count("result") == 6
    assert "type" in did
    assert did[-1] == "closed"
    records = [json.loads(line) for line in (folder / "journal.jsonl").read_text().splitlines()]
    kinds = [record["kind"] for record in records]
    assert kinds.count("step.ended") == 16
    assert "session.closed" in kinds
    ended = [record["data"]["state"] for record in records if record["kind"] == "step.ended"]
    assert sorted(ended) == ["done"] * 6 + ["not applicable"] * 10
    assert decisions(folder) == decisions(_by_itself())


def _by_itself() -> Path:
    """The folder of the same rehearsal, played by the engine."""
    engine = open_session(
        prepare(Request("redis", "rehearsal", {"stage": "preview"}, speed=2000.0, auto=True)), front_end="none"
    )
    engine.start(lambda _message: None)
    assert engine.join(60)
    return engine.folder
