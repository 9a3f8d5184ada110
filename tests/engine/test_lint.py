"""What a closer look finds in a procedure that reads well."""

from pathlib import Path

import pytest

from wizard.model import lint as linting
from wizard.model.lint import examine, lint
from wizard.model.reading import ProcedureProblem, parse_procedure, read_procedure


def said(script: str, *, trusts: str = "") -> list[str]:
    """The faults of a script, as `line: sentence` counted within it."""
    body = "".join(f"      {line}\n" for line in script.splitlines())
    text = (
        "format: 1\nprocedure: p\ntitle: P\nparameters: {stage: {any: yes, example: x}, other: {any: yes}}\n"
        f"phases:\n- title: P\n  steps:\n  - id: a\n    title: A\n    trusts: [{trusts}]\n    shell: |\n{body}"
    )
    loaded = parse_procedure({"p.yaml": text.encode()}, "p.yaml")
    return [f"{fault.line - 11}: {fault.sentence}" for fault in lint(loaded)]


@pytest.mark.parametrize(
    "script",
    [
        'cf app "$stage"',
        'x=$stage\necho "${x}-old"',
        "local_list='a b'\nfor i in $local_list; do echo $i; done",
        'if [ "$stage" = preview ]; then :; fi',
        '[ "$stage" -eq 3 ]',
        "[[ $stage == preview ]]",
        '[[ $stage == "$other" ]]',
        "case $stage in preview) echo yes ;; esac",
        "cat <<END\n$stage\nEND",
        "grep -q x <<<$stage",
        'out="$(cf app "$stage")"',
        "echo ${#stage} $# $?",
        'bash -c \'echo "$1"\' _ "$stage"',
        'printf "%s\\n" "$stage" | while read -r line; do echo "$line"; done',
        'for s in "$stage" "$other"; do cf app "$s"; done',
        'args=("$stage")\ncf push "${args[@]}"',
        "n=3\n(( n > 2 )) && echo $((n + 1))",
        'echo x > "$private/out"',
        'psql -v name="$stage" -f q.sql',
    ],
)
def test_scripts_that_keep_values_as_data_pass(script: str) -> None:
    assert said(script) == []


@pytest.mark.parametrize(
    ("script", "line", "words"),
    [
        ("cf app $stage", 1, "Unquoted"),
        ("set -x\ncf app ${stage}-old", 2, "Unquoted"),
        ('echo "$(cf app $stage)"', 1, "Unquoted"),
        ("x=$stage\ny=$x\nrm $y", 3, "the value of y"),
        ("echo > $stage", 1, "Unquoted"),
        ("for i in $stage; do :; done", 1, "Unquoted"),
        ('for i in "$stage"; do rm $i; done', 1, "the value of i"),
        ("[ $stage = x ]", 1, "Unquoted"),
        ("[[ x == $stage ]]", 1, "pattern"),
        ('[[ "$stage" -eq 3 ]]', 1, "calculates"),
        ("(( stage > 3 ))", 1, "calculates"),
        ("echo $((stage + 1))", 1, "calculates"),
        ("a[$stage]=1", 1, "calculates what is in"),
        ('eval "$stage"', 1, "eval would read"),
        ('let "a=$stage"', 1, "let would read"),
        ('bash -c "$stage"', 1, "bash would read"),
        ('ssh host "ls $stage"', 1, "ssh would read"),
        ('psql -c "select $stage"', 1, "psql would read"),
        ("args=($stage)", 1, "Unquoted"),
        ("if [ x; then", 1, "cannot follow"),
    ],
)
def test_scripts_in_which_a_value_could_become_syntax(script: str, line: int, words: str) -> None:
    found = said(script)
    assert len(found) == 1, found
    assert found[0].startswith(f"{line}: ")
    assert words in found[0]


def said_of_secrets(script: str, more: str = "") -> list[str]:
    """The faults of a script whose procedure has a secret `token`."""
    text = (
        "format: 1\nprocedure: p\ntitle: P\nparameters: {token: {secret: yes}}\n"
        f"phases:\n- title: P\n  steps:\n  - id: a\n    title: A\n{more}    shell: {script!r}\n"
    )
    return [str(fault) for fault in lint(parse_procedure({"p.yaml": text.encode()}, "p.yaml"))]


