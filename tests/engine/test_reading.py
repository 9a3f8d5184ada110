"""A procedure file is read, or all its faults are told at once with their places."""

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wizard.acts.run import Run
from wizard.errors import ExitCode
from wizard.model.reading import Fault, ProcedureProblem, parse_procedure, read_procedure


SAMPLE = r"""
format: 1
procedure: redis
title: Upgrade Redis
version: '1'
source: 'Digital Marketplace manual, "Upgrading backend services": Redis'
summary: |
  Sessions live here, so everyone is logged out once. Choose a quiet time; maintenance mode is not worth it.
parameters:
  stage:   {ask: Which stage?, choices: [preview, staging, production]}
  plan:    {ask: Plan of the new service, default: medium-ha-6.x, matches: '[a-z]+(-ha)?-[0-9]+\.x'}
  service: {default: digitalmarketplace_redis}
target:
  org:   {run: cf target, capture: '^org:\s+(\S+)$'}
  space: {run: cf target, capture: '^space:\s+(\S+)$'}
fence: {space: '${stage}'}
remember:                                  # evaluated once, at the start, never again; names change, guids do not
  old_guid: {run: 'cf service ${service} --guid'}
phases:
  - title: Swap
    steps:
      - id: rename-old
        ref: Redis 2                       # the manual's own number
        title: Give the downlevel service the name ${service}-old
        why: Until the next step the canonical name belongs to nobody, so no frontend may be deployed now.
        already: {run: 'cf service ${service}-old --guid', equals: '${old_guid}'}
        before: [{run: 'cf service ${service} --guid', equals: '${old_guid}'}]
        run: cf rename-service ${service} ${service}-old
        expect: {has: '^OK$'}
        after: [{run: 'cf service ${service}-old --guid', equals: '${old_guid}', within: 1m}]
        undo:
          run: cf rename-service ${service}-old ${service}
          after: [{run: 'cf service ${service} --guid', equals: '${old_guid}'}]
        repeat: check-first                # safe | check-first | never (default)
"""

HEAD = """\
format: 1
procedure: small
title: Small
parameters: {stage: {choices: [preview, production]}, key: {secret: yes, example: x}}
phases:
- title: P
  steps:
"""


def faults(text: str, **more: str) -> list[str]:
    """The faults of a file's text, as `line:column: sentence`."""
    stored = {name.replace("__", "/"): content.encode() for name, content in more.items()}
    with pytest.raises(ProcedureProblem) as caught:
        parse_procedure({"p.yaml": text.encode(), **stored}, "p.yaml")
    assert caught.value.code == ExitCode.USAGE
    return [str(fault) for fault in caught.value.faults]


def one(text: str, **more: str) -> str:
    found = faults(text, **more)
    assert len(found) == 1, found
    return found[0]


def step(line: str) -> str:
    """A file with one step that has this further line, in line 10."""
    return f"{HEAD}  - id: a\n    title: A\n    {line}\n    run: ls\n"


def test_the_sample_of_the_design_loads(tmp_path: Path) -> None:
    path = tmp_path / "redis.yaml"
    path.write_text(SAMPLE)
    loaded = read_procedure(path)
    only = loaded.procedure.steps()[0]
    assert only.act == Run("cf rename-service ${service} ${service}-old")
    assert only.ref == "Redis 2"
    assert only.after[0].within == 60.0
    assert loaded.procedure.target["org"].model_dump()["capture"] == r"^org:\s+(\S+)$"
    sha256 = hashlib.sha256(SAMPLE.encode()).hexdigest()
    assert loaded.manifest() == [{"path": "redis.yaml", "sha256": sha256}]
    assert parse_procedure({file.path: file.data for file in loaded.files}, loaded.main).sha256 == loaded.sha256


def test_all_faults_of_a_file_come_at_once() -> None:
    text = r"""format: 1
procedure: redis
title: Upgrade: Redis
parameters:
  stage: {ask: Which stage?, choices: [preview, staging], default: foo}
  path: {default: x}
target:
  space: {run: cf target, capture: '^space:\s+(\S+)$'}
fence: {spac: ${stage}}
phases:
  - title: Swap # two
    steps:
      - id: a
        titel: x
        title: y ${stag}
        run: cf rename ${stage} | x
        expect: {has: '(a+)+'}
        needs: b
        timeout: 10
      - id: a
        title: [x]
        run: ls
        when: {stage: preview, stge: x, stage: prview}
      - id: c
        title: C
        run: psql -c 'select ${stage}'
        after: {run: ls, exit: 1}
        undo: {run: ls, confrm: yes}
"""
    found = faults(text)
    places = [fault.split(": ")[0].removeprefix("p.yaml:") for fault in found]
    assert places == [
        *("3:15", "5:59", "6:3", "9:9", "9:16", "11:12", "14:9", "15:18", "16:33", "17:23", "18:16", "19:9", "20:13"),
        *("21:9", "23:32", "23:41", "26:30", "27:9", "28:25"),
    ]
    said = "\n".join(found)
    for near in ("mean title?", "mean stage?", "mean space?", "Write: title: 'Upgrade: Redis'", "spac: '${stage}'"):
        assert near in said


