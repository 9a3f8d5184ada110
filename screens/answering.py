"""From a chosen option to an answer: what the option needs is asked for in a window first."""

from collections.abc import Callable

from textual.app import App

from screens.dialogs import AskEvidence, AskText
from wizard.events import Asked, Evidence, Option
from wizard.session import Answer


def answer_with(
    app: App[object], question: Asked, option: Option, submit: Callable[[Answer], None], *, rehearsal: bool = False
) -> None:
    """Submit the answer to a question, after asking for what the option needs.

    Args:
        app: Shows the window.
        question: The open question; the answer carries its number, so that it cannot answer a later one.
        option: One of its options.
        submit: Gets the answer, unless the person left the window.
        rehearsal: Whether evidence may be missing, because nothing happens.
    """

    def with_text(text: str | None) -> None:
        if text is not None:
            submit(Answer(question.question, option.id, text=text))

    def with_evidence(evidence: Evidence | None) -> None:
        if evidence is not None:
            submit(Answer(question.question, option.id, evidence=(evidence,) if evidence.text else ()))

    match option.needs:
        case "nothing":
            submit(Answer(question.question, option.id))
        case "evidence":
            title = f"{_capital(option.label)}: what shows it?"
            app.push_screen(AskEvidence(title, question.text, option.expects, may_miss=rehearsal), with_evidence)
        case _:
            app.push_screen(_window(question, option), with_text)


def _window(question: Asked, option: Option) -> AskText:
    match option.needs:
        case "reason":
            text = "The reason stands in the transcript."
            return AskText(f"{_capital(option.label)}: why?", text, empty="A reason is needed.")
        case "typed":
            return AskText(f"Type {option.expects}", question.text, expects=option.expects)
        case "secret":
            return AskText(question.text, "It is stored nowhere and shown nowhere.", hidden=True)
        case _:
            return AskText(question.text)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
