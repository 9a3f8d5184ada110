"""A program for the tests of the line-by-line front end: a scripted engine in place of the real one.

Usage: scripted_session.py SCENE FOLDER; the scene `at:SORT` is one question of that sort. What the front end submits
is appended to FOLDER/submitted, one a line.
"""

import hashlib
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from wizard.engine import (
    Activity,
    AddNote,
    Detach,
    Intention,
    IntentionRefused,
    Leave,
    Message,
    SessionFinished,
    TypeKeys,
    Update,
)
from wizard.errors import ExitCode
from wizard.model.reading import parse_procedure
from wizard.plain import run_plain
from wizard.record.events import (
    Answered,
    Asked,
    CheckAnswered,
    Event,
    FrontEndAttached,
    Happened,
    Noted,
    Operator,
    Option,
    ProcedureCited,
    RunEnded,
    RunIntent,
    SessionOpened,
    StepBegan,
    StepEnded,
    WaitBegan,
    WaitEnded,
)
from wizard.record.output import OutputLog
from wizard.session import Answer, advance, answer_event, begin
from wizard.session.plan_input import PlanInput


PROCEDURE = b"""\
format: 1
procedure: greet
title: Greet
phases:
  - title: Work
    steps:
      - {id: first, ref: Manual 1, title: Say hello, why: Somebody waits for it., run: echo hello}
      - {id: second, title: Wave, by_hand: [{text: Wave}]}
"""
OPENED = SessionOpened(
    session="01KAQ0000000000000000000AA",
    mode="live",
    procedure=ProcedureCited(name="greet", title="Greet", version="", builtin=False, main="greet.yaml"),
    manifest="0" * 64,
    files=(),
    nonce="0",
    uplevel="0",
    python="3",
    system="x",
    operator=Operator(user="mara", uid=1, host="h"),
    today="2026-11-23",
    trust="",
)
PAUSE = Option(id="pause", label="pause and leave")
SKIP = Option(id="skip", label="skip this step", needs="reason")
RUN = Option(id="run", label="run it")
AT: dict[str, tuple[Option, ...]] = {
    "go": (RUN,),
    "confirm": (Option(id="yes", label="yes, go on"), Option(id="back", label="no, back to the step")),
    "type": (Option(id="typed", label="type it and go on", needs="typed", expects="the-name"),),
    "item": (Option(id="tick", label="done"),),
    "ask": (Option(id="answer", label="answer", needs="value"),),
    "choose": (Option(id="=way", label="this way"), Option(id="=stop", label="not at all")),
    "secret": (Option(id="answer", label="give it", needs="secret"),),
    "failed": (Option(id="again", label="check again"), Option(id="accept", label="take it", needs="reason")),
    "unknown": (Option(id="not-done", label="run it again"), Option(id="finished", label="it is", needs="evidence")),
    "found done": (Option(id="take", label="take it"), Option(id="anyway", label="run it", needs="reason")),
}
"""A question of each sort that matters: what answers it, beside skipping and leaving."""


