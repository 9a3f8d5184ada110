"""Hands keys and pastes to a command, while it has the keyboard."""

from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from screens.output.output_keys import key_bytes, paste_bytes


LEAVE = "ctrl+right_square_bracket"


class KeysTyped(Message, namespace="output_pane"):
    """Keys or a paste for the command, as a terminal would send them."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.data = data


class Left(Message, namespace="output_pane"):
    """The person wants the keyboard back from the command."""


class OutputKeyboard(Widget):
    """While `takes_keys` is on, every key and paste goes to the command, but the one that takes the keyboard back."""

    takes_keys: reactive[bool] = reactive(default=False)
    """Whether keys and pastes go to the command."""

    def on_key(self, event: events.Key) -> None:
        """Give the key to the command, when it has the keyboard."""
        if not self.takes_keys:
            return
        event.stop()
        event.prevent_default()
        if event.key == LEAVE:
            self.post_message(Left())
        elif data := key_bytes(event.key, event.character):
            self.post_message(KeysTyped(data))

    def on_paste(self, event: events.Paste) -> None:
        """Give the paste to the command, when it has the keyboard."""
        if self.takes_keys:
            event.stop()
            event.prevent_default()
            if data := paste_bytes(event.text):
                self.post_message(KeysTyped(data))
