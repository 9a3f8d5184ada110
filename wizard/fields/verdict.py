"""What the answer of a check can mean."""

from typing import Literal


Verdict = Literal["yes", "no", "no answer"]
"""A check that could not answer is not a no."""
