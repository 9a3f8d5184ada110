"""The start page: what will run, with which values, and from which file. Nothing has run yet."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input, Select

from screens.keys import Key
from screens.shared.dialogs import ChooseDialog
from screens.shared.line_field import LineField
from screens.shared.opening import BUSY, open_in_background, prepare_in_background, resume_in_background
from screens.shared.page import Page
from screens.shared.shared_keys import HELP, INTERRUPT, PAGE_DOWN, PAGE_UP
from screens.start.commands import CommandsScreen
from screens.start.form_row import row_of
from screens.start.start_form import StartForm
from screens.start.start_words import left_to_resume, standing_words, wrong_words
from wizard.engine import Engine, News, Preparation, open_session, prepare, require_ticket, with_values
from wizard.engine.unfinished_sessions import left_words
from wizard.errors import UplevelError


Opens = Callable[[Preparation, Mapping[str, str], News], Engine]


def open_for_textual(preparation: Preparation, secrets: Mapping[str, str], news: News) -> Engine:
    """Begin the session.

    Raises:
        UplevelError: It cannot begin, and why.
    """
    return open_session(preparation, front_end="textual", secrets=secrets, news=news)


class StartScreen(Page[None]):
    """The form and all that is known before anything runs.

    Args:
        preparation: From the engine.
        opens: Begins the session; tests give their own.
    """

    WHERE = "start"
    KEYS = (
        Key("next-field", ("tab",), "move(1)", "next", "Go to the next field."),
        Key("previous-field", ("shift+tab",), "move(-1)", "previous", "Go to the field before.", foot=False),
        Key("begin", ("f5",), "begin", "begin", "Begin the session. Before it nothing has run.", decides=True),
        Key(
            "rehearse-instead",
            ("f6",),
            "rehearse_instead",
            "rehearse instead",
            "Rehearse with the same values; nothing real is touched.",
            decides=True,
        ),
        Key(
            "go-on",
            ("f3",),
            "go_on",
            "resume it",
            "Resume the unfinished session that stands on the page.",
            decides=True,
        ),
        Key("commands", ("f4",), "commands", "commands", "Every command, in order, filled in."),
        Key("back-out", ("escape",), "back", "back", "Go back; nothing has run."),
        PAGE_UP,
        PAGE_DOWN,
    )
    SHARED_KEYS = (INTERRUPT, HELP)

    class Opened(Message):
        """The session began or was taken up, or could not be."""

        def __init__(self, outcome: Engine | UplevelError) -> None:
            super().__init__()
            self.outcome = outcome

    class Prepared(Message):
        """The rehearsal's start page is ready, or there is none."""

        def __init__(self, outcome: Preparation | UplevelError) -> None:
            super().__init__()
            self.outcome = outcome

    def __init__(self, preparation: Preparation, opens: Opens = open_for_textual) -> None:
        super().__init__()
        self.preparation = preparation
        self._opens = opens
        self._busy = False
        self._entered = set(preparation.request.values)
        """Parameters that somebody gave a value; of the others it is not said yet that they lack one."""

    def compose_page(self) -> ComposeResult:
        """The form, and all that stands around it."""
        yield StartForm(self.preparation, id="page")

    def on_mount(self) -> None:
        """Show what is known; a rehearsal that plays by itself begins at once."""
        self._draw()
        self._tell_standing()
        if self.preparation.request.auto and self.preparation.ready:
            self.call_after_refresh(self.action_begin)

    def _tell_standing(self) -> None:
        """Say what is to be known before one begins, in the place of whatever was said of a value."""
        self.tell(standing_words(self.preparation), wrong=True)

    def _draw(self) -> None:
        found = self.preparation
        self.banner.say(found.title, found.mode_words, production=found.production)
        self._page.show(found, self._entered)
        rehearsal = found.request.mode == "rehearsal" or found.procedure.rehearsal is None
        hidden = {"rehearse-instead"} if rehearsal else set()
        self.offer(*hidden, *(() if left_to_resume(found) else ("go-on",)))

    @property
    def _page(self) -> StartForm:
        return self.query_one(StartForm)

    def _form(self) -> dict[str, str]:
        """The values of the form, secrets left out."""
        values, entered = {}, self._page.values()
        for field in self.preparation.fields:
            value = entered[field.name]
            if field.secret:
                self.secrets.pop(field.name, None)
                if value:
                    self.secrets[field.name] = value
            elif value or field.value:
                values[field.name] = value
        return values

    def _judge(self) -> None:
        before = standing_words(self.preparation)
        judged = with_values(self.preparation, self._form())
        self.preparation = replace(judged, request=replace(judged.request, ticket=self._page.ticket))
        self._draw()
        if standing_words(self.preparation) != before:
            self._tell_standing()

    def on_input_blurred(self, event: Input.Blurred) -> None:
        """Judge the values when a field is left."""
        event.stop()
        self._judge()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Note that a value was entered; what was said of it is judged anew at each key."""
        event.stop()
        row = row_of(event.input)
        field = next((each for each in self.preparation.fields if each.name == row.name), None)
        if field is not None and event.value != field.value:
            said = field.name in self._entered and field.problem
            self._entered.add(field.name)
            if said:
                self._judge()
                self._tell_standing()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes to the next field."""
        event.stop()
        self.focus_next()

    def on_select_changed(self, event: Select.Changed) -> None:
        """Judge the values when another was chosen."""
        event.stop()
        self._judge()
        self._tell_standing()

    def on_line_field_refused(self, message: LineField.Refused) -> None:
        """A paste was not taken."""
        message.stop()
        self.tell(message.sentence, wrong=True)

    def why_not(self, key: Key) -> str:
        """Why the key does nothing as things stand."""
        if key.id in {"begin", "rehearse-instead", "go-on"} and self._busy:
            return BUSY
        if key.id == "rehearse-instead" and self.preparation.request.mode == "rehearsal":
            return "This is the rehearsal already. F5 begins it."
        if key.id == "go-on" and not left_to_resume(self.preparation):
            return "No unfinished session is known here that could be resumed."
        return ""

    def action_move(self, by: int) -> None:
        """Go to the next field, or the one before."""
        (self.focus_next if by > 0 else self.focus_previous)()

    def action_begin(self) -> None:
        """Begin the session, unless a value does not do."""
        self._entered.update(each.name for each in self.preparation.fields)
        self._judge()
        wrong = next((field for field in self.preparation.fields if field.problem), None)
        if wrong is not None:
            self._page.go_to(wrong)
            self.tell(wrong_words(wrong), wrong=True)
            return
        if self.preparation.refusals:
            self._tell_standing()
            return
        try:
            require_ticket(self.preparation.request.ticket)
        except UplevelError as problem:
            self._page.go_to(None)
            self.tell(str(problem), wrong=True)
            return
        self._busy = True
        self.tell("Opening the session…")
        preparation, secrets = self.preparation, dict(self.secrets)
        open_in_background(self, lambda news: self._opens(preparation, secrets, news), self.Opened)

    def on_start_screen_opened(self, message: Opened) -> None:
        """Show the session, or why it could not begin."""
        self._busy = False
        if isinstance(message.outcome, UplevelError):
            self.tell(str(message.outcome), wrong=True)
            return
        from screens.run.screen import RunScreen

        screen = RunScreen(message.outcome, auto=self.preparation.request.auto)
        screen.secrets.update(self.secrets)
        self.app.switch_screen(screen)

    def action_go_on(self) -> None:
        """Resume the unfinished session on this target; of several, the one that is chosen."""
        left = {each.id: each for each in left_to_resume(self.preparation)}

        def resume(chosen: str | None) -> None:
            if chosen is not None:
                self._busy = True
                resume_in_background(self, left[chosen], self.Opened)

        if len(left) == 1:
            resume(next(iter(left)))
        else:
            ways = [(each.id, left_words(each)) for each in left.values()]
            self.app.push_screen(ChooseDialog("Which one do you resume?", "", ways), resume)

    def action_rehearse_instead(self) -> None:
        """Show the start page of a rehearsal with the same values."""
        self._busy = True
        request = replace(self.preparation.request, mode="rehearsal", values=self._form())
        prepare_in_background(self, lambda: prepare(request), self.Prepared)

    def on_start_screen_prepared(self, message: Prepared) -> None:
        """Show it in this one's place."""
        self._busy = False
        if isinstance(message.outcome, UplevelError):
            self.tell(str(message.outcome), wrong=True)
        else:
            self.app.switch_screen(StartScreen(message.outcome, self._opens))

    def action_turn(self, by: int) -> None:
        """Scroll the page."""
        page = self._page
        (page.scroll_page_down if by > 0 else page.scroll_page_up)(animate=False)

    def action_commands(self) -> None:
        """Show every command, in order."""
        self._judge()
        self.app.push_screen(CommandsScreen(self.preparation))