@pytest.mark.parametrize(
    ("line", "column", "said"),
    [
        ("why: &a text", 10, "anchor"),
        ("why: *a", 10, "alias"),
        ("why: !!str text", 10, "tag"),
        ("<<: {why: x}", 5, "merge key"),
        ("why:", 9, "no value"),
        ("title: B", 5, "second time; the first is in line 9"),
        ("wyh: x", 5, "Did you mean why?"),
        ("why: two # three", 10, "Write: why: 'two # three'"),
        ("why: it: that", 12, "Write: why: 'it: that'"),
        ("why: @home", 10, "Write: why: '@home'"),
        ("why: `ls`", 10, "Write: why: '`ls`'"),
        ("why: [a] b", 14, "Write: why: '[a] b'"),
        ('why: "a\\d"', 12, "Write: why: 'a\\d'"),
        ("why: *.txt", 11, "Write: why: '*.txt'"),
        ("before: {run: ls ${stage}}", 23, "Write: before: {run: 'ls ${stage}'}"),
        ("before: {run: ls, has: ^a{3}$}", 30, "Write: before: {run: ls, has: '^a{3}$'}"),
        ("before: {run: ls, has: [a-z]+}", 33, "Write: before: {run: ls, has: '[a-z]+'}"),
        ("timeout: soon", 5, "no duration"),
        ("repeat: sometimes", 5, "must be 'safe', 'check-first' or 'never'"),
        ("why: ${nope}", 10, "Nothing gives ${nope} a value"),
        ("why: ${key}", 10, "is a secret"),
        ("why: until ${stage is there", 16, "begins that is no ${name}. Close it behind the name"),
        ("confirm: 'Remove ${stage old}?'", 22, "begins that is no ${name}"),
        ("after: {run: 'ls ${stage'}", 22, "'$'"),
        ("after: {run: ls, says: 'Look at ${'}", 37, "begins that is no ${name}"),
        ("in: /tmp/${later}", 14, "Nothing gives"),
        ("needs: a", 12, "does not come before"),
        ("soak: {since: z, for: 1m}", 19, "no step z"),
        ("when: {stage: [preview, prod]}", 29, "Did you mean production?"),
        ("when: {sage: preview}", 12, "Did you mean stage?"),
        ("after: {run: ls, has: '('}", 28, "no regular expression"),
        ("after: {run: ls, has: '[[a]'}", 27, "possible nested set"),
        ("after: {run: ls, has: '(a*)*'}", 27, "can take hours"),
        ("after: {run: ls, capture: 'a'}", 31, "has 0"),
        ("after: {run: ls, json: {path: 'a[', equals: x}}", 35, "no JMESPath"),
        ("after: {run: ls, json: {path: \"[?a=='${stage}']\"}}", 42, "without quotes"),
        ("after: {run: 'ls *.py'}", 22, "'*'"),
        ("after: {run: 'ssh h ${stage}'}", 25, "trusts: [stage]"),
        ("after: {shell: ls, run: ls}", 5, "exactly one"),
        ("after: {run: ls, exit: 2}", 5, "must also name the text"),
        ("shell: ls", 0, "does one thing"),
        ("repeat: check-first", 5, "needs already"),
        ("include: x.yaml", 0, "stands alone"),
    ],
)
def test_each_fault_has_its_place_and_its_cure(line: str, column: int, said: str) -> None:
    found = one(step(line))
    assert found.startswith(f"p.yaml:10:{column}: " if column else "p.yaml:8:5: ")
    assert said in found


def test_a_value_is_not_used_before_a_step_gives_it() -> None:
    uses = "  - {id: a, title: 'A ${guid}', run: ls}\n"
    takes = "  - {id: b, title: B, run: ls, capture: {guid: '(.+)'}}\n"
    assert "guid has no value yet here; step b gives it one later." in one(HEAD + uses + takes)
    swapped = HEAD + takes + uses
    assert len(parse_procedure({"p.yaml": swapped.encode()}, "p.yaml").procedure.steps()) == 2


def test_secrets_may_stand_in_env_and_stdin_only() -> None:
    good = f"{HEAD}  - {{id: a, title: A, run: 'K=${{key}} ls', env: {{T: '${{key}}'}}, stdin: '${{key}}'}}\n"
    assert parse_procedure({"p.yaml": good.encode()}, "p.yaml").procedure.step("a").stdin == "${key}"
    assert "env: or stdin:" in one(f"{HEAD}  - {{id: a, title: A, run: 'ls ${{key}}'}}\n")


