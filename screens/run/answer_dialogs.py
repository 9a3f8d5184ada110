"""From a chosen option to an answer: what the option needs is asked for in a window first."""

from collections.abc import Callable
from typing import Any

from textual.app import App
from textual.screen import Screen

from screens.shared.dialogs import Dialog, EvidenceDialog, TextDialog
from wizard.engine import IntentionRefused, Update
from wizard.engine import Message as Said
from wizard.record.events import Asked, Evidence, Option
from wizard.session import Answer


def answer_with(
    app: App[object], question: Asked, option: Option, submit: Callable[[Answer], None], *, rehearsal: bool = False
) -> None:
    """Submit the answer to a question, after asking for what the option needs.

    Args:
        app: Shows the window.
        question: The open question; the answer carries its number, so that it cannot answer a later one.
        option: One of its options.
        submit: Gets the answer, unless the person left the window. The window stays until `settle` closes it.
        rehearsal: Whether evidence may be missing, because nothing happens.
    """

    def with_text(text: str) -> None:
        submit(Answer(question.question, option.id, text=text))

    def with_evidence(evidence: Evidence) -> None:
        submit(Answer(question.question, option.id, evidence=(evidence,) if evidence.text else ()))

    match option.needs:
        case "nothing":
            submit(Answer(question.question, option.id))
        case "evidence":
            title = f"{_capital(option.label)}: what shows it?"
            proof = EvidenceDialog(title, question.text, option.expects, may_miss=rehearsal)
            proof.question, proof.hand_in = question.question, with_evidence
            app.push_screen(proof)
        case _:
            line = _window(question, option)
            line.question, line.hand_in = question.question, with_text
            app.push_screen(line)


def settle(window: Screen[Any], said: Said) -> bool:
    """Let a window that answers a question follow what the engine says: it closes with its question.

    Args:
        window: What stands on top; may be no such window.
        said: The engine's message.

    Returns:
        Whether a refusal was told in the window, where what was typed still stands.
    """
    if not isinstance(window, Dialog) or window.question is None:
        return False
    if isinstance(said, IntentionRefused):
        window.complain(said.sentence)
        return True
    if isinstance(said, Update):
        asked = said.state.question
        if asked is None or asked.question != window.question:
            window.dismiss(None)
    return False


def _window(question: Asked, option: Option) -> TextDialog:
    match option.needs:
        case "reason":
            text = "The reason stands in the transcript."
            return TextDialog(f"{_capital(option.label)}: why?", text, empty="A reason is needed.")
        case "typed":
            return TextDialog(f"Type {option.expects}", question.text, expects=option.expects)
        case "secret":
            return TextDialog(question.text, "It is stored nowhere and shown nowhere.", hidden=True)
        case _:
            return TextDialog(question.text)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
