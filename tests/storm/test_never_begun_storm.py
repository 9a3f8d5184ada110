"""500 kills while a session is opened: none leaves what needs a hand."""

import random

import pytest

from tests.conftest import Opener
from tests.engine.test_never_begun import STEPS
from tests.unbegun import kill_while_opening
from wizard.archive.sessions import list_sessions


pytestmark = pytest.mark.storm


def test_500_kills_while_a_session_is_opened(sessions: Opener) -> None:
    chosen = random.Random(11)
    kill_while_opening([chosen.randrange(1, 90) for _ in range(500)])
    drive = sessions.open(STEPS)
    drive.until_asked()
    assert {each.state for each in list_sessions()} <= {"open", "running"}
