"""Values reach commands unchanged, or are refused with a sentence."""

import json
import re
import subprocess
import sys

import jmespath
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wizard.errors import UsageProblem
from wizard.fields.interpreters import interpreted
from wizard.fields.lines import LineProblem, split_line
from wizard.fields.parameters import Parameter
from wizard.fields.regex import fill_regex
from wizard.fields.templates import ValueMissing, json_literal, parse_template, render
from wizard.model.substitute import (
    EmptyValue,
    check_value,
    fill,
    fill_line,
    fill_text,
    shell_environment,
)


ANY_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)


@given(st.lists(ANY_TEXT, min_size=1, max_size=5))
def test_any_value_is_one_word_whatever_is_in_it(values: list[str]) -> None:
    named = {f"v{index}": value for index, value in enumerate(values)}
    line = "tool " + " ".join(f"${{{name}}} '-{name}=${{{name}}}' \"x ${{{name}}}\"" for name in named)
    words = fill_line(line, named).words
    expected = ["tool"]
    for name, value in named.items():
        expected += [value, f"-{name}={value}", f"x {value}"]
    assert words == expected


@given(st.text(), st.text())
def test_a_value_is_never_read_again(first: str, second: str) -> None:
    assert fill_text("${a}", {"a": first + "${b}", "b": second}) == first + "${b}"


HUNDRED = st.lists(ANY_TEXT, min_size=100, max_size=100)
SHOW = "import os,sys;os.write(1,b'\\0'.join(map(os.fsencode,sys.argv[1:])))"


def through_a_run_line(values: list[str]) -> list[bytes]:
    named = {f"v{index}": value for index, value in enumerate(values)}
    words = fill_line("tool " + " ".join(f"${{{name}}}" for name in named), named).words
    command = [sys.executable, "-X", "utf8", "-I", "-S", "-c", SHOW, *words[1:]]
    return subprocess.run(command, capture_output=True, check=True).stdout.split(b"\0")


def through_a_script(values: list[str]) -> list[bytes]:
    environment = shell_environment({f"v{index}": value for index, value in enumerate(values)}, frozenset())
    script = "set -euo pipefail\nprintf '%s\\0' " + " ".join(f'"$v{index}"' for index in range(len(values)))
    child = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, check=True)
    return child.stdout.removesuffix(b"\0").split(b"\0")


@settings(max_examples=5, deadline=None)
@given(HUNDRED)
def test_values_reach_a_real_child_byte_for_byte(values: list[str]) -> None:
    expected = [value.encode() for value in values]
    assert through_a_run_line(values) == expected
    assert through_a_script(values) == expected


@pytest.mark.storm
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(HUNDRED)
def test_ten_thousand_values_reach_real_children_byte_for_byte(values: list[str]) -> None:
    expected = [value.encode() for value in values]
    assert through_a_run_line(values) == expected
    assert through_a_script(values) == expected


def test_secrets_are_in_nobodys_environment() -> None:
    assert shell_environment({"a": "1", "key": "s"}, {"key"}) == {"a": "1"}


@given(ANY_TEXT)
def test_a_value_in_a_pattern_matches_itself_alone(value: str) -> None:
    assert re.fullmatch(fill_regex("^<${v}>$", {"v": value}), f"<{value}>", re.MULTILINE)
    assert not re.fullmatch(fill_regex("${v}", {"v": value}), value + "x")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_value_in_jmespath_is_a_literal(value: str) -> None:
    question = render(parse_template("apps[?name==${v}].guid | [0]"), {"v": value}, json_literal)
    data = json.loads(json.dumps({"apps": [{"name": "other", "guid": "1"}, {"name": value, "guid": "2"}]}))
    expected = "1" if value == "other" else "2"
    assert jmespath.search(question, data) == expected


def test_leading_assignments_are_the_environment() -> None:
    filled = fill_line("CF_HOME=${private}/cf A='b c' cf push ${app} X=1", {"private": "/run/p", "app": "api"})
    assert filled.env == {"CF_HOME": "/run/p/cf", "A": "b c"}
    assert filled.words == ["cf", "push", "api", "X=1"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("a 'b  c' \"d\\\"e\" f\\ g ''", ["a", "b  c", 'd"e', "f g", ""]),
        ("echo $${HOME} '$5' \\$x", ["echo", "${HOME}", "$5", "$x"]),
        ("a \\\n  b", ["a", "b"]),
        ('cf create-service -c \'{"of": "${guid}"}\'', ["cf", "create-service", "-c", '{"of": "g-1"}']),
        ("x 'a'${guid}\"b\"", ["x", "ag-1b"]),
        ("a b#c '#d'", ["a", "b#c", "#d"]),
    ],
)
def test_words_follow_the_quoting_rules_of_a_shell(line: str, words: list[str]) -> None:
    assert fill_line(line, {"guid": "g-1"}).words == words