@pytest.mark.parametrize("script", ['curl -H "$token"', 'echo "${#token}"', 'cat <<<"${token:-none}"'])
def test_a_script_names_the_secrets_it_uses_in_env(script: str) -> None:
    (found,) = said_of_secrets(script)
    assert "token is a secret, and a script gets only the secrets that its step names." in found
    assert "env: {token: '${token}'}" in found
    assert said_of_secrets(script, "    env: {token: '${token}'}\n") == []


def test_a_variable_of_the_scripts_own_is_no_secret() -> None:
    assert said_of_secrets('token=$(cat file); echo "$token"') == []
    assert said_of_secrets('for token in a b; do echo "$token"; done') == []


def test_what_the_author_trusts_may_be_a_script() -> None:
    assert said('psql -c "select $stage"', trusts="stage") == []
    assert said('psql -c "select $stage $other"', trusts="stage") != []


def test_a_rehearsal_needs_an_answer_to_every_question() -> None:
    text = (
        "format: 1\nprocedure: p\ntitle: P\nparameters: {host: {ask: Where?}, key: {secret: yes}, zone: {ask: Zone?}}\n"
        "phases:\n- title: P\n  steps:\n  - {id: a, title: A, ask: {name: reason, ask: Why?}}\n"
        "rehearsal: {world: estate, answers: {zone: z1}}\n"
    )
    found = lint(parse_procedure({"p.yaml": text.encode()}, "p.yaml"))
    assert [fault.sentence for fault in found] == [
        "A rehearsal cannot answer host.",
        "A rehearsal cannot answer reason.",
    ]


def test_a_built_in_step_that_changes_has_a_probe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "format: 1\nprocedure: p\ntitle: P\nphases:\n- title: P\n  steps:\n  - {id: a, title: A, run: ls}\n"
    (tmp_path / "p.yaml").write_text(text)
    examine(tmp_path / "p.yaml")
    monkeypatch.setattr(linting, "asset", lambda _relative: tmp_path)
    with pytest.raises(ProcedureProblem, match=r"p\.yaml:7:6: Step a changes something and has no already:"):
        examine(tmp_path / "p.yaml")


def test_a_block_scalar_fault_stands_in_its_own_line(tmp_path: Path) -> None:
    head = "format: 1\nprocedure: p\ntitle: P\nparameters: {x: {any: yes}}\nphases:\n- title: P\n  steps:\n"
    text = head + "  - id: a\n    title: A\n    shell: |\n      true\n      rm $x\n"
    (tmp_path / "p.yaml").write_text(text)
    (fault,) = lint(read_procedure(tmp_path / "p.yaml"))
    assert (fault.file, fault.line) == (str(tmp_path / "p.yaml"), 12)


def watching(*untils: str) -> list[str]:
    """The faults of a procedure whose steps watch, each until another; a last step ends the rest."""
    head = "format: 1\nprocedure: p\ntitle: P\nphases:\n- title: P\n  steps:\n"
    steps = "".join(
        f"  - {{id: w{at}, title: W, watch: {{run: x, until: {each}}}}}\n" for at, each in enumerate(untils)
    )
    text = f"{head}{steps}  - {{id: last, title: L, run: ls}}\n"
    return [fault.sentence for fault in lint(parse_procedure({"p.yaml": text.encode()}, "p.yaml"))]


def test_more_watches_at_a_time_than_can_be_read_are_a_fault() -> None:
    assert watching("last", "last", "last", "last") == []
    assert watching("w1", "w2", "w3", "w4", "last") == []
    assert watching("last", "last", "last", "last", "last") == ["Here 5 watches would run at a time; 4 are the most."]


def test_a_watched_script_is_the_steps_own_in_what_it_trusts_and_is_given() -> None:
    text = (
        "format: 1\nprocedure: p\ntitle: P\nparameters: {stage: {any: yes, example: x}, key: {secret: true}}\n"
        "phases:\n- title: P\n  steps:\n  - {id: a, title: A, trusts: [stage], env: {key: '${key}'}, "
        'watch: {shell: \'ssh host "$stage"; echo "$key"\', until: b}}\n  - {id: b, title: B, run: ls}\n'
    )
    assert lint(parse_procedure({"p.yaml": text.encode()}, "p.yaml")) == []
    line = text.replace('shell: \'ssh host "$stage"; echo "$key"\'', "run: 'ssh host ${stage}'")
    assert lint(parse_procedure({"p.yaml": line.encode()}, "p.yaml")) == []
    with pytest.raises(ProcedureProblem, match="another interpreter"):
        parse_procedure({"p.yaml": line.replace("trusts: [stage], ", "").encode()}, "p.yaml")
