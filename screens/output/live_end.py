"""The pane and an output that is longer than what is kept of it: while its command runs, its live end is shown."""

from screens.output.output_pane import OutputPane
from wizard.record.output import OutputFile, OutputLog


def show_live_end(pane: OutputPane, log: OutputLog) -> None:
    """Show the file that grows where the operator follows the output; who reads further up is left alone.

    Args:
        pane: The pane.
        log: The output that it shows.
    """
    segments = log.segments()
    newest = segments[-1] if segments else None
    if newest is None or newest.file == log.file:
        return
    if pane.following and pane.shown != newest.file and not pane.searching and not pane.selecting:
        pane.show_file(newest.file, f"{newest.begin - segments[0].end:,} bytes left out here")


def show_whole(pane: OutputPane, file: OutputFile) -> None:
    """Show a run's `output` again where its live end was shown."""
    if pane.note:
        pane.show_file(file)
