"""A procedure file to its model: every fault at once, each with its place."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from wizard.model.procedure import Procedure
from wizard.model.reading.commands import command_faults
from wizard.model.reading.fault import Fault
from wizard.model.reading.include import Assembler
from wizard.model.reading.modelling import to_model
from wizard.model.reading.naming import naming_faults
from wizard.model.reading.outline import outline
from wizard.model.reading.patterns import pattern_faults
from wizard.model.reading.problem import ProcedureProblem
from wizard.model.reading.references import reference_faults
from wizard.model.reading.source import DiskSource, FileSource, SourceFile, SourceProblem, StoredSource, read_bytes
from wizard.model.reading.tree import Table


__all__ = [
    "Fault",
    "Loaded",
    "ProcedureProblem",
    "SourceProblem",
    "as_given",
    "parse_procedure",
    "read_bytes",
    "read_procedure",
]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A procedure and the exact files it came from.

    Attributes:
        procedure: The model.
        files: All files, the main one first.
        tree: All of it with places, for advice that goes deeper.
        path: Where the main file was read; None for a session's own copy.
    """

    procedure: Procedure
    files: tuple[SourceFile, ...]
    tree: Table = field(repr=False, compare=False)
    path: Path | None = None

    @property
    def main(self) -> str:
        """The main file's name."""
        return self.files[0].path

    def manifest(self) -> list[dict[str, str]]:
        """Path and sha256 of every file, the main one first."""
        return [{"path": file.path, "sha256": file.sha256} for file in self.files]

    @property
    def sha256(self) -> str:
        """One hash over the manifest, as `sha256sum` of `sha256  path` lines would give it."""
        lines = "".join(f"{file.sha256}  {file.path}\n" for file in self.files)
        return hashlib.sha256(lines.encode("utf-8")).hexdigest()

    @property
    def seal(self) -> tuple[str, str]:
        """What a person compares the procedure by, and what to call it: one file's own hash, or the manifest's."""
        if len(self.files) == 1:
            return "sha256", self.files[0].sha256
        return "manifest sha256", self.sha256


def read_procedure(path: Path) -> Loaded:
    """Read a procedure file and all it includes, each file once.

    Raises:
        ProcedureProblem: It cannot be read or has faults; all of them.
    """
    try:
        return _load(DiskSource(path), path.name or str(path), path)
    except ProcedureProblem as problem:
        raise ProcedureProblem((as_given(path, fault) for fault in problem.faults), problem.tree) from None


def as_given(path: Path, fault: Fault) -> Fault:
    """The fault with its file named from where the operator stands."""
    if fault.file == path.name:
        return replace(fault, spot=replace(fault.spot, file=str(path)))
    return replace(fault, spot=replace(fault.spot, file=str(path.parent / fault.file)))


def parse_procedure(files: Mapping[str, bytes], main: str) -> Loaded:
    """Read a procedure from bytes a session stored.

    Args:
        files: Bytes by path relative to the main file's folder.
        main: The main file's path.

    Raises:
        ProcedureProblem: It has faults; all of them.
    """
    return _load(StoredSource(files), main, None)


def _load(source: FileSource, main: str, path: Path | None) -> Loaded:
    assembler = Assembler(source)
    tree = assembler.assemble(main)
    faults = list(assembler.faults)
    if tree is None:
        raise ProcedureProblem(faults)
    if not isinstance(tree, Table):
        raise ProcedureProblem([*faults, Fault(tree.spot, "A procedure is a table of `key: value`; this is none.")])
    procedure, found = to_model(tree, whole=assembler.whole)
    faults.extend(found)
    faults.extend(_cross_checks(tree, whole=assembler.whole))
    if faults or procedure is None:
        raise ProcedureProblem(faults, tree if assembler.whole else None)
    return Loaded(procedure, tuple(assembler.files.values()), tree, path)


def _cross_checks(tree: Table, *, whole: bool) -> list[Fault]:
    """What the models cannot see; works on a tree with other faults in it, and with an include missing."""
    faults = [*pattern_faults(tree), *command_faults(tree)]
    if whole:
        found = outline(tree)
        faults.extend([*naming_faults(found), *reference_faults(found)])
    return faults
