"""The models of the whole procedure format."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from wizard.acts.kinds import KINDS
from wizard.acts.run import Run
from wizard.fields.parameters import Parameter
from wizard.model.procedure import Procedure, Step


def step(**keys: Any) -> Step:
    return Step.model_validate({"id": "s", "title": "S", **keys})


ACTS: dict[str, Any] = {
    "run": "ls -l",
    "shell": "set -x\nls",
    "by_hand": ["Ring the bell", {"text": "Write it down", "evidence": "url", "plays": "jenkins run x"}],
    "ask": {"name": "host", "ask": "Which host?", "example": "h1"},
    "choose": {"name": "road", "ask": "Which road?", "options": {"A": "In place", "B": "Dump and restore"}},
    "wait": "30m",
    "edit": {"file": "m.yaml", "set": {"a.b": "1"}, "remove": ["c"]},
    "watch": {"run": "tail -f x", "until": "later"},
    "approve": "The old database goes.",
}


@pytest.mark.parametrize("name", ACTS)
def test_each_act_is_its_own_kind(name: str) -> None:
    assert type(step(**{name: ACTS[name]}).act) is {kind.KEY: kind for kind in KINDS}[name]


def test_each_kind_is_looked_at_here() -> None:
    assert {kind.KEY for kind in KINDS} == set(ACTS)


def test_a_step_does_one_thing() -> None:
    with pytest.raises(ValidationError, match="one thing"):
        step(run="ls", shell="ls")
    with pytest.raises(ValidationError, match="does nothing"):
        step()
    assert isinstance(step(run="ls", approve="yes please").act, Run)


def test_durations_sizes_and_yes_are_read_from_text() -> None:
    made = step(
        run="ls", timeout="90s", quiet_for="10m", keep="64MiB", skippable="no", after={"run": "x", "within": "2h"}
    )
    assert (made.timeout, made.quiet_for, made.keep, made.skippable) == (90.0, 600.0, 64 << 20, False)
    assert made.after[0].within == 7200.0
    for bad in ("10", "10 m", "-1s", "1w", "٣s"):
        with pytest.raises(ValidationError, match="no duration"):
            step(run="ls", timeout=bad)


def test_one_or_many() -> None:
    made = step(run="ls", before={"run": "a"}, after=[{"run": "b"}, {"run": "c"}], needs="x", when={"stage": "preview"})
    assert [check.run for check in made.before] == ["a"]
    assert [check.run for check in made.after] == ["b", "c"]
    assert made.needs == ("x",)
    assert made.when == {"stage": ("preview",)}


def test_a_check_that_expects_another_exit_names_its_text() -> None:
    with pytest.raises(ValidationError, match="must also name the text"):
        step(run="ls", after={"run": "x", "exit": "1"})
    assert step(run="ls", after={"run": "x", "exit": "1", "has": "gone"}).after[0].model_dump()["exit"] == 1


def test_repeat_check_first_needs_a_probe_and_no_return_has_no_undo() -> None:
    with pytest.raises(ValidationError, match="needs already"):
        step(run="ls", repeat="check-first")
    with pytest.raises(ValidationError, match="no_return"):
        step(run="ls", undo={"run": "sl"}, no_return="gone")


def test_a_secret_is_taken_from_private_output_only() -> None:
    with pytest.raises(ValidationError, match="output: private only"):
        step(run="ls", capture={"key": {"capture": "(.+)", "secret": "yes"}})
    made = step(run="ls", output="private", capture={"key": {"capture": "(.+)", "secret": "yes"}, "id": "^id (.+)$"})
    assert made.capture["key"].secret
    assert made.capture["id"].capture == "^id (.+)$"


def test_standard_error_is_told_apart_for_commands_that_print_on_a_pane() -> None:
    assert step(shell="ls", stderr="apart").stderr == "apart"
    assert step(run="ls").stderr == "together"
    with pytest.raises(ValidationError, match="Only run and shell have a standard error"):
        step(by_hand="look", stderr="apart")
    with pytest.raises(ValidationError, match="leave stderr out"):
        step(run="vi", screen="full", stderr="apart")


def test_confirm_takes_yes_or_a_question() -> None:
    assert step(run="ls", confirm="yes").confirm == "Do this now?"
    assert step(run="ls", confirm="Is it quiet?").confirm == "Is it quiet?"
    assert step(run="ls").confirm is None


def test_a_default_fits_its_own_rule() -> None:
    with pytest.raises(ValidationError, match="Choose a or b"):
        Parameter(choices=("a", "b"), default="c")
    with pytest.raises(ValidationError, match="one of choices, matches and any"):
        Parameter(choices=("a",), matches="a")
    with pytest.raises(ValidationError, match="no default"):
        Parameter(secret=True, default="x")
    assert Parameter(choices=("a", "b")).rehearsed() == "a"


def test_what_a_value_means_stands_beside_its_pattern() -> None:
    assert Parameter(matches="[0-9]+", means="a\n number. ").wanted == "a number"
    for alone in ({"any": "yes"}, {"choices": ("a",)}, {}):
        with pytest.raises(ValidationError, match="no matches: beside it"):
            Parameter.model_validate({"means": "a number", **alone})
    with pytest.raises(ValidationError, match="means: is empty"):
        Parameter(matches="[0-9]+", means=" . ")


@given(st.text())
def test_a_sentence_about_a_value_shows_no_pattern(value: str) -> None:
    for more in ({}, {"default": "10"}, {"example": "10"}, {"means": "a number, 10 to 99"}):
        told = Parameter.model_validate({"matches": "[1-9][0-9]{1,1}", **more}).misfit(value)
        assert told is None or "[" not in told


def test_models_are_frozen_and_closed_and_say_no_values() -> None:
    made = step(run="ls")
    with pytest.raises(ValidationError):
        made.title = "other"  # type: ignore[misc] # that mypy refuses it too is the point
    with pytest.raises(ValidationError) as caught:
        step(run="ls", timeout=["hunter2"])
    assert "hunter2" not in str(caught.value)


def test_what_cannot_run_yet_is_named_once_each() -> None:
    steps = [
        {"id": "a", "title": "A", "edit": ACTS["edit"]},
        {
            "id": "b",
            "title": "B",
            "run": "vi x",
            "screen": "full",
            "predict": {"ask": "?", "options": ["x", "y"], "answer": "x"},
        },
        {"id": "c", "title": "C", "run": "ls", "undo": {"edit": ACTS["edit"]}, "approve": "ok"},
    ]
    procedure = Procedure.model_validate(
        {
            "format": "1",
            "procedure": "x",
            "title": "X",
            "phases": [{"title": "P", "steps": steps}],
            "rehearsal": {"world": "estate", "drills": ["late"]},
        }
    )
    assert [found.id for found in procedure.steps()] == ["a", "b", "c"]
    assert procedure.step("b").title == "B"
    with pytest.raises(KeyError):
        procedure.step("d")
