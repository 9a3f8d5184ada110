"""Images of the router: built from its Dockerfile, and its configuration tested, by a real nginx where there is one."""

from __future__ import annotations

import os
import re


TYPE_CHECKING = False
if TYPE_CHECKING:
    from wizard.rehearsal.answer import Call
    from wizard.rehearsal.world import Facts

_FROM = re.compile(r"^FROM\s+nginx:(\S+)", re.MULTILINE)
_PYTHON = re.compile(r"apt-get install[^\n]*\b(python3\.\d+)\b")
_RENDERED = {
    "DM_API_URL": "http://127.0.0.1:8081",
    "DM_SEARCH_API_URL": "http://127.0.0.1:8082",
    "DM_FRONTEND_URL": "http://127.0.0.1:8083",
    "PORT": "8080",
}
_SLOT = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_FOLDERS = "client_body fastcgi proxy scgi uwsgi".split()  # noqa: SIM905 - a list of words reads better than quotes

PROGRAM = "REHEARSAL_NGINX"
"""The variable that names the real nginx of this rehearsal; without it the configuration is only read."""


def build(call: Call, folder: str, tag: str) -> bool:
    """Build the image of a folder's Dockerfile; tells on standard error how it goes.

    Returns:
        Whether it was built.
    """
    text = _read(os.path.join(folder, "Dockerfile"))  # noqa: PTH118 - a launcher does not load pathlib
    base = None if text is None else _FROM.search(text)
    if text is None or base is None:
        call.err("ERROR: failed to solve: failed to read dockerfile: open Dockerfile: no such file or directory")
        return False
    version = base[1]
    debian = call.world.facts.get("bases", {}).get(version)
    call.err(f"#2 [internal] load metadata for docker.io/library/nginx:{version}")
    if debian is None:
        call.err(f"ERROR: failed to solve: nginx:{version}: docker.io/library/nginx:{version}: not found")
        return False
    call.spend(20)
    wanted = _PYTHON.search(text)
    has = {"buster": "python3.7", "bullseye": "python3.9", "bookworm": "python3.11"}.get(debian, "")
    if wanted is not None and wanted[1] != has:
        call.err(f"#6 E: Unable to locate package {wanted[1]}")
        call.err(
            'ERROR: failed to solve: process "/bin/sh -c apt-get update && apt-get install -y '
            f'{wanted[1]}" did not complete successfully: exit code: 100'
        )
        return False
    call.spend(40)
    call.err(f"#9 naming to docker.io/{tag} done")
    call.world.facts.setdefault("images", {})[tag] = {"nginx": version, "pushed": False}
    return True


def test(call: Call, folder: str) -> bool:
    """Let nginx test the configuration as the image renders it; what it says goes to standard error.

    Returns:
        Whether the test is successful; warnings do not fail it.
    """
    text = _read(os.path.join(folder, "templates", "nginx.conf.j2"))  # noqa: PTH118 - as above
    if text is None:
        call.err('nginx: [emerg] open() "/etc/nginx/nginx.conf" failed (2: No such file or directory)')
        return False
    rendered = _SLOT.sub(lambda slot: _RENDERED.get(slot[1], slot[1]), text)
    program = call.environment.get(PROGRAM, "")
    return _really(call, program, rendered) if program else _read_only(call, rendered)


def release(call: Call, tag: str) -> Facts | None:
    """The image of this name, now in the registry: what the apps that are pushed from it will be; None without one."""
    image: Facts | None = call.world.facts.get("images", {}).get(tag)
    if image is not None:
        image["pushed"] = True
        kind, _, number = tag.rpartition("/")[2].partition(":release-")
        software = call.world.facts["kinds"].setdefault(kind, {}).setdefault("software", {})
        software.setdefault("nginx", {"latest": image["nginx"]})[number] = image["nginx"]
    return image


def _read(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 - as above
            return file.read()
    except (OSError, UnicodeDecodeError):
        return None


def _really(call: Call, program: str, text: str) -> bool:
    """A real nginx on a real file, in a folder of its own in the sandbox."""
    folder = call.place.path(f".nginx-{os.getpid()}")
    os.makedirs(os.path.join(folder, "logs"), exist_ok=True)  # noqa: PTH103, PTH118 - as above
    file = os.path.join(folder, "nginx.conf")  # noqa: PTH118
    temp = "".join(f"{name}_temp_path {folder}/{name};\n" for name in _FOLDERS)
    with open(file, "w", encoding="utf-8") as stream:  # noqa: PTH123
        stream.write(text.replace("http {", "http {\n" + temp, 1))
    import subprocess

    words = [program, "-t", "-c", file, "-p", folder, "-e", "stderr", "-g", f"pid {folder}/nginx.pid;"]
    try:
        done = subprocess.run(words, capture_output=True, check=False, timeout=20)
    except (OSError, subprocess.SubprocessError):
        return _read_only(call, text)
    for line in done.stderr.decode("utf-8", "replace").splitlines():
        call.err(line.replace(file, "/etc/nginx/nginx.conf"))
    return done.returncode == 0


def _read_only(call: Call, text: str) -> bool:
    """What can be said without nginx: that braces and ends of lines are as they must be."""
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
