"""What an answer can be asked to be: the kinds of assertions, a line each."""

from pkgutil import resolve_name

from wizard.checks.assertion import Assertion
from wizard.fields.base import Model
from wizard.fields.parameters import either


REGISTRY = (
    "wizard.checks.exit:Exit",
    "wizard.checks.has:Has",
    "wizard.checks.lacks:Lacks",
    "wizard.checks.equals:Equals",
    "wizard.checks.json:Json",
    "wizard.checks.capture:CaptureGroup",
)
"""Where each kind stands. They are judged and told in this order; see `Assertion.judges` and `Assertion.taking`."""

KINDS: tuple[type[Assertion[object]], ...] = tuple(map(resolve_name, REGISTRY))

TAKING = tuple(kind for kind in reversed(KINDS) if kind.taking)
"""The kinds that take a value out of an answer; of several in one check, the first here does."""

TEXT_KEYS = either([kind.key for kind in KINDS if kind.judges != "end"])
"""The keys that say what an answer must hold, as words."""


def attribute_of(kind: type[Assertion[object]]) -> str:
    """The name that a model has for what stands under the key of a kind."""
    return f"{kind.key}_" if hasattr(Model, kind.key) else kind.key
