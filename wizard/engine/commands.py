"""From a procedure's command to the words, the environment and the program of one process."""

import hashlib
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wizard.checks.model import Check
from wizard.engine.environments import ExecutionEnvironment, SandboxEnvironment
from wizard.engine.operator_programs import YOURS, your_words
from wizard.engine.vault import Vault
from wizard.errors import CannotRun
from wizard.fields.commands import BashScript, MadeWords, PlainLine
from wizard.fields.own_commands import CALLED, OWN
from wizard.model.procedure import Operation, Procedure
from wizard.model.substitute import Filled, fill_line, fill_text, optional_names, shell_environment
from wizard.places.plain_file import open_plain


OWN_WORDS = ("-I", "-m", "wizard.cli")

BASH_WORDS = ("--noprofile", "--norc", "-euo", "pipefail", "-c")


@dataclass(frozen=True, slots=True)
class Command:
    """A process to be started.

    Attributes:
        program: Absolute path of word 0.
        argv: All words, the program's path first.
        shown: The words as the record has them: word 0 as the procedure wrote it.
        script: The body of a `shell:`, else empty.
        env: The whole environment.
        own: Names of the variables that the step itself gave it.
        cwd: The folder it starts in.
    """

    program: Path
    argv: tuple[str, ...]
    shown: tuple[str, ...]
    script: str
    env: Mapping[str, str]
    own: tuple[str, ...]
    cwd: str


def command_of(
    thing: Operation | Check,
    procedure: Procedure,
    environment: ExecutionEnvironment,
    values: Mapping[str, str],
    vault: Vault,
) -> Command:
    """The process of a step, an undo or a check.

    Args:
        thing: What is to be run.
        procedure: Names its optional parameters.
        environment: Where it runs.
        values: What `${names}` stand for, secrets left out.
        vault: Secrets, for `env:` alone.

    Raises:
        CannotRun: There is no such program, or it may not be started here.
        UsageProblem: A value is missing or does not do.
    """
    cwd = str(Path(environment.cwd, fill_text(thing.in_, values))) if thing.in_ else environment.cwd
    given = {name: fill_text(value, {**values, **vault.secrets}) for name, value in thing.env.items()}
    told = thing.command if isinstance(thing, Operation) else thing.asks
    match told:
        case PlainLine(line=line):
            filled = fill_line(line, values, optional_names(procedure))
            if isinstance(thing, Operation) and thing.screen is not None and filled.words[0] in YOURS:
                filled = Filled(filled.env, [*your_words(filled.words[0]), *filled.words[1:]])
            return _words(filled, environment, given, cwd)
        case MadeWords(words=words):
            return _words(Filled({}, words(lambda text: fill_text(text, values))), environment, given, cwd)
        case BashScript(script=script):
            own = {**shell_environment(values, vault.names), **given}
            return _script(script, environment, own, tuple(sorted({*values, *given})), cwd)
        case None:
            raise ValueError("an act that starts nothing has no command")


def _script(
    script: str, environment: ExecutionEnvironment, own: dict[str, str], names: tuple[str, ...], cwd: str
) -> Command:
    bash = environment.shell()
    if bash is None:
        raise CannotRun("bash is not there, and this step is a bash script.", "Install bash, or do the step by hand.")
    argv = (str(bash), *BASH_WORDS, script, "uplevel")
    return Command(bash, argv, ("bash", *BASH_WORDS), script, {**environment.variables(), **own}, names, cwd)


def _words(filled: Filled, environment: ExecutionEnvironment, given: dict[str, str], cwd: str) -> Command:
    own = {**filled.env, **given}
    env = {**environment.variables(), **own}
    if filled.words[0] == OWN:
        return _own(filled, env, own, cwd)
    program = environment.resolve(filled.words[0], env, cwd)
    if program is None and isinstance(environment, SandboxEnvironment):
        raise CannotRun(
            f"A rehearsal does not start {filled.words[0]}: it is not part of the pretend platform.",
            f"The platform has {', '.join(sorted(environment.tools()))}.",
        )
    if program is None:
        raise CannotRun(
            f"{filled.words[0]} is not a program that can be started here.",
            "Install it or put it on the PATH, then check again; or do the step by hand.",
        )
    argv = (str(program), *filled.words[1:])
    return Command(program, argv, tuple(filled.words), "", env, tuple(sorted(own)), cwd)


def _own(filled: Filled, env: dict[str, str], own: dict[str, str], cwd: str) -> Command:
    """A command of uplevel itself: always of this installation, whatever the PATH says."""
    if len(filled.words) < 2 or filled.words[1] not in CALLED:
        raise CannotRun(
            f"A step can call uplevel {' or '.join(CALLED)}, and nothing else of uplevel.",
            "Write the command that the step means, or do the step by hand.",
        )
    argv = (sys.executable, *OWN_WORDS, *filled.words[1:])
    return Command(Path(sys.executable), argv, tuple(filled.words), "", env, tuple(sorted(own)), cwd)


def file_sha256(path: Path) -> str:
    """The hash of a program's file, or an empty text when it cannot be read."""
    try:
        with os.fdopen(open_plain(path, follow=True), "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
