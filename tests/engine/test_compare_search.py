"""Two search backends compared by what their apps tell."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from wizard.cli.compare import compare
from wizard.data.compare import compare_status
from wizard.data.compare.search import NotReached


def _index(docs: int = 7, aliases: tuple[str, ...] = ("g",), **more: str) -> dict[str, Any]:
    usual = {"mapping_generated_from_framework": "g-12", "mapping_version": "18.0.0", "max_result_window": "50000"}
    return {"num_docs": docs, "aliases": list(aliases), **usual, **more}


def _status(**indices: dict[str, Any]) -> dict[str, Any]:
    return {"status": "ok", "es_status": indices}


def test_the_same_content_under_other_index_names_is_the_same() -> None:
    old, new = _status(old=_index()), _status(new=_index())
    (finding,) = compare_status(old, new)
    assert finding.differences == ()
    assert (finding.old and finding.old.name, finding.new and finding.new.name) == ("old", "new")


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ({"n": _index(docs=6)}, "1 documents fewer"),
        ({"n": _index(docs=0)}, "empty"),
        ({"n": _index(aliases=())}, "lacks it"),
        ({}, "lacks it"),
        ({"n": _index(), "m": _index()}, "2 indices behind this alias"),
        ({"n": _index(mapping_generated_from_framework="g-11")}, "made for g-11"),
        ({"n": _index(mapping_version="17")}, "version 17"),
        ({"n": _index(max_result_window="10")}, "max_result_window"),
        ({"n": _index(), "typo": _index(aliases=("gg",))}, "only the new backend"),
    ],
)
def test_every_difference_is_found_and_names_its_cure(new: dict[str, Any], told: str) -> None:
    findings = compare_status(_status(old=_index()), _status(**new))
    assert any(told in difference for finding in findings for difference in finding.differences)


def test_writes_since_then_may_be_allowed_for_and_old_aliases_are_left_out() -> None:
    new = _status(n=_index(docs=9), before=_index(aliases=("g-old",)))
    assert [finding.alias for finding in compare_status(_status(old=_index()), new)] == ["g"]
    assert compare_status(_status(old=_index()), new, drift=2)[0].differences == ()
    assert compare_status(_status(old=_index()), new, drift=1)[0].differences != ()


def test_one_alias_may_be_compared_with_an_index_that_it_does_not_lead_to_yet() -> None:
    old = _status(old=_index(), other=_index(aliases=("x",)))
    new = _status(made=_index(aliases=()))
    assert [finding.differences for finding in compare_status(old, new, alias="g", index="made")] == [()]
    assert compare_status(old, new, alias="g", index="nope")[0].differences != ()
    assert compare_status(old, new, alias="typo")[0].differences == ("neither backend has it: is the name right?",)


def test_the_command_asks_the_curl_of_the_path_and_its_exit_code_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    curl = tmp_path / "curl"
    curl.write_text(
        f"#!/bin/sh\ncase $5 in */a/_status) cat {tmp_path}/a;; */b/_status) cat {tmp_path}/b;; *) exit 6;; esac\n"
    )
    curl.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    for name, docs in (("a", 7), ("b", 8)):
        (tmp_path / name).write_text(f'{{"es_status": {{"i": {{"num_docs": {docs}, "aliases": ["g"]}}}}}}')
    same = CliRunner().invoke(compare, ["search", "https://x/a", "https://x/a/"], standalone_mode=False)
    assert (same.return_value, "same" in same.output) == (0, True)
    apart = CliRunner().invoke(compare, ["search", "https://x/a", "https://x/b"], standalone_mode=False)
    assert (apart.return_value, "1 documents more" in apart.output) == (1, True)
    away = CliRunner().invoke(compare, ["search", "https://x/a", "https://x/c"], standalone_mode=False)
    assert "cannot be asked" in str(away.exception)


@pytest.fixture
def answering(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command, asked while every app answers with these bytes."""
    curl = tmp_path / "bin" / "curl"
    curl.parent.mkdir()
    curl.write_text(f"#!/bin/sh\necho asked >> {tmp_path}/asked; exec cat {tmp_path}/status\n")
    curl.chmod(0o700)
    monkeypatch.setenv("PATH", f"{curl.parent}:/usr/bin:/bin")

    def ask(status: str, *words: str) -> Any:
        (tmp_path / "status").write_text(status)
        return CliRunner().invoke(
            compare, ["search", "--", *(words or ("https://x/a", "https://x/b"))], standalone_mode=False
        )

    return ask


def _one(**about: str) -> str:
    told = {"num_docs": "7", "aliases": '["g"]'} | about
    return '{"es_status": {"i": {' + ", ".join(f'"{key}": {value}' for key, value in told.items()) + "}}}"


@pytest.mark.parametrize(
    "status",
    [
        "",
        "[]",
        "null",
        "[" * 100_000,
        '{"es_status": [1]}',
        '{"es_status": {"i": 5}}',
        _one(num_docs="1e999"),
        _one(num_docs="NaN"),
        _one(num_docs="9" * 5000),
        _one(num_docs="9" * 4000),
        _one(num_docs="-1"),
        _one(num_docs="true"),
        _one(num_docs='"seven"'),
        _one(aliases="5"),
        _one(aliases="[1, 2]"),
        _one(aliases='[["g"]]'),
        _one(aliases='"g"'),
    ],
)
def test_a_hostile_status_is_a_sentence(answering: Any, status: str) -> None:
    ended = answering(status)
    assert isinstance(ended.exception, NotReached), ended.exception
    assert "not with the status" in str(ended.exception)


def test_escapes_in_a_status_reach_no_terminal(answering: Any) -> None:
    ended = answering(_one(aliases='["g\\u001b]0;pwned\\u0007\\u202e"]', mapping_version='"\\u001b[2J"'))
    assert ended.exception is None
    assert not set("\x1b\x07\u202e") & set(ended.output)


@pytest.mark.parametrize("address", ["file:///etc/passwd", "-K/etc/passwd", "-o/tmp/x", "", "x"])
def test_what_is_no_address_is_not_handed_to_curl(answering: Any, address: str, tmp_path: Path) -> None:
    ended = answering(_one(), address, "https://x/b")
    assert isinstance(ended.exception, NotReached)
    assert not (tmp_path / "asked").exists()
