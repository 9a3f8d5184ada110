"""What one text of the file may mean: yes or no, a duration, a size, a name. Every rule is told in its own sentence."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema


NAME = r"[a-z][a-z0-9_]{0,30}"
STEP_ID = r"[a-z][a-z0-9-]{0,39}"
PROCEDURE_NAME = r"[a-z][a-z0-9-]{0,39}"

RESERVED = frozenset(
    {
        "path",
        "home",
        "user",
        "logname",
        "shell",
        "pwd",
        "oldpwd",
        "term",
        "lang",
        "language",
        "tmpdir",
        "ifs",
        "ps1",
        "ps4",
        "cdpath",
        "editor",
        "visual",
        "pager",
        "http_proxy",
        "https_proxy",
        "ftp_proxy",
        "no_proxy",
        "all_proxy",
        "bash_env",
        "env",
        "shellopts",
        "bashopts",
        "bash_func",
        "prompt_command",
        "ld_preload",
        "ld_library_path",
        "ld_audit",
        "pythonpath",
        "pythonhome",
        "pythonstartup",
        "perl5lib",
        "perl5opt",
        "rubyopt",
        "rubylib",
        "node_options",
        "gconv_path",
        "git_ssh",
        "git_ssh_command",
        "ssh_auth_sock",
        "ssh_askpass",
        "cf_home",
        "cf_trace",
        "today",
        "session",
        "private",
        "attempt",
    }
)
"""Names no value may have: in a script each value is an environment variable, and these change what programs do."""

BUILT_IN = ("today", "session", "private", "attempt")
"""Values every procedure has without asking."""

_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_BYTES = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
_YES = {"yes": True, "true": True, "no": False, "false": False}


def seconds(value: Any) -> Any:
    """The seconds of `90s`, `10m`, `2h`, `1d` or `500ms`; a number is handed through.

    Raises:
        ValueError: The text is no duration, told as a sentence.
    """
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,3})?)(ms|s|m|h|d)", value, re.ASCII)
    if found is None:
        raise ValueError(f"{value!r} is no duration. Write a number with its unit: 90s, 10m, 2h or 1d.")
    return float(found[1]) * _SECONDS[found[2]]


def size(value: Any) -> Any:
    """The bytes of `64MiB`, `500KiB` or `1GiB`; a number is handed through.

    Raises:
        ValueError: The text is no size, told as a sentence.
    """
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"([0-9]{1,12})(B|KiB|MiB|GiB)", value, re.ASCII)
    if found is None:
        raise ValueError(f"{value!r} is no size. Write a whole number with its unit: 500KiB, 64MiB or 1GiB.")
    return int(found[1]) * _BYTES[found[2]]


def yes_or_no(value: Any) -> Any:
    """True or False for yes, true, no, false.

    Raises:
        ValueError: The text is neither, told as a sentence.
    """
    if not isinstance(value, str):
        return value
    if value not in _YES:
        raise ValueError(f"{value!r} is neither yes nor no.")
    return _YES[value]


def whole_number(value: Any) -> Any:
    """The integer a text writes in digits.

    Raises:
        ValueError: The text is no whole number, told as a sentence.
    """
    if not isinstance(value, str):
        return value
    if re.fullmatch(r"-?[0-9]{1,9}", value, re.ASCII) is None:
        raise ValueError(f"{value!r} is no whole number.")
    return int(value)


def _name(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if re.fullmatch(NAME, value) is None:
        raise ValueError(
            f"{value!r} cannot be a name: a small letter first, then small letters, digits and _, at most 31 of them."
        )
    if value in RESERVED:
        raise ValueError(
            f"The name {value!r} is reserved, because programs read a variable of that name. Choose another."
        )
    return value


def _step_id(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(STEP_ID, value) is None:
        raise ValueError(
            f"{value!r} cannot be the id of a step: a small letter first, then small letters, digits and -, "
            "at most 40 of them."
        )
    return value


def _procedure_name(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(PROCEDURE_NAME, value) is None:
        raise ValueError(
            f"{value!r} cannot be the name of a procedure: a small letter first, then small letters, digits and -, "
            "at most 40 of them."
        )
    return value


def quoted(value: str) -> str:
    """A text in YAML's single quotes."""
    return "'" + value.replace("'", "''") + "'"


def one_or_many(value: Any) -> Any:
    """A list of what is written once or as a list."""
    return value if isinstance(value, list | tuple) else [value]


Seconds = Annotated[
    float,
    BeforeValidator(seconds),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,9}(\.[0-9]{1,3})?(ms|s|m|h|d)$"}),
]
Size = Annotated[
    int,
    BeforeValidator(size),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,12}(B|KiB|MiB|GiB)$"}),
]
Yes = Annotated[
    bool,
    BeforeValidator(yes_or_no),
    WithJsonSchema({"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no", "true", "false"]}]}),
]
Whole = Annotated[int, BeforeValidator(whole_number), WithJsonSchema({"type": ["integer", "string"]})]
Name = Annotated[str, BeforeValidator(_name), WithJsonSchema({"type": "string", "pattern": f"^{NAME}$"})]
StepId = Annotated[str, BeforeValidator(_step_id), WithJsonSchema({"type": "string", "pattern": f"^{STEP_ID}$"})]
ProcedureName = Annotated[
    str, BeforeValidator(_procedure_name), WithJsonSchema({"type": "string", "pattern": f"^{PROCEDURE_NAME}$"})
]
