"""What an answer can be asked to be: the kinds of assertions, a line each."""

from pkgutil import resolve_name

from wizard.checks.assertion import Assertion
from wizard.fields.base import Model
from wizard.fields.parameters import either


_LINES = (
    "wizard.checks.exit:Exit",
    "wizard.checks.has:Has",
    "wizard.checks.lacks:Lacks",
    "wizard.checks.equals:Equals",
    "wizard.checks.json:Json",
    "wizard.checks.capture:CaptureGroup",
)

KINDS: tuple[type[Assertion[object]], ...] = tuple(resolve_name(line) for line in _LINES)
"""In the order in which they are judged, told and named; see `Assertion.JUDGES`."""

TAKING_KINDS = tuple(kind for kind in reversed(KINDS) if kind.TAKING)
"""The kinds that take a value out of an answer; of several in one check, the first here does."""

TEXT_KEYS = either([kind.KEY for kind in KINDS if kind.JUDGES != "end"])
"""The keys that say what an answer must hold, as words."""


def attribute_of(kind: type[Assertion[object]]) -> str:
    """The name that a model has for what stands under the key of a kind."""
    return f"{kind.KEY}_" if hasattr(Model, kind.KEY) else kind.KEY
