"""All faults of a file come in one run, of whatever kind; what cannot run is one."""

from pathlib import Path

import pytest

from wizard.model.lint import examine
from wizard.model.reading import Fault, ProcedureProblem


MANY = r"""format: 1
procedure: many
title: Many ${nobody}
parameters:
  n: {any: yes, default: x}
  pick: {choices: [a, b], defalt: a}
remember: {org: {run: cf target}}
phases:
  - title: P
    steps:
      - {id: a, title: A, approve: The DBA says yes, timeout: 5 minutes}
      - {id: b, title: B, run: uplevel run other.yaml}
      - {id: c, title: C, shell: 'echo $((n))'}
      - {id: d, title: D, run: echo x, when: {pick: c}}
      - {id: e, title: E, run: 'echo ${later}'}
      - {id: f, title: F, run: x, capture: {later: (x)}, repeat: check-first, undo: {run: x}, no_return: y, progres: 1}
      - {id: g, title: G, run: 'ssh ${n} x', expect: {json: {path: '[[', equals: x, matches: y}}}
      - {id: h, title: H, run: 'echo ${own}', capture: {own: '(x'}}
      - {id: i, title: I, run: x, shell: y, watch: {run: x, until: zz}}
"""
SAID = [
    "3:13: Nothing gives ${nobody} a value",
    "6:27: defalt is no key",
    "7:23: remember: would take the whole answer as org, and this command prints several lines",
    "11:27: Nobody can approve this",
    "11:54: '5 minutes' is no duration",
    "12:32: A step can call uplevel compare, copy and edit. uplevel run is a session",
    "13:43: (( )) calculates",
    "14:53: pick is never 'c'",
    "15:38: later has no value yet here",
    "16:58: repeat: check-first needs already",
    "16:95: A step has undo or no_return, not both",
    "16:109: progres is no key",
    "17:37: Here another interpreter",
    "17:55: A question to JSON takes one of",
    "17:68: This is no JMESPath",
    "18:38: own has no value yet here",
    "18:63: This is no regular expression",
    "19:9: A step does one thing",
    "19:68: There is no step zz",
]


def faults(file: Path, text: str) -> tuple[Fault, ...]:
    file.write_text(text)
    try:
        examine(file)
    except ProcedureProblem as problem:
        return problem.faults
    return ()


def test_faults_of_every_kind_come_at_once(tmp_path: Path) -> None:
    found = [str(fault).removeprefix(f"{tmp_path}/p.yaml:") for fault in faults(tmp_path / "p.yaml", MANY)]
    assert len(found) == len(SAID), found
    for said, wanted in zip(found, SAID, strict=True):
        assert said.startswith(wanted)


def test_an_unknown_key_of_one_thing_that_stands_for_a_list_is_told(tmp_path: Path) -> None:
    text = steps(
        "by_hand: {text: Look, evidens: url}, repeat: check-first", "choose: {name: a, ask: b, options: {x: {}}}"
    )
    found = [fault.sentence for fault in faults(tmp_path / "p.yaml", text)]
    assert "evidens is no key that belongs here." in found
    assert any(sentence.startswith("repeat: check-first needs already") for sentence in found)


def steps(*written: str, head: str = "") -> str:
    listed = "".join(f"  - {{id: s{at}, title: S, {step}}}\n" for at, step in enumerate(written))
    return f"format: 1\nprocedure: p\ntitle: P\n{head}phases:\n- title: P\n  steps:\n{listed}"


