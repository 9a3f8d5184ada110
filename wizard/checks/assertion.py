"""One thing that an answer must be, as it stands under one key of a check: what all kinds of that have in common.

A kind is a file with a subclass of `Assertion`, and a line in `wizard.checks.kinds`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Generic, Literal, TypeVar

from wizard.checks.answer import CommandAnswer
from wizard.fields.regex import PatternMatch, Search, fill_regex, search_here


class Unjudgeable(ValueError):
    """An answer of which nobody can say whether it is what was wanted; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class AssertionContext:
    """What is known besides the answer.

    Attributes:
        values: For the `${names}` in what is wanted.
        alone: Nothing but how it ends is looked at.
        compared: Something says what the value taken must be.
        kept: The value is kept, so one that says false is as good as any.
    """

    values: Mapping[str, str]
    alone: bool = False
    compared: bool = False
    kept: bool = False


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """What a command answered, with what is needed to look into it.

    Attributes:
        answer: Cleaned.
        context: Of the judgement.
        search: Makes the searches.
        value: What was taken out of the answer, or all of stdout without its trailing newlines.
    """

    answer: CommandAnswer
    context: AssertionContext
    search: Search = search_here
    value: str = ""

    @property
    def values(self) -> Mapping[str, str]:
        """For the `${names}` in what was wanted."""
        return self.context.values

    def find(self, pattern: str, text: str) -> PatternMatch | None:
        """Where a pattern of the file stands first."""
        return self.search(fill_regex(pattern, self.values), text)


Part = Literal["end", "text", "value"]
"""How a command ended; what it said; the value taken of that."""

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class Assertion(Generic[T_co]):
    """One thing that an answer must be. The docstring of a kind describes its key, in the schema too.

    Attributes:
        wanted: What stands under the key.
        KEY: The key of a check.
        TYPE: The type of what may stand there, as a model declares it.
        DEFAULT: What stands there where the file says nothing. Nothing is judged of None and of an empty tuple.
        JUDGES: What it looks at. A value is judged behind all others.
        TAKING: How it takes a value out of an answer, to go on after its key; empty for a kind that takes none. Of
            several that take one, the one in the last line of the registry does.
        REGEXES: The keys under which regular expressions stand, dotted where they stand inside its own.
        GROUPS: How many groups these have; None for any number.
        QUESTIONS: The keys under which JMESPaths stand.
    """

    wanted: T_co

    KEY: ClassVar[str]
    TYPE: ClassVar[object]
    DEFAULT: ClassVar[object] = None
    JUDGES: ClassVar[Part] = "text"
    TAKING: ClassVar[str] = ""
    REGEXES: ClassVar[tuple[str, ...]] = ()
    GROUPS: ClassVar[int | None] = None
    QUESTIONS: ClassVar[tuple[str, ...]] = ()

    def unmet(self, judged: JudgedAnswer) -> Iterator[str]:
        """Sentences for what was wanted and did not come, the first being the one told.

        Raises:
            Unjudgeable: Nobody can say.
        """
        raise NotImplementedError

    def told(self, context: AssertionContext) -> Iterator[str]:
        """What is wanted, for people, one line a demand."""
        raise NotImplementedError

    def take(self, judged: JudgedAnswer) -> str:
        """The value it takes out of the answer; empty for nothing."""
        raise NotImplementedError

    def proof(self, judged: JudgedAnswer) -> Iterator[str]:
        """The lines of an answer that made it a yes."""
        del judged
        yield from ()

    def symptom(self, judged: JudgedAnswer) -> str:
        """What of an answer that ended otherwise tells why; empty where it is nothing special."""
        del judged
        return ""

    def lacking(self, texts: str) -> str | None:
        """Why it cannot be all that is wanted; None where it can.

        Args:
            texts: The keys that say what the answer must hold, as words.
        """
        del texts
        return None
