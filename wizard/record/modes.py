"""How a session is run: for real, by hand, or as a rehearsal."""

from typing import Literal


Mode = Literal["live", "by-hand", "rehearsal"]


def mode_words(mode: str, stage: str) -> tuple[str, bool]:
    """The words of the first line for a mode and a stage, and whether they stand for production."""
    if mode == "rehearsal":
        return "REHEARSAL", False
    if mode == "by-hand":
        return f"BY HAND {stage}".rstrip(), stage == "production"
    return ("LIVE PRODUCTION", True) if stage == "production" else (f"LIVE {stage}".rstrip(), False)
