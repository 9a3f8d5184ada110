"""The models of a procedure file. Python names are the file's keys; where a key is a Python word, it ends in `_`."""

from wizard.model.procedure.acts import (
    ACT_KEYS,
    Act,
    Approve,
    Ask,
    ByHand,
    ByHandItem,
    Choose,
    ChooseOption,
    Edit,
    Run,
    Shell,
    Wait,
    Watch,
)
from wizard.model.procedure.model import FORMAT, Phase, Procedure, Rehearsal
from wizard.model.procedure.probes import EditCheck
from wizard.model.procedure.steps import Operation, Predict, Soak, Step, Undo


__all__ = [
    "ACT_KEYS",
    "FORMAT",
    "Act",
    "Approve",
    "Ask",
    "ByHand",
    "ByHandItem",
    "Choose",
    "ChooseOption",
    "Edit",
    "EditCheck",
    "Operation",
    "Phase",
    "Predict",
    "Procedure",
    "Rehearsal",
    "Run",
    "Shell",
    "Soak",
    "Step",
    "Undo",
    "Wait",
    "Watch",
]
