"""What an operator is told of a value is said in words: each pattern of a built-in procedure has some beside it."""

from collections.abc import Iterator

from tests.house.house import ROOT
from wizard.acts.ask import Ask
from wizard.fields.parameters import Parameter
from wizard.model.reading import read_procedure


def _rules() -> Iterator[tuple[str, Parameter]]:
    for path in sorted((ROOT / "assets" / "procedures").glob("*.yaml")):
        procedure = read_procedure(path).procedure
        yield from ((f"{path.name} {name}", rule) for name, rule in procedure.parameters.items())
        acts = ((step.id, step.act) for step in procedure.steps())
        yield from ((f"{path.name} {step}", act) for step, act in acts if isinstance(act, Ask))


def test_each_pattern_of_a_built_in_procedure_is_said_in_words() -> None:
    unsaid = [where for where, rule in _rules() if rule.matches is not None and not rule.wanted]
    assert unsaid == []
    assert all("[" not in rule.wanted and not rule.wanted[0].isupper() for _, rule in _rules() if rule.wanted)
