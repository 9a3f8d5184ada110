"""An open question to an answer: what can be typed, and whatever must come with what was."""

from collections.abc import Iterable, Sequence

from wizard.engine import AddEvidence, AddNote, HandOver, Leave, StopCommand
from wizard.plain.lines import LinePrinter, Prose
from wizard.plain.prompt import Prompt
from wizard.plain.ways import Way, choices, listed, taken
from wizard.plain.words import BACK, EVIDENCE, HALT, HAND_OVER, NAMED, NOTE, PAUSE, word_of
from wizard.record.events import Asked, Evidence, Option
from wizard.session import Answer


_NONE = "none"
"""What a rehearsal takes in place of evidence."""
_ASIDE = (Way(NOTE, NOTE), Way(EVIDENCE, EVIDENCE))
_OVER = Way(HAND_OVER, HAND_OVER, "hand the session over to somebody else")
_LAST = {PAUSE, "stop"}
_SAID = {
    *("run it", "skip this step", "do it by hand", "pause and leave", "stop here for good", "check again"),
    *("yes, go on", "back to the step", "no, back to the step", "done", "it is done", "answer"),
}
"""Labels that tell nothing beyond the word."""


_BESIDE_A_COMMAND = (
    Way(BACK, BACK, "back to the command"),
    Way(HALT, HALT, "stop the command"),
    Way(NOTE, NOTE),
    Way(HAND_OVER, HAND_OVER, "hand the session over to somebody else; the command goes on"),
    Way(PAUSE, PAUSE, "leave; the command goes on"),
)


class Chooser:
    """Asks a person.

    Args:
        lines: Where choices are listed.
        prompt: Where lines are typed.
    """

    def __init__(self, lines: LinePrinter, prompt: Prompt) -> None:
        self._lines = lines
        self._prompt = prompt

    def pick(self, ways: Sequence[Way]) -> Way:
        """The way that was typed; asks until it is one. An empty line only says again which there are.

        Raises:
            Withdrawn: The question closed by itself.
            KeyboardInterrupt, EOFError: The person leaves.
        """
        self._say(listed(ways, self._lines.columns))
        new = True
        while True:
            typed = self._prompt.line("", "answer", new=new)
            new = False
            if not typed.strip():
                self._say(choices(ways, self._lines.columns))
                continue
            way = taken(ways, typed)
            if isinstance(way, Way):
                return way
            self._lines.say(Prose(way))

    def beside_a_command(self) -> "StopCommand | AddNote | HandOver | Leave | None":
        """What is to be done while a command runs; None when the person went back to it.

        Raises:
            Withdrawn: The command ended meanwhile.
            KeyboardInterrupt, EOFError: The person goes back.
        """
        match self.pick(_BESIDE_A_COMMAND).key:
            case "halt":
                return StopCommand()
            case "pause":
                return Leave()
            case "note":
                return AddNote(self._prompt.line("Note:"))
            case "sign over":
                return self._hand_over()
            case _:
                return None

    def _hand_over(self) -> HandOver | None:
        text = self._prompt.line("Note for whoever accepts it:")
        return HandOver(text) if text.strip() else None

    def answer(self, question: Asked, *, rehearsal: bool = False) -> "Answer | AddNote | AddEvidence | HandOver | None":
        """What the person answers; None when they went back to the choices.

        Args:
            question: What is asked.
            rehearsal: Whether evidence may be missing, because nothing happens.

        Raises:
            Withdrawn: The question closed by itself.
            KeyboardInterrupt, EOFError: The person leaves.
        """
        if question.question_kind == "secret" and (answer := self._unseen(question)):
            return answer
        way = self.pick(_ways(question.options))
        if way.key == NOTE:
            text = self._prompt.line("Note:")
            return AddNote(text) if text.strip() else None
        if way.key == HAND_OVER:
            return self._hand_over()
        if way.key == EVIDENCE:
            evidence = self._evidence("")
            return AddEvidence(evidence) if evidence else None
        option = next(option for option in question.options if option.id == way.key)
        if way.kind == "name":
            return Answer(question.question, option.id, way.text)
        if rehearsal and option.needs == "evidence":
            evidence = self._evidence(option.expects, f"; {_NONE} will do in a rehearsal")
            proof = () if evidence is None or evidence.text.lower() == _NONE else (evidence,)
            return Answer(question.question, option.id, evidence=proof) if evidence else None
        return self._with_needs(question, option)

    def _say(self, told: Iterable[str]) -> None:
        for line in told:
            self._lines.say(line)

    def _unseen(self, question: Asked) -> Answer | None:
        """A secret is typed unseen at once: whoever pastes it at a list of choices would show it to everybody."""
        giving = next((option for option in question.options if option.needs == "secret"), None)
        if giving is None:
            return None
        text = self._prompt.line("Secret, not shown (Enter alone for the other ways):", "secret", new=True)
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
                text = self._prompt.line(f"Type {option.expects}:", "answer")
                return Answer(number, choice, text) if text.strip() else None
            case "value":
                text = self._prompt.line("Value:")
                return Answer(number, choice, text) if text else None
            case "secret":
                text = self._prompt.line("Secret, not shown:", "secret")
                return Answer(number, choice, text) if text else None
            case "evidence":
                evidence = self._evidence(option.expects)
                return Answer(number, choice, evidence=(evidence,)) if evidence else None

    def _evidence(self, kind: str, more: str = "") -> Evidence | None:
        asked = {"text": "a text", "url": "an address", "file": "the path of a file"}
        text = self._prompt.line(f"Evidence, {asked.get(kind, 'a text, an address, or file:PATH')}{more}:").strip()
        if not text:
            return None
        path = text.removeprefix("file:")
        if kind == "file" or (not kind and path != text):
            return Evidence(kind="file", text=path)
        address = kind == "url" or (not kind and text.startswith(("http://", "https://")))
        return Evidence(kind="url" if address else "text", text=text)


def _ways(options: Sequence[Option]) -> list[Way]:
    """What can be typed: the options' own first, then what answers nothing, then what leaves."""
    ways = [_way(option) for option in options]
    own = [way for way in ways if way.key not in _LAST]
    return [*own, *_ASIDE, _OVER, *(way for way in ways if way.key in _LAST)]


def _way(option: Option) -> Way:
    label = "" if option.label in _SAID else option.label
    if option.id == NAMED:
        return Way(option.id, option.expects, kind="name")
    if option.id.startswith("="):
        value = option.id[1:]
        return Way(option.id, value, "" if label == value else label, "value")
    word = word_of(option.id)
    return Way(option.id, word, label.removeprefix(f"{word}: "))
