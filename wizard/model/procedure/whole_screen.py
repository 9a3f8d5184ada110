"""What does not go together with `screen: full`: nothing of such a program is recorded, so nothing can be judged."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wizard.fields.base import KeyFault


if TYPE_CHECKING:
    from wizard.model.procedure.steps import Operation


def check_whole_screen(operation: "Operation") -> Iterator[KeyFault]:
    """What a step asks that hands over the terminal, and needs a record for; `files` of one that hands over nothing."""
    if operation.screen is None:
        if operation.files:
            yield KeyFault("files", "files belongs to screen: full, where it says what the program may have changed.")
        return
    if operation.run is None and operation.shell is None:
        yield KeyFault("screen", "screen: full hands the terminal to a program, so the step needs run or shell.")
    wanted = {
        "output": operation.output == "private",
        "capture": bool(operation.capture),
        "expect": operation.expect is not None and operation.expect.judges_text,
        "keep": operation.keep is not None,
        "quiet_for": operation.quiet_for is not None,
    }
    for key, there in wanted.items():
        if there:
            yield KeyFault(
                key,
                f"Nothing that a program shows is recorded with screen: full, so there is nothing for {key}. "
                "Name its files in files:, and let checks after it look at them.",
            )
    if operation.stdin is not None:
        yield KeyFault("stdin", "A program with screen: full reads from the terminal, so it cannot have stdin.")
