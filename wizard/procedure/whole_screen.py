"""What does not go together with `screen: full`: nothing of such a program is recorded, so nothing can be judged."""

from typing import TYPE_CHECKING

from wizard.procedure.base import KeyFault


if TYPE_CHECKING:
    from wizard.procedure.steps import Doing


def check_whole_screen(doing: "Doing") -> None:
    """See that a step which hands over the terminal asks nothing that needs a record of it.

    Raises:
        KeyFault: It does; or it hands over nothing and names files.
    """
    if doing.screen is None:
        if doing.files:
            raise KeyFault("files", "files belongs to screen: full, where it says what the program may have changed.")
        return
    if doing.run is None and doing.shell is None:
        raise KeyFault("screen", "screen: full hands the terminal to a program, so the step needs run or shell.")
    wanted = {
        "output": doing.output == "private",
        "capture": bool(doing.capture),
        "expect": doing.expect is not None and doing.expect.judges_text,
        "keep": doing.keep is not None,
        "quiet_for": doing.quiet_for is not None,
    }
    for key, there in wanted.items():
        if there:
            raise KeyFault(
                key,
                f"Nothing that a program shows is recorded with screen: full, so there is nothing for {key}. "
                "Name its files in files:, and let checks after it look at them.",
            )
    if doing.stdin is not None:
        raise KeyFault("stdin", "A program with screen: full reads from the terminal, so it cannot have stdin.")
