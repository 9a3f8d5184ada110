"""What may stand in a paste, and how it may be cut on its way."""

from itertools import pairwise

from hypothesis import strategies as st


BEGIN, END = "\x1b[200~", "\x1b[201~"
_PARTS = [
    *("run\n", "yes\r", "r", "\r", "\n", "\r\n", "the-name\n", "stop\n", "\x03", "\x04", "\x7f", "\t", "\x12", "\x1d"),
    *("\x1b", "\x1b[", "\x1b[31m", "\x1b[2", "\x1b[20", "\x1b[201", "\x1b\x1b", "\x1b[A", "\x1b[M", "\x1b[<0;1;1M"),
    *("\x1b]0;t\x07", "\x1bPq\x1b\\", "\x1bOP", "\x1b\r", "\x9b2J", "~", "some log ", "\u00e9", "\u202e", BEGIN),
]
contents = (
    st.lists(st.sampled_from(_PARTS) | st.text(st.characters(codec="utf-8"), max_size=6), max_size=12)
    .map("".join)
    .filter(lambda text: END not in text + END[:-1])
)
"""Letters, line ends and escape sequences of every kind; no end of a paste, which terminals take out of it."""
cuts = st.lists(st.integers(0, 10_000), max_size=20)


def cut(text: str, at: list[int]) -> list[str]:
    """A text in pieces."""
    ends = sorted({0, len(text), *(each % (len(text) + 1) for each in at)})
    return [text[begin:end] for begin, end in pairwise(ends)]
