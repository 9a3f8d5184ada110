"""Whole roads through the built-in procedures: the real engine on a pretend platform without processes."""

import subprocess
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from click.testing import CliRunner

from tests.conftest import Drive, Opener
from tests.in_process_runner import InProcessRunner, run_process
from tests.played import play_in
from wizard.checks.model import Check
from wizard.cli.commands import uplevel
from wizard.engine import Request, prepare
from wizard.engine.auto import AutoOperator
from wizard.engine.commands import OWN_WORDS, command_of
from wizard.engine.environments import SandboxEnvironment
from wizard.engine.opening import open_session, resume_session
from wizard.engine.vault import Vault
from wizard.errors import UplevelError
from wizard.execution.runner import CheckOrder, CheckReply, Notice, Order
from wizard.model.procedure import Operation, Procedure
from wizard.platforms.digitalmarketplace.world import EstateWorld
from wizard.platforms.sdk.sandbox import Sandbox
from wizard.record.events import Asked
from wizard.session import Answer


if TYPE_CHECKING:
    from wizard.session import SessionState


PROCEDURES = ("elasticsearch", "nginx", "opensearch", "redis")
STAGES = ("preview", "staging", "production")
IN_STORM = pytest.mark.storm
ONE_OF_TWINS = ("elasticsearch", "nginx", pytest.param("opensearch", marks=IN_STORM), "redis")
"""The procedures, of which two share their steps: one of them stands for both where a whole road is walked."""
TROUBLE = frozenset({"no answer", "before", "fence", "failed", "undo failed", "value", "held", "needs", "unknown"})
"""The sorts of questions that a good day does not have."""

_FAST = 1e9
_ONE_AT_A_TIME = threading.Lock()


def released(procedure: str, world: EstateWorld) -> tuple[str, ...]:
    """The apps that taking a road back releases anew, so that their guids are other ones."""
    if procedure == "redis":
        return tuple(app.name for app in world.space.apps.values())
    return ("router",) if procedure == "nginx" else ()


class LateRunner:
    """Implements `Runner` in process; the sandbox only exists once the session is open, so it is found at first use."""

    processes = False

    def __init__(self) -> None:
        self._inner: InProcessRunner | None = None

    def start(self, order: Order, notify: Callable[[Notice], None]) -> None:
        self._found(order.env).start(order, notify)

    def reattach(self, folder: Path, run: int, notify: Callable[[Notice], None]) -> None:
        self._found({"PATH": str(folder.parents[1] / "sandbox" / "bin")}).reattach(folder, run, notify)

    def connected(self, run: int) -> bool:
        return self._inner is not None and self._inner.connected(run)

    def send_keys(self, run: int, data: bytes) -> None:
        if self._inner is not None:
            self._inner.send_keys(run, data)

    def resize(self, run: int, columns: int, rows: int) -> None:
        """See `Runner`."""

    def stop(self, run: int, who: str) -> None:
        if self._inner is not None:
            self._inner.stop(run, who)

    def check(self, ask: CheckOrder) -> CheckReply:
        return self._found(ask.env).check(ask)

    def cancel_checks(self) -> None:
        """See `Runner`."""

    def close(self) -> None:
        if self._inner is not None:
            self._inner.close()

    def _found(self, env: Mapping[str, str]) -> InProcessRunner:
        if self._inner is None:
            sandbox = Sandbox.open(Path(env["PATH"]).parent)
            self._inner = InProcessRunner(sandbox, lambda order: _really(sandbox, order))
        return self._inner


def _really(sandbox: Sandbox, order: Order | CheckOrder) -> "subprocess.CompletedProcess[bytes]":
    """What is no pretend command: uplevel's own that need no server in this process, the rest as a process."""
    words = list(order.argv[4:])
    if tuple(order.argv[1:4]) != OWN_WORDS or words[:2] not in (["compare", "search"], ["edit", *words[1:2]]):
        return run_process(order)
    if words[0] == "edit":
        words[1] = str(Path(order.cwd, words[1]))

    def curl(address: str, _timeout: float) -> "subprocess.CompletedProcess[bytes]":
        said = play_in(sandbox, ["curl", "-sS", "-f", address])
        return subprocess.CompletedProcess([], said.exit, said.stdout.encode(), said.stderr.encode())

    with _ONE_AT_A_TIME, patch("wizard.data.compare.search.ask", curl):
        result = CliRunner().invoke(uplevel, words, standalone_mode=False)
    problem = result.exception
    if isinstance(problem, UplevelError):
        return subprocess.CompletedProcess(words, problem.code, b"", str(problem).encode())
    if problem is not None:
        raise problem
    return subprocess.CompletedProcess(words, int(result.return_value), result.stdout.encode(), result.stderr.encode())


