"""Records that uplevel never wrote, sealed by whoever may write the file: they are read, never gone on with."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Opener
from tests.engine.test_planted_files import left_in_the_middle
from tests.engine.test_verify import rewrite
from wizard.archive.sessions import summary_of
from wizard.engine.record_follower import Observed
from wizard.errors import EvidenceBroken
from wizard.record.events import has_its_shape
from wizard.record.journal import SessionFolder, verify


Records = list[dict[str, Any]]


def of(records: Records, kind: str) -> dict[str, Any]:
    return next(record for record in records if record["kind"] == kind)


def again(kind: str, **data: object) -> Callable[[Records], None]:
    def change(records: Records) -> None:
        record = of(records, kind)
        records.append({**record, "data": {**record["data"], **data}})

    return change


WAYS: dict[str, tuple[Callable[[Records], object], str]] = {
    "another beginning": (lambda records: records.pop(0), "is not how a session begins"),
    "a second beginning": (again("session.opened"), "opens it for the second time"),
    "a run that none ordered": (again("run.started", run=9), "is about an unknown run, 9"),
    "the order of a run is gone": (lambda records: records.remove(of(records, "run.intent")), "an unknown run, 1"),
    "a run that is ordered twice": (again("run.intent"), "orders run 1 for the second time"),
    "a step without a name": (again("step.began", step=""), "a step that the procedure does not have"),
    "a step that is none": (again("step.began", step="nowhere"), "a step that the procedure does not have, nowhere"),
}


@pytest.mark.parametrize("name", WAYS)
def test_what_no_session_can_have_said_is_neither_gone_on_with_nor_looked_on_at(sessions: Opener, name: str) -> None:
    folder = left_in_the_middle(sessions)
    change, told = WAYS[name]

    def forged(records: Records) -> None:
        change(records)

    rewrite(SessionFolder(folder), forged)
    with pytest.raises(EvidenceBroken, match=told):
        sessions.resume(folder.name)
    with pytest.raises(EvidenceBroken, match=told):
        Observed(folder)
    assert summary_of(folder).id == folder.name
    verify(folder, shape=has_its_shape)
