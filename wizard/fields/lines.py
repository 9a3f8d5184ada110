"""A `run:` line split into words by the shell's quoting rules, without a shell."""

import re
from dataclasses import dataclass, field

from wizard.fields.templates import Slot, Template


BUILTINS = frozenset(
    {
        *("cd", "export", "source", ".", ":", "alias", "unalias", "set", "unset", "read", "eval", "exec", "umask"),
        *("ulimit", "trap", "shift", "wait", "jobs", "fg", "bg", "declare", "local", "typeset", "readonly", "history"),
        *("hash", "type", "builtin", "command", "pushd", "popd", "dirs", "let", "shopt", "return", "exit", "logout"),
        *("disown", "suspend", "mapfile", "readarray", "getopts", "if", "for", "while", "until", "case", "function"),
        *("select", "[[", "!", "{", "bind", "enable", "complete", "caller", "times"),
    }
)
"""What only a shell can do; `test`, `echo`, `printf` and their like exist as programs too."""

_META = "|&;<>()`*?~"
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
_NAME = re.compile(r"\$\{([^${}\s]*)\}")


class LineProblem(ValueError):
    """A line that cannot be split.

    Args:
        sentence: What is wrong and what to write.
        at: Offset into the line.
    """

    def __init__(self, sentence: str, at: int) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.at = at


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A line taken apart.

    Attributes:
        env: Leading `NAME=value` words.
        words: The words of the command, each a template; word 0 is the program.
    """

    env: tuple[tuple[str, Template], ...]
    words: tuple[Template, ...]


@dataclass(slots=True)
class _Word:
    """A word while it is read. `bare` is its unquoted beginning, which decides whether it is an assignment."""

    parts: list[str | Slot] = field(default_factory=list)
    bare: str = ""
    still_bare: bool = True

    def add(self, text: str, *, quoted: bool) -> None:
        if self.parts and isinstance(self.parts[-1], str):
            self.parts[-1] += text
        else:
            self.parts.append(text)
        if quoted:
            self.still_bare = False
        elif self.still_bare:
            self.bare += text

    def slot(self, slot: Slot) -> None:
        self.parts.append(slot)
        self.still_bare = False

    def template(self) -> Template:
        return tuple(part for part in self.parts if part != "") or ("",)


class _Splitter:
    def __init__(self, line: str) -> None:
        self.line = line
        self.at = 0
        self.words: list[_Word] = []
        self.word: _Word | None = None

    def split(self) -> list[_Word]:
        while self.at < len(self.line):
            self._step(self.line[self.at])
        self._end_word()
        return self.words

    def _open(self) -> _Word:
        if self.word is None:
            self.word = _Word()
        return self.word

    def _end_word(self) -> None:
        if self.word is not None:
            self.words.append(self.word)
            self.word = None

    def _step(self, char: str) -> None:
        if char in " \t\n":
            self._blank(char)
        elif char == "'":
            self._single()
        elif char == '"':
            self._double()
        elif char == "\\":
            self._backslash()
        elif char == "$":
            self._dollar(quoted=False)
        else:
            self._plain(char)

    def _blank(self, char: str) -> None:
        self._end_word()
        if char == "\n" and self.words and self.line[self.at :].strip():
            raise LineProblem(
                "run: holds one command, and this one goes on in a new line. Write shell: for a script, or fold the "
                "lines into one with `run: >-`.",
                self.at,
            )
        self.at += 1

    def _plain(self, char: str) -> None:
        if char in _META:
            raise LineProblem(
                f"{char!r} means something to a shell, and run: has none. Quote the word if the sign is meant as it "
                "stands, or write shell: instead.",
                self.at,
            )
        if char == "#" and self.word is None:
            raise LineProblem(
                "'#' begins a comment in a shell. Quote the word if the sign is meant as it stands.", self.at
            )
        self._open().add(char, quoted=False)
        self.at += 1

    def _single(self) -> None:
        end = self.line.find("'", self.at + 1)
        if end < 0:
            raise LineProblem("The quote ' is not closed.", self.at)
        self._open().add("", quoted=True)
        self.at += 1
        while self.at < end:
            if self.line[self.at] == "$":
                self._dollar(quoted=True, alone_is_fine=True)
            else:
                self._open().add(self.line[self.at], quoted=True)
                self.at += 1
        self.at = end + 1

    def _double(self) -> None:
        opened = self.at
        self._open().add("", quoted=True)
        self.at += 1
        while self.at < len(self.line) and self.line[self.at] != '"':
            char = self.line[self.at]
            if char == "$":
                self._dollar(quoted=True)
            elif char == "`":
                raise LineProblem("'`' starts a command inside a shell's quotes, and run: has no shell.", self.at)
            elif char == "\\" and self.line[self.at + 1 : self.at + 2] in {"$", "`", '"', "\\"}:
                self._open().add(self.line[self.at + 1], quoted=True)
                self.at += 2
            else:
                self._open().add(char, quoted=True)
                self.at += 1
        if self.at >= len(self.line):
            raise LineProblem('The quote " is not closed.', opened)
        self.at += 1

    def _backslash(self) -> None:
        if self.at + 1 >= len(self.line):
            raise LineProblem("The line ends in a backslash that quotes nothing.", self.at)
        if self.line[self.at + 1] == "\n":
            self._end_word()
        else:
            self._open().add(self.line[self.at + 1], quoted=True)
        self.at += 2

    def _dollar(self, *, quoted: bool, alone_is_fine: bool = False) -> None:
        if self.line.startswith("$${", self.at):
            self._open().add("${", quoted=quoted)
            self.at += 3
            return
        found = _NAME.match(self.line, self.at)
        if found is not None:
            self._open().slot(Slot(found[1], self.at))
            self.at = found.end()
            return
        if not alone_is_fine:
            raise LineProblem(
                "'$' starts no ${name}, and run: has no shell that could make something of it. Write ${name} for a "
                "value, '$' in single quotes for the sign, or shell: for a script.",
                self.at,
            )
        self._open().add("$", quoted=True)
        self.at += 1


def _assigned(word: _Word) -> tuple[str, Template] | None:
    found = _ASSIGNMENT.match(word.bare)
    if found is None:
        return None
    name = found[0][:-1]
    template = word.template()
    first = template[0]
    rest = first[len(found[0]) :] if isinstance(first, str) else ""
    return name, tuple(part for part in (rest, *template[1:]) if part != "")


def split_line(line: str) -> CommandLine:
    """Split a line into leading assignments and words.

    Raises:
        LineProblem: It needs a shell, or a quote is missing; with the place.
    """
    words = _Splitter(line).split()
    env: list[tuple[str, Template]] = []
    while words and (assigned := _assigned(words[0])) is not None:
        env.append(assigned)
        words.pop(0)
    if not words:
        raise LineProblem("The line names no command.", 0)
    program = words[0].template()
    if len(program) == 1 and program[0] in BUILTINS:
        raise LineProblem(f"{program[0]!r} is part of the shell, and run: has none. Write shell: instead.", 0)
    if program == ("",):
        raise LineProblem("The first word is empty; it must name a program.", 0)
    return CommandLine(tuple(env), tuple(word.template() for word in words))
