"""The operator's own editor and pager, which `run: editor FILE` and `run: pager FILE` name."""

import os
import shlex

from wizard import settings
from wizard.errors import UsageProblem
from wizard.settings import GivenSetting, Setting


EDITOR = Setting("editor", GivenSetting.text, "")
"""The command that opens a file for `edit`; empty for the one of the environment."""
PAGER = Setting("pager", GivenSetting.text, "")
"""The command that shows a long text; empty for the one of the environment."""

_SETTINGS = {each.name: each for each in (EDITOR, PAGER)}
_VARIABLES = {"editor": ("VISUAL", "EDITOR"), "pager": ("PAGER",)}
_ELSE = {"editor": "vi", "pager": "less -R"}
YOURS = frozenset(_VARIABLES)
"""The names. They mean the operator's own program only where a step hands over the terminal."""


def your_words(name: str) -> list[str]:
    """The words that start it: from the settings, else from the environment, else `vi` and `less -R`.

    Raises:
        UsageProblem: The settings cannot be read, or the words have a quote without an end.
    """
    own = settings.load_own()[_SETTINGS[name]]
    given = (own, *(os.environ.get(each, "") for each in _VARIABLES[name]))
    line = next((text for text in given if text.strip()), _ELSE[name])
    try:
        return shlex.split(line)
    except ValueError as problem:
        raise UsageProblem(f"Your {name} cannot be started: {line!r} is no command ({problem}).") from problem
