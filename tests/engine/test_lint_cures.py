"""What lint says to write can be pasted, and then nothing is wrong any more."""

import re
from pathlib import Path

import pytest

from wizard.model.lint import examine
from wizard.model.reading import Fault, ProcedureProblem


HEAD = """\
format: 1
procedure: p
title: P
parameters:
  count: {matches: '[0-9]+', default: 3}
  n: {any: yes, example: 7}
  h: {default: web-1}
  hosts: {any: yes, default: web-1 web-2}
  day: {default: 2026-11-30}
phases:
- title: P
  steps:
"""


def faults(file: Path, text: str) -> tuple[Fault, ...]:
    file.write_text(text)
    try:
        examine(file)
    except ProcedureProblem as problem:
        return problem.faults
    return ()


def script(body: str) -> str:
    lines = "".join(f"      {line}\n" for line in body.splitlines())
    return f"{HEAD}  - id: a\n    title: A\n    shell: |\n{lines}"


@pytest.mark.parametrize(
    "body",
    [
        "echo $((count * 2))",
        'n=$(expr "$n" + 1)\necho "$n"',
        'k=$(expr "$count" + 1)\necho $((k))',
        'then=$(date -d "$day" +%s)\necho $(( (then - $(date +%s)) / 86400 ))',
        'echo $(( ($(date -d "$day" +%s) - $(date +%s)) / 86400 ))',
        'if [[ "$count" -gt 2 ]]; then echo big; fi',
        "(( count > 2 )) && echo big",
        "a[$count]=1",
        'for i in $(seq 1 "$count"); do echo $((i + 1)); done',
        "let k=count+1",
        'echo $(( $(date -d "$today" +%s) / 86400 ))',
    ],
)
def test_what_can_only_be_a_number_may_be_calculated_with(tmp_path: Path, body: str) -> None:
    assert faults(tmp_path / "p.yaml", script(body)) == ()


@pytest.mark.parametrize(
    "body",
    [
        'k=$(echo "$n")\necho $((k))',
        'k=$(expr "$n" : ".*")\necho $((k))',
        'k=$(date "+$n")\necho $((k))',
        "k=$count\nk=$n\necho $((k))",
        'read -r k <<< "$n"\necho $((k))',
    ],
)
def test_what_may_be_something_else_may_not(tmp_path: Path, body: str) -> None:
    (found,) = faults(tmp_path / "p.yaml", script(body))
    assert "calculates" in found.sentence


CURED = [
    'ssh "$h" uptime',
    'for h2 in "$h" other; do ssh "$h2" uptime; done',
    'ssh "$h" "systemctl restart $n"',
    'bash -c "echo $n"',
    'psql -c "select $n"',
    'eval "$n"',
    "echo $((n * 2))",
    'k=$(echo "$n"); echo $((k + 1))',
    'echo $(( $(echo "$n") + 1 ))',
    "(( n > 2 )) && echo big",
    "[[ $n -gt 2 ]] && echo big",
    '[[ "$n" -gt 2 && x == x ]] && echo big',
    "[[ n -gt 2 ]] && echo big",
    'for each in $hosts; do echo "$each"; done',
    'for each in $hosts; do ssh "$each" uptime; done',
    'for each in ${hosts}; do\n  echo "$each"\ndone',
    "cf app $n",
    "cf app ${n:-none}-old",
    "[[ x == $n ]]",
    "a[$n]=1",
]


@pytest.mark.parametrize("body", CURED)
def test_a_script_with_every_cure_pasted_is_clean(tmp_path: Path, body: str) -> None:
    file = tmp_path / "p.yaml"
    text = script(body)
    assert faults(file, text) != ()
    for _ in range(3):
        found = faults(file, text)
        if not found:
            return
        text = cured(text, found[0])
    pytest.fail(str(faults(file, text)[0]))


def cured(text: str, fault: Fault) -> str:
    """The file as it is when a person does what is said."""
    lines = text.splitlines()
    at = fault.line - 1
    if trusts := re.search(r"trusts: \[.*?\]", fault.cure):
        return text.replace("    title: A\n", f"    title: A\n    {trusts[0]}\n")
    if rule := re.search(r"(matches: '.*?') instead of (any: yes) for (\w+)", fault.cure):
        return re.sub(rf"(  {rule[3]}: {{){rule[2]}", rf"\1{rule[1]}", text)
    if loop := re.search(r"write: (.*); (for .* do)$", fault.cure):
        indent = re.match(" *", lines[at])
        assert indent is not None
        lines[at] = f"{indent[0]}{loop[1]}\n{indent[0]}" + re.sub(r"for .*?; do", lambda _: loop[2], lines[at].strip())
        return "\n".join(lines) + "\n"
    if brackets := re.search(r"Write (\[ .* \]) instead", fault.cure):
        lines[at] = re.sub(r"\[\[.*\]\]", lambda _: brackets[1], lines[at])
        return "\n".join(lines) + "\n"
    quoted = re.search(r'Write "(.*)"\.$', fault.cure)
    assert quoted is not None, fault
    lines[at] = lines[at].replace(quoted[1], f'"{quoted[1]}"', 1)
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    "line",
    ["ssh ${h} uptime", "psql -c 'select ${n}'", "kubectl exec pod -- sh -c 'echo ${n} ${h}'", "sudo su -c ${n}"],
)
@pytest.mark.parametrize("trusted", ["", "    trusts: [count]\n"])
def test_a_command_line_that_trusts_what_lint_names_is_clean(tmp_path: Path, line: str, trusted: str) -> None:
    file = tmp_path / "p.yaml"
    text = f"{HEAD}  - id: a\n    title: A\n    run: {line}\n"
    found = faults(file, text + trusted)
    assert found
    names = {re.search(r"trusts: \[.*?\]", fault.cure)[0] for fault in found}  # type: ignore[index]
    (trusts,) = names
    assert faults(file, f"{text}    {trusts}\n") == ()


@pytest.mark.parametrize("field", ["arith"])
def test_ssh_is_not_told_to_take_arguments(tmp_path: Path, field: str) -> None:
    (found,) = faults(tmp_path / "p.yaml", script('ssh "$h" uptime'))
    assert found.cure == "Write trusts: [h] beside shell: if you know that it is harmless there."