def test_dollar_dollar_writes_the_sign_and_a_script_keeps_its_own() -> None:
    text = f"{HEAD}  - {{id: a, title: 'A $${{x}}', shell: 'echo ${{HOME}}'}}\n"
    assert parse_procedure({"p.yaml": text.encode()}, "p.yaml").procedure.step("a").title == "A $${x}"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"# only a comment\n", "empty"),
        (b"- a\n", "a procedure is a table"),
        (b"title: \xff\n", "not utf-8"),
        (b"\xff\xfet\x00", "not utf-8"),
        (b"title: a\x07\n", "control character"),
        (b"a: b\n---\nc: d\n", "second document"),
        (b"a: " + b"[" * 50 + b"]" * 50, "levels deep"),
        (b"[" * 900_000, "levels deep"),
        (b"? " * 400_000, "levels deep"),
        (b"- " * 400_000, "levels deep"),
        (b"a: 'b\n", "never closed"),
        (b"a:\n\tb: c\n", "tab"),
        (b"format: 2\nprocedure: x\ntitle: X\nphases: []\n", "newer uplevel"),
    ],
)
def test_what_is_no_procedure_is_told_in_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(ProcedureProblem) as caught:
        parse_procedure({"p.yaml": data}, "p.yaml")
    assert said in str(caught.value).lower()


def test_what_is_no_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "big.yaml").write_bytes(b"a" * 1_000_001)
    for name, said in (("", "folder"), ("none.yaml", "no such file"), ("fifo", "no ordinary"), ("big.yaml", "1 MB")):
        with pytest.raises(ProcedureProblem) as caught:
            read_procedure(tmp_path / name if name else tmp_path)
        assert said in str(caught.value)


def _included(tmp_path: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "p.yaml"


def test_includes_bring_steps_and_worlds_and_stand_in_the_manifest(tmp_path: Path) -> None:
    path = _included(
        tmp_path,
        {
            "p.yaml": f"{HEAD}  - include: common/a.yaml\n  - {{id: z, title: Z, run: ls, needs: b}}\n"
            "rehearsal: {world: {include: worlds/w.yaml}}\n",
            "common/a.yaml": "- {id: a, title: A, run: ls}\n- include: deeper/b.yaml\n",
            "common/deeper/b.yaml": "- {id: b, title: 'B ${stage}', run: ls}\n",
            "worlds/w.yaml": "apps: {api: {instances: 2}}\n",
        },
    )
    loaded = read_procedure(path)
    assert [found.id for found in loaded.procedure.steps()] == ["a", "b", "z"]
    assert [file.path for file in loaded.files] == ["p.yaml", "common/a.yaml", "common/deeper/b.yaml", "worlds/w.yaml"]
    assert loaded.procedure.rehearsal is not None
    assert loaded.procedure.rehearsal.world == {"apps": {"api": {"instances": "2"}}}
    again = parse_procedure({file.path: file.data for file in loaded.files}, "p.yaml")
    assert again.sha256 == loaded.sha256


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("/etc/passwd", "below this file's folder"),
        ("../x.yaml", "below this file's folder"),
        ("p.yaml", "includes itself"),
        ("loop.yaml", "includes itself"),
        ("none.yaml", "no such file"),
        ("link.yaml", "is a link"),
        ("linked/a.yaml", "is a link"),
        ("table.yaml", "is a list"),
        ("deep0.yaml", "levels deep"),
        ("bad.yaml", "bad.yaml:1:21: Inside"),
    ],
)
def test_includes_that_are_refused(tmp_path: Path, wanted: str, said: str) -> None:
    files = {
        "p.yaml": f"{HEAD}  - include: {wanted}\n  - {{id: z, title: Z, run: ls}}\n",
        "loop.yaml": "- include: loop2.yaml\n",
        "loop2.yaml": "- include: loop.yaml\n",
        "real/a.yaml": "- {id: a, title: A, run: ls}\n",
        "table.yaml": "id: a\n",
        "bad.yaml": "- {id: a, title: A ${x}, run: ls}\n",
        **{f"deep{n}.yaml": f"- include: deep{n + 1}.yaml\n" for n in range(5)},
    }
    path = _included(tmp_path, files)
    (tmp_path / "link.yaml").symlink_to("real/a.yaml")
    (tmp_path / "linked").symlink_to("real")
    with pytest.raises(ProcedureProblem, match=said):
        read_procedure(path)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damage_to_a_file_ever_ends_in_a_traceback(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(SAMPLE)))
    end = data.draw(st.integers(start, min(len(SAMPLE), start + 12)))
    inserted = data.draw(st.text(alphabet="{}[]:,'\"$&*!|>#%@`\\ \n\t-x0é\0", max_size=6))
    text = SAMPLE[:start] + inserted + SAMPLE[end:]
    found: tuple[Fault, ...] = ()
    try:
        parse_procedure({"p.yaml": text.encode()}, "p.yaml")
    except ProcedureProblem as problem:
        found = problem.faults
    for fault in found:
        assert fault.line >= 1
        assert fault.column >= 1
        assert fault.sentence.endswith(".")
