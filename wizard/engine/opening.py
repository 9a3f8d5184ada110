"""A session begins: its folder, its lock, record 0; and a session is taken up again. Nothing runs here."""

import os
import platform
import pwd
import secrets as random
import socket
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from importlib.metadata import version
from typing import TYPE_CHECKING, Literal

from wizard import settings
from wizard.archive.sessions import SessionSummary, find_session
from wizard.archive.unbegun_sessions import being_opened, sweep
from wizard.clock import Clock, SystemClock, own_tty
from wizard.engine.auto import AutoOperator
from wizard.engine.by_hand import by_hand_acts
from wizard.engine.engine import Engine
from wizard.engine.environments import ExecutionEnvironment, LocalEnvironment
from wizard.engine.local_ports import choose_ports, taken_ports
from wizard.engine.recorder import Recorder, events_of
from wizard.engine.rehearsal_options import real_servers, world_of
from wizard.engine.request import Preparation
from wizard.engine.secret_rules import of_environment, require_secret
from wizard.engine.session_context import SessionContext
from wizard.engine.session_procedure import own_copy
from wizard.engine.vault import Vault
from wizard.errors import EvidenceBroken, RecordProblem, UplevelError, UsageProblem
from wizard.model.procedure import Procedure
from wizard.places import runtime_dir, sessions_dir
from wizard.places.ports import Ports
from wizard.record.events import (
    FrontEndAttached,
    JournalRecovered,
    Mode,
    Operator,
    ProcedureCited,
    RehearsalCited,
    SessionClosed,
    SessionOpened,
    SessionResumed,
    SourceFileCited,
)
from wizard.record.journal import CheckLog, Journal, SessionFolder, StoredFile, manifest_hash
from wizard.record.locks import LOCKS, SessionLock, locks_folder
from wizard.record.signing import SIGNING_KEY
from wizard.session import SessionState, fold_what_fits, outcome, require_known_step


if TYPE_CHECKING:
    from wizard.execution.runner import Runner


FrontEnd = Literal["textual", "plain", "none"]
News = Callable[[str], None]
"""Is told what is done next, for whoever waits for it."""
_RESTARTED = "The machine was restarted since this session was left; what ran on it then ended with it."
_DWELL = 1.5
"""Seconds an automatic answer takes at speed 1."""


def untold(_sentence: str) -> None:
    """Nobody waits for news."""


def open_session(
    preparation: Preparation,
    *,
    front_end: FrontEnd,
    secrets: Mapping[str, str] | None = None,
    clock: Clock | None = None,
    runner: "Runner | None" = None,
    news: News = untold,
) -> Engine:
    """Begin a session: its folder, its lock, record 0.

    Args:
        preparation: The start page that was confirmed.
        front_end: Who shows it.
        secrets: Secret parameters that are known already.
        clock: Time and ids; the machine's own when not given.
        runner: What runs commands; real processes when not given.
        news: Is told what is done next.

    Raises:
        UsageProblem: The start page is not ready, or a secret is none that could be kept out of the record.
        RecordProblem: The record cannot be kept; nothing half made is left.
    """
    if not preparation.ready:
        wrong = [*preparation.refusals, *(each.told for each in preparation.fields if each.problem)]
        raise UsageProblem(" ".join(wrong))
    for name, value in (secrets or {}).items():
        require_secret(preparation.procedure.parameters[name], value, preparation.values)
    clock = clock or SystemClock()
    request, loaded = preparation.request, preparation.loaded
    sweep(sessions_dir())
    with ExitStack() as undone:
        ports = Ports()
        undone.callback(ports.release)
        chosen = choose_ports(ports, preparation)
        with being_opened(sessions_dir()):
            folder = SessionFolder.create(sessions_dir(), clock.new_id())
            stored = folder.store_procedure({file.path: file.data for file in loaded.files})
            lock = SessionLock.take(folder.path, clock)
            recorder, vault = _begun(folder, stored, lock, preparation, chosen, secrets=secrets or {}, clock=clock)
        undone.callback(lock.release)
        context = _first_kit(recorder, preparation, vault, ports=ports, clock=clock, runner=runner, news=news)
        undone.pop_all()
    return Engine(context, lock, _attached(front_end, auto=request.auto))


