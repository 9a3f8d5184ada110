"""The test of the router's configuration: by a real nginx where the sandbox has one, else by reading it.

What nginx would touch of the image (its folders, its user) is led to a folder of its own, on the lines where it stands:
the lines that nginx names are those of the template. The fence of a rehearsal lets nobody open a socket. Addresses to
listen on are the last that nginx opens, so all that a configuration can have wrong was looked at before.
"""

import os
import re
import shutil
import tempfile
import time
from collections.abc import Generator
from pathlib import Path

from wizard.platforms.digitalmarketplace.call import Call
from wizard.platforms.sdk.invocation import Reply, RunProgram, Wanted


PROGRAM = "nginx"
"""The name of the real nginx in the sandbox's `bin`; without it the configuration is only read."""

_SLOT = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_OF_THE_IMAGE = re.compile(r"^([ \t]*)(?:user|pid|daemon)[ \t][^;\n]*;", re.MULTILINE)
_THIS_MACHINE = re.compile(r"(?<=://)localhost\b|(?<=server )localhost\b(?=[:;])")
_STAMP = re.compile(r"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d (\[\w+\]) \d+#\d+:")
_NO_SOCKET = re.compile(r"\[emerg\] .*\bsocket\(\) \S+ failed \(\d+: ")
_VERSION = re.compile(r"^nginx version: nginx/(\S+)$", re.MULTILINE)
_CONFIGURATION = "nginx.conf"
_NOT_STARTED = 127
_WITHOUT = "rehearsal: no real nginx here, so this looks at braces and ends of lines only. For one: pip install"
_WITHOUT += " 'uplevel-wizard[lab]'"


def test(call: Call, folder: Path) -> Generator[Wanted, Reply, bool]:
    """Let nginx test the configuration as the image renders it; what it says goes to standard error.

    Args:
        call: The command that wants it.
        folder: The router's repository.

    Returns:
        Whether the test is successful; warnings do not fail it.
    """
    try:
        text = call.place.read(folder / "templates" / "nginx.conf.j2")
    except (OSError, UnicodeDecodeError):
        call.err('nginx: [emerg] open() "/etc/nginx/nginx.conf" failed (2: No such file or directory)')
        return False
    known = call.world.estate.variables.rendered
    rendered = _SLOT.sub(lambda slot: known.get(slot[1], slot[1]), text)
    answer = yield from _really(call, rendered)
    return _read_only(call, rendered) if answer is None else answer


def _really(call: Call, text: str) -> Generator[Wanted, Reply, bool | None]:
    """A real nginx on a real file, in a folder of its own in the sandbox; None where it cannot be had."""
    root = call.place.root
    if root is None or not (program := root / "bin" / PROGRAM).is_file():
        return None
    folder = Path(tempfile.mkdtemp(prefix="nginx-", dir=root / "tmp"))
    try:
        _make_below(folder, "logs")
        for name, content in _image(str(folder), text).items():
            if (yield from call.save(str(folder / name), content)):
                return None
        words = [str(program), "-v", "-t", "-c", f"{folder}/{_CONFIGURATION}", "-p", str(folder), "-e", "stderr"]
        # Started by root, nginx would give its folders to another user, which the fence forbids.
        words += ["-g", "user root root;"] if os.geteuid() == 0 else []
        ran = yield from call.run(RunProgram(words, folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if ran.code == _NOT_STARTED:
        return None
    return _told(call, ran.said.replace(f"{folder}/", "/etc/nginx/"), ran.code)


def _make_below(folder: Path, name: str) -> None:
    """Make a folder in one that a command of the rehearsal could have led elsewhere meanwhile."""
    held = os.open(folder, os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        os.mkdir(name, dir_fd=held)
    finally:
        os.close(held)


def _image(folder: str, text: str) -> dict[str, str]:
    """What the image has of nginx's files, by name."""
    text = _OF_THE_IMAGE.sub(r"\1", text)
    text = _THIS_MACHINE.sub("127.0.0.1", text)
    text = text.replace("/etc/nginx/", f"{folder}/").replace("/var/log/nginx/", f"{folder}/logs/")
    types = "types { text/html html; text/css css; application/javascript js; }\n"
    return {"mime.types": types, _CONFIGURATION: text}


def _told(call: Call, said: str, code: int) -> bool:
    """Pass on what nginx said, at the world's time, and tell whether the test is successful."""
    version = _VERSION.search(said)
    call.err(f"rehearsal: the nginx of this machine tests it, {version[1] if version else 'of no known version'}.")
    moment = time.strftime("%Y/%m/%d %H:%M:%S", time.gmtime(call.world.now))
    lines = said.splitlines()
    fenced = code != 0 and any("syntax is ok" in line for line in lines) and any(map(_NO_SOCKET.search, lines))
    for line in lines:
        if _VERSION.match(line) or (fenced and (_NO_SOCKET.search(line) or line.endswith(" test failed"))):
            continue
        call.err(_STAMP.sub(rf"{moment} \1 1#1:", line))
    if fenced:
        call.err("nginx: configuration file /etc/nginx/nginx.conf test is successful")
    return code == 0 or fenced


def _read_only(call: Call, text: str) -> bool:
    """What can be said without nginx: that braces and ends of lines are as they must be."""
    call.err(_WITHOUT)
    depth = 0
    for number, line in enumerate(text.splitlines(), start=1):
        body = line.split("#")[0].strip()
        depth += body.count("{") - body.count("}")
        if depth < 0 or (body and body[-1] not in "{};"):
            call.err(f"nginx: [emerg] unexpected end of directive in /etc/nginx/nginx.conf:{number}")
            call.err("nginx: configuration file /etc/nginx/nginx.conf test failed")
            return False
    if depth:
        call.err('nginx: [emerg] unexpected end of file, expecting "}" in /etc/nginx/nginx.conf')
        return False
    call.err("nginx: the configuration file /etc/nginx/nginx.conf syntax is ok")
    call.err("nginx: configuration file /etc/nginx/nginx.conf test is successful")
    return True
