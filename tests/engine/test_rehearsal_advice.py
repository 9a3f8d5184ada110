"""Somebody rehearses a procedure of their own: each thing that cannot go well says what to add."""

from typing import TYPE_CHECKING

import pytest

from wizard.engine import prepare
from wizard.engine.request import Request
from wizard.errors import ExitCode
from wizard.places import asset
from wizard.session.rehearsing import NAME_A_WORLD


if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Opener


def steps(text: str) -> str:
    """A procedure with these steps."""
    body = "\n".join(f"      {line}" for line in text.strip("\n").splitlines())
    return f"format: 1\nprocedure: own\ntitle: Own\nphases:\n  - title: Only\n    steps:\n{body}\n"


def test_a_command_that_the_platform_does_not_have_is_never_to_be_run_for_real(sessions: "Opener") -> None:
    drive = sessions.open(steps("- {id: stop, title: Stop it, run: systemctl stop cache}"), mode="rehearsal")
    question = drive.ask_and_answer("run", sort="go")
    assert question.options[0].label == "do it by hand, as it were"
    question = drive.until_asked("go")
    assert "A rehearsal does not start systemctl" in question.text
    assert "Run it nowhere" in question.text
    assert "yourself" not in question.text
    drive.answer("did-it")
    assert drive.until_finished().code is ExitCode.COMPLETED


def test_a_check_that_the_platform_does_not_have_says_what_it_has(sessions: "Opener") -> None:
    drive = sessions.open(
        steps("- {id: a, title: A, before: [{run: systemctl status x}], run: touch here}"), mode="rehearsal"
    )
    text = drive.until_asked("no answer").text
    assert "A rehearsal does not start systemctl" in text
    assert "cf, " in text
    assert "Install" not in text
    drive.leave()


@pytest.mark.parametrize("mode", ["rehearsal", "live"])
def test_what_an_empty_platform_does_not_have_tells_how_to_name_another(sessions: "Opener", mode: str) -> None:
    drive = sessions.open(
        steps("- {id: a, title: A, before: [{run: echo none, has: some}], run: 'true'}"),
        mode=mode,  # type: ignore[arg-type]  # both are modes
    )
    text = drive.until_asked("before").text
    assert (NAME_A_WORLD in text) == (mode == "rehearsal")
    drive.leave()


def test_a_command_that_leaves_the_sandbox_tells_how_to_stay_in_it(sessions: "Opener", tmp_path: "Path") -> None:
    drive = sessions.open(steps(f"- {{id: a, title: A, run: touch {tmp_path}/there}}"), mode="rehearsal")
    drive.ask_and_answer("run", sort="go")
    text = drive.until_asked("failed").text
    assert "writes only below the folder it starts in" in text
    assert "example: trial" in text
    drive.leave()


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("echo x > /dev/tcp/127.0.0.1/22", "connects to the rehearsal's own servers alone"),
        ("echo 'git@example.org: Permission denied (publickey).'; exit 128", ""),
        ("echo 'psql: permission denied for table users'; exit 1", ""),
    ],
)
def test_what_the_sandbox_is_not_to_blame_for_is_not_laid_on_it(script: str, told: str, sessions: "Opener") -> None:
    drive = sessions.open(steps(f'- {{id: a, title: A, shell: "{script}"}}'), mode="rehearsal")
    drive.ask_and_answer("run", sort="go")
    text = drive.until_asked("failed").text
    assert told in text
    assert "writes only below the folder it starts in" not in text
    drive.leave()


def test_the_world_that_the_advice_names_ships(tmp_path: "Path") -> None:
    name = NAME_A_WORLD.rpartition("world: ")[2].rstrip("}")
    assert asset(f"worlds/{name}.yaml").is_file()
    (file := tmp_path / "own.yaml").write_text(steps("- {id: a, title: A, run: 'true'}"))
    assert NAME_A_WORLD in prepare(Request(str(file), "rehearsal")).world
    assert prepare(Request(str(file), "live")).world == ""
