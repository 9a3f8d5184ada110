"""Which words of a command another interpreter reads as its own language."""

import re
from collections.abc import Iterator

from wizard.fields.lines import CommandLine
from wizard.fields.templates import Slot, Template


_INTERPRETERS = re.compile(
    r"(?:ba|da|z|k|a|fi|c|tc)?sh|psql|mysql|mariadb|sqlite3|mongo(?:sh)?|(?:python|pypy|perl|ruby|node|nodejs|lua|php)[0-9.]*"
    r"|su|script|flock|sed|g?awk|mawk|osascript|redis-cli|busybox|deno|Rscript|groovy|tclsh|expect"
)
_FLAGS = re.compile(r"-[A-Za-z]*[ceErp]|--(?:command|execute|eval|expression|print|code|source|run)(?:=|$)")
_ATTACHED = re.compile(r"-[ceEr].|--(?:command|execute|eval|expression|print|code|source|run)=")
_PROGRAM_FIRST = frozenset({"sed", "awk", "gawk", "mawk", "jq", "eval", "watch"})
"""Programs whose first word that is no option is code, unless -e or -f gave it before."""
_REMOTE = frozenset({"ssh", "slogin", "rsh", "mosh", "autossh", "sshpass"})


def _plain(word: Template) -> str:
    """The literal text a word begins with; a slot ends it."""
    return word[0] if isinstance(word[0], str) else ""


def _program(word: Template) -> str:
    return _plain(word).rsplit("/", 1)[-1] if len(word) == 1 else ""


def _slots(words: tuple[Template, ...]) -> Iterator[Slot]:
    for word in words:
        yield from (part for part in word if isinstance(part, Slot))


def _program_words(line: CommandLine) -> list[Slot]:
    """The slots in the program of `sed`, `awk` and their like, where it stands as a plain word."""
    for index, word in enumerate(line.words):
        if _program(word) in _PROGRAM_FIRST:
            plain = [argument for argument in line.words[index + 1 :] if not _plain(argument).startswith("-")]
            options = {_plain(argument) for argument in line.words[index + 1 :]}
            return [] if options & {"-e", "-f", "--file", "--expression"} else list(_slots(tuple(plain[:1])))
    return []


def interpreted(line: CommandLine) -> list[Slot]:
    """The slots of a line whose value an interpreter would read as code: behind its -c or -e, and after ssh."""
    found: list[Slot] = _program_words(line)
    interpreting = False
    for index, word in enumerate(line.words):
        program = _program(word)
        if program in _REMOTE:
            found.extend(_slots(line.words[index + 1 :]))
            break
        if not interpreting:
            interpreting = _INTERPRETERS.fullmatch(program) is not None
        elif _ATTACHED.match(_plain(word)):
            found.extend(_slots((word,)))
        if interpreting and _FLAGS.fullmatch(_plain(word)) and len(word) == 1:
            found.extend(_slots(line.words[index + 1 : index + 2]))
    return list(dict.fromkeys(found))