class Road:
    """One rehearsal, walked by the good operator unless a test answers in its place.

    Args:
        sessions: Opens sessions and ends them with the test.
        procedure: Name of a built-in procedure.
        values: Parameters; the stage is preview unless said.
        answers: What the operator says where the procedure's own rehearsal would say something else.
        drill: The fault that is planted.
    """

    def __init__(
        self,
        sessions: Opener,
        procedure: str,
        *,
        values: Mapping[str, str] | None = None,
        answers: Mapping[str, str] | None = None,
        drill: str = "",
    ) -> None:
        given = {"stage": "preview", **(values or {})}
        request = Request(procedure=procedure, mode="rehearsal", values=given, speed=_FAST, drill=drill)
        runner = LateRunner()
        self._sessions = sessions
        self.drive: Drive = sessions.drive(open_session(prepare(request), front_end="none", runner=runner))
        self.runner = runner
        self.procedure: Procedure = self.drive.engine.plan_input.procedure
        self.sandbox = Sandbox.open(self.drive.engine.folder / "sandbox")
        self._answers = dict(answers or {})
        self._good = AutoOperator(self.procedure)

    @property
    def state(self) -> "SessionState":
        return self.drive.state

    @property
    def world(self) -> EstateWorld:
        """The pretend platform as it is now."""
        found: EstateWorld = self.sandbox.world()
        return found

    @property
    def begun(self) -> int:
        """How often a step was begun."""
        return sum(event.kind == "step.began" for event in self.drive.events)

    def question(self) -> Asked | None:
        """The question that is open or comes next; None when the session is over."""
        drive = self.drive
        open_already = drive.state.question is not None and drive.asking == drive.state.question.question
        if drive.finished is None and not (open_already and drive.asking > drive.answered):
            drive.until_asked_or_finished()
        return None if drive.finished is not None else drive.state.question

    def answer(self, question: Asked) -> None:
        """Answer as the good operator does."""
        wanted = self._answers.get(question.name)
        answer: Answer | None
        if question.question_kind == "choose" and wanted is not None:
            answer = Answer(question.question, f"={wanted}")
        else:
            answer = self._good.answer(question, self.drive.state)
        assert answer is not None, question
        self.drive.answer(answer.choice, answer.text, *answer.evidence)

    def walk(self, until: Callable[[Asked], bool]) -> Asked | None:
        """Answer well until a question is wanted.

        Returns:
            That question, unanswered; None when the session ended before.
        """
        while (question := self.question()) is not None and not until(question):
            self.answer(question)
        return question

    def to(self, step: str, sort: str | None = None) -> Asked:
        """Walk to the first question of a step; trouble before it fails the test."""
        question = self.walk(
            lambda asked: asked.question_kind in TROUBLE or (asked.step == step and sort in {None, asked.question_kind})
        )
        assert question is not None, f"the session ended before {step}"
        assert question.step == step, question
        return question

    def trouble_or_end(self) -> Asked | None:
        """Walk until something is wrong.

        Returns:
            The question about it, unanswered; None when nothing ever was.
        """
        return self.walk(
            lambda asked: asked.question_kind in TROUBLE or asked.text.startswith("The pretend platform did it and")
        )

    def trouble(self) -> Asked:
        """Walk until something is wrong; a session without trouble fails the test."""
        question = self.trouble_or_end()
        assert question is not None, "nothing was ever wrong"
        return question

    def told(self) -> str:
        """All that the open question says: its text, and what its checks wanted, got and advise."""
        question = self.asked()
        actor = self.state.undo or self.state.step(question.step or "")
        looks = [look for look in actor.check_results.values() if look.verdict != "yes" and look.purpose != "already"]
        return "\n".join([question.text, *(f"{look.why} {look.got}" for look in looks)])

    def undo(self, question: Asked) -> None:
        """Take back the step that is next to be taken back, to its end."""
        count = sum(event.kind == "undo.began" for event in self.drive.events)
        self.drive.answer("undo")
        while (question := self.asked()).question_kind in {"undo", "found done"} or self.drive.state.undo is not None:
            assert question.question_kind not in TROUBLE, question
            self.answer(question)
        assert sum(event.kind == "undo.began" for event in self.drive.events) == count + 1

    def undo_all(self) -> None:
        """Take back all that can be taken back, and stop."""
        question = self.asked()
        while any(option.id == "undo" for option in question.options):
            self.undo(question)
            question = self.asked()
        self.drive.answer("stop", "the way back ends here")
        self.drive.until_finished()

    def asked(self) -> Asked:
        """The question that is open or comes next; a session that is over fails the test."""
        question = self.question()
        assert question is not None, "the session is over"
        return question

    def play(self, line: str) -> str:
        """What somebody else does on the platform meanwhile; its standard output."""
        return play_in(self.sandbox, line.split()).stdout

    def aside(self, thing: Operation | Check) -> CheckReply:
        """Do in another terminal what a step does."""
        environment = SandboxEnvironment(self.sandbox, 0)
        private = self.sandbox.folder / "tmp" / f"private-{self.drive.engine.session}"
        values = {**self.drive.state.values, "private": str(private), "attempt": "1"}
        command = command_of(thing, self.procedure, environment, values, Vault({}))
        return self.runner.check(CheckOrder(command.argv, command.env, command.cwd, 30.0))

    def resume(self) -> None:
        """Leave the session where it is and take it up again, as after a night."""
        session = self.drive.engine.session
        self.drive.leave()
        self.runner = LateRunner()
        engine = resume_session(session, front_end="none", runner=self.runner)
        self.drive = self._sessions.drive(engine)

    def runs(self, step: str) -> int:
        """How often a command of a step was started."""
        return sum(run.intent.step == step for run in self.state.runs.values())

    def replace_in(self, name: str, old: str, new: str) -> None:
        """Change a file of the sandbox, wherever it lies, as an editor would."""
        path = next(path for top in ("work", "tmp") for path in (self.sandbox.folder / top).rglob(name))
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def output(self) -> str:
        """What the last run printed."""
        return self.drive.engine.output(max(self.state.runs)).file.path.read_text(encoding="utf-8")

    def files(self, *tops: str) -> dict[str, bytes]:
        """The files that commands may have made or changed, by path below the sandbox.

        Args:
            tops: Where; `work` with the repositories and `tmp` with the private folder unless said.
        """
        found = [path for top in tops or ("work", "tmp") for path in (self.sandbox.folder / top).rglob("*")]
        return {str(path.relative_to(self.sandbox.folder)): path.read_bytes() for path in found if path.is_file()}
