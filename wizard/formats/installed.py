"""The formats that are installed, and a transcript in one of them."""

from collections.abc import Callable
from pathlib import Path

from wizard.errors import UsageProblem
from wizard.formats.model import Transcript
from wizard.plugins import Plugins


FORMATS = Plugins("uplevel.formats", "format")
SHOWN = "md"
"""The format that the screens draw, and that a file has whose name ends in no format's."""


def named_by(path: str) -> str:
    """The format of a file, told by the end of its name."""
    suffix = Path(path).suffix.removeprefix(".")
    return suffix if suffix in FORMATS.names() else SHOWN


def renderer(name: str) -> Callable[[Transcript], bytes]:
    """What turns a transcript into the bytes of a file.

    Args:
        name: The format's.

    Raises:
        UsageProblem: There is no such format, or it cannot be loaded. The renderer raises it where the format fails.
    """
    render = FORMATS.load(name)
    if not callable(render):
        raise UsageProblem(f"The format {name} is no function of a transcript.", "Mend or uninstall this format.")

    def rendered(transcript: Transcript) -> bytes:
        with FORMATS.foreign_code(f"The format {name} failed"):
            content = render(transcript)
            return content if isinstance(content, bytes) else str.encode(content, "utf-8", "backslashreplace")

    return rendered