def _begun(
    folder: SessionFolder,
    stored: list[StoredFile],
    lock: SessionLock,
    preparation: Preparation,
    ports: Mapping[str, str],
    *,
    secrets: Mapping[str, str],
    clock: Clock,
) -> tuple[Recorder, Vault]:
    """Record 0 of a session; before it nothing of the session has begun."""
    request = preparation.request
    try:
        vault = Vault({**_of_environment(preparation.procedure, preparation.values, request.mode), **secrets})
        journal = Journal.create(folder, clock)
        recorder = Recorder(journal, vault)
        opened = SessionOpened(
            session=folder.session_id,
            mode=request.mode,
            procedure=_cited(preparation),
            manifest=manifest_hash(stored),
            files=tuple(SourceFileCited(**file) for file in stored),
            nonce=random.token_hex(16),
            uplevel=version("uplevel-wizard"),
            python=platform.python_version(),
            system=platform.platform(),
            operator=this_operator(),
            ticket=request.ticket,
            parameters=preparation.values,
            secrets=tuple(each.name for each in preparation.fields if each.secret),
            ports=dict(ports),
            today=clock.now().utc.strftime("%Y-%m-%d"),
            trust=preparation.trust,
            rehearsal=_rehearsal(preparation),
        )
        recorder.record(opened)
    except UplevelError:
        lock.release()
        raise
    return recorder, vault


def _first_kit(
    recorder: Recorder,
    preparation: Preparation,
    vault: Vault,
    *,
    ports: Ports,
    clock: Clock,
    runner: "Runner | None",
    news: News,
) -> SessionContext:
    """The parts of a new session. Where they cannot be had, the session is closed: nobody could ever resume it."""
    request = preparation.request
    environment: ExecutionEnvironment | None = None
    try:
        environment = _environment(recorder, preparation.procedure, ports, news, runner)
        auto = AutoOperator(preparation.procedure, preparation.answers) if request.auto else None
        return _context(
            recorder, preparation.procedure, vault, environment, ports, clock=clock, runner=runner, auto=auto
        )
    except UplevelError as problem:
        if environment is not None:
            environment.close(for_good=True)
        with suppress(RecordProblem):
            seq, _ = recorder.journal.head
            recorder.record(SessionClosed(state="failed", count=seq + 1, reason=str(problem)))
            recorder.journal.close()
        raise


def resume_session(
    session: SessionSummary | str,
    *,
    front_end: FrontEnd,
    auto: bool = False,
    clock: Clock | None = None,
    runner: "Runner | None" = None,
    news: News = untold,
) -> Engine:
    """Take a session up again: lock, verify, recover, fold; what was running is judged when the engine starts.

    Raises:
        SessionBusy: Somebody else has it open.
        EvidenceBroken: The record, or the session's copy of the procedure, was altered.
        RecordProblem: It cannot be read or written.
        UsageProblem: It is closed, or was written by a newer uplevel, or it is live and asked to play by itself.
    """
    sweep(sessions_dir())
    summary = find_session(session) if isinstance(session, str) else session
    clock = clock or SystemClock()
    folder = SessionFolder.open(summary.folder)
    lock = SessionLock.take(folder.path, clock)
    try:
        return _taken_up(folder, lock, clock, front_end, runner, news=news, auto=auto)
    except UplevelError:
        lock.release()
        raise


def _taken_up(
    folder: SessionFolder,
    lock: SessionLock,
    clock: Clock,
    front_end: FrontEnd,
    runner: "Runner | None",
    *,
    news: News,
    auto: bool,
) -> Engine:
    news("Verifying the journal…")
    journal = Journal.resume(folder, clock)
    events = events_of(journal)
    state = fold_what_fits(events)
    if state.opened.session != folder.session_id:
        raise EvidenceBroken(
            f"The folder {folder.session_id} holds the record of another session, {state.opened.session}.",
            f"Give the folder its name again, or take up {state.opened.session} where it lies.",
        )
    if (ended := outcome(state)) is not None:
        raise UsageProblem(
            f"The session {folder.session_id} is closed ({ended.words}).",
            f"`uplevel export {folder.session_id} --format md` gives its transcript.",
        )
    if auto and state.opened.mode != "rehearsal":
        raise UsageProblem("--auto is for rehearsals; nobody but a person answers a live session.")
    loaded = own_copy(folder, state)
    steps = {step.id for step in loaded.procedure.steps()}
    for each in events:
        require_known_step(each, steps)
    vault = Vault(_of_environment(loaded.procedure, state.values, state.opened.mode))
    recorder = Recorder(journal, vault, state)
    ports = Ports()
    environment = _environment(recorder, loaded.procedure, ports, news, runner)
    try:
        operator = AutoOperator(loaded.procedure) if auto else None
        context = _context(
            recorder, loaded.procedure, vault, environment, ports, clock=clock, runner=runner, auto=operator
        )
        if (found := journal.recovered) is not None:
            recorder.record(
                JournalRecovered(good_seq=found.good_seq, lost_bytes=found.lost_bytes, kept_as=found.kept_as)
            )
        restarted = _restarted(journal, state, clock)
        recorder.record(
            SessionResumed(operator=this_operator(), uplevel=version("uplevel-wizard"), restarted=restarted)
        )
    except UplevelError:
        environment.close(for_good=False)
        ports.release()
        raise
    pending = tuple(number for number, run in sorted(state.runs.items()) if run.ended is None)
    known = [*([_RESTARTED] if restarted else []), *([] if pending else taken_ports(state))]
    ports.keep([int(port) for port in state.opened.ports.values()])
    return Engine(context, lock, _attached(front_end, auto=auto), pending, known=" ".join(known))


