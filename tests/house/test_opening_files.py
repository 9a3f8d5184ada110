"""A file is opened in one way, which follows no link and waits for no FIFO; what opens otherwise says why here."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.house import ROOT, called, named, python_files, tree_of


ELSEWHERE = {
    "wizard/places/plain_file.py": "it is that way",
    "wizard/places/private.py": "looks at owner, mode and names besides",
    "wizard/places/whole_file.py": "a file without a name, which nobody else can have put there",
    "wizard/record/locks/folder.py": "as strict, in a folder whose files may be other users' own",
    "wizard/model/reading/source.py": "as strict, with sentences of its own",
    "wizard/data/editing/file.py": "as strict, and keeps what it opened",
    "wizard/data/compare/redis_link.py": "a FIFO may hold the address there, and is not waited for",
    "wizard/clock.py": "/proc",
    "wizard/faults.py": "/proc",
    "wizard/execution/supervisor/processes.py": "/proc",
    "wizard/execution/supervisor/full_screen.py": "/proc",
    "wizard/execution/supervisor/confine.py": "names a path and reads nothing",
    "wizard/lending/terminal.py": "a terminal",
    "wizard/cli/files.py": "a file that ships with uplevel",
    "wizard/platforms/cloudfoundry/estate.py": "a file that ships with uplevel",
    "screens/help/screen.py": "a file that ships with uplevel",
}
_READS = {"read_text", "read_bytes"}
_MODE = re.compile(r"[rwaxbt+]{1,3}")


def _opens(call: ast.Call) -> bool:
    words = ast.unparse(call)
    if "os.devnull" in words or "O_DIRECTORY" in words:
        return False
    if isinstance(call.func, ast.Name):
        return call.func.id == "open"
    if called(call) in _READS or ast.unparse(call.func) == "os.open":
        return True
    first = call.args[0] if call.args else None
    mode = isinstance(first, ast.Constant) and isinstance(first.value, str) and _MODE.fullmatch(first.value)
    return called(call) == "open" and bool(mode) and isinstance(first, ast.Constant) and first.value not in {"x", "xb"}


def _openings(paths: list[Path]) -> Iterator[str]:
    for path in paths:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and _opens(node):
                yield f"{named(path)}:{node.lineno} {ast.unparse(node)[:80]}"


def test_every_file_is_opened_in_the_one_way() -> None:
    # What a rehearsal's own commands open lies in its sandbox, and they are processes that may be ended.
    paths = [path for path in python_files("wizard", "screens") if "platforms" not in path.parts]
    assert list(_openings([path for path in paths if named(path) not in ELSEWHERE])) == []


def test_each_exception_is_one() -> None:
    assert {name for name in ELSEWHERE if not any(_openings([ROOT / name]))} == set()
