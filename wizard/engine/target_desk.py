"""A live session's hold on its target: taken, told to others, asked for, given back."""

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.engine.doorbell import Doorbell, Wanted, question, sweep
from wizard.engine.messages import Activity
from wizard.engine.other_runs import supervisor_lives
from wizard.engine.other_session import OtherSession
from wizard.engine.sessions import UNFINISHED, list_sessions, summary_of
from wizard.engine.take_over import TakeOver
from wizard.errors import UplevelError
from wizard.events import (
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
from wizard.journal import SessionFolder, scan
from wizard.locks import Holder, Left, LocksFolder, TargetHolder, TargetLock, TargetTaken, is_held, target_name
from wizard.session.sharing import identity_of, person
from wizard.session.sharing_questions import PATIENCE
from wizard.session.shown import fill_shown


if TYPE_CHECKING:
    from wizard.engine.intake import Intake
    from wizard.engine.kit import Kit


_ENDING = 1.0
_LEFT = {
    "paused": "paused",
    "open": "left when its wizard was killed",
    "unknown": "left with a command whose outcome nobody knows",
}


class TargetDesk:
    """Does for one session what the plan says about its target.

    Args:
        kit: The session.
        place: Where locks of targets lie.
    """

    def __init__(self, kit: "Kit", place: LocksFolder) -> None:
        self._kit = kit
        self._place = place
        self._lock: TargetLock | None = None
        self._doorbell: Doorbell | None = None

    @property
    def descriptor(self) -> int | None:
        """The lock, for a supervisor to hold too."""
        return None if self._lock is None else self._lock.descriptor

    @property
    def _target(self) -> dict[str, str]:
        return identity_of(self._kit.procedure, self._kit.state)

    def hold(self) -> None:
        """Take the target's lock and record that, or record who has it.

        Raises:
            RecordProblem: The lock cannot be had, or that could not be recorded.
        """
        kit, name = self._kit, target_name(self._target)
        try:
            lock = TargetLock.take(self._place, name, self._myself(), self._own_supervisor)
        except TargetTaken as taken:
            kit.recorder.record(self._busy(name, taken.holder))
            return
        self._lock = lock
        if not kit.state.lock:
            found = self._unfinished(name, lock.before)
            if found:
                kit.recorder.record(UnfinishedFound(sessions=found))
        kit.recorder.record(TargetHeld(lock=name, target=self._target))
        sweep(self._place)
        self._doorbell = Doorbell(self._place, kit.folder.session_id, kit.inbox.put)

    def at_step(self, step: str) -> None:
        """Say in the lock at which step the session is."""
        if self._lock is not None:
            with suppress(OSError):
                self._lock.at_step(self._shown(step))

    def close(self, *, for_good: bool) -> None:
        """Give the target back, then let those who asked know."""
        try:
            if self._lock is not None:
                left: Left = "handed over" if self._kit.state.handed is not None else "paused"
                self._lock.release(None if for_good else left)
        finally:
            if self._doorbell is not None:
                self._doorbell.close()

    # Asked by another session

    def wanted(self, wanted: Wanted) -> None:
        """Somebody asks for the target.

        Raises:
            RecordProblem: That could not be recorded.
        """
        kit, doorbell = self._kit, self._doorbell
        if doorbell is None:
            return
        kit.recorder.record(TakeOverWanted(by=wanted.by, reason=wanted.reason))
        if (run := kit.state.open_run) is not None:
            doorbell.tell({"running": " ".join(run.intent.words)[:200]})
        elif kit.state.question is None:
            doorbell.tell({"running": "a check"})

    def asked(self) -> None:
        """The person here was asked for the target."""
        if self._doorbell is not None:
            self._doorbell.tell({"asked": True})

    def keep(self, why: str) -> None:
        """The person here keeps it."""
        if self._doorbell is not None:
            self._doorbell.tell({"answer": "kept", "why": why})

    def give(self) -> None:
        """The person here gives it; it is free once the session is left.

        Raises:
            RecordProblem: That could not be recorded.
        """
        kit = self._kit
        wanted = kit.state.wanted
        if wanted is None:
            raise ValueError("nobody asked for the target")
        kit.recorder.record(TakenOver(by=wanted.by, how="given", reason=wanted.reason))
        if self._doorbell is not None:
            self._doorbell.tell({"answer": "given"})
        kit.left = "paused"
        kit.told = f"The target went to {person(wanted.by)}."

    # Asking another session

    def take_over(self, reason: str, intake: "Intake") -> None:
        """Ask whoever holds the target, and record what came of it.

        An operator who leaves first has asked for nothing, unless the other wizard was ended by then.

        Raises:
            RecordProblem: It could not be recorded.
        """
        kit = self._kit
        busy = kit.state.busy
        if busy is None or busy.holder is None:
            raise ValueError("nobody is known to hold the target")
        kit.recorder.record(TakeOverAsked(holder=busy.holder, reason=reason))
        title = fill_shown(kit.procedure.title, kit.state.values)
        line = question(kit.folder.session_id, title, kit.vault.redact(reason))
        asking = TakeOver(
            self._place,
            busy.lock,
            kit.folder.path.parent / busy.holder.session,
            line,
            news=lambda: kit.inbox.put(kit.wake),
            patience=PATIENCE,
        )
        asking.start()
        told = ""
        while asking.outcome is None and kit.left is None:
            if asking.status != told:
                told = asking.status
                kit.recorder.emit(Activity("taking over", told))
            intake.pump(1.0)
        asking.give_up()
        outcome, why = asking.outcome, asking.why
        if outcome is None or (kit.left is not None and outcome != "ended"):
            return
        if outcome == "ended":
            why = f"{why} {self._write_into(busy.holder.session, reason)}".strip()
        kit.recorder.record(TakeOverEnded(outcome=outcome, why=why))

    def _write_into(self, session: str, reason: str) -> str:
        """Record in the other journal that its wizard was ended; why that was not possible, or nothing."""
        try:
            other = OtherSession(self._kit.folder.path.parent / session, self._kit.clock, self._kit.vault)
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
        kit, problem = self._kit, ""
        told = f"{reason} (closed by {kit.state.who} from session {kit.folder.session_id} on the same target)"
        try:
            other = OtherSession(kit.folder.path.parent / session, kit.clock, kit.vault)
            try:
                other.close_for_good(told)
            finally:
                other.close()
        except (OSError, UplevelError) as found:
            problem = str(found)
        kit.recorder.record(OtherClosed(session=session, reason=reason, problem=problem))

    # What is known of us and of others

    def _myself(self) -> TargetHolder:
        kit = self._kit
        target = ", ".join(f"{name} {value}" for name, value in self._target.items())
        return TargetHolder(
            holder=Holder.of_this_process(kit.clock),
            uid=os.getuid(),
            session=kit.folder.session_id,
            procedure=fill_shown(kit.procedure.title, kit.state.values),
            step=self._shown(kit.state.current),
            target=target,
        )

    def _shown(self, step: str | None) -> str:
        return "" if step is None else fill_shown(self._kit.procedure.step(step).title, self._kit.state.values)

    def _own_supervisor(self) -> bool:
        """Whether a supervisor of this session lives that has the lock; those of watches never have it."""
        kit = self._kit
        runs = [number for number, run in kit.state.runs.items() if not run.intent.watch]
        return any(supervisor_lives(kit.folder.runs / f"{number:04d}") for number in sorted(runs, reverse=True))

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
        for each in list_sessions(self._kit.folder.path.parent):
            own = each.id == self._kit.folder.session_id
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
            found.append(UnfinishedCited(holder=cited, how=f"{_LEFT.get(left, left)}{at}"))
        if before is not None and not before.ours:
            how = before.left or "left when its wizard was killed"
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
