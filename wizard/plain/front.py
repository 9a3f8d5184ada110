"""Conducts a session at a terminal, line by line."""

import os
import queue
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from wizard.engine import (
    Activity,
    Detach,
    IntentionRefused,
    Leave,
    Message,
    ObserveOther,
    RecordTrouble,
    Remark,
    ResizePane,
    RunHealth,
    ScreenLent,
    SessionFinished,
    TypeKeys,
    Update,
)
from wizard.engine.after_leaving import way_on
from wizard.engine.engine_handle import EngineHandle
from wizard.errors import ExitCode
from wizard.execution.sanitize import sanitize_text
from wizard.inbox import Inbox
from wizard.lending import Lender
from wizard.plain.bell import Bell
from wizard.plain.choosing import Chooser
from wizard.plain.health_lines import Life
from wizard.plain.keyboard import ESCAPE, PlainTerminal
from wizard.plain.lines import LinePrinter, LinesGone
from wizard.plain.narrate import Narrator
from wizard.plain.observe import look_on
from wizard.plain.prompt import Prompt, Withdrawn
from wizard.plain.tail import Tail
from wizard.plain.watches import Watches, WholeLines, is_of_watch
from wizard.record.events import Asked, EvidenceAdded, Noted, RunEnded, RunIntent
from wizard.record.journal import head_in_groups, read_last
from wizard.session import RunState
from wizard.session.event_words import head_words


_TICK = 0.03
"""Seconds between two looks at keyboard and output while a command runs."""
_PATIENCE = 10.0
"""Seconds the engine gets to write down that it was left."""


class _Gone(SystemExit):
    """A signal that ends the program. Of all exceptions an event loop lets only this sort and Ctrl+C through."""


def run_plain(engine: EngineHandle, *, auto: bool = False, lines: LinePrinter | None = None) -> ExitCode:
    """Show a session until it is over or left.

    Args:
        engine: An engine that was not started yet.
        auto: It answers its own questions; they are told, not asked.
        lines: Where to tell it; None for standard output.

    Returns:
        What the process should exit with.
    """
    front = _Front(engine, auto=auto, lines=lines or LinePrinter())
    try:
        with _dying_signals():
            return front.run()
    except (LinesGone, EOFError):
        return front.detach("the terminal or the reader of the lines is gone")
    except _Gone as gone:
        return front.detach(str(gone))


_AGAIN = 0.05
"""Seconds after which a dying signal is told again, as long as it was not heard."""


