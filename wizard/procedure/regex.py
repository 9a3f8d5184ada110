"""Compiling a pattern of a file."""

import re
import warnings


def compile_regex(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern, compiled.

    Args:
        pattern: As the file has it.
        flags: Of `re`.

    Raises:
        re.error: It is none, or Python means to read it differently one day, as with `[[a]`.
        OverflowError: A repetition counts too high.
        RecursionError: It is nested too deeply.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", FutureWarning)
        try:
            return re.compile(pattern, flags)
        except FutureWarning as doubt:
            advice = "put a backslash before a [, -, & or ~ that stands for itself inside [ ]"
            raise re.error(f"{str(doubt)[0].lower()}{str(doubt)[1:]}; {advice}") from doubt
