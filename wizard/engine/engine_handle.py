"""What every front end needs of an engine, or of whatever tells of a session in its place."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from wizard.engine.messages import Intention, Message
from wizard.record.output import OutputLog
from wizard.session.plan_input import PlanInput


class EngineHandle(Protocol):
    """A session as a front end has it: it listens, and says what is wanted."""

    @property
    def session(self) -> str: ...
    @property
    def folder(self) -> Path: ...
    @property
    def plan_input(self) -> PlanInput: ...
    def start(self, emit: Callable[[Message], None]) -> None: ...
    def submit(self, intention: Intention) -> None: ...
    def join(self, timeout: float | None = None) -> bool: ...
    def output(self, run: int) -> OutputLog: ...
