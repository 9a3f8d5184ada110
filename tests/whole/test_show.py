"""`uplevel show`: a procedure as a page, before anything of it runs."""

import hashlib
from pathlib import Path

import pytest

from wizard.cli.catalog import show


_ONE = """\
format: 1
procedure: one
title: One
phases:
  - title: Work
    steps:
      - id: greet
        title: Greet
        run: echo hello
        undo: {run: echo goodbye}
"""
_TWO = """\
format: 1
procedure: two
title: Two
phases:
  - title: Work
    steps: [{include: more.yaml}]
"""
_MORE = "[{id: greet, title: Greet, run: echo hello}]\n"


def shown(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    assert show.main([*words], standalone_mode=False) == 0
    return capsys.readouterr().out.splitlines()


def sum_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_one_file_is_shown_with_the_hash_that_sha256sum_prints(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (file := tmp_path / "one.yaml").write_text(_ONE)
    assert shown(capsys, str(file))[1] == f"{file}, sha256 {sum_of(file)}"


def test_several_files_are_shown_each_with_its_own_hash(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (main_file := tmp_path / "two.yaml").write_text(_TWO)
    (more := tmp_path / "more.yaml").write_text(_MORE)
    lines = shown(capsys, str(main_file))
    manifest = f"{sum_of(main_file)}  two.yaml\n{sum_of(more)}  more.yaml\n"
    assert lines[1] == f"{main_file}, manifest sha256 {hashlib.sha256(manifest.encode()).hexdigest()}"
    assert lines[2:4] == [f"  two.yaml, sha256 {sum_of(main_file)}", f"  more.yaml, sha256 {sum_of(more)}"]


_ACTS = """\
format: 1
procedure: acts
title: Acts
parameters: {token: {ask: The token, secret: yes, env: TOKEN}}
phases:
  - title: Work
    why: Nobody may touch the app.
    steps:
      - {id: why, title: Say why, ask: {name: reason, ask: Why today?, example: x}}
      - {id: way, title: The way, choose: {name: way, ask: Which way?, options: {a: left, b: right}}}
      - {id: rest, title: Rest, wait: 90m}
      - {id: late, title: Late, when: {way: [a, b]}, soak: {since: rest, for: 30m}, run: ls}
      - {id: tell, title: Tell, needs: [why], by_hand: [Tell them, Tell us]}
"""


def test_acts_without_a_command_are_told_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (file := tmp_path / "acts.yaml").write_text(_ACTS)
    lines = [" ".join(line.split()) for line in shown(capsys, str(file))]
    assert "does asks: Why today?" in lines
    assert "does asks: Which way? (left, right)" in lines
    assert "does waits 1 h 30 min" in lines
    assert "does by hand: Tell them; Tell us" in lines
    assert "needs: 1 · Say why" in lines
    assert "token The token a secret, asked for when it is needed, or taken from TOKEN" in lines
    assert "Nobody may touch the app." in lines
    assert "only when: way is a or b" in lines
    assert "soaks: 30 min since the end of step 3 · Rest" in lines


_CHECKED = """\
format: 1
procedure: checked
title: Checked
target: {space: {run: where, capture: '^space: (.+)$'}}
remember: {old_guid: {run: guid of thing}}
phases:
  - title: Work
    steps:
      - id: swap
        title: Swap it
        already: {run: look at it, has: '^new$'}
        before: [{run: room, lacks: '^full$'}]
        run: swap it
        after: [{run: guid of it, equals: '${old_guid}'}]
      - {id: next, title: Go on, run: go on, undo: {run: go back, after: [{run: is back, equals: there}]}}
"""


def test_each_check_is_shown_with_what_it_asks_and_what_must_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (file := tmp_path / "checked.yaml").write_text(_CHECKED)
    lines = [" ".join(line.split()) for line in shown(capsys, str(file))]
    for asked, wanted in (
        ("target space where", "wanted ${space}"),
        ("already? look at it", "done if an answer with new"),
        ("before room", "wanted an answer without full"),
        ("after guid of it", "wanted ${old_guid}"),
        ("undo after is back", "wanted there"),
    ):
        assert lines[lines.index(asked) + 1] == wanted


def test_every_command_stands_below_the_step_it_belongs_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (file := tmp_path / "checked.yaml").write_text(_CHECKED)
    lines = shown(capsys, str(file), "--commands")
    assert [line for line in lines if line and "  " not in line] == ["At once, read-only", "1 · Swap it", "2 · Go on"]
    assert lines.index("1 · Swap it") < lines.index(next(line for line in lines if line.endswith("swap it")))
    assert lines.index("2 · Go on") < lines.index(next(line for line in lines if line.endswith("go back")))