class Scripted:
    """An engine that plays one scene.

    Args:
        scene: The name of a method.
        folder: Where outputs and what was submitted go.
    """

    session = OPENED.session

    def __init__(self, scene: str, folder: Path) -> None:
        self.folder = folder
        self.plan_input = PlanInput(parse_procedure({"greet.yaml": PROCEDURE}, "greet.yaml").procedure)
        self._state = begin(Happened(0, "2026-11-23T02:00:00.000000Z", 0, "b", OPENED))
        self._inbox: SimpleQueue[Intention] = SimpleQueue()
        self._thread = threading.Thread(target=self._play, args=(self._scene(scene),), daemon=True)
        self._emit: Callable[[Message], None] = lambda _message: None

    def output(self, run: int) -> OutputLog:
        return OutputLog(self.folder / f"run{run}")

    def start(self, emit: Callable[[Message], None]) -> None:
        self._emit = emit
        self._thread.start()

    def submit(self, intention: Intention) -> None:
        with (self.folder / "submitted").open("a") as file:
            file.write(f"{intention!r}\n")
        self._inbox.put(intention)

    def join(self, timeout: float | None = None) -> bool:
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _play(self, scene: Callable[[], ExitCode]) -> None:
        code = scene()
        self._emit(SessionFinished(code, "Over.", self.folder))

    def tell(self, *events: Event) -> None:
        for event in events:
            happened = Happened(self._state.last.seq + 1, "2026-11-23T02:00:00.000000Z", 0, "b", event)
            self._state = advance(self._state, happened)
            self._emit(Update(happened, self._state))

    def hear(self, kind: Any) -> Any:
        """The next intention of a kind; others than sizes and keys end the scene."""
        while True:
            intention = self._inbox.get()
            if isinstance(intention, kind):
                return intention
            if isinstance(intention, Leave | Detach):
                raise SystemExit

    def ask(self, question: Asked) -> Answer | Leave | Detach:
        """Ask until the answer fits, as the engine does."""
        self.tell(question)
        while True:
            answer: Answer | AddNote | Leave | Detach = self.hear((Answer, AddNote, Leave, Detach))
            if isinstance(answer, AddNote):
                self.tell(Noted(step="first", text=answer.text))
                continue
            if not isinstance(answer, Answer):
                return answer
            try:
                self.tell(answer_event(question, answer))
            except ValueError as problem:
                raise SystemExit from problem
            except Exception as problem:  # noqa: BLE001  # a scripted engine refuses like the real one
                self._emit(IntentionRefused(str(problem)))
                continue
            return answer

    def go(self, number: int = 1, sort: Any = "go", **more: Any) -> Asked:
        options = more.pop("options", (RUN, PAUSE))
        return Asked(
            question=number,
            question_kind=sort,
            step="first",
            text=more.pop("text", "Say hello"),
            options=options,
            **more,
        )

    def run(self, number: int = 1) -> None:
        self.tell(
            RunIntent(
                run=number,
                step="first",
                attempt=1,
                words=("echo", "hello"),
                executable="/bin/echo",
                executable_sha256="0",
                cwd="/",
                env=(),
                repeat="never",
            )
        )
        file = self.output(number).file.path
        file.parent.mkdir()
        file.touch()
        self._emit(Activity("running", run=number))

    def write(self, content: bytes, number: int = 1) -> None:
        with self.output(number).file.path.open("ab") as file:
            file.write(content)

    # Scenes

    def _scene(self, name: str) -> Callable[[], ExitCode]:
        sort = name.removeprefix("at:")
        return getattr(self, name) if sort == name else lambda: self.at(sort)

    def at(self, sort: str) -> ExitCode:
        """One question, with a default as the screens have one."""
        self.tell(FrontEndAttached(front_end="plain", pid=1), StepBegan(step="first"))
        options = (*AT[sort], SKIP, PAUSE)
        question = self.go(1, sort, options=options, text="What now?", default=options[0].id)
        return ExitCode.COMPLETED if isinstance(self.ask(question), Answer) else ExitCode.PAUSED

    def late(self) -> ExitCode:
        """A question that comes while somebody types."""
        self.tell(FrontEndAttached(front_end="plain", pid=1), StepBegan(step="first"))
        while not (self.folder / "come").exists():
            threading.Event().wait(0.02)
        return ExitCode.COMPLETED if isinstance(self.ask(self.go()), Answer) else ExitCode.PAUSED

    def whole(self) -> ExitCode:
        """A step whose command asks a question, then one that needs a typed name."""
        self.tell(FrontEndAttached(front_end="plain", pid=1), StepBegan(step="first"))
        before = CheckAnswered(
            step="first", purpose="before", index=0, command="look", wanted="w", verdict="yes", got="the name is free"
        )
        self.tell(before)
        if not isinstance(self.ask(self.go(default="run")), Answer):
            return ExitCode.PAUSED
        self.run()
        self.write(b"\x1b[31mhello\x1b[0m \x1b]0;evil\x07world\nYour name? ")
        typed = b""
        while not typed.endswith(b"\r"):
            typed += self.hear(TypeKeys).data
        self.write(typed.replace(b"\r", b"\n") + b"hi\n")
        self.tell(RunEnded(run=1, outcome="ended", exit=0, seconds=2.1))
        after = CheckAnswered(
            step="first", purpose="after", index=0, command="look", wanted="w", verdict="yes", got="it is there"
        )
        self.tell(after, StepEnded(step="first", state="done"))
        options = (Option(id="typed", label="type it and go on", needs="typed", expects="the-name"), PAUSE)
        answer = self.ask(self.go(2, "type", options=options, text="Type the-name to go on.", gate=True))
        return ExitCode.COMPLETED if isinstance(answer, Answer) else ExitCode.PAUSED

    def quiet(self) -> ExitCode:
        """A command that runs until it is left, stopped or interrupted."""
        self.tell(FrontEndAttached(front_end="plain", pid=1), StepBegan(step="first"))
        self.run()
        self.write(b"started\n")
        heard = self._inbox.get()
        while "ResizePane" in repr(heard):
            heard = self._inbox.get()
        self.write(f"heard {heard!r}\n".encode())
        self.tell(RunEnded(run=1, outcome="ended", exit=None, signal=2, seconds=1))
        return ExitCode.FAILED

    def soak(self) -> ExitCode:
        """A question that settles itself while somebody is about to answer it."""
        self.tell(FrontEndAttached(front_end="plain", pid=1), StepBegan(step="first"))
        self.tell(WaitBegan(step="first", wait_kind="soak", seconds=0.5), self.go(1, "soak", text="Soaking", gate=True))
        threading.Event().wait(0.5)
        self.tell(WaitEnded(step="first", wait_kind="soak"))
        return ExitCode.COMPLETED if isinstance(self.ask(self.go(2)), Answer) else ExitCode.PAUSED

    def secret(self) -> ExitCode:
        """A secret is asked for."""
        options = (Option(id="answer", label="give it", needs="secret"), PAUSE)
        answer = self.ask(self.go(1, "secret", options=options, text="The token"))
        if not isinstance(answer, Answer):
            return ExitCode.PAUSED
        (self.folder / "secret").write_text(hashlib.sha256(answer.text.encode()).hexdigest())
        return ExitCode.COMPLETED

    def auto(self) -> ExitCode:
        """It answers itself."""
        self.tell(FrontEndAttached(front_end="plain", pid=1, auto=True), StepBegan(step="first"), self.go())
        self.tell(
            Answered(question=1, question_kind="go", step="first", choice="run"), StepEnded(step="first", state="done")
        )
        return ExitCode.COMPLETED

    def fault(self) -> ExitCode:
        """A message no front end can understand, which stands for a fault of ours."""
        self.plan_input = None  # type: ignore[assignment]
        self.tell(FrontEndAttached(front_end="plain", pid=1))
        self.hear(Detach)
        return ExitCode.PAUSED


if __name__ == "__main__":
    engine = Scripted(sys.argv[1], Path(sys.argv[2]))
    sys.exit(run_plain(engine, auto=sys.argv[1] == "auto"))
