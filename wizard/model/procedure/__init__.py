"""The models of a procedure file. Python names are the file's keys; where a key is a Python word, it ends in `_`."""

from wizard.model.procedure.model import FORMAT, Phase, Procedure, Rehearsal
from wizard.model.procedure.steps import Operation, Predict, Soak, Step, Undo


__all__ = [
    "FORMAT",
    "Operation",
    "Phase",
    "Predict",
    "Procedure",
    "Rehearsal",
    "Soak",
    "Step",
    "Undo",
]
