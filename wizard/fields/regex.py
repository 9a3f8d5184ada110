"""Compiling a pattern of a file."""

import re
import warnings

from wizard.nesting import too_deep


MAX_DEPTH = 50
_SINGLE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*+\]?|[\[\]{}]", re.DOTALL)
"""What opens no group: an escaped sign, a class of signs, and brackets that count nothing."""


def compile_regex(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern, compiled.

    Args:
        pattern: As the file has it.
        flags: Of `re`.

    Raises:
        re.error: It is none, is nested too deep, or Python means to read it differently one day, as with `[[a]`.
    """
    if (at := too_deep(pattern, MAX_DEPTH, _SINGLE)) is not None:
        raise re.error(f"it is nested more than {MAX_DEPTH} groups deep", pattern, at)
    with warnings.catch_warnings():
        warnings.simplefilter("error", FutureWarning)
        try:
            return re.compile(pattern, flags)
        except FutureWarning as doubt:
            advice = "put a backslash before a [, -, & or ~ that stands for itself inside [ ]"
            raise re.error(f"{str(doubt)[0].lower()}{str(doubt)[1:]}; {advice}") from doubt
        except OverflowError as problem:
            raise re.error("a repetition counts too high", pattern) from problem
