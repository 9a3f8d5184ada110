"""The short list: real programs that a rehearsal may start beside the pretend ones, and what they need to start."""

import struct
from collections.abc import Iterable
from pathlib import Path

from wizard.execution.supervisor.confine import supported


FOLDERS = (Path("/usr/bin"), Path("/bin"))

HARMLESS = frozenset(
    "[ basename cat cut dirname echo false grep head ls printf readlink seq sleep tail test tr true wc".split()  # noqa: SIM905
)
"""They only read and print, whatever their words say; no fence of the kernel is needed."""

FENCED = frozenset(
    "awk base64 cmp cp date diff ln mkdir mktemp mv rm rmdir sed sha256sum sort stat tee touch uniq".split()  # noqa: SIM905
) | frozenset({"less", "nano", "vi", "vim"})
"""They can write, start other programs or set the clock if told to; they run behind the kernel's fence only."""

_PROGRAM_HEADERS_AT, _INTERPRETER = 32, 3


def names() -> frozenset[str]:
    """The names that are on the list on this machine."""
    return HARMLESS | FENCED if supported() else HARMLESS


def find(name: str) -> Path | None:
    """The program of this bare name in the system's own folders, whatever PATH says; None when there is none."""
    paths = (folder / name for folder in FOLDERS)
    return next((path for path in paths if path.is_file()), None)


def loaders(programs: Iterable[Path]) -> set[Path]:
    """The dynamic loaders that programs name; the kernel must be allowed to execute them too."""
    found = {_loader(program) for program in programs}
    return {loader.resolve() for loader in found if loader is not None}


def _loader(program: Path) -> Path | None:
    """The path in a 64-bit little-endian ELF file's interpreter header; None for anything else."""
    with program.open("rb") as file:
        head = file.read(64)
        if len(head) < 64 or head[:6] != b"\x7fELF\x02\x01":
            return None
        table = struct.unpack_from("<Q", head, _PROGRAM_HEADERS_AT)[0]
        size, count = struct.unpack_from("<HH", head, 54)
        file.seek(table)
        headers = file.read(size * count)
        for at in range(0, len(headers) - size + 1, size):
            sort, _, offset, _, _, length = struct.unpack_from("<IIQQQQ", headers, at)
            if sort == _INTERPRETER:
                file.seek(offset)
                return Path(file.read(length).rstrip(b"\0").decode())
    return None