def _restarted(journal: Journal, state: SessionState, clock: Clock) -> bool:
    """Whether this machine was restarted since the last record; of another machine nothing of the kind is known."""
    same = state.current_operator.host == socket.gethostname()
    return same and journal.records[-1].boot_id != clock.now().boot_id


def _of_environment(procedure: Procedure, known: Mapping[str, str], mode: Mode) -> dict[str, str]:
    """Secrets of the environment; a rehearsal takes none, for real ones have no business on a pretend platform."""
    return {} if mode == "rehearsal" else of_environment(procedure, known)


def _context(
    recorder: Recorder,
    procedure: Procedure,
    vault: Vault,
    environment: ExecutionEnvironment,
    ports: Ports,
    *,
    clock: Clock,
    runner: "Runner | None",
    auto: AutoOperator | None,
) -> SessionContext:
    folder = recorder.journal.folder
    rehearsal = recorder.state.opened.mode == "rehearsal"
    if runner is None:
        from wizard.execution.runner import ProcessRunner

        runner = ProcessRunner()
    private = (folder.path / "sandbox" / "tmp" if rehearsal else runtime_dir()) / f"private-{folder.session_id}"
    try:
        private.mkdir(mode=0o700, exist_ok=True)
    except OSError as problem:
        raise RecordProblem(f"The folder {private} cannot be made: {problem.strerror}.") from problem
    own = settings.load_own()
    return SessionContext(
        procedure=procedure,
        folder=folder,
        recorder=recorder,
        checks=CheckLog.open(folder),
        environment=environment,
        vault=vault,
        runner=runner,
        clock=clock,
        by_hand=by_hand_acts(procedure, environment, recorder.state, auto=auto is not None),
        private=private,
        user=this_operator().user,
        key=own[SIGNING_KEY],
        auto=auto,
        dwell=_DWELL / environment.speed,
        ports=ports,
        locks=None if rehearsal else locks_folder(own[LOCKS]),
    )


def _environment(
    recorder: Recorder, procedure: Procedure, ports: Ports, news: News, runner: "Runner | None"
) -> ExecutionEnvironment:
    state, place = recorder.state, recorder.journal.folder.path / "sandbox"
    cited = state.opened.rehearsal
    if cited is None:
        return LocalEnvironment(procedure)
    from wizard.engine.sandbox_opening import open_sandbox

    news("Starting the servers of the rehearsal…" if cited.servers else "Setting up the pretend platform…")
    stage, processes = state.values.get("stage", ""), runner is None or runner.processes
    return open_sandbox(place, cited, stage, ports, again=state.last.seq > 0, processes=processes)


def _cited(preparation: Preparation) -> ProcedureCited:
    procedure = preparation.procedure
    return ProcedureCited(
        name=procedure.procedure,
        title=procedure.title,
        version=procedure.version,
        source=procedure.source,
        builtin=preparation.origin == "built in",
        main=preparation.loaded.main,
    )


def _rehearsal(preparation: Preparation) -> RehearsalCited | None:
    request = preparation.request
    if request.mode != "rehearsal":
        return None
    return RehearsalCited(
        world=world_of(preparation.procedure),
        seed=request.seed,
        drill=request.drill,
        speed=request.speed,
        servers=real_servers(preparation.procedure),
    )


def this_operator() -> Operator:
    """Who sits at this terminal."""
    try:
        user = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        user = str(os.getuid())
    return Operator(
        user=user,
        uid=os.getuid(),
        host=socket.gethostname(),
        tty=own_tty(),
        source=os.environ.get("SSH_CONNECTION", "").split(" ")[0],
        sudo_user=os.environ.get("SUDO_USER", ""),
    )


def _attached(front_end: FrontEnd, *, auto: bool) -> FrontEndAttached:
    try:
        columns, rows = os.get_terminal_size(1)
    except OSError:
        columns, rows = 0, 0
    return FrontEndAttached(front_end=front_end, auto=auto, pid=os.getpid(), columns=columns, rows=rows)
