"""Where the outputs of a session stand: in the place of its card, beside it, below it, or nowhere."""

from dataclasses import dataclass

from screens.run.showing import Showing


SPLIT = 140
"""Columns from which output stands beside the card."""
_ROOMY = 28
"""Rows of the screen's main part from which the watches' panes stand below the card."""


@dataclass(frozen=True, slots=True)
class RunLayout:
    """What is seen of the outputs.

    Attributes:
        output: They stand in the place of the card.
        split: They stand beside it.
        beside: Those of the watches stand below it.
    """

    output: bool = False
    split: bool = False
    beside: bool = False

    @property
    def seen(self) -> bool:
        """Whether outputs are on the screen, with the card or in its place."""
        return self.output or self.split or self.beside


def layout_of(
    showing: Showing, *, run: int | None, looked_at: bool, maximised: bool, width: int, height: int
) -> RunLayout:
    """The layout for what there is to see.

    Args:
        showing: What is shown of the session.
        run: The run of the act whose output there is, if any.
        looked_at: The operator looks at the output although no command runs.
        maximised: It has the whole screen.
        width: Columns of the terminal.
        height: Rows of the part in which card and outputs stand.
    """
    view = showing.view
    # The output of watches stands below the card, where there is room for several.
    alone = run is not None and not (view.watches or view.closed or looked_at)
    split = alone and width >= SPLIT and not maximised
    output = looked_at or (showing.kind == "running" and not split)
    watched = bool(view.watches) and view.closed is None
    return RunLayout(output, split, beside=watched and not output and height >= _ROOMY)
