"""Judging an answer: yes, no, or no answer. A check that could not answer is not a no.

An answer is judged on 1 MiB, its beginning and its end, and the loader refuses patterns that repeat a repetition.
Those that run away all the same are found by trying their searches elsewhere first; see `searches`.
"""

from wizard.checks.answer import JUDGED_BYTES, CheckVerdict, CommandAnswer
from wizard.checks.captures import Taken, as_regex, take_captures
from wizard.checks.judge import judge, wanted_text
from wizard.checks.searches import PatternSearch, capture_searches, searches


__all__ = [
    "JUDGED_BYTES",
    "CheckVerdict",
    "CommandAnswer",
    "PatternSearch",
    "Taken",
    "as_regex",
    "capture_searches",
    "judge",
    "searches",
    "take_captures",
    "wanted_text",
]
