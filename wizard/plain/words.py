"""The words that answer: one table, because a word and its first letters mean the same at every question."""

BACK, BEGIN, EVIDENCE, HALT, HAND_OVER = "back", "begin", "evidence", "halt", "sign over"
LEAVE, NOTE, PAUSE = "leave", "note", "pause"
WORD_OF = {
    "accept": "accept",
    "accept-session": "join",
    "acknowledge": "seen",
    "again": "check",
    "answer": "answer",
    "anyway": "anyway",
    "back": BACK,
    "beside": "beside",
    "by-hand": "by hand",
    "check": "check",
    "close-other": "wind up",
    "cut-short": "cut short",
    "did-it": "done",
    "finished": "done",
    "give": "give",
    "go-on": "go on",
    "leave": "keep",
    "not-done": "not done",
    "observe": "observe",
    "pause": PAUSE,
    "refuse": "object",
    "rerun": "try again",
    "run": "run",
    "skip": "skip",
    "stop": "stop",
    "take": "found",
    "take-over": "ask",
    "tick": "done",
    "undo": "undo",
    "yes": "yes",
}
"""The word of each option; a name and a value are answers themselves, and have none."""
WORDS = frozenset({*WORD_OF.values(), BEGIN, EVIDENCE, HALT, HAND_OVER, LEAVE, NOTE})

NAMED = "typed"
"""The option whose answer is the name that it expects."""


def word_of(option: str) -> str:
    """The word of an option; one that has none in the table is its own."""
    return WORD_OF.get(option, option.replace("-", " "))


def folded(typed: str) -> str:
    """A text as words are compared: without capitals, and with a blank for each hyphen."""
    return " ".join(typed.casefold().replace("-", " ").split())


def meant(typed: str) -> tuple[str, ...]:
    """The words that a text may stand for, wherever they are offered.

    Returns:
        The word that was typed whole, or all that begin so.
    """
    text = folded(typed)
    if text in WORDS:
        return (text,)
    return tuple(sorted(word for word in WORDS if text and word.startswith(text)))
