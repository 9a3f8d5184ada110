"""The pane and an output that is longer than what is kept of it: while its command runs, its live end is shown."""

from pathlib import Path

from screens.output.output_pane import OutputPane
from wizard.record.recovery import Segment


def show_live_end(pane: OutputPane, output: Path, segments: tuple[Segment, ...]) -> None:
    """Show the newest segment where the operator follows the output; who reads further up is left alone.

    Args:
        pane: The pane.
        output: The run's `output`, which has the beginning.
        segments: The run's live end; empty while `output` has everything.
    """
    if not segments or not pane.following or pane.shown == segments[-1].output or pane.searching or pane.selecting:
        return
    try:
        left_out = segments[-1].begin - output.stat().st_size
    except OSError:
        return
    pane.show_file(segments[-1].output, f"{left_out:,} bytes left out here")


def show_whole(pane: OutputPane, output: Path) -> None:
    """Show the run's `output` again where its live end was shown."""
    if pane.note:
        pane.show_file(output)
