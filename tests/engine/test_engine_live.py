"""A whole engine with real commands, driven without a screen."""

from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from wizard.errors import ExitCode
from wizard.session.view import view


if TYPE_CHECKING:
    from tests.conftest import Opener


TWO_STEPS = """
format: 1
procedure: two
title: Two files
parameters:
  folder: {any: yes}
remember:
  before: {run: 'echo remembered'}
phases:
  - title: Files
    steps:
      - id: one
        title: Make the first file in ${folder}
        already: {run: 'test -e ${folder}/one'}
        run: touch ${folder}/one
        after: [{run: 'test -e ${folder}/one'}]
        undo: {run: 'rm ${folder}/one'}
        repeat: check-first
      - id: two
        title: Make the second
        confirm: Make ${before} too?
        shell: |
          echo "making $folder/two"
          touch "$folder/two"
        expect: {has: '^making '}
"""

APART = """
format: 1
procedure: apart
title: Errors apart
phases:
  - title: Ask
    steps:
      - id: ask
        title: Ask for the id
        stderr: apart
        shell: |
          echo "careful: slow" >&2
          echo id-42
        expect: {equals: id-42, has: '^careful', lacks: FAILED}
        capture: {answer: {capture: '(.*)'}}
      - id: wrong
        title: It says FAILED among its errors
        stderr: apart
        shell: 'echo fine; echo FAILED >&2'
        expect: {lacks: FAILED}
"""


def test_two_steps_run_and_are_proven(sessions: "Opener", tmp_path: Path) -> None:
    drive = sessions.open(TWO_STEPS, values={"folder": str(tmp_path)})
    drive.ask_and_answer("run", sort="go")
    drive.ask_and_answer("run", sort="go")
    question = drive.ask_and_answer("yes", sort="confirm")
    assert question.text == "Make remembered too?"
    finished = drive.until_finished()
    assert finished.code is ExitCode.COMPLETED
    assert (tmp_path / "one").exists()
    assert (tmp_path / "two").exists()
    assert drive.state.step("one").end == "done"
    assert drive.state.closed == "completed"


def test_what_is_kept_apart_is_judged_apart(sessions: "Opener") -> None:
    drive = sessions.open(APART)
    drive.ask_and_answer("run", sort="go")
    drive.ask_and_answer("run", sort="go")
    assert drive.state.step("ask").end == "done"
    assert drive.state.values["answer"] == "id-42"
    assert drive.until_asked().question_kind == "failed"
    judged = [answer for answer in drive.state.step("wrong").check_results.values() if answer.purpose == "expect"]
    assert [answer.verdict for answer in judged] == ["no"]


EDIT = """
format: 1
procedure: edit
title: Edit a file
parameters:
  file: {any: yes}
  name: {any: yes}
phases:
  - title: Files
    steps:
      - id: edit
        title: Name the app
        edit: {file: '${file}', set: {app.name: '${name}', app.routes: [{route: '${name}.example'}]}, remove: [app.old]}
        undo:
          edit: {file: '${file}', set: {app.name: before}}
"""


def test_an_edit_shows_its_diff_then_writes_and_is_taken_back(sessions: "Opener", tmp_path: Path) -> None:
    file = tmp_path / "manifest.yml"
    file.write_text("app:\n  name: before\n  token: abc\n  old: 1\n")
    drive = sessions.open(EDIT, values={"file": str(file), "name": 'a "new" name'})
    drive.until_asked("go")
    card = view(drive.engine.plan_input, drive.state).card
    assert card is not None
    assert "-  name: before" in card.changes
    assert '+  name: a "new" name' in card.changes
    assert "name: before" in file.read_text()
    drive.answer("run")
    finished = drive.until_finished()
    assert finished.code is ExitCode.COMPLETED
    assert yaml.safe_load(file.read_text()) == {
        "app": {"name": 'a "new" name', "token": "abc", "routes": [{"route": 'a "new" name.example'}]}
    }


def test_an_edit_made_before_is_found_done_and_one_that_does_not_fit_says_why(
    sessions: "Opener", tmp_path: Path
) -> None:
    file = tmp_path / "manifest.yml"
    file.write_text("app: {name: x, routes: [{route: x.example}]}\n")
    drive = sessions.open(EDIT, values={"file": str(file), "name": "x"})
    assert drive.until_asked("found done").step == "edit"
    drive.leave()
    file.write_text("app: [")
    again = sessions.open(EDIT, values={"file": str(file), "name": "x"})
    again.ask_and_answer("beside", "to try it", sort="unfinished")
    assert again.until_asked("no answer").step == "edit"
    assert "YAML" in again.state.step("edit").check_results["already", 0].got


KEEPS = """
format: 1
procedure: keeps
title: A value of the world kept on the way
parameters:
  folder: {any: yes}
phases:
  - title: Files
    steps:
      - id: make
        title: Make it
        already: {run: 'test -e ${folder}/id'}
        shell: echo id-7 > "$folder/id"
        remember:
          made: {run: 'cat ${folder}/id', capture: '^(id-\\d+)$'}
        undo: {run: 'rm ${folder}/id'}
        repeat: check-first
      - id: use
        title: Use ${made}
        run: touch ${folder}/${made}
"""


def test_a_step_leaves_a_value_of_the_world_to_later_ones_done_or_found_done(
    sessions: "Opener", tmp_path: Path
) -> None:
    drive = sessions.open(KEEPS, values={"folder": str(tmp_path)})
    drive.ask_and_answer("run", sort="go")
    assert drive.until_asked("go").step == "use"
    assert drive.state.values["made"] == "id-7"
    drive.leave()
    again = sessions.open(KEEPS, values={"folder": str(tmp_path)})
    again.ask_and_answer("beside", "to try it", sort="unfinished")
    again.ask_and_answer("take", sort="found done")
    again.ask_and_answer("run", sort="go")
    assert again.until_finished().code is ExitCode.COMPLETED
    assert (tmp_path / "id-7").exists()


def test_a_value_that_the_world_does_not_give_is_asked_of_the_operator(sessions: "Opener", tmp_path: Path) -> None:
    drive = sessions.open(KEEPS.replace("echo id-7", "echo none"), values={"folder": str(tmp_path)})
    drive.ask_and_answer("run", sort="go")
    drive.ask_and_answer("accept", "it is id-9, I looked", sort="failed")
    drive.ask_and_answer("answer", "id-9", sort="ask")
    assert drive.until_asked("go").step == "use"
    assert drive.state.values["made"] == "id-9"