@pytest.mark.parametrize(
    ("line", "at", "said"),
    [
        ("ls | wc", 3, "'|'"),
        ("a && b", 2, "'&'"),
        ("ls *.py", 3, "'*'"),
        ("cat ~/x", 4, "'~'"),
        ("echo $HOME", 5, "single quotes"),
        ('echo "$(date)"', 6, "no ${name}"),
        ('echo "`date`"', 6, "no shell"),
        ("cd /tmp", 0, "part of the shell"),
        ("A=1", 0, "no command"),
        ("", 0, "no command"),
        ("echo 'a", 5, "not closed"),
        ('echo "a', 5, "not closed"),
        ("echo a\\", 6, "backslash"),
        ("one\ntwo", 3, "new line"),
        ("ls #x", 3, "comment"),
    ],
)
def test_a_line_that_needs_a_shell_is_refused_with_its_place(line: str, at: int, said: str) -> None:
    with pytest.raises(LineProblem) as caught:
        split_line(line)
    assert caught.value.at == at
    assert said in caught.value.sentence


def test_an_optional_value_alone_in_a_word_leaves_the_word_out() -> None:
    words = split_line("cf push ${app} ${flag}").words
    assert fill(words, {"app": "api"}, {"flag"}) == ["cf", "push", "api"]
    assert fill(words, {"app": "api", "flag": ""}, {"flag"}) == ["cf", "push", "api"]
    with pytest.raises(EmptyValue, match="flag is empty"):
        fill(split_line("cf -f=${flag}").words, {}, {"flag"})
    with pytest.raises(EmptyValue):
        fill(words, {"app": "", "flag": "-x"}, {"flag"})


def test_a_value_nobody_took_stops_the_command_instead_of_vanishing_from_it() -> None:
    with pytest.raises(ValueMissing, match="guid is not known"):
        fill_line("cf delete-service ${guid}", {})


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("psql -c 'select ${x}'", ["x"]),
        ("psql --command='select ${x}'", ["x"]),
        ("psql -d ${db} -f ${file}", []),
        ("bash -c 'echo \"$1\"' _ ${x}", []),
        ("env A=1 bash -ec ${x}", ["x"]),
        ("ssh ${host} ls ${x}", ["host", "x"]),
        ("cf ssh app -c ${x}", ["x"]),
        ("cf create-service a b c -c ${x}", []),
        ("sudo python3.11 -c ${x}", ["x"]),
        ("perl -pe ${x}", ["x"]),
        ("sed -n s/a/${x}/ ${file}", ["x"]),
        ("sed -i -f ${script} ${file}", []),
        ("awk '{print ${x}}' ${file}", ["x"]),
    ],
)
def test_values_that_an_interpreter_would_read_are_found(line: str, names: list[str]) -> None:
    assert [slot.name for slot in interpreted(split_line(line))] == names


@pytest.mark.parametrize("bad", ["-rf", "a b", "", "$(id)", "a;b", "é", "a\n", "x\0"])
def test_a_free_text_is_one_plain_word_unless_the_procedure_says_more(bad: str) -> None:
    with pytest.raises(UsageProblem):
        check_value(Parameter(), bad)


def test_a_value_that_does_not_fit_is_told_what_would() -> None:
    assert check_value(Parameter(choices=("a", "b")), "a") == "a"
    with pytest.raises(UsageProblem, match=r"^Choose a or b\.$"):
        check_value(Parameter(choices=("a", "b")), "c")
    with pytest.raises(UsageProblem, match=r"^Enter minutes, 1 to 9999\.$"):
        check_value(Parameter(matches="[1-9][0-9]{0,3}", means="minutes, 1 to 9999"), "0")
    with pytest.raises(UsageProblem, match=r"^The procedure does not take this value. '60' is one it takes.$"):
        check_value(Parameter(matches="[1-9][0-9]{0,3}", example="60"), "0")
    with pytest.raises(UsageProblem):
        check_value(Parameter(matches="[0-9]+"), "12\n")
    assert check_value(Parameter(any=True), "-x $(y)\n") == "-x $(y)\n"
    assert check_value(Parameter(optional=True), "") == ""
    with pytest.raises(UsageProblem, match="64 KiB"):
        check_value(Parameter(any=True), "é" * 40_000)
    with pytest.raises(UsageProblem, match="surrogate"):
        check_value(Parameter(any=True), "\ud800")


def test_a_secret_that_does_not_fit_is_not_shown() -> None:
    with pytest.raises(UsageProblem) as caught:
        check_value(Parameter(secret=True, matches="[0-9]+"), "hunter2")
    assert "hunter2" not in str(caught.value)
