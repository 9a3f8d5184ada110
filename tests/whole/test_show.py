"""`uplevel show`: a procedure as a page, before anything of it runs."""

import hashlib
from pathlib import Path

import pytest

from wizard.cli.shelf import show


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
