"""The keys of a step that are acts, as a model: one for each kind."""

from typing import TYPE_CHECKING

from pydantic import create_model

from wizard.acts.kinds import KINDS
from wizard.fields.base import Model


if TYPE_CHECKING:

    class ActFields(Model):
        """Nobody reads these keys by name; `wizard.model.procedure.Operation.act` gives what stands there."""

else:
    told = "\n".join(f"    {kind.KEY}: {kind.SAYS}" for kind in KINDS)
    ActFields = create_model(
        "ActFields",
        __base__=Model,
        __doc__=f"The acts.\n\nAttributes:\n{told}",
        __module__=__name__,
        **{kind.KEY: (kind.annotation(), kind.ABSENT) for kind in KINDS},
    )
