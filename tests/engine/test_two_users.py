"""Two users of one machine share a folder of locks: each is told of the other, and nobody's wizard is ever ended."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.another import NOBODY, open_folder, words_of_another
from tests.two_operators import Wizard, lay, procedure, records_of
from wizard.places import config_dir


if TYPE_CHECKING:
    from tests.conftest import Opener


class Bastion:
    """A machine with a shared folder of locks, a place, and another user with folders of their own."""

    def __init__(self, base: Path, words: list[str]) -> None:
        self.words = words
        self.base = base
        self.locks = base / "locks"
        self.locks.mkdir()
        self.locks.chmod(0o1777)
        place = base / "place"
        place.mkdir()
        place.chmod(0o777)
        self.values = lay(place)
        self.theirs = base / "theirs"
        for name in ("state", "config/uplevel", "cache", "run"):
            (self.theirs / name).mkdir(parents=True, mode=0o700)
        settings = f'locks = "{self.locks}"\n'
        (self.theirs / "config/uplevel/settings.toml").write_text(settings)
        (config_dir() / "settings.toml").write_text(settings)
        for path in (config_dir() / "settings.toml", self.theirs / "config/uplevel/settings.toml"):
            path.chmod(0o600)
        if words:
            for path in (self.theirs, *self.theirs.rglob("*")):
                os.chown(path, NOBODY, NOBODY)

    def wizard(self, name: str, answers: dict[str, tuple[str, ...]]) -> Wizard:
        """A session of the other user."""
        env = {
            "HOME": str(self.theirs),
            "XDG_STATE_HOME": str(self.theirs / "state"),
            "XDG_CONFIG_HOME": str(self.theirs / "config"),
            "XDG_CACHE_HOME": str(self.theirs / "cache"),
            "XDG_RUNTIME_DIR": str(self.theirs / "run"),
        }
        return Wizard(procedure(name), self.values, answers, before=self.words, env=env)


@pytest.fixture
def bastion() -> Iterator[Bastion]:
    base = open_folder()
    with words_of_another() as words:
        yield Bastion(base, words)
    shutil.rmtree(base)


def test_another_users_wizard_is_named_asked_and_never_ended(
    sessions: "Opener", bastion: Bastion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wizard.engine.target_coordinator.PATIENCE", 0.5)
    theirs = bastion.wizard("one", {})
    try:
        theirs.until("asked go")
        mine = sessions.open(procedure("two"), values=bastion.values)
        question = mine.until_asked("busy")
        assert theirs.session in question.text
        if bastion.words:
            assert "nobody on" in question.text
            assert "uplevel observe" not in question.text
        mine.answer("take-over", "the site is down")
        assert "nobody" in mine.until_asked("busy").text
        outcome = records_of(mine.engine.session, "take-over.ended")[0]["outcome"]
        assert outcome == ("silent" if bastion.words else "impossible")
        assert theirs.process.poll() is None
        theirs.until("asked take over")
    finally:
        theirs.end()
    wanted = records_of(theirs.session, "take-over.wanted", bastion.theirs / "state")[0]
    assert wanted["by"]["uid"] == os.getuid()
    assert wanted["by"]["session"] == mine.engine.session
    mine.answer("again")
    question = mine.until_asked("unfinished")
    if bastion.words:
        assert "killed" in question.text
        assert [option.id for option in question.options] == ["beside", "pause", "stop"]


def test_another_user_who_is_asked_gives_the_target(sessions: "Opener", bastion: Bastion) -> None:
    theirs = bastion.wizard("one", {"take over": ("give",)})
    try:
        theirs.until("asked go")
        mine = sessions.open(procedure("two"), values=bastion.values)
        mine.ask_and_answer("take-over", "the site is down", sort="busy")
        assert theirs.session in mine.until_asked("unfinished").text or not bastion.words
        theirs.until("finished")
    finally:
        theirs.end()
    assert records_of(mine.engine.session, "take-over.ended")[0]["outcome"] == "given"
    taken = records_of(theirs.session, "session.taken-over", bastion.theirs / "state")[0]
    assert taken["by"]["uid"] == os.getuid()
    assert taken["reason"] == "the site is down"


def test_we_are_asked_by_another_user_and_the_kernel_says_who_they_are(sessions: "Opener", bastion: Bastion) -> None:
    mine = sessions.open(procedure("one"), values=bastion.values)
    mine.until_asked("go")
    theirs = bastion.wizard("two", {"busy": ("take-over", "it is ours")})
    try:
        mine.until(lambda _: mine.state.question is not None and mine.state.question.question_kind == "take over")
        question = mine.until_asked("take over")
        assert "it is ours" in question.text
        if bastion.words:
            assert "nobody on" in question.text
            assert "is ended" not in question.text
        mine.answer("refuse", "not tonight")
        theirs.until("event take-over.ended")
    finally:
        theirs.end()
    kept = records_of(theirs.session, "take-over.ended", bastion.theirs / "state")[0]
    assert kept == {"outcome": "kept", "why": "not tonight"}
