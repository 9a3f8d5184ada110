"""A field of one line that keeps a paste whole; Textual's own drops all but its first line without a word."""

from textual import events
from textual.message import Message
from textual.widgets import Input


class LineField(Input):
    """One line of text. Line breaks of a paste become blanks; a secret of several lines is refused."""

    class Refused(Message):
        """A paste was not taken.

        Args:
            sentence: Why.
        """

        def __init__(self, sentence: str) -> None:
            super().__init__()
            self.sentence = sentence

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        lines = event.text.strip("\r\n").splitlines()
        if self.password and len(lines) > 1:
            self.post_message(self.Refused("A secret has one line, this paste has several: nothing of it was taken."))
            return
        self.replace(" ".join(lines), *self.selection)
