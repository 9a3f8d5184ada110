"""Files changed by paths: what an `edit:` does, as a pure function of text, and the diff a person reads before it.

The program around it is `uplevel edit`, so that an edit runs under a supervisor like any other act.
"""

from wizard.data.editing.applying import edited
from wizard.data.editing.changes import Changes, EditProblem, Value
from wizard.data.editing.difference import difference


__all__ = ["Changes", "EditProblem", "Value", "difference", "edited"]
