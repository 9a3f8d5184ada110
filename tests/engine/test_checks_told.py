"""Checks line by line: what each asked, what must be, what came; an id with what it is, a long value whole."""

from tests.engine.test_plain_told import Told
from tests.engine.test_session_hazards import Story
from wizard.plain.checks import told_check
from wizard.record.events import CheckAnswered, Purpose
from wizard.session.check_lines import CheckLine, answered_line, label_of
from wizard.session.labels import UNKNOWN, labelled


from typing import TYPE_CHECKING  # isort: skip


if TYPE_CHECKING:
    from tests.conftest import Opener


_OLD, _OTHER = "b992c965-5a58-4fd9-a0f6-dbc670b5c2ef", "8ee2c70f-d8f9-4152-a693-5ed48c740e94"
_HEAD = "format: 1\nprocedure: p\ntitle: P\n"
_STEPS = f"""\
target:
  space: {{run: 'printf "space: preview\\norg: market\\n"', capture: '^space: (.+)$'}}
  org: {{run: 'printf "space: preview\\norg: market\\n"', capture: '^org: (.+)$'}}
remember:
  old_guid: {{run: 'echo {_OLD}'}}
  table: {{run: 'printf "one  1\\n  two  2\\n"', capture: '(?s)^(.+)$'}}
phases:
  - title: A
    steps:
      - id: s
        title: S
        already: {{run: 'echo none', has: done}}
        before: [{{run: 'echo {_OLD}', equals: '${{old_guid}}'}}, {{run: 'echo {_OTHER}', lacks: '${{old_guid}}'}}]
        run: 'true'
"""


def test_each_check_tells_what_it_asked_what_must_be_and_what_came(sessions: "Opener") -> None:
    drive = sessions.open(_HEAD + _STEPS)
    told = Told(drive)
    drive.ask_and_answer("run", sort="go")
    drive.until_finished()
    text = "\n".join(told.lines)
    assert "  target space   yes   preview, as wanted" in text
    assert "  target org     yes   market, as wanted" in text
    assert f"  before         yes   {_OLD} (old_guid, remembered at the start), as wanted" in text
    assert f"    asked   echo {_OLD}" in text
    assert f"an answer without {_OLD} (old_guid, remembered at the start)" in text
    assert "  already done?  no    none   done if an answer with done   asked echo none" in text
    assert "  table          \n    one  1\n      two  2" in text


def test_an_id_never_stands_without_what_it_is() -> None:
    story = Story("- {id: one, title: One, run: 'true', capture: {new_guid: '(.+)'}}\n")
    procedure = story.plan_input.procedure
    values = {"new_guid": _OLD}
    assert labelled(_OLD, procedure, values) == f"{_OLD} (new_guid, remembered in step 1)"
    assert labelled(_OTHER, procedure, values) == f"{_OTHER} {UNKNOWN}"
    assert labelled(f"guid: {_OTHER}", procedure, values) == f"guid: {_OTHER}"
    assert labelled(f"guid: {_OLD}", procedure, values) == f"guid: {_OLD} (new_guid, remembered in step 1)"
    for plain in ("preview", "deadbeef", "20261127", "production"):
        assert labelled(plain, procedure, values) == plain


def test_a_check_that_says_no_tells_why() -> None:
    line = CheckLine("before", "no", "green", "red", "Paint it.", "look")
    assert list(told_check(line)) == [
        "  before         no    red",
        "    wanted  green",
        "    asked   look",
        "    Paint it.",
    ]


def test_each_purpose_has_a_name_that_people_know() -> None:
    story = Story("- {id: one, title: One, run: 'true', remember: {guid: {run: guid}}}\n")

    def answer(purpose: Purpose) -> CheckAnswered:
        return CheckAnswered(step="one", purpose=purpose, index=0, command="c", wanted="w", verdict="yes")

    procedure = story.plan_input.procedure
    found = [label_of(answer(each), procedure) for each in ("already", "held", "expect", "before", "remember")]
    assert found == ["already done?", "still true?", "command", "before", "guid is"]
    assert answered_line("before", answer("before"), procedure, story.state).verdict == "yes"