@contextmanager
def _dying_signals() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into `_Gone`, again and again until it leaves this context.

    Python swallows an exception that a signal raises inside a finalizer or a weak reference's callback.
    """

    def die(number: int, _frame: FrameType | None) -> None:
        if number != signal.SIGALRM:
            told.append(signal.Signals(number).name)
            signal.setitimer(signal.ITIMER_REAL, _AGAIN, _AGAIN)
        raise _Gone(told[0])

    told: list[str] = []
    before = {number: signal.signal(number, die) for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)}
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        # While the leaving is written down, another hang-up must not cut it short.
        for number, handler in before.items():
            signal.signal(number, signal.SIG_IGN if told else handler)


class _Front:
    def __init__(self, engine: EngineHandle, *, auto: bool, lines: LinePrinter) -> None:
        self._engine = engine
        self._auto = auto
        self._lines = lines
        self._keyboard = PlainTerminal()
        self._prompt = Prompt(self._keyboard, lines)
        self._chooser = Chooser(lines, self._prompt)
        self._narrator = Narrator(answers=auto or not self._keyboard.there)
        self._messages: Inbox[Message] = Inbox()
        self._asked: Asked | None = None
        self._open: int | None = None
        self._asking: int | None = None
        self._tail: Tail | None = None
        self._marked: WholeLines | None = None
        self._watches = Watches(lines, engine.output)
        self._asides: Inbox[Update] = Inbox()
        self._prompt.meanwhile = self
        self._life = Life()
        self._bell = Bell(lines)
        self._lender = Lender()
        self._size: os.terminal_size | None = None
        self._leaving = self._rehearsal = False
        self._running: RunState | None = None

    def run(self) -> ExitCode:
        """Start the engine and show what it says, until its last message."""
        self._engine.start(self._emit)
        try:
            while True:
                try:
                    message = self._next()
                    if isinstance(message, SessionFinished):
                        return self._finished(message)
                    self._handle(message)
                except KeyboardInterrupt:
                    self._interrupt()
        finally:
            self._keyboard.release()
            # Only a fault of ours leaves the engine at work here; the record then says that nobody looks any more.
            if sys.exc_info()[0] not in {None, LinesGone, EOFError, _Gone} and not self._engine.join(0):
                self._engine.submit(Detach("the front end failed"))
                self._engine.join(_PATIENCE)

    def detach(self, cause: str) -> ExitCode:
        """Leave at once: nobody looks any more. A running command goes on."""
        self._engine.submit(Detach(cause))
        self._engine.join(_PATIENCE)
        with suppress(LinesGone, OSError):
            sys.stderr.write(f"\n{sanitize_text(way_on(self._engine.folder))}\n")
        # What is still buffered for a reader that is gone would only fail again at exit.
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return ExitCode.PAUSED

    # From the engine's thread

    def _emit(self, message: Message) -> None:
        if isinstance(message, Update):
            question = message.state.question
            self._open = question.question if question else None
        elif isinstance(message, SessionFinished):
            self._open = None
        self._lender.hear(message)
        asking = self._asking
        # Whoever sits before a question wants to hear at once that a watch ended.
        if isinstance(message, Update) and asking is not None and is_of_watch(message):
            self._asides.put(message)
        else:
            self._messages.put(message)
        if asking is not None and self._open != asking:
            self._prompt.withdraw()

    # In the main thread

    def _next(self) -> Message:
        """The next message; meanwhile output is shown and keys go to the command."""
        self._tell_asides()
        while self._tail is not None or self._watches.running:
            self._watches.show()
            more = self._tail is not None and self._tail.show()
            if self._tail is not None:
                self._keys()
            if self._marked is not None:
                self._marked.rest()
            with suppress(queue.Empty):
                return self._messages.get_nowait() if more else self._messages.get(timeout=_TICK)
        return self._messages.get()

    @property
    def waiting(self) -> bool:
        """Whether there is something to be shown above an open prompt."""
        return self._watches.waiting or not self._asides.empty()

    def show(self) -> None:
        """Show above an open prompt what came meanwhile."""
        self._tell_asides()
        self._watches.show()

    def _tell_asides(self) -> None:
        with suppress(queue.Empty):
            while True:
                self._tell(self._asides.get_nowait())

    def _handle(self, message: Message) -> None:
        match message:
            case Update():
                self._update(message)
            case Activity(kind="running", run=int(run)):
                self._follow(run)
            case Activity(kind="taking over", text=text):
                self._lines.say(f"  {text}")
            case RunHealth():
                for line in self._life.tell(message, self._running):
                    self._lines.say(line)
            case ScreenLent():
                self._lend()
            case ObserveOther(folder=folder):
                look_on(folder, self._lines)
                self._ask_again()
            case IntentionRefused(sentence=sentence) | Remark(sentence=sentence):
                self._lines.say(f"! {sentence}")
                self._ask_again()
            case RecordTrouble(sentence=sentence):
                self._lines.end()
                sys.stderr.write(f"! {sentence}\n")
            case _:
                return

    def _update(self, update: Update) -> None:
        event = update.happened.event
        self._rehearsal = update.state.opened.mode == "rehearsal"
        self._running = update.state.open_run
        self._watches.follow(update.state, new=isinstance(event, RunIntent))
        self._tell(update)
        if isinstance(event, Asked) and not self._auto:
            self._ask(event)
        elif isinstance(event, Noted | EvidenceAdded):
            self._ask_again()

    def _tell(self, update: Update) -> None:
        event = update.happened.event
        if isinstance(event, RunEnded):
            if is_of_watch(update):
                self._watches.finish(update.state.runs[event.run].intent)
            else:
                self._unfollow()
        for line in self._narrator.tell(self._engine.plan_input, update):
            self._lines.say(line)

    def _follow(self, run: int) -> None:
        if self._tail is not None:
            return
        if self._watches.running and self._running is not None:
            self._marked = WholeLines(self._running.intent.step, self._lines, prompts=True)
        self._tail = Tail(self._engine.output(run), self._marked or self._lines)
        if self._keyboard.there and not self._auto:
            self._size = None
            self._keyboard.grab()

    def _lend(self) -> None:
        """Hand the terminal to a full screen program until it ends."""
        self._keyboard.release()
        if cause := self._lender.lend():
            raise _Gone(cause)

    def _unfollow(self) -> None:
        self._keyboard.release()
        if self._tail is not None:
            self._tail.finish()
            self._tail = self._marked = None

    def _measure(self) -> None:
        """Tell the command how large the terminal is, at its start and when that changes."""
        size = self._keyboard.size()
        if size is not None and size != self._size:
            self._size = size
            self._engine.submit(ResizePane(max(80, size.columns - len("| ")), size.lines))

    def _keys(self) -> None:
        self._measure()
        pressed = self._keyboard.keys()
        before, escape, after = pressed.partition(ESCAPE)
        if before:
            self._engine.submit(TypeKeys(before))
        if escape:
            self._menu()
        if after:
            self._engine.submit(TypeKeys(after))

    def _menu(self) -> None:
        """Ctrl+] while a command runs."""
        self._keyboard.release()
        self._prompt.fresh()
        try:
            intention = self._chooser.beside_a_command()
            if isinstance(intention, Leave):
                self._leave()
            elif intention is not None:
                self._engine.submit(intention)
        except (KeyboardInterrupt, EOFError, Withdrawn):
            self._lines.say("back to the command")
        self._keyboard.grab()

    def _ask(self, question: Asked) -> None:
        """Put a question to the person, until it is answered or closes by itself."""
        if not self._keyboard.there:
            if question.question_kind != "soak":
                self._lines.say("Nobody can be asked: standard input is no terminal.")
                self._leave()
            return
        self._prompt.fresh()
        self._asked, self._asking = question, question.question
        try:
            with self._bell.asking(question):
                while self._open == question.question:
                    answer = self._chooser.answer(question, rehearsal=self._rehearsal)
                    if answer is not None:
                        self._engine.submit(answer)
                        return
        except Withdrawn:
            self._lines.say("the question is settled")
        except EOFError:
            self._leave()
        finally:
            self._asking = None

    def _ask_again(self) -> None:
        """Put the question that is still open once more: a note answers nothing, and neither does a refused answer."""
        if self._asked is not None and self._open == self._asked.question:
            self._ask(self._asked)

    def _interrupt(self) -> None:
        """Ctrl-C: the running command's, else it pauses and leaves."""
        if self._tail is not None and not self._leaving:
            self._engine.submit(TypeKeys(b"\x03"))
        else:
            self._leave()

    def _leave(self) -> None:
        self._leaving, self._asked = True, None
        self._engine.submit(Leave())

    def _finished(self, message: SessionFinished) -> ExitCode:
        self._unfollow()
        self._lines.say()
        self._lines.say(message.sentence)
        _say_head(self._lines, message.folder)
        self._engine.join(_PATIENCE)
        return message.code


def _say_head(lines: LinePrinter, folder: Path) -> None:
    last = read_last(folder / "journal.jsonl")
    if last is not None:
        lines.say(f"{head_words(last.seq + 1)}: {head_in_groups(last.h)}")
