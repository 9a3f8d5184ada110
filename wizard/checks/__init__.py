"""Judging an answer: yes, no, or no answer. A check that could not answer is not a no.

An answer is judged on 1 MiB, its beginning and its end, and the loader refuses patterns that repeat a repetition.
Those that run away all the same are ended by whoever makes the searches.
"""

from wizard.checks.answer import JUDGED_BYTES, CheckVerdict, CommandAnswer
from wizard.checks.captures import Taken, take_captures
from wizard.checks.equals import must_equal
from wizard.checks.exit import exit_told
from wizard.checks.judge import judge, other_end, wanted_text


__all__ = [
    "JUDGED_BYTES",
    "CheckVerdict",
    "CommandAnswer",
    "Taken",
    "exit_told",
    "judge",
    "must_equal",
    "other_end",
    "take_captures",
    "wanted_text",
]
