"""Which values can be kept secret at all, and which ones the environment brings."""

import os
from collections.abc import Mapping

from wizard.errors import UsageProblem
from wizard.execution.redact import SHORTEST, weak
from wizard.fields.parameters import Parameter
from wizard.model.procedure import Procedure


def require_secret(rule: Parameter, value: str, known: Mapping[str, str]) -> None:
    """See that a value is what the procedure wants and can be kept out of the record; the sentence never shows it.

    Args:
        rule: What it must be. Without `choices` or `matches` it may be any text: a secret is never a word of a command.
        value: The secret.
        known: The values that stand in the record, by name.

    Raises:
        UsageProblem: It breaks the rule, is too short to be found in output, or it stands in the open already.
    """
    wrong = (rule if rule.choices or rule.matches is not None else Parameter(any=True, secret=True)).misfit(value)
    if wrong is not None:
        raise UsageProblem(wrong)
    if weak(value):
        raise UsageProblem(
            f"This secret is shorter than {SHORTEST} characters; uplevel could not keep it out of recorded output.",
            "Give the account a longer one, or pause and do the step that needs it by hand.",
        )
    shown = next((name for name, text in known.items() if value in text), None)
    if shown is not None:
        raise UsageProblem(
            f"This secret stands in the value of {shown}, which is shown and recorded; it cannot be kept.",
            "Use another secret.",
        )


def of_environment(procedure: Procedure, known: Mapping[str, str]) -> dict[str, str]:
    """The secret parameters that the environment holds. One that cannot be kept, or breaks its rule, is asked for.

    Args:
        procedure: Names the variables.
        known: The values that stand in the record, by name.
    """
    found = {}
    for name, parameter in procedure.parameters.items():
        value = os.environ.get(parameter.env or "", "")
        if parameter.secret and value and _keepable(parameter, value, known):
            found[name] = value
    return found


def _keepable(rule: Parameter, value: str, known: Mapping[str, str]) -> bool:
    try:
        require_secret(rule, value, known)
    except UsageProblem:
        return False
    return True
