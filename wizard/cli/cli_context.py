"""What a command has at hand: the way to the screens, and the session that is open, for the last words of a crash."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wizard.cli.screen_opener import OpenScreens


if TYPE_CHECKING:
    from wizard.engine import Engine


class CliContext:
    """The state of one command line.

    Args:
        open_screens: Opens the Textual wizard.

    Attributes:
        session: The folder of the session that is open; None before there is one.
    """

    def __init__(self, open_screens: OpenScreens) -> None:
        self.open_screens = open_screens
        self.session: Path | None = None
        self._redact: Callable[[str], str] | None = None

    def opened(self, engine: "Engine") -> "Engine":
        """Remember the session that was opened."""
        self.session = engine.folder
        self._redact = engine.redact
        return engine

    def say_opening(self) -> None:
        """From now on a secret may be at hand, and only the session that is being opened will know which."""
        self._redact = lambda _text: ""

    @staticmethod
    def news(sentence: str) -> None:
        """Say to whoever waits at a terminal what is being done."""
        if sys.stderr.isatty():
            click.echo(sentence, err=True)

    def redact(self, text: str) -> str:
        """The text without secrets."""
        return text if self._redact is None else self._redact(text)

    @staticmethod
    def plain(*, asked: bool) -> bool:
        """Whether the line-by-line front end is the one to use: asked for, or the terminal can do nothing else."""
        dumb = os.environ.get("TERM", "") in {"", "dumb", "unknown"}
        return asked or dumb or not sys.stdout.isatty() or not sys.stdin.isatty()
