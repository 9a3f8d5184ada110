"""What a command answered, and what was made of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from wizard.fields.verdict import Verdict


JUDGED_BYTES = 1 << 20
"""How many characters of an answer are judged, half from each end; patterns on more could take too long."""

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")


@dataclass(frozen=True, slots=True)
class CommandAnswer:
    """What a command left behind.

    Attributes:
        exit: Its exit code; None when it has none.
        signal: The signal that ended it.
        stdout: Its output, decoded; for an act all of what was on its pane.
        stderr: Its errors; empty for an act.
        timed_out: It was stopped because its time was over.
        problem: Why it could not be started, as a sentence.
    """

    exit: int | None = None
    signal: int | None = None
    stdout: str = ""
    stderr: str = ""
    timed_out: bool = False
    problem: str | None = None

    @property
    def both(self) -> str:
        """Output and errors, as patterns look at them."""
        if not self.stderr:
            return self.stdout
        joint = "" if self.stdout.endswith("\n") or not self.stdout else "\n"
        return self.stdout + joint + self.stderr

    def cleaned(self) -> "CommandAnswer":
        """The same with colours taken out, line ends made one, and texts cut to what is judged."""
        return replace(self, stdout=cleaned(self.stdout), stderr=cleaned(self.stderr))


def cleaned(text: str) -> str:
    """A text as it is judged: its two ends when it is huge, without colours, with plain line ends."""
    if len(text) > JUDGED_BYTES:
        text = text[: JUDGED_BYTES // 2] + "\n" + text[-JUDGED_BYTES // 2 :]
    return _ESCAPES.sub("", text).replace("\r\n", "\n")


@dataclass(frozen=True, slots=True)
class CheckVerdict:
    """What an answer means.

    Attributes:
        answer: `yes`, `no` or `no answer`.
        why: For people, one sentence or two; empty for a plain yes.
        value: What `capture` took, or all of stdout without its trailing newlines.
        proof: Of a yes, the lines that made it one; None where its value did.
        captured: The values a step's `capture` took, by name.
    """

    answer: Verdict
    why: str = ""
    value: str = ""
    proof: str | None = None
    captured: Mapping[str, str] = field(default_factory=dict)

    @property
    def yes(self) -> bool:
        return self.answer == "yes"


def first_line(text: str) -> str:
    """The first line with something in it, cut to what fits on a screen."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= 160 else line[:159] + "…"


_SAYS_NOTHING = re.compile(r"^(?:OK|FAILED|TIP: .*|-+)$")


def telling_line(text: str) -> str:
    """The line that tells how it ended, cut to what fits on a screen: the last one that says something.

    What a command says of itself at first, and cf's FAILED and tips, say nothing of why.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return first_line(next((line for line in reversed(lines) if not _SAYS_NOTHING.match(line)), ""))
