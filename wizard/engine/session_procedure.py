"""The session's own copy of the procedure, proven by record 0."""

from hashlib import sha256

from wizard.errors import EvidenceBroken, UsageProblem
from wizard.model.reading import Loaded, ProcedureProblem, parse_procedure
from wizard.record.journal import SessionFolder, manifest_hash
from wizard.session import SessionState


def own_copy(folder: SessionFolder, state: SessionState) -> Loaded:
    """The session's own copy of the procedure.

    Raises:
        EvidenceBroken: It is not what the session was opened with.
        UsageProblem: This version of uplevel finds faults in it.
    """
    files: dict[str, bytes] = {}
    for cited in state.opened.files:
        try:
            files[cited.path] = folder.stored(cited.path)
        except OSError as problem:
            raise EvidenceBroken(f"The session's copy of {cited.path} cannot be read: {problem.strerror}.") from problem
    found = manifest_hash([{"path": path, "sha256": sha256(data).hexdigest()} for path, data in files.items()])
    if found != state.opened.manifest:
        raise EvidenceBroken("The session's copy of the procedure is not what the session was opened with.")
    try:
        return parse_procedure(files, state.opened.procedure.main)
    except ProcedureProblem as problem:
        raise UsageProblem(
            f"This version of uplevel finds faults in the procedure of the session:\n{problem}",
            f"Resume it with the version that opened it, {state.opened.uplevel}.",
        ) from problem