STAGE = "parameters: {stage: {choices: [a, b]}, v: {matches: 'v[0-9]', default: v1}, key: {secret: yes}}\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (steps("run: x, when: {v: w1}", head=STAGE), "v is never 'w1': its values match v[0-9]."),
        (steps("run: x, when: {stage: []}", head=STAGE), "The list of stage is empty, so the step never applies."),
        (
            steps("run: x, when: {key: x}", head=STAGE),
            "key is never 'x': it is a secret, and when: looks at no secret.",
        ),
        (
            steps(
                "choose: {name: road, ask: '?', options: {x: X, y: Y}}, when: {stage: a}",
                "run: x, when: {stage: b, road: x}",
                head=STAGE,
            ),
            "The step never applies: step s0 decides road, and it applies only where stage is something else.",
        ),
        (
            steps("run: x, capture: {c: '(x)'}, when: {stage: a}", "run: 'x ${c}', when: {stage: b}", head=STAGE),
            "c never has a value here: step s0, which gives it, applies only where stage is something else.",
        ),
        (
            steps("run: x, undo: {run: x, capture: {c: '(x)'}}", "run: 'x ${c}'"),
            "c never has a value here: only the undo of step s0 takes it.",
        ),
        (steps("run: 'x ${c}', capture: {c: '(x)'}"), "c has no value yet here: the step gives it by what it does."),
        (
            steps("shell: 'x \"$c\"'", "run: x, capture: {c: '(x)'}"),
            "c has no value yet here; step s1 gives it one later.",
        ),
        (
            steps("run: x", head="remember: {a: {run: 'x ${b}'}, b: {run: x}}\n"),
            "b has no value yet here: target, who, fence and remember are taken in this order.",
        ),
        (
            steps("run: x", head="target: {t: {run: x}}\nfence: {t: '${r}'}\nremember: {r: {run: x}}\n"),
            "r has no value yet here: target, who, fence and remember are taken in this order.",
        ),
        (
            steps("shell: uplevel resume"),
            "A step can call uplevel compare, copy and edit. uplevel resume is a session or",
        ),
        (
            steps("run: sudo uplevel run x"),
            "A step can call uplevel compare, copy and edit. uplevel run is a session or",
        ),
        (
            steps("run: x, after: [{run: uplevel list}]"),
            "A step can call uplevel compare, copy and edit. uplevel list is",
        ),
        (steps("run: x, approve: 'May I?'"), "Nobody can approve this"),
        (steps("run: x, undo: {approve: yes}"), "Nobody can approve this"),
    ],
)
def test_what_cannot_run_is_a_fault(tmp_path: Path, text: str, sentence: str) -> None:
    (found,) = faults(tmp_path / "p.yaml", text)
    assert found.sentence.startswith(sentence)


@pytest.mark.parametrize(
    "text",
    [
        steps("run: x, when: {v: [v1, v2], stage: [a]}", head=STAGE),
        steps("run: x, capture: {c: '(x)'}", "run: 'x ${c}', undo: {run: 'x ${c}'}"),
        steps("run: x, capture: {c: '(x)'}, after: [{run: 'x ${c}'}], undo: {run: 'x ${c}'}"),
        steps("run: x, capture: {c: '(x)'}, when: {stage: a}", "run: 'x ${c}', when: {stage: [a, b]}", head=STAGE),
        steps("shell: 'c=1; echo \"$c\"'", "run: x, capture: {c: '(x)'}"),
        steps("shell: 'read -r c; echo \"${c:-}\"'", "run: x, capture: {c: '(x)'}"),
        steps("run: uplevel compare redis a b, repeat: safe", "run: echo uplevel run"),
        steps(
            "run: x", head="remember: {a: {run: x}, b: {run: 'x ${a}'}}\ntarget: {t: {run: x}}\nfence: {t: '${t}'}\n"
        ),
        steps(
            "run: x", head="remember: {g: {run: 'cf service s --guid'}, o: {run: cf target, capture: 'org: (.*)'}}\n"
        ),
    ],
)
def test_what_can_run_is_none(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path / "p.yaml", text) == ()


@pytest.mark.parametrize(
    "text",
    [
        steps("approve: 'May I, ${n}?'", head="parameters: {n: {default: x}}\n"),
        steps("run: uplevel run x --plain"),
        steps("run: ls, approve: 'Yes?'"),
    ],
)
def test_what_is_to_be_written_instead_can_run(tmp_path: Path, text: str) -> None:
    file = tmp_path / "p.yaml"
    (found,) = faults(file, text)
    instead = found.cure.removeprefix("Write: ")
    wrong = "approve: " if "approve" in text else "run: "
    line = text.splitlines()[found.line - 1]
    written = line[line.index(wrong) : line.rindex("}")]
    assert faults(file, text.replace(written, instead)) == ()


@pytest.mark.parametrize(
    ("command", "several"),
    [
        ("cf target", True),
        ("cf service ${n}", True),
        ("cf service ${n} --guid", False),
        ("kubectl get node x -o json", True),
        ("kubectl get node x --output=yaml", True),
        ("kubectl get node x -o jsonpath={.status}", False),
        ("kubectl get pods -o wide --no-headers", False),
        ("aws sts get-caller-identity --output json", True),
        ("aws sts get-caller-identity", False),
        ("docker inspect x", True),
        ("docker inspect --format {{.Id}} x", False),
        ("readlink x", False),
        ("df /", True),
    ],
)
@pytest.mark.parametrize("section", ["target", "remember"])
def test_a_value_out_of_several_lines_is_a_fault_where_that_can_be_known(
    tmp_path: Path, command: str, several: bool, section: str
) -> None:
    head = "parameters: {n: {default: x}}\n" + section + ": {v: {run: '" + command + "'%s}}\n"
    found = faults(tmp_path / "p.yaml", steps("run: x", head=head % ""))
    assert bool(found) is several
    if several:
        assert "this command prints several lines" in found[0].sentence
        for cure in (", capture: '(x)'", ", json: a.b"):
            assert faults(tmp_path / "p.yaml", steps("run: x", head=head % cure)) == ()
