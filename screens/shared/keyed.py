"""What every screen and every window has to do with keys: when they count, and what is said when they do nothing."""

from typing import ClassVar, Generic, Protocol, TypeVar, cast

from textual import actions, events
from textual.binding import BindingsMap
from textual.geometry import Size
from textual.screen import Screen

from screens.keys import Key, bindings_of
from screens.shared.guard import KeyGuard, Ticks


Result = TypeVar("Result")

SMALLEST = (60, 18)
"""Columns and rows below which a screen only says what it needs."""


def too_small(size: Size) -> bool:
    """Whether a terminal of this size has no room for a screen."""
    columns, rows = SMALLEST
    return size.width < columns or size.height < rows


class _HasTicks(Protocol):
    ticks: Ticks


class Keyed(Screen[Result], Generic[Result]):
    """A screen that declares its keys. They count only while it can be seen, and from then on a moment."""

    WHERE: ClassVar[str]
    """Its name, for keys that open it and for lists of keys."""
    KEYS: ClassVar[tuple[Key, ...]] = ()
    """Its own keys, in the order of the line of keys."""
    SHARED_KEYS: ClassVar[tuple[Key, ...]] = ()
    """Keys that other screens have too; they stand behind its own."""
    UNBOUND_KEYS: ClassVar[frozenset[str]] = frozenset()
    """Keys that it takes without a binding."""

    def __init__(self) -> None:
        super().__init__()
        self._bindings = BindingsMap(bindings_of(self.WHERE, self.all_keys()))  # these alone, none of Textual's
        self.parts: dict[str, object] = {}
        """What it is made of, by the names that the actions of its keys have for it."""
        self.guard = KeyGuard(self._now)
        self._behind = ""

    def _now(self) -> float:
        return cast("_HasTicks", self.app).ticks.now()

    def say(self, sentence: str) -> None:
        """Tell the person something about the last key."""
        raise NotImplementedError

    def say_too_small(self) -> None:
        """Tell that a key does nothing because nothing can be seen."""

    def why_not(self, key: Key) -> str:
        """Why the key does nothing as things stand; empty when it does something."""
        del key
        return ""

    def unmark(self) -> None:
        """Mark nothing, so that Enter takes nothing."""

    def misplaced(self) -> None:
        """A text was typed where none is wanted."""
        self.unmark()
        self.say("That was text, and nothing here takes text. Nothing is marked, so Enter takes nothing.")

    async def perform(self, key: Key, action: str) -> None:
        """Do what a key does, or say why it does nothing."""
        if sentence := self.why_not(key):
            self.say(sentence)
        else:
            await self.run_action(action)

    @classmethod
    def all_keys(cls) -> tuple[Key, ...]:
        """Every key that works here, in the order of the line of keys."""
        return (*cls.KEYS, *cls.SHARED_KEYS)

    @classmethod
    def key_of(cls, key_id: str) -> Key:
        """The key of that id.

        Raises:
            KeyError: There is none.
        """
        for key in cls.all_keys():
            if key.id == key_id:
                return key
        raise KeyError(key_id)

    def action_do(self, what: str) -> None:
        """Have a part of the screen do what a key is for: `output.find`."""
        part, name, words = actions.parse(what)
        getattr(self.parts[part], name)(*words)

    def key_bound_as(self, binding_id: str | None) -> Key | None:
        """The key that a binding of this screen is made of."""
        where, _, key_id = (binding_id or "").partition(".")
        return self.key_of(key_id.partition(":")[0]) if where == self.WHERE else None

    def on_screen_resume(self) -> None:
        """It stands in front again: what it asks counts as new."""
        self.uncovered()

    def on_screen_suspend(self) -> None:
        """Something else stands in front."""
        self.guard.covered()

    def on_resize(self, event: events.Resize) -> None:
        """Nothing counts while there is no room; with room again it counts as new."""
        small, was = too_small(event.size), self.has_class("-small")
        self.set_class(small, "-small")
        if small:
            self.guard.covered()
            self.unmark()
        elif was:
            self.uncovered()

    def uncovered(self) -> None:
        """It can be seen from now on."""
        self.guard.covered()
        self.remark_default()
        self.call_after_refresh(self.seen)

    def remark_default(self) -> None:
        """Mark what is marked from the start."""

    def seen(self) -> None:
        """It stands on the terminal now, unless something hides it."""
        if self.is_current and not too_small(self.app.size):
            self.guard.drawn()
            self.tell_behind()

    @property
    def waits(self) -> str:
        """What this screen waits for a person for, in words; empty while it does not."""
        return ""

    def tell_behind(self) -> None:
        """Say what a screen behind this one waits for, where that is new."""
        if not self.is_mounted:
            return  # told once it is seen
        stack = self.app.screen_stack
        found = (screen.waits for screen in stack if isinstance(screen, Keyed) and screen is not self)
        behind = next((waits for waits in found if waits), "")
        if behind != self._behind:
            self._behind = behind
            self.say_behind(behind)

    def say_behind(self, waits: str) -> None:
        """Say in the last line what a screen behind this one waits for; empty takes it back."""
