"""Closed streams, no home, a deleted folder, another language: sentences, never a traceback."""

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import forked
from tests.conftest import HANG


PROGRAM = "import sys; from screens.launch import main; sys.exit(main())"
REPO = str(Path(__file__).resolve().parents[2])
UPLEVEL = f"{shlex.quote(sys.executable)} -c {shlex.quote(PROGRAM)}"
OWN = f"{UPLEVEL} rehearse ./own.yaml --auto --plain --speed 100000"

PROCEDURE = """
format: 1
procedure: own
title: Überraschung für Größe 漢字 🦄
phases: [{title: Alles, steps: [{id: one, title: Schließen, run: 'printf ''%s\\n'' grün 漢字 ✓ 🦄'}]}]
"""


@pytest.fixture
def told(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    (tmp_path / "own.yaml").write_text(PROCEDURE, encoding="utf-8")

    def run(line: str | list[str], *, without: tuple[str, ...] = (), **env: str) -> subprocess.CompletedProcess[bytes]:
        whole = {**os.environ, "PYTHONPATH": REPO, **env}
        done = forked.run(
            ["/bin/bash", "-c", line] if isinstance(line, str) else line,
            cwd=tmp_path,
            env={name: value for name, value in whole.items() if name not in without},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            check=False,
        )
        said = done.stdout + done.stderr
        for word in (b"Traceback", b"itself failed", b"Exception ignored", b"Fatal Python", b"BrokenPipe", b"Errno"):
            assert word not in said, said[-3000:]
        return done

    return run


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        (f"{UPLEVEL} list | head -c 1; exit ${{PIPESTATUS[0]}}", {0, 1}),
        (f"{UPLEVEL} show redis | head -1; exit ${{PIPESTATUS[0]}}", {0, 1}),
        (f"{UPLEVEL} show redis | true; exit ${{PIPESTATUS[0]}}", {0, 1}),
        (f"{UPLEVEL} schema | head -1; exit ${{PIPESTATUS[0]}}", {0, 1}),
        (f"{UPLEVEL} --help | true; exit ${{PIPESTATUS[0]}}", {0, 1}),
        (f"{OWN} | head -1; exit ${{PIPESTATUS[0]}}", {0, 1, 3}),
        (f"{OWN} 2>&1 | true; exit ${{PIPESTATUS[0]}}", {0, 1, 3}),
        (f"{OWN} <&-", {0}),
        (f"{OWN} >&-", {0, 1, 3}),
        (f"{OWN} 2>&-", {0}),
        (f"{OWN} <&- >&- 2>&-", {0, 1, 3}),
        (f"{UPLEVEL} run ./own.yaml <&-", {3}),
        (f"{UPLEVEL} list >&-", {0, 1}),
        (f"{UPLEVEL} nope 2>&-", {2}),
        (f"{UPLEVEL} list > /dev/full", {1, 4}),
        (f"{OWN} > /dev/full", {1, 3, 4}),
        (f"mkdir gone; cd gone; rmdir ../gone; {UPLEVEL} list", {0, 2}),
        (f"mkdir gone; cd gone; rmdir ../gone; {UPLEVEL} run redis -p stage=preview --plain", {2, 3}),
        (f"mkdir gone; cd gone; rmdir ../gone; {UPLEVEL} lint x.yaml", {2}),
        (f"ulimit -n 20; {OWN}", {0, 1, 2, 4}),
    ],
)
def test_streams_and_folders_that_are_gone(told: Callable[..., Any], line: str, codes: set[int]) -> None:
    done = told(line)
    assert done.returncode in codes, (done.returncode, done.stdout[-2000:], done.stderr[-2000:])


@pytest.mark.parametrize(
    ("language", "more"),
    [
        ({"LANG": "C", "LC_ALL": "C"}, {}),
        ({"LC_ALL": "C"}, {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}),
        ({"LC_ALL": "nonsense"}, {"PYTHONIOENCODING": "ascii"}),
    ],
)
def test_a_language_without_the_characters(
    told: Callable[..., Any], language: dict[str, str], more: dict[str, str]
) -> None:
    assert told(OWN, without=("PYTHONUTF8",), **language, **more).returncode == 0
    assert told(f"{UPLEVEL} show ./own.yaml; {UPLEVEL} run ./ö.yaml", **language, **more).returncode == 2


def test_exports_in_a_language_without_the_characters(told: Callable[..., Any]) -> None:
    told(OWN)
    session = told(f"{UPLEVEL} sessions", LC_ALL="C", PYTHONIOENCODING="ascii").stdout.split()[0].decode()
    for kind in ("md", "json"):
        done = told(f"{UPLEVEL} export {session} --format {kind}", LC_ALL="C", PYTHONIOENCODING="ascii")
        assert done.returncode == 0
        assert "漢字" in done.stdout.decode("utf-8") or b"\\u6f22" in done.stdout


@pytest.mark.parametrize(
    ("without", "env"),
    [
        (("TERM",), {}),
        (("HOME",), {}),
        (("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"), {"HOME": "/nonexistent/home"}),
        (("PATH",), {}),
        (("LANG", "LC_ALL", "TERM"), {}),
        (("XDG_RUNTIME_DIR",), {}),
        ((), {"XDG_RUNTIME_DIR": "/nonexistent/run"}),
        ((), {"COLUMNS": "0", "LINES": "-3"}),
        ((), {"COLUMNS": "many"}),
        ((), {"SSH_AUTH_SOCK": "/nonexistent/agent"}),
        ((), {"TZ": "Nowhere/Nothing"}),
    ],
)
def test_an_environment_that_lacks_something(
    told: Callable[..., Any], without: tuple[str, ...], env: dict[str, str], tmp_path: Path
) -> None:
    words = shlex.split(OWN)
    if "HOME" in env:
        # Its folders cannot be made by an ordinary user; root could, so a file stands in the way.
        (tmp_path / "file").touch()
        env = {"HOME": str(tmp_path / "file" / "home")}
        without = tuple(name for name in without if name != "HOME")
        assert told(words, without=without, **env).returncode == 4
        return
    assert told(words, without=without, **env).returncode == 0


def test_a_terminal_that_is_too_small_says_the_size_it_needs(tmp_path: Path) -> None:
    child = forked.spawn(
        sys.executable,
        ["-c", PROGRAM],
        env={**os.environ, "PYTHONPATH": REPO, "TERM": "xterm-256color"},
        dimensions=(10, 40),
        encoding="utf-8",
        timeout=HANG,
    )
    child.expect("uplevel needs 60 columns")
    child.expect("has 40 columns")
    child.close(force=True)
