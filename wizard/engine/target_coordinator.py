"""A live session's hold on its target: taken, told to others, asked for, given back."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from wizard.archive.sessions import UNFINISHED, list_sessions, summary_of
from wizard.engine.messages import Activity
from wizard.engine.other_session_writer import OtherSession
from wizard.engine.running_elsewhere import supervisor_lives
from wizard.engine.session_context import SessionContext
from wizard.engine.take_over import TakeOverThread
from wizard.engine.takeover_listener import TakeOverListener, TakeOverRequest, question, sweep
from wizard.engine.unfinished_sessions import HOW_LEFT
from wizard.errors import UplevelError
from wizard.fields.templates import render_text
from wizard.record.events import (
    HolderCited,
    OtherClosed,
    TakenOver,
    TakeOverAsked,
    TakeOverEnded,
    TakeOverWanted,
    TargetBusy,
    TargetHeld,
    UnfinishedCited,
    UnfinishedFound,
)
from wizard.record.journal import SessionFolder, scan
from wizard.record.locks import Holder, Left, LocksFolder, TargetHolder, TargetLock, TargetTaken, is_held, target_name
from wizard.session.operator_words import went_to
from wizard.session.run_words import sentence
from wizard.session.target_questions import PATIENCE
from wizard.session.target_sharing import identity_of


_ENDING = 1.0


class TargetCoordinator:
    """Does for one session what the plan says about its target.

    Args:
        context: The session.
        place: Where locks of targets lie.
    """

    def __init__(self, context: SessionContext, place: LocksFolder) -> None:
        self._context = context
        self._place = place
        self._lock: TargetLock | None = None
        self._takeover_listener: TakeOverListener | None = None

    @property
    def descriptor(self) -> int | None:
        """The lock, for a supervisor to hold too."""
        return None if self._lock is None else self._lock.descriptor

    @property
    def _target(self) -> dict[str, str]:
        return identity_of(self._context.procedure, self._context.state)

    def hold(self) -> None:
        """Take the target's lock and record that, or record who has it.

        Raises:
            RecordProblem: The lock cannot be had, or that could not be recorded.
        """
        context, name = self._context, target_name(self._target)
        try:
            lock = TargetLock.take(self._place, name, self._myself(), self._own_supervisor)
        except TargetTaken as taken:
            context.recorder.record(self._busy(name, taken.holder))
            return
        self._lock = lock
        if not context.state.lock:
            found = self._unfinished(name, lock.before)
            if found:
                context.recorder.record(UnfinishedFound(sessions=found))
        context.recorder.record(TargetHeld(lock=name, target=self._target))
        sweep(self._place)
        self._takeover_listener = TakeOverListener(self._place, context.folder.session_id, context.inbox.put)

    def at_step(self, step: str) -> None:
        """Say in the lock at which step the session is."""
        if self._lock is not None:
            with suppress(OSError):
                self._lock.at_step(self._shown(step))

    def close(self, *, for_good: bool) -> None:
        """Give the target back, then let those who asked know."""
        try:
            if self._lock is not None:
                left: Left = "handed over" if self._context.state.handed is not None else "paused"
                self._lock.release(None if for_good else left)
        finally:
            if self._takeover_listener is not None:
                self._takeover_listener.close()

    # Asked by another session

    def wanted(self, wanted: TakeOverRequest) -> None:
        """Somebody asks for the target.

        Raises:
            RecordProblem: That could not be recorded.
        """
        context, takeover_listener = self._context, self._takeover_listener
        if takeover_listener is None:
            return
        context.recorder.record(TakeOverWanted(by=wanted.by, reason=wanted.reason))
        if (run := context.state.open_run) is not None:
            takeover_listener.tell({"running": " ".join(run.intent.words)[:200]})
        elif context.state.question is None:
            takeover_listener.tell({"running": "a check"})

    def asked(self) -> None:
        """The person here was asked for the target."""
        if self._takeover_listener is not None:
            self._takeover_listener.tell({"asked": True})

    def keep(self, why: str) -> None:
        """The person here keeps it."""
        if self._takeover_listener is not None:
            self._takeover_listener.tell({"answer": "kept", "why": why})

    def give(self) -> None:
        """The person here gives it; it is free once the session is left.

        Raises:
            RecordProblem: That could not be recorded.
        """
        context = self._context
        wanted = context.state.wanted
        if wanted is None:
            raise ValueError("nobody asked for the target")
        context.recorder.record(TakenOver(by=wanted.by, how="given", reason=wanted.reason))
        if self._takeover_listener is not None:
            self._takeover_listener.tell({"answer": "given"})
        context.left = "paused"
        context.told = sentence(went_to(wanted.by))

    # Asking another session

    def take_over(self, reason: str, handle_next: Callable[[float], object]) -> None:
        """Ask whoever holds the target, and record what came of it.

        An operator who leaves first has asked for nothing, unless the other wizard was ended by then.

        Args:
            reason: Why it is asked for.
            handle_next: Takes what arrives here meanwhile, for so many seconds at most.

        Raises:
            RecordProblem: It could not be recorded.
        """
        context = self._context
        busy = context.state.busy
        if busy is None or busy.holder is None:
            raise ValueError("nobody is known to hold the target")
        context.recorder.record(TakeOverAsked(holder=busy.holder, reason=reason))
        title = render_text(context.procedure.title, context.state.values)
        line = question(context.folder.session_id, title, context.vault.redact(reason))
        asking = TakeOverThread(
            self._place,
            busy.lock,
            context.folder.path.parent / busy.holder.session,
            line,
            news=lambda: context.inbox.put(context.wake),
            patience=PATIENCE,
        )
        asking.start()
        told = ""
        while asking.outcome is None and context.left is None:
            if asking.status != told:
                told = asking.status
                context.recorder.emit(Activity("taking over", told))
            handle_next(1.0)
        asking.give_up()
        outcome, why = asking.outcome, asking.why
        if outcome is None or (context.left is not None and outcome != "ended"):
            return
        if outcome == "ended":
            why = f"{why} {self._write_into(busy.holder.session, reason)}".strip()
        context.recorder.record(TakeOverEnded(outcome=outcome, why=why))

    def _write_into(self, session: str, reason: str) -> str:
        """Record in the other journal that its wizard was ended; why that was not possible, or nothing."""
        try:
            other = OtherSession(self._context.folder.path.parent / session, self._context.clock, self._context.vault)
            try:
                other.record(TakenOver(by=self._cited(self._myself()), how="ended", reason=reason))
            finally:
                other.close()
        except (OSError, UplevelError) as problem:
            return f"That could not be written into its record: {problem}"
        return ""

    def close_other(self, session: str, reason: str) -> None:
        """Close an unfinished session of this user, and record that.

        Raises:
            RecordProblem: It could not be recorded here.
        """
        context, problem = self._context, ""
        told = f"{reason} (closed by {context.state.who} from session {context.folder.session_id} on the same target)"
        try:
            other = OtherSession(context.folder.path.parent / session, context.clock, context.vault)
            try:
                other.close_for_good(told)
            finally:
                other.close()
        except (OSError, UplevelError) as found:
            problem = str(found)
        context.recorder.record(OtherClosed(session=session, reason=reason, problem=problem))

    # What is known of us and of others

    def _myself(self) -> TargetHolder:
        context = self._context
        target = ", ".join(f"{name} {value}" for name, value in self._target.items())
        return TargetHolder(
            holder=Holder.of_this_process(context.clock),
            uid=os.getuid(),
            session=context.folder.session_id,
            procedure=render_text(context.procedure.title, context.state.values),
            step=self._shown(context.state.current),
            target=target,
        )

    def _shown(self, step: str | None) -> str:
        return "" if step is None else render_text(self._context.procedure.step(step).title, self._context.state.values)

    def _own_supervisor(self) -> bool:
        """Whether a supervisor of this session lives that has the lock; those of watches never have it."""
        context = self._context
        runs = [number for number, run in context.state.runs.items() if not run.intent.watch]
        return any(supervisor_lives(context.folder.run(number)) for number in sorted(runs, reverse=True))

    def _busy(self, name: str, found: TargetHolder | None) -> TargetBusy:
        attended = found is None or not found.here or (not found.left and found.lives_here)
        return TargetBusy(
            lock=name,
            target=self._target,
            holder=None if found is None else self._cited(found),
            ours=found is not None and found.ours,
            attended=attended,
        )

    def _cited(self, found: TargetHolder) -> HolderCited:
        return HolderCited(
            user=found.holder.user,
            uid=found.uid,
            host=found.holder.host,
            session=found.session,
            procedure=found.procedure,
            step=found.step,
            since=found.holder.since,
        )

    def _unfinished(self, name: str, before: TargetHolder | None) -> tuple[UnfinishedCited, ...]:
        """Unfinished sessions on this target: our own by their records, another user's by what the lock says."""
        found = []
        for each in list_sessions(self._context.folder.path.parent):
            own = each.id == self._context.folder.session_id
            if own or each.state not in UNFINISHED or _last_held(each.folder) != name or not _let_go(each.folder):
                continue
            left = summary_of(each.folder).state
            at = f" at step {each.step_number} of {each.steps}" if each.step_number else ""
            cited = HolderCited(
                user=each.operator,
                uid=os.getuid(),
                host=self._myself().holder.host,
                session=each.id,
                procedure=each.title,
                since=each.started,
            )
            found.append(UnfinishedCited(holder=cited, how=f"{HOW_LEFT.get(left, left)}{at}"))
        if before is not None and not before.ours:
            how = before.left or HOW_LEFT["open"]
            found.append(UnfinishedCited(holder=self._cited(before), how=how, ours=False))
        return tuple(found)


def _last_held(folder: Path) -> str:
    """The lock that a session had last; empty while it waits for one."""
    try:
        records = scan(SessionFolder(folder).journal).records
    except UplevelError:
        return ""
    last = next((each for each in reversed(records) if each.kind in {"target.held", "target.busy"}), None)
    return str(last.data.get("lock")) if last is not None and last.kind == "target.held" else ""


def _let_go(folder: Path) -> bool:
    """Whether nobody has a session open; a process that is just ending, and whose target we have, gets a moment."""
    deadline = time.monotonic() + _ENDING
    while is_held(folder):
        if time.monotonic() > deadline:
            return False
        time.sleep(_ENDING / 50)
    return True
