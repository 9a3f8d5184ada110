"""Whatever shape stands where in a file, reading tells its faults; it never ends in a traceback."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wizard.model.lint import lint, lint_tree
from wizard.model.reading import Fault, ProcedureProblem, parse_procedure


CHECK = {"run": "ls ${stage}", "has": "a", "json": {"path": "a.b", "equals": "x"}, "within": "1m", "env": {"A": "b"}}
WHOLE: dict[str, Any] = {
    "format": "1",
    "procedure": "p",
    "title": "P",
    "parameters": {"stage": {"choices": ["a", "b"]}, "key": {"secret": "yes"}, "host": {"example": "h"}},
    "target": {"space": {"run": "cf target", "capture": "^space: (.+)$"}},
    "fence": {"space": "${stage}"},
    "remember": {"guid": CHECK},
    "phases": [
        {
            "title": "T",
            "steps": [
                {
                    "id": "a",
                    "title": "A ${host}",
                    "run": "ls -l",
                    "already": CHECK,
                    "before": [CHECK],
                    "expect": {"has": ["x", "y"]},
                    "capture": {"size": "([0-9]+)"},
                    "undo": {"shell": 'ls "$host"'},
                    "when": {"stage": ["a", "b"]},
                    "repeat": "check-first",
                    "confirm": "yes",
                },
                {"id": "b", "title": "B", "needs": ["a"], "soak": {"since": "a", "for": "1m"}, "by_hand": ["x"]},
                {"id": "c", "title": "C", "choose": {"name": "road", "ask": "?", "options": {"A": "x", "B": "y"}}},
                {
                    "id": "d",
                    "title": "D",
                    "ask": {"name": "who", "example": "x"},
                    "predict": {"ask": "?", "options": ["a", "b"], "answer": "a"},
                },
                {"id": "e", "title": "E", "watch": {"run": "ls", "until": "f"}},
                {"id": "f", "title": "F", "wait": {"for": "1m", "since": "a"}, "when": {"road": "A"}},
                {"id": "g", "title": "G", "edit": {"file": "x", "set": {"a": "b"}}},
            ],
        }
    ],
    "rehearsal": {"world": {"apps": {"x": "y"}}, "answers": {"road": "A"}, "drills": ["late"]},
}
SHAPES: list[Any] = [
    "",
    "x",
    "${nope}",
    "${stage}",
    "a",
    [],
    ["x"],
    [["x"]],
    {},
    {"x": "y"},
    {"run": "ls"},
    [{"run": {}}],
    "1m",
    "(",
]


def _places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path, *(place for key, value in inner for place in _places(value, (*path, key)))]


PLACES = _places(WHOLE)[1:]


def _read(tree: Any) -> tuple[Fault, ...]:
    text = json.dumps(tree, indent=1).encode()
    try:
        return tuple(lint(parse_procedure({"p.yaml": text}, "p.yaml")))
    except ProcedureProblem as problem:
        return (*problem.faults, *(() if problem.tree is None else lint_tree(problem.tree)))


def _changed(changes: list[tuple[tuple[Any, ...], Any]]) -> Any:
    tree = copy.deepcopy(WHOLE)
    for path, shape in changes:
        inside = tree
        try:
            for key in path[:-1]:
                inside = inside[key]
            inside[path[-1]] = copy.deepcopy(shape)
        except (KeyError, IndexError, TypeError):
            continue
    return tree


def test_the_whole_file_is_good_as_it_stands() -> None:
    assert [fault.cure for fault in _read(WHOLE)] == ["Take predict: out; hint: can say what to look out for."]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(SHAPES)), min_size=1, max_size=3))
def test_any_shape_anywhere_gives_faults_with_places(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    for fault in _read(_changed(changes)):
        assert fault.line >= 1
        assert fault.sentence.endswith(".")


@pytest.mark.storm
def test_every_shape_in_every_place() -> None:
    for place in PLACES:
        for shape in SHAPES:
            for fault in _read(_changed([(place, shape)])):
                assert fault.sentence.endswith(".")


DEEP = ("[" * 500, "(" * 5000, "!" * 5000, "{a:" * 3000, "||".join("a" * 500), "`" + "[" * 50_000 + "`")


@pytest.mark.parametrize("question", DEEP, ids=range(len(DEEP)))
def test_a_question_to_json_that_is_nested_too_deep_is_a_fault_with_its_place(question: str) -> None:
    text = (
        "format: 1\nprocedure: p\ntitle: P\nphases:\n- title: A\n  steps:\n  - id: a\n    title: A\n    run: 'true'\n"
    )
    text += f"    after:\n    - run: 'true'\n      json: {{path: '{question}', equals: 'x'}}\n"
    with pytest.raises(ProcedureProblem) as raised:
        parse_procedure({"p.yaml": text.encode()}, "p.yaml")
    [fault] = raised.value.faults
    assert fault.spot.line == 12
    assert "levels deep, or has more than" in fault.sentence
