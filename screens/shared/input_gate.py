"""Where every key and every paste comes in, before any widget sees it: what may act, and what is said when it may not.

A key that is hidden from the person's eyes, that came too early, that is part of a text or that has no effect is turned
away here, so no screen has to think of it.
"""

from typing import TYPE_CHECKING, Any

from textual import events
from textual._keyboard_protocol import MODIFIER_FUNCTIONAL_KEYS
from textual.widgets import Input
from textual.widgets._select import SelectOverlay

from screens.keys import Key, key_name
from screens.output.output_keyboard import LEAVE, OutputKeyboard
from screens.shared import guard
from screens.shared.keyed import Keyed, too_small


if TYPE_CHECKING:
    from textual.app import App
    from textual.timer import Timer
    from textual.widget import Widget


_LEAVING = frozenset({"ctrl+c", "f7", "escape", LEAVE})
"""Keys that act although nothing can be seen: they leave, or give the keyboard back."""

PASTE = "A paste starts nothing here, and nothing here takes it."
TEXT_ENDED = "That Enter came with the text before it, so it did nothing. Mark an answer first."


class InputGate:
    """Judges keys and pastes for the screen in front.

    Args:
        app: Has the screens.
        ticks: Tell when a key was pressed.
    """

    def __init__(self, app: "App[Any]", ticks: guard.Ticks) -> None:
        self._app = app
        self._ticks = ticks
        self._typing = guard.Typing()
        self._opening: Timer | None = None

    def lets_paste(self, event: events.Paste) -> bool:
        """Whether the paste goes on to the widget that has the keyboard."""
        self._no_opening()
        self._typing.printed(self._ticks.of(event))
        screen, focused = self._app.screen, self._app.focused
        small = too_small(self._app.size)
        if small or not (_takes_text(focused) or _hands_on(focused)):
            if isinstance(screen, Keyed):
                screen.unmark()
                screen.say_too_small() if small else screen.say(PASTE)
            return False
        return True

    async def lets_key(self, event: events.Key) -> bool:
        """Whether the key goes on to the widgets. What a screen binds is done here, so that keys act in their order."""
        moment = self._ticks.of(event)
        follows = event.is_printable and self._typing.printed(moment)
        part = self._no_opening() or follows
        screen, focused = self._app.screen, self._app.focused
        if too_small(self._app.size) and (event.key not in _LEAVING or (_hands_on(focused) and event.key != LEAVE)):
            if isinstance(screen, Keyed):
                screen.say_too_small()
            return False
        if not isinstance(screen, Keyed) or _hands_on(focused) or (event.is_printable and _takes_text(focused)):
            return True
        active = screen.active_bindings.get(event.key)
        if active is None:
            return self._unbound(screen, event, moment)
        key = screen.key_bound_as(active.binding.id) if active.node is screen else None
        if key is not None and not self._may_act(screen, key, event, moment, part=part):
            return False
        if _takes_text(focused):
            return True  # behind the letters that are on their way to the field
        if key is not None and key.opens and guard.OPENING:
            action = active.binding.action
            self._opening = screen.set_timer(guard.OPENING, lambda: self._open(screen, key, action))
        else:
            await self._app.run_action(active.binding.action, active.node)
        return False

    def _unbound(self, screen: Keyed[object], event: events.Key, moment: float) -> bool:
        if event.key in screen.UNBOUND_KEYS | MODIFIER_FUNCTIONAL_KEYS:
            return True
        if event.is_printable:
            self._typing.misplaced(moment)
            screen.misplaced()
        else:
            screen.say(f"{key_name(event.key)} does nothing here.")
        return False

    def _may_act(self, screen: Keyed[object], key: Key, event: events.Key, moment: float, *, part: bool) -> bool:
        """Whether a key of the registry acts now; `part`: it may be a part of a text."""
        if event.is_printable and part:
            self._typing.misplaced(moment)
            screen.misplaced()
        elif event.key == "enter" and self._typing.ends_text(moment):
            screen.say(TEXT_ENDED)
        elif sentence := screen.why_not(key):
            if event.is_printable:
                self._typing.misplaced(moment)
                screen.unmark()
            screen.say(sentence)
        elif key.decides and not screen.guard.ready_at(moment):
            screen.say(guard.EARLY)
        else:
            if not event.is_printable:
                self._typing.deliberate()
            return True
        return False

    async def _open(self, screen: Keyed[object], key: Key, action: str) -> None:
        self._opening = None
        if screen.is_current:
            await screen.perform(key, action)

    def _no_opening(self) -> bool:
        """Let a letter that waits open nothing; whether there was one."""
        waiting, self._opening = self._opening, None
        if waiting is not None:
            waiting.stop()
        return waiting is not None


def _takes_text(widget: "Widget | None") -> bool:
    return isinstance(widget, Input | SelectOverlay)


def _hands_on(widget: "Widget | None") -> bool:
    """Whether a command has the keyboard."""
    return isinstance(widget, OutputKeyboard) and widget.takes_keys
