"""What all screens share: where we are on the first line, the keys on the last, and the size they need."""

from functools import cache
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, Self, TypeVar

from textual import events
from textual.app import App, ComposeResult
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

from screens.keys import Key
from screens.registry import OPENED_BY_KEY
from screens.shared.banner import Banner
from screens.shared.key_line import KeyLine
from screens.shared.keyed import SMALLEST, Keyed, too_small
from screens.shared.opening import OpeningTold
from screens.shared.shared_keys import BACK, HELP, INTERRUPT
from screens.shared.words import safe_text


if TYPE_CHECKING:
    from screens.run.lending import Lending


Result = TypeVar("Result")


class ScreensResult(NamedTuple):
    """How the screens were left.

    Attributes:
        code: What the process exits with.
        sentence: What is written to the terminal once it is restored.
        lending: The terminal is lent, and another app is to go on after that.
    """

    code: int
    sentence: str = ""
    lending: "Lending | None" = None


def where_of(app: App[Any]) -> tuple[str, bool]:
    """The mode that the nearest page tells, and whether it is about production; the mode is empty where none does."""
    told = (page.banner.where for page in reversed(app.screen_stack) if isinstance(page, Page) and page.is_mounted)
    return next((where for where in told if where[0]), ("", False))


class Page(Keyed[Result], Generic[Result]):
    """One screen: banner, its own widgets, a notice, the line of keys."""

    SHARED_KEYS: ClassVar[tuple[Key, ...]] = (INTERRUPT, HELP, BACK)
    WIDGET_KEYS: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Keys that a widget on it takes itself, as they are written, and what they do."""
    ABOUT: ClassVar[str] = ""
    """What its help page says before it lists the keys."""
    OPENED_BY: ClassVar[Key | None] = None
    """The key that opens it on the pages of `OPENED_ON`; it stands behind their own keys."""
    OPENED_ON: ClassVar[tuple[str, ...]] = ()
    """Names of the pages on which its key works."""
    QUITS: ClassVar[str] = ""
    """What leaving means here, where that is not what its key says."""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual reads it from the class

    def __init__(self) -> None:
        super().__init__()
        self.secrets: dict[str, str] = {}
        """Secrets typed on this screen, by name, so that a crash report can leave them out."""

    @classmethod
    def all_keys(cls) -> tuple[Key, ...]:
        """Every key that works here, in the order of the line of keys."""
        opening = (page.OPENED_BY for page in opened_by_key().values() if cls.WHERE in page.OPENED_ON)
        return (*cls.KEYS, *filter(None, opening), *cls.SHARED_KEYS)

    @classmethod
    def opened_from(cls, page: "Page[Any]") -> Self:
        """The page that a key opens in front of another one."""
        del page
        return cls()

    def leave(self, code: int, sentence: str = "") -> None:
        """Leave uplevel."""
        self.app.exit(ScreensResult(int(code), sentence))

    def compose(self) -> ComposeResult:
        yield Static("", id="too-small", markup=False)
        yield Banner(id="banner")
        yield from self.compose_page()
        yield Static("", id="notice", markup=False)
        yield KeyLine(self.all_keys(), id="keys")

    def compose_page(self) -> ComposeResult:
        """The screen's own widgets, between banner and keys."""
        yield from ()

    @property
    def banner(self) -> Banner:
        """The first line."""
        return self.query_one("#banner", Banner)

    def say_behind(self, waits: str) -> None:
        """Say in the last line what a screen behind this one waits for."""
        self.query_one(KeyLine).lead_with(f"! {waits}. Esc goes back." if waits else "")

    def tell(self, sentence: str, *, wrong: bool = False) -> None:
        """Show a sentence above the keys; an empty one clears it.

        Args:
            sentence: What to say.
            wrong: It needs a person's attention.
        """
        notice = self.query_one("#notice", Static)
        text = safe_text(sentence)
        notice.update(Content.styled(f"! {text}", "bold") if wrong and text else Content(text))
        notice.set_class(bool(text), "-said")

    def on_opening_told(self, message: OpeningTold) -> None:
        """Say what is done while a session is being opened."""
        message.stop()
        self.tell(message.sentence)

    def offer(self, *hidden: str) -> None:
        """Draw the line of keys without those that cannot be used now."""
        self.query_one(KeyLine).leave_out(frozenset(hidden))

    def on_resize(self, event: events.Resize) -> None:
        """Say the size that is needed when there is less of it."""
        if too_small(event.size):
            self._ask_for_room(event.size)
        self.fit()

    def _ask_for_room(self, size: Size, more: str = "") -> None:
        columns, rows = SMALLEST
        have = f"{size.width} columns and {size.height} rows"
        needs = f"uplevel needs {columns} columns and {rows} rows; this terminal has {have}. Make it larger."
        self.query_one("#too-small", Static).update(Content(needs + more))

    def say(self, sentence: str) -> None:
        """Tell the person something about the last key."""
        self.tell(sentence)

    def say_too_small(self) -> None:
        """Tell that a key does nothing because nothing can be seen."""
        self._ask_for_room(self.app.size, " Until then keys do nothing, but Ctrl+C leaves.")

    def fit(self) -> None:
        """Draw again what depends on the size."""

    def action_open_screen(self, name: str) -> None:
        """Open the screen of that name, which needs nothing else."""
        self.app.push_screen(opened_by_key()[name].opened_from(self))

    def action_interrupt(self) -> None:
        """Leave uplevel."""
        self.leave(0)

    def action_back(self) -> None:
        """Go back to the screen below, or leave when this is the first one."""
        if len(self.app.screen_stack) > 2:  # Textual's own blank screen lies below all
            self.dismiss()
        else:
            self.leave(0)


@cache
def opened_by_key() -> "dict[str, type[Page[None]]]":
    """The pages of the registry that a key opens, by name."""
    return {page.WHERE: page for page in map(resolve_name, OPENED_BY_KEY)}
