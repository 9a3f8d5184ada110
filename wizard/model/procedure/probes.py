"""The probe of a step: the one that the file gives, or the one that its act brings along."""

from typing import Self

from pydantic import model_validator

from wizard.checks.model import Check
from wizard.model.procedure.acts import Edit


class EditCheck(Check):
    """Asks the program of an edit whether anything would still change. A no carries the diff.

    Attributes:
        edit: The edit.
    """

    edit: Edit

    @model_validator(mode="after")
    def _one_command(self) -> Self:
        return self  # it is asked by the edit

    @property
    def command(self) -> str:
        """What it asks, for people."""
        return f"uplevel edit {self.edit.file} --check"
