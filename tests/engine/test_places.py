"""Folders are this user's alone, assets are found, and settings are read with a sentence for every fault."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from wizard import places
from wizard.engine.operator_programs import EDITOR
from wizard.errors import RecordProblem, UplevelError, UsageProblem
from wizard.places import asset, config_dir, sessions_dir, state_dir
from wizard.record.locks.folder import LOCKS
from wizard.record.signing import SIGNING_KEY
from wizard.session.calling import BELL, TITLE
from wizard.settings import Settings, load


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    return tmp_path


@pytest.mark.parametrize("which", ["state", "config", "runtime"])
def test_the_xdg_variables_are_honoured_and_folders_are_0700(home: Path, which: str) -> None:
    before = os.umask(0)
    try:
        found = getattr(places, f"{which}_dir")()
    finally:
        os.umask(before)
    variable = "XDG_RUNTIME_DIR" if which == "runtime" else f"XDG_{which.upper()}_HOME"
    assert found == home / variable / "uplevel"
    assert found.is_dir()
    assert (found.stat().st_mode & 0o777, found.parent.stat().st_mode & 0o777) == (0o700, 0o700)


def test_sessions_live_in_the_state_folder(home: Path) -> None:
    assert sessions_dir() == state_dir() / "sessions"
    assert sessions_dir().stat().st_mode & 0o777 == 0o700


def test_a_home_without_xdg_variables_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert state_dir() == tmp_path / ".local" / "state" / "uplevel"


def test_a_relative_path_in_a_variable_counts_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", "state")
    assert state_dir() == tmp_path / ".local" / "state" / "uplevel"


@pytest.mark.parametrize("at", ["", "uplevel", "uplevel/sessions"])
def test_a_file_in_the_way_is_named(home: Path, at: str) -> None:
    path = home / "XDG_STATE_HOME" / at
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("in the way")
    with pytest.raises(RecordProblem, match=f"{path}: it is in the way of a folder"):
        sessions_dir()


def test_a_folder_that_somebody_else_makes_meanwhile_is_in_nobodys_way(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = os.path.lexists

    def made_just_now(path: Path) -> bool:
        if not look(path):
            path.mkdir(mode=0o700)
        return look(path)

    monkeypatch.setattr("wizard.places.private.os.path.lexists", made_just_now)
    assert config_dir() == home / "XDG_CONFIG_HOME" / "uplevel"


def test_a_folder_that_others_may_write_to_is_refused(home: Path) -> None:
    state_dir().chmod(0o770)
    with pytest.raises(RecordProblem, match=r"others may write to it.*chmod go-w"):
        state_dir()


def test_a_foreign_folder_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = state_dir()
    if os.geteuid() == 0:
        os.chown(path, 65534, 65534)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(RecordProblem, match="it belongs to user"):
        state_dir()


UNPRIVILEGED = """
import os
import platformdirs.unix
from wizard.errors import UplevelError
from wizard.places import sessions_dir
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    sessions_dir()
except UplevelError as problem:
    print(problem)
"""


@pytest.mark.parametrize("mode", [0o500, 0o000])
def test_a_folder_that_cannot_be_written_is_a_sentence(monkeypatch: pytest.MonkeyPatch, mode: int) -> None:
    with tempfile.TemporaryDirectory() as open_to_all:
        Path(open_to_all).chmod(0o755)
        blocked = Path(open_to_all, "state")
        blocked.mkdir()
        blocked.chmod(mode)
        monkeypatch.setenv("XDG_STATE_HOME", str(blocked))
        if os.geteuid() == 0:
            os.chown(blocked, 65534, 65534)
        words = [sys.executable, "-c", UNPRIVILEGED]
        done = subprocess.run(words, capture_output=True, text=True, timeout=30, check=False)
    assert done.stderr == ""
    assert "state/uplevel: Permission denied." in done.stdout


def test_assets_are_found_in_the_checkout_and_never_outside() -> None:
    assert asset("procedures").parent.name in {"assets", "_assets"}
    assert asset("").is_dir()
    for path in ("/etc/passwd", "../pyproject.toml", "styles/../../README.md"):
        with pytest.raises(UsageProblem, match="not a path below the assets"):
            asset(path)


def test_looking_for_folders_loads_platformdirs_only_then() -> None:
    code = "import sys, wizard.places, wizard.settings; print('platformdirs' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout == "False\n"


def test_settings_that_are_not_there_are_all_default(tmp_path: Path) -> None:
    assert load(tmp_path / "settings.toml") == Settings()


def test_settings_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    path = tmp_path / "settings.toml"
    path.write_text('signing_key = "~/.ssh/id_ed25519"\neditor = "vim"\n')
    path.chmod(0o600)
    found = load(path)
    assert (found[SIGNING_KEY], found[EDITOR], found[LOCKS]) == (tmp_path / ".ssh" / "id_ed25519", "vim", None)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("editer = 'vi'", "unknown key: editer. Did you mean editor?"),
        ("colour = 'red'", "There are: signing_key, editor, pager, locks, bell, title."),
        ("editor = 5", "editor must be a text in quotes"),
        ("bell = 'no'", "bell must be true or false, without quotes"),
        ("title = 1", "title must be true or false"),
        ("editor = ", r"are not TOML: .*end of document"),
        ("editor = '\xff'", "are not TOML"),
        ("signing_key = '~nobody-at-all/key'", "home folder nobody has"),
    ],
)
def test_a_fault_in_the_settings_is_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(text.encode("latin-1"))
    path.chmod(0o600)
    with pytest.raises(UsageProblem, match=sentence):
        load(path)


def test_settings_others_may_write_are_not_used(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("editor = 'vi'")
    path.chmod(0o620)
    with pytest.raises(UsageProblem, match="Others may write"):
        load(path)


def test_bell_and_title_are_on_and_can_be_turned_off(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    assert (Settings()[BELL], Settings()[TITLE]) == (True, True)
    path.write_text("bell = false\ntitle = false\n")
    path.chmod(0o600)
    assert (load(path)[BELL], load(path)[TITLE]) == (False, False)


def test_a_folder_in_place_of_the_settings_is_a_sentence(home: Path) -> None:
    with pytest.raises(UplevelError, match="cannot be read"):
        load(config_dir())
