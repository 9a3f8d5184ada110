"""What the line-by-line front end says of a countdown, a no at a gate, and a step that was accepted."""

from typing import TYPE_CHECKING

from wizard.engine import Activity, Message, Update
from wizard.plain.narrate import Narrator


if TYPE_CHECKING:
    from tests.conftest import Drive, Opener


_HEAD = "format: 1\nprocedure: p\ntitle: P\nphases:\n  - title: A\n    steps:\n"


class Told:
    """The lines of a session that is driven."""

    def __init__(self, drive: "Drive") -> None:
        self.lines: list[str] = []
        self._narrator = Narrator(answers=False)
        self._drive = drive
        self._next = drive.next
        drive.next = self._listen  # type: ignore[method-assign]  # every message passes here

    def _listen(self, seconds: float = 30.0) -> Message:
        message = self._next(seconds)
        if isinstance(message, Update):
            self.lines += self._narrator.tell(self._drive.engine.plan_input, message)
        return message


def test_a_countdown_does_not_call_for_anybody(sessions: "Opener") -> None:
    drive = sessions.open(_HEAD + "      - {id: w, title: Let it settle, wait: 10m}\n")
    told = Told(drive)
    drive.until(lambda message: isinstance(message, Activity) and message.kind == "waiting")
    assert drive.state.question is not None
    assert drive.state.question.question_kind == "soak"
    assert "  a wait of 10 min began" in told.lines
    assert not [line for line in told.lines if line.startswith("!")]


def test_a_no_at_a_gate_and_an_acceptance_are_told(sessions: "Opener") -> None:
    drive = sessions.open(_HEAD + "      - {id: s, title: S, confirm: Really?, run: 'false'}\n")
    told = Told(drive)
    drive.ask_and_answer("run", sort="go")
    drive.ask_and_answer("back", sort="confirm")
    drive.ask_and_answer("run", sort="go")
    assert [line for line in told.lines if "Back at the step. Nothing ran" in line]
    drive.ask_and_answer("yes", sort="confirm")
    drive.ask_and_answer("accept", "only a test", sort="failed")
    drive.until_finished()
    user = drive.state.opened.operator.user
    assert any(line.startswith(f"≈ accepted by {user}: only a test. The check had said: ") for line in told.lines)


_TABLE = """\
      - {id: way, title: The way, choose: {name: way, ask: Which way?, options: {a: left, b: right}}}
      - {id: other, title: Not this way, why: It is the other road., when: {way: b}, run: 'echo no'}
      - id: read
        title: Read it
        before: [{shell: 'printf "old  1\\n  new  2\\n"'}]
        by_hand: [Read the table]
"""


def test_a_table_stands_line_by_line_and_a_step_that_does_not_apply_takes_one(sessions: "Opener") -> None:
    drive = sessions.open(_HEAD + _TABLE)
    told = Told(drive)
    drive.ask_and_answer("=a", sort="choose")
    drive.ask_and_answer("tick", sort="item")
    drive.until_finished()
    at = next(at for at, line in enumerate(told.lines) if line.startswith("  before"))
    assert told.lines[at : at + 3] == ["  before         yes", "    old  1", "      new  2"]
    other = [line for line in told.lines if "Not this way" in line]
    assert len(other) == 1
    assert "does not apply" in other[0]
    assert not any("other road" in line for line in told.lines)
