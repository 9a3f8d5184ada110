"""Command lines of the pretend CLI: what a verb takes, what is wrong with a line, and the help text."""

from collections.abc import Callable, Iterator, Sequence
from typing import NoReturn

from wizard.platforms.cloudfoundry.call import Call
from wizard.platforms.sdk.invocation import Steps


class Flag:
    """An option of a verb.

    Args:
        names: As typed, the short one first: `-f`, `--force`.
        about: What it does.
        takes: Whether a value follows.
        many: Whether it may stand several times, each value kept (a line each).
        since: The first major version that knows it.
    """

    __slots__ = ("about", "many", "names", "since", "takes")

    def __init__(self, *names: str, about: str, takes: bool = False, many: bool = False, since: int = 7) -> None:
        self.names = names
        self.about = about
        self.takes = takes or many
        self.many = many
        self.since = since

    @property
    def key(self) -> str:
        """The name it has in `Given.flags`: the long one where there is one, without dashes."""
        return self.names[-1].lstrip("-")


class Verb:
    """A command of the CLI.

    Args:
        act: What carries it out.
        about: What it is for, in a few words.
        takes: The names of what must follow, as the help shows them.
        flags: Its options.
        may: The names of what may follow after that.
        alias: Its short name, if it has one.
        since: The first major version that knows it.
        dashes: Whether a word with a dash that is no option is a word like any other.
        command: Whether a command of its own may follow behind `--`.
    """

    __slots__ = ("about", "act", "alias", "command", "dashes", "flags", "may", "since", "takes")

    def __init__(
        self,
        act: Callable[[Call, "Given"], Steps | None],
        about: str,
        takes: Sequence[str] = (),
        flags: Sequence[Flag] = (),
        *,
        may: Sequence[str] = (),
        alias: str = "",
        since: int = 7,
        dashes: bool = False,
        command: bool = False,
    ) -> None:
        self.act = act
        self.about = about
        self.takes = takes
        self.flags = flags
        self.may = may
        self.alias = alias
        self.since = since
        self.dashes = dashes
        self.command = command

    def known_to(self, major: int) -> list[Flag]:
        """The options that a major version of the CLI has."""
        return [flag for flag in self.flags if flag.since <= major]


class Given:
    """A command line that was understood: words in order, options by key (no value: empty), what follows `--`."""

    __slots__ = ("after", "flags", "words")

    def __init__(self, words: list[str], flags: dict[str, str]) -> None:
        self.words = words
        self.flags = flags
        self.after: list[str] = []

    def has(self, key: str) -> bool:
        return key in self.flags

    def get(self, key: str) -> str:
        """The value of an option; empty without it."""
        return self.flags.get(key, "")

    def word(self, number: int) -> str:
        """A word by its place; empty where it was left out."""
        return self.words[number] if number < len(self.words) else ""


class _WrongUsage(Exception):
    pass


def wrong(call: Call, sentence: str) -> NoReturn:
    """End the call of a verb that finds out by itself that its words do not fit together."""
    call.err(f"Incorrect Usage: {sentence}")
    call.end(1)
    raise AssertionError("a call that ended went on")


def understand(call: Call, name: str, verb: Verb, words: list[str]) -> Given:
    """The command line of a verb, or the end of the call with its complaint and the help text."""
    if "--help" in words or "-h" in words:
        show(call, name, verb)
        call.end(0)
    try:
        given = _parse(verb, words, call.world.cli.major)
    except _WrongUsage as wrong:
        call.err(f"Incorrect Usage: {wrong}")
        call.err("")
        show(call, name, verb)
        call.end(1)
        raise
    return given


def show(call: Call, name: str, verb: Verb) -> None:
    """Print the help of one verb."""
    flags = verb.known_to(call.world.cli.major)
    optional = "".join(f" [{flag.names[0]}{' VALUE' if flag.takes else ''}]" for flag in flags)
    call.out("NAME:")
    call.out(f"   {name} - {verb.about}")
    call.out()
    call.out("USAGE:")
    call.out(f"   cf {' '.join([name, *verb.takes, *(f'[{word}]' for word in verb.may)])}{optional}")
    if verb.alias:
        call.out()
        call.out("ALIAS:")
        call.out(f"   {verb.alias}")
    if flags:
        call.out()
        call.out("OPTIONS:")
        shown = [", ".join(reversed(flag.names)) for flag in flags]
        width = max(len(names) for names in shown) + 6
        for names, flag in zip(shown, flags, strict=True):
            call.out(f"   {names.ljust(width)}{flag.about}")


def _parse(verb: Verb, words: list[str], major: int) -> Given:
    known = {name: flag for flag in verb.known_to(major) for name in flag.names}
    given = Given([], {})
    rest = iter(words)
    for word in rest:
        if word == "--":
            (given.after if verb.command else given.words).extend(rest)
        elif word.startswith("-") and word != "-" and not (verb.dashes and word not in known):
            name, _, value = word.partition("=")
            for flag in _flags(name, known):
                said = _value(flag, value, word, rest)
                before = given.flags.get(flag.key)
                given.flags[flag.key] = f"{before}\n{said}" if flag.many and before is not None else said
        else:
            given.words.append(word)
    _count(verb, given.words)
    return given


def _flags(name: str, known: dict[str, Flag]) -> list[Flag]:
    """The options that a word names; several short ones may stand behind one dash."""
    if name in known:
        return [known[name]]
    letters = [f"-{letter}" for letter in name[1:]] if not name.startswith("--") else [name]
    for letter in letters:
        if letter not in known:
            raise _WrongUsage(f"unknown flag `{letter.lstrip('-')}'")
    return [known[letter] for letter in letters]


def _value(flag: Flag, value: str, word: str, rest: Iterator[str]) -> str:
    if not flag.takes:
        return ""
    if "=" in word:
        return value
    following = next(rest, None)
    if following is None:
        raise _WrongUsage(f"expected argument for flag `{', '.join(flag.names)}'")
    return following


def _count(verb: Verb, words: list[str]) -> None:
    missing = [f"`{name}`" for name in verb.takes[len(words) :]]
    if len(missing) == 1:
        raise _WrongUsage(f"the required argument {missing[0]} was not provided")
    if missing:
        raise _WrongUsage(f"the required arguments {', '.join(missing[:-1])} and {missing[-1]} were not provided")
    most = len(verb.takes) + len(verb.may)
    if len(words) > most:
        raise _WrongUsage(f'unexpected argument "{words[most]}"')
