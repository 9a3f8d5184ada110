"""A private output is quoted nowhere; a secret is asked for again only where something needs it."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.secrets_everywhere import files_with_it
from wizard.formats import build
from wizard.formats.json import render_json
from wizard.formats.markdown import render_markdown


if TYPE_CHECKING:
    from tests.conftest import Opener


SECRET = "S3cretPassw0rd99"
HEAD = """
format: 1
procedure: private
title: Private
parameters:
  file: {any: yes}
phases:
  - title: All
    steps:
      - id: fetch
        title: Fetch the password
        output: private
"""
PLAIN = "run: 'cat ${file}'\n"
TAKEN = "capture: {pw: {secret: yes}}"
WAYS = {
    "equals": (SECRET, PLAIN + "expect: {equals: x}"),
    "has": (SECRET, PLAIN + "expect: {has: other}"),
    "lacks": (SECRET, PLAIN + "expect: {lacks: '.*Passw.*'}"),
    "capture of expect": (SECRET, PLAIN + "expect: {capture: 'pw=(.*)'}"),
    "no answer": (SECRET, PLAIN + "expect: {no_answer: 'S3.*'}"),
    "json": (json.dumps({"pw": SECRET}), PLAIN + "expect: {json: {path: pw, equals: other}}"),
    "json at least": (json.dumps({"pw": SECRET}), PLAIN + "expect: {json: {path: pw, at_least: 3}}"),
    "json matches": (json.dumps({"pw": SECRET}), PLAIN + "expect: {json: {path: pw, matches: '^x'}}"),
    "no json": (SECRET, PLAIN + "capture: {pw: {json: pw, secret: yes}}"),
    "capture misses": (SECRET, PLAIN + "capture: {pw: {capture: 'pw=(.+)', secret: yes}}"),
    "capture does not do": (f"{SECRET}\0x", PLAIN + TAKEN),
    "exit": (SECRET, "shell: 'cat \"$file\"; exit 3'\n" + TAKEN),
    "another exit": (SECRET, PLAIN + "expect: {exit: 4, has: S3}"),
    "a pipe that breaks": (f"{SECRET}\n" * 9999, 'shell: cat "$file" | head -c32\n' + TAKEN),
    "a signal": (SECRET, "shell: 'cat \"$file\"; kill -9 $$'\n" + TAKEN),
    "a timeout": (SECRET, "shell: 'cat \"$file\"; sleep 60'\ntimeout: 1s\n" + TAKEN),
    "cf": (
        f"FAILED {SECRET}",
        "run: 'cat ${file}'\nexpect: {says: Look there.}\n" + TAKEN.replace("yes", "yes, json: x"),
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_nothing_of_a_private_output_is_quoted_when_it_is_not_what_was_wanted(
    sessions: "Opener", tmp_path: Path, way: str
) -> None:
    content, keys = WAYS[way]
    (tmp_path / "pw").write_text(content)
    text = HEAD + "\n".join(f"        {line}" for line in keys.splitlines()) + "\n"
    drive = sessions.open(text, values={"file": str(tmp_path / "pw")})
    drive.ask_and_answer("run", sort="go")
    question = drive.until_asked("failed")
    assert "private" in question.text
    drive.answer("stop", "enough")
    drive.until_finished()
    assert SECRET not in str(drive.events)
    told = tmp_path / "told"
    told.mkdir()
    (told / "t.md").write_text(render_markdown(build(drive.engine.folder)))
    (told / "t.json").write_text(render_json(build(drive.engine.folder)))
    assert files_with_it(told, SECRET) == []
    assert files_with_it(drive.engine.folder, SECRET) == []


AGAIN = """
format: 1
procedure: again
title: Again
parameters:
  token: {secret: yes, any: yes}
  other: {secret: yes, any: yes}
phases:
  - title: All
    steps:
      - {id: one, title: One, shell: 'test -n "$TOKEN"', env: {TOKEN: '${token}'}, undo: {run: 'true'}}
      - {id: two, title: Two, run: 'true', undo: {shell: 'test -n "$OTHER"', env: {OTHER: '${other}'}}}
      - {id: three, title: Three, run: 'true'}
"""


def test_a_secret_that_nothing_needs_any_more_is_not_asked_for_again(sessions: "Opener") -> None:
    drive = sessions.open(AGAIN)
    drive.ask_and_answer("answer", "other-secret-1", sort="secret")
    drive.ask_and_answer("answer", "token-secret-1", sort="secret")
    drive.ask_and_answer("run", sort="go")
    assert drive.until_asked("go").step == "two"
    drive.leave()
    again = sessions.resume(drive.engine.session)
    assert again.until_asked("go").step == "two"  # only the way back from it needs the other one
    again.answer("run")
    assert again.ask_and_answer("answer", "other-secret-1", sort="secret").name == "other"
    assert again.until_asked("go").step == "three"


def test_a_secret_is_asked_for_again_when_the_step_that_needs_it_is_taken_back(sessions: "Opener") -> None:
    drive = sessions.open(AGAIN)
    drive.ask_and_answer("answer", "other-secret-1", sort="secret")
    drive.ask_and_answer("answer", "token-secret-1", sort="secret")
    drive.ask_and_answer("run", sort="go")
    assert drive.until_asked("go").step == "two"
    drive.leave()
    again = sessions.resume(drive.engine.session)
    again.until_asked("go")
    again.answer("undo")
    again.ask_and_answer("run", sort="undo")
    assert again.ask_and_answer("answer", "token-secret-1", sort="secret").name == "token"
    assert again.until_asked("go").step == "one"
