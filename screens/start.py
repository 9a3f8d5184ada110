"""The start page: what will run, with which values, and from which file. Nothing has run yet."""

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Select, Static

from screens.background import in_background
from screens.commands import CommandsScreen
from screens.keys import Key, bindings_of
from screens.page import Page
from screens.widgets.line_field import LineField
from screens.words import prose, short_hash, shown
from wizard.engine import Engine, Field, Preparation, open_session, prepare, with_values
from wizard.errors import UplevelError


_LINE = "_" * 28

Opens = Callable[[Preparation, Mapping[str, str]], Engine]


def open_for_textual(preparation: Preparation, secrets: Mapping[str, str]) -> Engine:
    """Begin the session.

    Raises:
        UplevelError: It cannot begin, and why.
    """
    return open_session(preparation, front_end="textual", secrets=secrets)


class StartScreen(Page[None]):
    """The form and all that is known before anything runs.

    Args:
        preparation: From the engine.
        opens: Begins the session; tests give their own.
        validates: Judges the form's values; tests give their own.
    """

    WHERE = "start"
    BINDINGS = bindings_of("start")

    class Opened(Message):
        """The session began, or could not."""

        def __init__(self, outcome: Engine | UplevelError) -> None:
            super().__init__()
            self.outcome = outcome

    class Prepared(Message):
        """The rehearsal's start page is ready, or there is none."""

        def __init__(self, outcome: Preparation | UplevelError) -> None:
            super().__init__()
            self.outcome = outcome

    def __init__(
        self,
        preparation: Preparation,
        opens: Opens = open_for_textual,
        validates: Callable[[Preparation, dict[str, str]], Preparation] = with_values,
    ) -> None:
        super().__init__()
        self.preparation = preparation
        self._opens = opens
        self._validates = validates
        self._busy = False

    def compose_page(self) -> ComposeResult:
        """Facts of the file, the form, what runs at once."""
        with VerticalScroll(id="page", can_focus=False):
            yield Static("", id="file", markup=False)
            yield Static("", id="summary", markup=False)
            for field in self.preparation.fields:
                yield from self._row(field)
            with Horizontal(classes="row"):
                yield Static("Ticket", classes="label", markup=False)
                yield LineField(
                    self.preparation.request.ticket,
                    placeholder=_LINE,
                    id="ticket",
                    compact=True,
                    select_on_focus=False,
                )
                yield Static("", classes="note", markup=False)
            yield Static("", id="facts", markup=False)

    def _row(self, field: Field) -> ComposeResult:
        with Horizontal(classes="row"):
            yield Static(shown(field.label), classes="label", markup=False)
            if field.choices:
                ways = [(Content(shown(choice)), choice) for choice in field.choices]
                value = field.value if field.value in field.choices else Select.NULL
                known = value != Select.NULL
                name = f"field-{field.name}"
                yield Select(ways, value=value, prompt="choose", allow_blank=not known, id=name, compact=True)
            else:
                text = "" if field.secret else field.value
                yield LineField(
                    text, password=field.secret, id=f"field-{field.name}", compact=True, select_on_focus=False
                )
            yield Static("", id=f"note-{field.name}", classes="note", markup=False)

    def on_mount(self) -> None:
        """Show what is known; a rehearsal that plays by itself begins at once."""
        self._draw()
        if self.preparation.request.auto and self.preparation.ready:
            self.call_after_refresh(self.action_begin)

    def _draw(self) -> None:
        found = self.preparation
        self.banner.say(found.title, found.mode_words, production=found.production)
        version = f", version {found.procedure.version}" if found.procedure.version else ""
        owner = "" if found.origin == "built in" else f", owner {found.owner}"
        where = "" if found.trust.startswith(found.origin) else f"{found.origin}{owner}, "
        name, digest = found.loaded.seal
        file = f"{where}{found.trust}{version}, {name} {short_hash(digest)}"
        self.query_one("#file", Static).update(Content.styled(shown(file), "dim"))
        self.query_one("#summary", Static).update(Content(prose(found.procedure.summary)))
        for field in found.fields:
            self.query_one(f"#note-{field.name}", Static).update(_note(field))
        self.query_one("#facts", Static).update(_facts(found))
        self.tell(" ".join(found.refusals), wrong=True)
        rehearsal = found.request.mode == "rehearsal" or found.procedure.rehearsal is None
        self.offer(*({"rehearse-instead"} if rehearsal else set()))

    def _form(self) -> dict[str, str]:
        """The values of the form, secrets left out."""
        values = {}
        for field in self.preparation.fields:
            widget = self.query_one(f"#field-{field.name}")
            if isinstance(widget, Select):
                if isinstance(widget.value, str):
                    values[field.name] = widget.value
            elif isinstance(widget, Input):
                if field.secret:
                    self.secrets.pop(field.name, None)
                    if widget.value:
                        self.secrets[field.name] = widget.value
                elif widget.value or field.value:
                    values[field.name] = widget.value
        return values

    def _judge(self) -> None:
        ticket = self.query_one("#ticket", Input).value.strip()
        judged = self._validates(self.preparation, self._form())
        self.preparation = replace(judged, request=replace(judged.request, ticket=ticket))
        self._draw()

    def on_input_blurred(self, event: Input.Blurred) -> None:
        """Judge the values when a field is left."""
        event.stop()
        self._judge()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes to the next field."""
        event.stop()
        self.focus_next()

    def on_select_changed(self, event: Select.Changed) -> None:
        """Judge the values when another was chosen."""
        event.stop()
        self._judge()

    def on_line_field_refused(self, message: LineField.Refused) -> None:
        """A paste was not taken."""
        message.stop()
        self.tell(message.sentence, wrong=True)

    def why_not(self, key: Key) -> str:
        """Why the key does nothing as things stand."""
        if key.id in {"begin", "rehearse-instead"} and self._busy:
            return "Something is being opened already. Wait for it."
        if key.id == "rehearse-instead" and self.preparation.request.mode == "rehearsal":
            return "This is the rehearsal already. F5 begins it."
        return ""

    def action_begin(self) -> None:
        """Begin the session, unless a value does not do."""
        self._judge()
        wrong = next((field for field in self.preparation.fields if field.problem), None)
        if wrong is not None:
            self.query_one(f"#field-{wrong.name}").focus()
            self.tell(f"{wrong.label}: {wrong.problem}", wrong=True)
        elif self.preparation.refusals:
            self.tell(" ".join(self.preparation.refusals), wrong=True)
        else:
            self._busy = True
            self.tell("Opening the session.")
            preparation, secrets = self.preparation, dict(self.secrets)
            in_background(self, "open", lambda: self._opens(preparation, secrets), self.Opened)

    def on_start_screen_opened(self, message: Opened) -> None:
        """Show the session, or why it could not begin."""
        self._busy = False
        if isinstance(message.outcome, UplevelError):
            self.tell(str(message.outcome), wrong=True)
            return
        from screens.run import RunScreen

        screen = RunScreen(message.outcome, auto=self.preparation.request.auto)
        screen.secrets.update(self.secrets)
        self.app.switch_screen(screen)

    def action_rehearse_instead(self) -> None:
        """Show the start page of a rehearsal with the same values."""
        self._busy = True
        request = replace(self.preparation.request, mode="rehearsal", values=self._form())
        in_background(self, "prepare", lambda: prepare(request), self.Prepared)

    def on_start_screen_prepared(self, message: Prepared) -> None:
        """Show it in this one's place."""
        self._busy = False
        if isinstance(message.outcome, UplevelError):
            self.tell(str(message.outcome), wrong=True)
        else:
            self.app.switch_screen(StartScreen(message.outcome, self._opens, self._validates))

    def action_turn(self, by: int) -> None:
        """Scroll the page."""
        page = self.query_one("#page")
        (page.scroll_page_down if by > 0 else page.scroll_page_up)(animate=False)

    def action_commands(self) -> None:
        """Show every command, in order."""
        self._judge()
        self.app.push_screen(CommandsScreen(self.preparation))


def _note(field: Field) -> Content:
    if field.problem:
        return Content.styled(f"! {shown(field.problem)}", "bold")
    if field.secret:
        return Content.styled("asked for when it is needed; stored nowhere", "dim")
    if not field.choices and shown(field.value) != field.value:
        return Content.styled(f"! It holds characters that are not seen: {shown(field.value)}", "bold")
    if field.default and field.value != field.default:
        return Content.styled(f"by default: {shown(field.default)}", "dim")
    return Content("")


_FACT_WIDTH = 44
"""Cells that a fact has beside its label on the smallest of usual terminals, 80 columns."""


def _facts(found: Preparation) -> Content:
    lines: list[tuple[str, str]] = []
    lead = f" {f'Runs at once, read-only ({len(found.at_once)})':<30} "
    for at, command in enumerate(found.at_once):
        lines += [(lead if at == 0 else " " * len(lead), "bold"), (f"{shown(command, newlines=True)}\n", "")]
    for label, text in found.facts:
        told = textwrap.wrap(shown(text), _FACT_WIDTH)
        lines += [(f" {label[:1].upper()}{label[1:]:<29} ", "bold"), (f"\n{' ' * len(lead)}".join(told) + "\n", "")]
    return Content.assemble(*lines) if lines else Content("")
