"""Two procedures for one target, and a session of one of them in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests import forked


def procedure(name: str, *, slow: bool = False) -> str:
    """A procedure of two changing steps at the place that `${folder}/place` names.

    Args:
        name: Its name.
        slow: The first step's command makes `${folder}/begun`, and goes on until there is a `${folder}/go`.
    """
    change = f"run: touch ${{folder}}/{name}"
    if slow:
        change = 'shell: touch "$folder/begun"; until test -e "$folder/go"; do sleep 0.05; done'
    return f"""
format: 1
procedure: {name}
title: Procedure {name}
parameters:
  folder: {{any: yes}}
target:
  org: {{shell: 'cat "$folder/place"', capture: '^org (\\S+)$'}}
  space: {{shell: 'cat "$folder/place"', capture: '^space (\\S+)$'}}
phases:
  - title: All
    steps:
      - id: change
        title: Change it with {name}
        {change}
      - {{id: again, title: Change it again, run: 'touch ${{folder}}/{name}-again'}}
"""


def lay(folder: Path, org: str = "dm") -> dict[str, str]:
    """Make the place; the parameters of a session there."""
    (folder / "place").write_text(f"org {org}\nspace preview\n")
    return {"folder": str(folder)}


WIZARD = """
import json, sys
from tests.conftest import Drive, prepared
from wizard.engine.messages import SessionFinished, Update
from wizard.engine.opening import open_session, resume_session
from wizard.session import Answer
text, values, answers = sys.argv[1], json.loads(sys.argv[2]), dict(json.loads(sys.argv[3]))
if text.startswith("resume "):
    engine = resume_session(text.split()[1], front_end="none")
else:
    engine = open_session(prepared(text, "live", values), front_end="none")
def tell(*words):
    print(*words, flush=True)
tell("session", engine.session)
drive = Drive(engine)
while True:
    message = drive.next(120)
    if isinstance(message, SessionFinished):
        tell("finished", message.sentence.replace("\\n", " "))
        break
    if isinstance(message, Update):
        event = message.happened.event
        tell("event", event.kind)
    if drive._waits_for_us():
        question = drive.state.question
        tell("asked", question.question_kind)
        if question.question_kind in answers:
            choice, *text = answers[question.question_kind]
            drive.answer(choice, *text)
        else:
            drive.answered = question.question
"""


class Wizard:
    """A session in a process of its own, which answers as it was told beforehand and says what happens.

    Args:
        what: A procedure's text, or `resume SESSION`.
        values: Parameters.
        answers: An answer by the sort of question: the choice, and the text that comes with it.
        before: Words before the program's own, to run it as another user.
        env: Its environment.
    """

    def __init__(
        self,
        what: str,
        values: Mapping[str, str] | None = None,
        answers: Mapping[str, tuple[str, ...]] | None = None,
        *,
        before: list[str] | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        words = [sys.executable, "-c", WIZARD, what, json.dumps(values or {}), json.dumps(answers or {})]
        self.process = forked.Popen(
            [*(before or []), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, **(env or {})},
        )
        self.said: list[str] = []
        self.session = self.until("session").split()[1]

    def until(self, *begins: str) -> str:
        """The next line that begins so; a failed test where the process ends before."""
        assert self.process.stdout is not None
        for line in map(str, self.process.stdout):
            self.said.append(line.strip())
            if any(line.startswith(word) for word in begins):
                return line.strip()
        raise AssertionError("\n".join(self.said[-30:]))

    def end(self) -> None:
        """Kill it."""
        self.process.kill()
        self.process.wait(20)
        if self.process.stdout is not None:
            self.process.stdout.close()


def journal_of(session: str, state: Path | None = None) -> list[dict[str, Any]]:
    """The records of a session."""
    base = state or Path(os.environ["XDG_STATE_HOME"])
    text = (base / "uplevel" / "sessions" / session / "journal.jsonl").read_text()
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]


def records_of(session: str, kind: str, state: Path | None = None) -> list[dict[str, Any]]:
    """The data of all records of one kind."""
    return [record["data"] for record in journal_of(session, state) if record["kind"] == kind]
