"""The models of a procedure file. Python names are the file's keys; where a key is a Python word, it ends in `_`."""

from wizard.procedure.acts import (
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
from wizard.procedure.checks import Capture, Check, Expectation, JsonQuestion
from wizard.procedure.model import FORMAT, Phase, Procedure, Rehearsal
from wizard.procedure.parameters import MAX_WRITTEN, PLAIN_VALUE, Parameter, unfit
from wizard.procedure.probes import EditCheck
from wizard.procedure.scalars import BUILT_IN, NAME, RESERVED, STEP_ID
from wizard.procedure.steps import Operation, Predict, Soak, Step, Undo


__all__ = [
    "ACT_KEYS",
    "BUILT_IN",
    "FORMAT",
    "MAX_WRITTEN",
    "NAME",
    "PLAIN_VALUE",
    "RESERVED",
    "STEP_ID",
    "Act",
    "Approve",
    "Ask",
    "ByHand",
    "ByHandItem",
    "Capture",
    "Check",
    "Choose",
    "ChooseOption",
    "Edit",
    "EditCheck",
    "Expectation",
    "JsonQuestion",
    "Operation",
    "Parameter",
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
    "unfit",
]
