"""An open question to an answer: numbered choices, and whatever must come with the one that is taken."""

from wizard.engine import AddEvidence, AddNote
from wizard.events import Asked, Evidence, Option
from wizard.plain.lines import Lines
from wizard.plain.prompt import Prompt
from wizard.session import Answer


NOTE, PROOF = "note", "evidence"
_WIDE = 96


class Chooser:
    """Asks a person.

    Args:
        lines: Where choices are listed.
        prompt: Where lines are typed.
    """

    def __init__(self, lines: Lines, prompt: Prompt) -> None:
        self._lines = lines
        self._prompt = prompt

    def pick(self, labels: list[str], default: int | None = None) -> int:
        """The index of the choice that was taken; asks until one of them was typed.

        Raises:
            Withdrawn: The question closed by itself.
            KeyboardInterrupt, EOFError: The person leaves.
        """
        numbered = [f"{number} {label}" for number, label in enumerate(labels, start=1)]
        line = "   ".join(numbered)
        self._lines.say(line if len(line) <= _WIDE else "\n".join(numbered))
        hint = f"(Enter: {default + 1})" if default is not None else ""
        while True:
            typed = self._prompt.line(hint).strip()
            if not typed and default is not None:
                return default
            if typed.isascii() and typed.isdigit() and 1 <= int(typed) <= len(labels):
                return int(typed) - 1
            self._lines.say(f"Type a number from 1 to {len(labels)}.")

    def answer(self, question: Asked, *, rehearsal: bool = False) -> Answer | AddNote | AddEvidence | None:
        """What the person answers; None when they went back to the choices.

        Args:
            question: What is asked.
            rehearsal: Whether evidence may be missing, because nothing happens.

        Raises:
            Withdrawn: The question closed by itself.
            KeyboardInterrupt, EOFError: The person leaves.
        """
        options = question.options
        if question.sort == "secret" and (answer := self._unseen(question)):
            return answer
        default = next((at for at, option in enumerate(options) if option.id == question.default), None)
        taken = self.pick([*(option.label for option in options), NOTE, PROOF], default)
        if taken == len(options):
            text = self._prompt.line("Note:")
            return AddNote(text) if text.strip() else None
        if taken > len(options):
            evidence = self._evidence("")
            return AddEvidence(evidence) if evidence else None
        option = options[taken]
        if rehearsal and option.needs == "evidence":
            evidence = self._evidence(option.expects, "; Enter alone: none, as in a rehearsal")
            return Answer(question.question, option.id, evidence=(evidence,) if evidence else ())
        return self._with_needs(question, option)

    def _unseen(self, question: Asked) -> Answer | None:
        """A secret is typed unseen at once: whoever pastes it at a list of choices would show it to everybody."""
        giving = next((option for option in question.options if option.needs == "secret"), None)
        if giving is None:
            return None
        text = self._prompt.line("Secret, not shown (Enter alone for the other ways):", secret=True)
        return Answer(question.question, giving.id, text) if text else None

    def _with_needs(self, question: Asked, option: Option) -> Answer | None:
        number, choice = question.question, option.id
        match option.needs:
            case "nothing":
                return Answer(number, choice)
            case "reason":
                text = self._prompt.line("Why? It is listed in the transcript:")
                return Answer(number, choice, text) if text.strip() else None
            case "typed":
                text = self._prompt.line(f"Type {option.expects}:")
                return Answer(number, choice, text) if text.strip() else None
            case "value":
                text = self._prompt.line("Value:")
                return Answer(number, choice, text) if text else None
            case "secret":
                text = self._prompt.line("Secret, not shown:", secret=True)
                return Answer(number, choice, text) if text else None
            case "evidence":
                evidence = self._evidence(option.expects)
                return Answer(number, choice, evidence=(evidence,)) if evidence else None

    def _evidence(self, sort: str, more: str = "") -> Evidence | None:
        asked = {"text": "a text", "url": "an address", "file": "the path of a file"}
        text = self._prompt.line(f"Evidence, {asked.get(sort, 'a text, an address, or file:PATH')}{more}:").strip()
        if not text:
            return None
        path = text.removeprefix("file:")
        if sort == "file" or (not sort and path != text):
            return Evidence(sort="file", text=path)
        address = sort == "url" or (not sort and text.startswith(("http://", "https://")))
        return Evidence(sort="url" if address else "text", text=text)
