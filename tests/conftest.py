"""What every tier shares: folders of its own, an engine without a screen, and a desk for real commands."""

import os
import queue
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import settings

from tests import examples
from tests.channels import close_platforms
from tests.leftovers import end_runs, holding, remove_labs
from wizard.clock import process_start
from wizard.engine.engine import Engine
from wizard.engine.messages import Activity, IntentionRefused, Leave, Message, SessionFinished, Update
from wizard.engine.opening import open_session, resume_session
from wizard.engine.request import Preparation, Request
from wizard.execution import runner as commands
from wizard.inbox import Inbox
from wizard.model.reading import parse_procedure
from wizard.record.events import Asked, Event, Evidence, Mode, RunStarted
from wizard.session import Answer, SessionState


Kind = TypeVar("Kind")

HANG = 60.0
"""Seconds after which something that is waited for is held not to come; no load takes as long."""


# Tests start uplevel thousands of times, and each start would compile it anew where bytecode is not kept.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def temporary_folders_in_memory() -> None:
    """Let what the tests write lie in memory where there is room: each record is synced, which costs a disk a while."""
    memory = Path("/dev/shm")
    with suppress(OSError):
        found = os.statvfs(memory)
        roomy = min(found.f_bavail * found.f_frsize, os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
        if os.access(memory, os.W_OK | os.X_OK) and not found.f_flag & os.ST_NOEXEC and roomy > _ROOM:
            os.environ.setdefault("TMPDIR", str(memory))
            tempfile.tempdir = None


_ROOM = 8 << 30
temporary_folders_in_memory()

# The same examples on every machine, so that a red run means a change.
settings.register_profile("house", derandomize=True)
settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    """Tell the properties how often they are tried."""
    examples.storm = config.getoption("markexpr") == "storm"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the storm run in full what is run in part on every day."""
    for item in items:
        if examples.storm and item.get_closest_marker(examples.IN_FULL) is not None:
            item.add_marker(pytest.mark.storm)


@pytest.fixture(autouse=True, scope="session")
def nothing_runs_on(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No process outlives the tests: whatever still uses their folders at the end is a fault, and is named."""
    yield
    base = tmp_path_factory.getbasetemp()
    with suppress(AssertionError):
        until(lambda: not any(holding(base)), 30)
    left = list(holding(base))
    assert not left, "\n".join(["Tests left processes behind:", *left])


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """No test ever sees the real home, state or agent of whoever runs it. What its sessions left running is ended."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    for name in ("CONFIG", "STATE", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    monkeypatch.setenv("HOME", str(home))
    # The agent is somebody's own, and the size is what xdist says of a terminal that is not there.
    for name in ("SSH_AUTH_SOCK", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    yield home
    close_platforms()
    end_runs(home / "state" / "uplevel" / "sessions")
    remove_labs(home / "state" / "uplevel" / "sessions")


class Drive:
    """An engine and everything it said.

    Args:
        engine: Not started yet.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.messages: Inbox[Message] = Inbox()
        self.events: list[Event] = []
        self.refusals: list[str] = []
        self.state: SessionState = engine.state
        self.finished: SessionFinished | None = None
        self.answered = 0
        self.asking = 0
        engine.start(self.messages.put)

    def next(self, seconds: float = HANG) -> Message:
        """The next message, or a failed test."""
        message = self.messages.get(timeout=seconds)
        if isinstance(message, Update):
            self.state = message.state
            self.events.append(message.happened.event)
        elif isinstance(message, IntentionRefused):
            self.refusals.append(message.sentence)
            if self.state.question is not None:  # it stays open
                self.answered = min(self.answered, self.state.question.question - 1)
        elif isinstance(message, Activity) and message.kind == "asking" and self.state.question is not None:
            self.asking = self.state.question.question
        elif isinstance(message, SessionFinished):
            self.finished = message
        return message

    def until(self, wanted: Callable[[Message], bool], seconds: float = HANG) -> Message:
        """Messages until one is wanted."""
        deadline = time.monotonic() + seconds
        while True:
            message = self.next(max(0.1, deadline - time.monotonic()))
            if wanted(message):
                return message
            assert not isinstance(message, SessionFinished), message

    def until_asked(self, sort: str | None = None, seconds: float = HANG) -> Asked:
        """Messages until a question is open that was not answered yet; at once where one is."""
        if not self._waits_for_us():
            self.until(lambda _: self._waits_for_us(), seconds)
        question = self.state.question
        assert question is not None
        assert sort in {None, question.question_kind}, question
        return question

    def until_asked_or_finished(self, seconds: float = HANG) -> None:
        """Messages until a question is open or the engine is over."""
        deadline = time.monotonic() + seconds
        while True:
            message = self.next(max(0.1, deadline - time.monotonic()))
            if isinstance(message, SessionFinished):
                return
            if self._waits_for_us():
                return

    def leave(self) -> None:
        """Pause the session and wait for the engine's end."""
        self.engine.submit(Leave())
        self.until_finished()

    def _waits_for_us(self) -> bool:
        question = self.state.question
        return question is not None and self.asking == question.question > self.answered

    def answer(self, choice: str, text: str = "", *evidence: Evidence) -> None:
        """Answer the open question."""
        question = self.state.question
        assert question is not None
        self.answered = question.question
        if choice == "undo":  # which every test may take for granted; of other reasons tests are about
            text = text or "it is to be taken back"
        self.engine.submit(Answer(question.question, choice, text, evidence))

    def ask_and_answer(self, choice: str, text: str = "", *, sort: str | None = None) -> Asked:
        """Wait for a question that was not answered yet, then answer it. After a refusal, `answer` again."""
        question = self.until_asked(sort)
        self.answer(choice, text)
        return question

    def until_finished(self, seconds: float = 60.0) -> SessionFinished:
        """Messages until the last one."""
        if self.finished is None:
            self.until(lambda m: isinstance(m, SessionFinished), seconds)
        assert self.finished is not None
        assert self.engine.join(10)
        return self.finished

    def kinds(self) -> list[str]:
        """The kinds of all events so far."""
        return [event.kind for event in self.events]


def prepared(text: str, mode: Mode = "live", values: Mapping[str, str] | None = None, **more: object) -> Preparation:
    """A start page of a procedure given as text, as if it had been confirmed."""
    loaded = parse_procedure({"procedure.yaml": text.encode()}, "procedure.yaml")
    fields = []
    for name, parameter in loaded.procedure.parameters.items():
        from wizard.engine.request import Field

        value = (values or {}).get(name, parameter.default or "")
        fields.append(Field(name, name, parameter.choices, value, parameter.default or "", parameter.secret, False, ""))
    request = Request(procedure="procedure.yaml", mode=mode, values=values or {}, **more)  # type: ignore[arg-type]
    return Preparation(
        request=request,
        loaded=loaded,
        origin="procedure.yaml",
        owner="mara",
        trust="never run here",
        fields=tuple(fields),
        at_once=(),
        refusals=(),
        last_time="",
        undo_path="",
        mode_words="LIVE",
        production=False,
    )


class Opener:
    """Opens sessions and sees to it that none outlives the test."""

    def __init__(self) -> None:
        self.drives: list[Drive] = []

    def open(
        self,
        text: str,
        mode: Mode = "live",
        values: Mapping[str, str] | None = None,
        secrets: Mapping[str, str] | None = None,
        **more: object,
    ) -> Drive:
        """A session of a procedure given as text, started."""
        return self.drive(open_session(prepared(text, mode, values, **more), front_end="none", secrets=secrets))

    def resume(self, session: str, *, auto: bool = False) -> Drive:
        """A session taken up again, started."""
        return self.drive(resume_session(session, front_end="none", auto=auto))

    def drive(self, engine: Engine) -> Drive:
        """Any engine, started."""
        drive = Drive(engine)
        self.drives.append(drive)
        return drive


@pytest.fixture
def sessions() -> Iterator[Opener]:
    """Opens sessions; leaves those that are still open when the test ends."""
    from wizard.engine.messages import Detach

    opener = Opener()
    yield opener
    for drive in opener.drives:
        drive.engine.submit(Detach("the test is over"))
        drive.engine.join(HANG)


def until(holds: Callable[[], bool], seconds: float = HANG) -> None:
    """Wait until something holds; fail after so many seconds."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not holds():
        assert time.monotonic() < deadline, "what the test waits for did not happen"
        pause.wait(0.01)


class Following:
    """One run and what was heard of it."""

    def __init__(self, run: int, folder: Path) -> None:
        self.run = run
        self.folder = folder
        self.heard: list[commands.Notice] = []
        self._notices: queue.Queue[commands.Notice] = queue.Queue()

    def notify(self, notice: commands.Notice) -> None:
        self._notices.put(notice)

    def wait(self, kind: type[Kind], seconds: float = HANG) -> Kind:
        """The next notice of a kind; what comes before it is kept in `heard`."""
        deadline = time.monotonic() + seconds
        while True:
            notice = self._notices.get(timeout=max(0.01, deadline - time.monotonic()))
            self.heard.append(notice)
            if isinstance(notice, kind):
                return notice
            assert not isinstance(notice, commands.EndedNotice | commands.LostNotice | commands.RefusedNotice), (
                f"the run was over before: {notice}"
            )

    @property
    def output(self) -> bytes:
        path = self.folder / "output"
        return path.read_bytes() if path.exists() else b""

    def shows(self, text: bytes, seconds: float = HANG) -> None:
        """Wait until the recorded output has a text."""
        until(lambda: text in self.output, seconds)


class Desk:
    """Orders commands, each in a folder of its own."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.runner = commands.ProcessRunner()
        self.followed: list[Following] = []
        self._ordered = 0

    until = staticmethod(until)

    def order(self, *argv: str, **more: Any) -> commands.Order:
        self._ordered += 1
        run = self._ordered
        folder = self.base / f"{run:04}"
        folder.mkdir(mode=0o700, parents=True)
        env = more.pop("env", {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"})
        return commands.Order(run, folder, argv, env, more.pop("cwd", str(self.base)), **more)

    def bash(self, script: str, **more: Any) -> commands.Order:
        return self.order("/bin/bash", "-c", script, **more)

    def follow(self, run: int, folder: Path) -> Following:
        following = Following(run, folder)
        self.followed.append(following)
        return following

    def begin(self, order: commands.Order) -> Following:
        """Start and return at once."""
        following = self.follow(order.run, order.folder)
        self.runner.start(order, following.notify)
        return following

    def started(self, order: commands.Order) -> tuple[Following, RunStarted]:
        """Start and wait until it runs."""
        following = self.begin(order)
        return following, following.wait(RunStarted)

    def run(self, order: commands.Order, seconds: float = HANG) -> tuple[Following, commands.EndedNotice]:
        """Start and wait until it has ended."""
        following = self.begin(order)
        return following, following.wait(commands.EndedNotice, seconds)

    def close(self) -> None:
        for following in self.followed:
            for notice in following.heard:
                if isinstance(notice, RunStarted) and process_start(notice.supervisor) == notice.supervisor_start:
                    with suppress(ProcessLookupError):
                        os.kill(notice.supervisor, signal.SIGKILL)
        self.runner.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk whose commands do not outlive the test."""
    made = Desk(tmp_path / "runs")
    yield made
    made.close()
