"""`include:` taken from files below the including file's folder."""

from pathlib import PurePosixPath

from wizard.model.reading.fault import Fault, Spot
from wizard.model.reading.parse import parse_bytes
from wizard.model.reading.source import FileSource, SourceFile, SourceProblem, source_file
from wizard.model.reading.tree import Listing, Table, Text, Tree


MAX_INCLUDES = 3
"""How deep files may include files."""


class Assembler:
    """Reads the main file and all it includes into one tree.

    `whole` says whether every included file went in.

    Args:
        source: Where bytes come from.
    """

    def __init__(self, source: FileSource) -> None:
        self.source = source
        self.files: dict[str, SourceFile] = {}
        self.faults: list[Fault] = []
        self.whole = True

    def assemble(self, main: str) -> Tree | None:
        """The whole tree, or None when the main file gives none; faults are in `faults`."""
        tree = self._file(main, Spot(main, 1, 1))
        if isinstance(tree, Table):
            self._expand(tree, main)
        return tree

    def _file(self, path: str, wanted: Spot) -> Tree | None:
        try:
            data = self.files[path].data if path in self.files else self.source.read(path)
        except SourceProblem as problem:
            self.faults.append(Fault(wanted, str(problem) if wanted.file == path else f"{path}: {problem}"))
            return None
        self.files[path] = source_file(path, data)
        tree, faults = parse_bytes(path, data)
        self.faults.extend(faults)
        return tree

    def _expand(self, root: Table, main: str) -> None:
        phases = root.get("phases")
        for phase in phases.items if isinstance(phases, Listing) else []:
            steps = phase.get("steps") if isinstance(phase, Table) else None
            if isinstance(steps, Listing):
                steps.items = self._steps(steps, (main,))
        rehearsal = root.get("rehearsal")
        if isinstance(rehearsal, Table):
            world = rehearsal.get("world")
            if isinstance(world, Table) and (included := self._included(world, (main,))) is not None:
                rehearsal.entries["world"] = included[0]

    def _steps(self, steps: Listing, chain: tuple[str, ...]) -> list[Tree]:
        whole: list[Tree] = []
        for item in steps.items:
            if not (isinstance(item, Table) and "include" in item.entries):
                whole.append(item)
                continue
            included = self._included(item, chain)
            if included is None:
                self.whole = False
                continue
            tree, path = included
            if isinstance(tree, Listing):
                whole.extend(self._steps(tree, (*chain, path)))
            else:
                self.faults.append(Fault(tree.spot, "An included file of steps is a list: each step begins with '- '."))
        return whole

    def _included(self, table: Table, chain: tuple[str, ...]) -> tuple[Tree, str] | None:
        """The tree and path a table `{include: path}` stands for; None when it is none, or when it is faulty."""
        wanted = table.get("include")
        if wanted is None:
            return None
        if len(table.entries) > 1 or not isinstance(wanted, Text):
            self.faults.append(Fault(table.spot, "include: stands alone, with the path of one file."))
            return None
        path = self._below(wanted, chain)
        if path is None:
            return None
        tree = self._file(path, wanted.spot)
        return None if tree is None else (tree, path)

    def _below(self, wanted: Text, chain: tuple[str, ...]) -> str | None:
        given = PurePosixPath(wanted.value)
        if given.is_absolute() or ".." in given.parts or not given.parts or "\0" in wanted.value:
            sentence = "include: takes a path below this file's folder, without a leading / and without .. in it."
            self.faults.append(Fault(wanted.spot, sentence))
            return None
        path = (PurePosixPath(chain[-1]).parent / given).as_posix()
        if path in chain:
            self.faults.append(Fault(wanted.spot, f"{path} includes itself, by way of {' and '.join(chain)}."))
            return None
        if len(chain) > MAX_INCLUDES:
            self.faults.append(Fault(wanted.spot, f"Files include files more than {MAX_INCLUDES} levels deep here."))
            return None
        return path
