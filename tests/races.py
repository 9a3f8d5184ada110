"""Races of two wizards in processes of their own for one target, over two procedures; and what both records say."""

import random
import signal
from pathlib import Path

from tests.conftest import until
from tests.two_operators import Wizard, journal_of, lay, procedure, records_of


def race(folder: Path, seed: int) -> None:
    """Two begin at once; one of them holds the target, the other one is told who does, and nothing begins twice.

    What happens then is the seed's: the holder is left, killed, killed while its command runs, asked, or silent; and
    the other one has the target in the end, with a record of it in both journals where both wrote one.
    """
    folder.mkdir()
    values = lay(folder)
    end = ("killed", "killed while it runs", "given", "ended", "hangs")[seed % 5]
    slow = end == "killed while it runs"
    answers = {"busy": ("take-over", "it is mine"), "unfinished": ("beside", "it is mine"), "take over": ("give",)}
    if end != "given":
        del answers["take over"]
    go = {"go": ("run",)} if slow else {}
    pair = [Wizard(procedure(name, slow=slow), values, {**answers, **go}) for name in ("one", "two")]
    try:
        _run(pair, folder, end, random.Random(seed))
    finally:
        for each in pair:
            each.end()


def _run(pair: list[Wizard], folder: Path, end: str, seeded_random: random.Random) -> None:
    first, second = pair
    until(lambda: any(records_of(each.session, "target.held") for each in pair), 60)
    until(lambda: all(_settled(each) for each in pair), 60)
    holders = [each for each in pair if records_of(each.session, "target.held")]
    assert len(holders) == 1, [journal_of(each.session)[-3:] for each in pair]
    winner = holders[0]
    loser = second if winner is first else first
    busy = records_of(loser.session, "target.busy")[0]
    assert busy["holder"]["session"] == winner.session
    assert not records_of(loser.session, "step.began")
    if end == "killed":
        winner.process.send_signal(signal.SIGKILL)
    elif end == "killed while it runs":
        until((folder / "begun").exists, 60)
        winner.process.send_signal(signal.SIGKILL)
        assert not records_of(loser.session, "target.held")
        (folder / "go").touch()
    elif end == "hangs":
        until(lambda: bool(records_of(winner.session, "take-over.wanted")) or seeded_random.random() < 0.5, 60)
        winner.process.send_signal(signal.SIGSTOP)
    loser.until("asked go", "event step.began")
    assert len(records_of(loser.session, "target.held")) == 1
    outcome = records_of(loser.session, "take-over.ended")[-1]["outcome"]
    asked = records_of(loser.session, "take-over.asked")
    assert asked[0]["reason"] == "it is mine"
    if end == "given":
        assert outcome == "given"
        assert records_of(winner.session, "session.taken-over")[0]["how"] == "given"
    elif end in {"ended", "hangs"}:
        assert outcome == "ended"
        assert winner.process.wait(20) in {-signal.SIGTERM, -signal.SIGKILL}
        assert records_of(winner.session, "session.taken-over")[0]["how"] == "ended"
    else:
        assert outcome == "free", records_of(loser.session, "take-over.ended")
    found = records_of(loser.session, "target.unfinished")
    assert found[0]["sessions"][0]["holder"]["session"] == winner.session


def _settled(wizard: Wizard) -> bool:
    kinds = {record["kind"] for record in journal_of(wizard.session)}
    return bool(kinds & {"target.held", "target.busy"})
