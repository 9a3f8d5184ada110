"""A person at the pretend platform, and how its answers are read."""

import shlex
from pathlib import Path

from tests.played import Played, play
from wizard.platforms.cloudfoundry.things import App, Service
from wizard.platforms.digitalmarketplace import scenario
from wizard.platforms.sdk.invocation import WorkDir
from wizard.platforms.sdk.platform import WorldOptions


USER = "ops@digitalmarketplace.example"
WHERE = f"in org digitalmarketplace / space preview as {USER}..."
REDIS = "digitalmarketplace_redis"


class Terminal:
    """A person at the pretend platform; every command changes the world it holds."""

    def __init__(self, major: int = 8, folder: Path | None = None, drill: str = "") -> None:
        self.world = scenario.build("digitalmarketplace", WorldOptions(stage="preview", seed=3, drill=drill))
        if not drill:
            self.world.cli.major = major
        self._place = WorkDir() if folder is None else WorkDir(folder, folder)

    def __call__(self, line: str, *typed: str, **environment: str) -> Played:
        answer = play(self.world, shlex.split(line), environment, typed, place=self._place)
        self.world = answer.world
        return answer

    def service(self, name: str) -> Service:
        service = self.world.space.service(name)
        assert service is not None
        return service

    def guid(self, name: str) -> str:
        return self.service(name).guid

    def bound(self, name: str) -> list[str]:
        """The apps bound to a service instance."""
        return self.world.space.bound_apps(self.service(name))

    def app(self, name: str) -> App:
        app = self.world.space.app(name)
        assert app is not None
        return app


def lines(answer: Played) -> list[str]:
    """What a command said on standard output, line by line, blanks at the ends dropped."""
    return [line.rstrip() for line in answer.stdout.splitlines()]


def cells(row: str) -> list[str]:
    """The cells of a table's row that are not empty."""
    return [cell.strip() for cell in row.split("   ") if cell.strip()]


def failed(answer: Played) -> str:
    """The sentence of a command that failed as commands fail: 1, FAILED alone on stdout, the sentence on stderr."""
    assert answer.exit == 1
    assert lines(answer)[-1] == "FAILED"
    return answer.stderr.strip()
