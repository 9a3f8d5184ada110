"""Whether an answer fits the open question, and the event it becomes."""

from dataclasses import dataclass

from wizard.errors import UsageProblem
from wizard.record.events import Answered, Asked, Evidence, Option


_LONGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answers.

    Attributes:
        question: Number of the question, so that a late key cannot answer the next one.
        choice: Id of an option.
        text: The reason, the typed name, the value or the secret, whatever the option needs.
        evidence: Proof, where the option needs it.
    """

    question: int
    choice: str
    text: str = ""
    evidence: tuple[Evidence, ...] = ()


def answer_event(question: Asked, answer: Answer) -> Answered:
    """The event of an answer.

    A secret's text is not in it.

    Raises:
        UsageProblem: The answer is to another question, no option of it, or lacks what the option needs.
    """
    if answer.question != question.question:
        raise UsageProblem("That question is no longer open.", "Look at the screen and answer the one that is.")
    option = next((option for option in question.options if option.id == answer.choice), None)
    if option is None:
        known = ", ".join(option.id for option in question.options)
        raise UsageProblem(f"{answer.choice} is no way to answer this.", f"There is: {known}.")
    _demand(option, answer)
    choice, value = option.id, answer.text if option.needs == "value" else None
    if choice.startswith("="):
        choice, value = "answer", choice[1:]
    return Answered(
        question=question.question,
        question_kind=question.question_kind,
        step=question.step,
        choice=choice,
        reason=answer.text.strip() if option.needs == "reason" else "",
        value=value,
        evidence=answer.evidence,
        item=question.item,
        name=question.name,
    )


def _demand(option: Option, answer: Answer) -> None:
    if len(answer.text) > _LONGEST:
        raise UsageProblem("That text is longer than 64 KiB.", "Shorten it, or bring it as a file.")
    match option.needs:
        case "reason" if not answer.text.strip():
            raise UsageProblem("This needs a reason; it is listed in the transcript.", "Type why.")
        case "typed" if answer.text.strip() != option.expects:
            raise UsageProblem(f"What was typed is not {option.expects}.", "Type the name exactly, or go back.")
        case "value" | "secret" if not answer.text:
            raise UsageProblem("This needs a value.", "Type it, or leave the step.")
        case "evidence" if not answer.evidence:
            raise UsageProblem("This needs evidence: a text, an address or a file.", "Say what shows that it is done.")
        case "evidence" if option.expects and all(each.kind != option.expects for each in answer.evidence):
            raise UsageProblem(f"The evidence asked for here is a {option.expects}.", "Bring that.")
        case _:
            return
