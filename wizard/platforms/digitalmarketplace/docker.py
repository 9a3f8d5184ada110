"""The pretend `docker`: images of the router built, listed and pushed."""

from typing import NoReturn

from wizard.platforms.digitalmarketplace import index_scripts, nginx, router_config
from wizard.platforms.digitalmarketplace.call import Call
from wizard.platforms.sdk import seeded_random
from wizard.platforms.sdk.invocation import Steps


_WRONG_USAGE = 125
_VALUED = {"-t", "--tag", "-f", "--file", "--build-arg", "--target", "--platform", "-e", "--env", "-v", "-w", "--name"}
_SCRIPTS = {
    "scripts/index-to-search-service.py": index_scripts.index,
    "scripts/update-index-alias.py": index_scripts.alias,
}
"""What the image of the scripts holds."""


def run(call: Call) -> Steps:
    """Carry out `docker build|push|images|run`; exit 1 where the engine refuses, 125 for a wrong call."""
    act = _VERBS.get(call.words[0] if call.words else "")
    if act is None:
        call.err(f"docker: '{' '.join(call.words[:1])}' is not a docker command.")
        call.err("See 'docker --help'")
        call.end(1)
    else:
        steps = act(call)
        if steps is not None:
            yield from steps
    call.end(0)


def _refuse(call: Call, text: str, code: int = 1) -> NoReturn:
    call.err(text)
    call.end(code)


def _split(words: list[str]) -> tuple[dict[str, list[str]], list[str]]:
    """The options before the first word that is none, and the words from there on."""
    options: dict[str, list[str]] = {}
    rest = list(words)
    while rest and rest[0].startswith("-"):
        name, given, value = rest.pop(0).partition("=")
        if name in _VALUED and not given:
            value = rest.pop(0) if rest else ""
        options.setdefault(name, []).append(value)
    return options, rest


def _build(call: Call) -> None:
    options, folders = _split(call.words[1:])
    later, _ = _split(folders[1:])
    tags = [tag for name in ("-t", "--tag") for tag in (*options.get(name, []), *later.get(name, []))]
    if not folders or folders[0].startswith("-"):
        _refuse(call, 'ERROR: "docker buildx build" requires exactly 1 argument.')
    if not nginx.build(call, call.place.path(folders[0]), tags[0] if tags else "<none>:<none>"):
        call.end(1)


def _push(call: Call) -> None:
    _, tags = _split(call.words[1:])
    if len(tags) != 1:
        _refuse(call, '"docker push" requires exactly 1 argument.')
    name, _, release = tags[0].partition(":")
    call.out(f"The push refers to repository [docker.io/{name}]")
    if nginx.release(call, f"{name}:{release or 'latest'}") is None:
        _refuse(call, f"An image does not exist locally with the tag: {name}")
    call.spend(15)
    digest = f"{seeded_random.of_text(tags[0]):016x}" * 4
    call.out(f"{release or 'latest'}: digest: sha256:{digest} size: 2203")


def _images(call: Call) -> None:
    rows = [("REPOSITORY", "TAG", "IMAGE ID")]
    for tag in sorted(call.world.images):
        name, _, release = tag.partition(":")
        rows.append((name, release, f"{seeded_random.of_text(tag):016x}"[:12]))
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    for name, release, number in rows:
        call.out(f"{name:<{widths[0]}}   {release:<{widths[1]}}   {number}")


def _run(call: Call) -> Steps:
    """`docker run [OPTION]... IMAGE nginx -v|-t`, or one of the scripts in theirs."""
    options, words = _split(call.words[1:])
    image, command = (words[0] if words else ""), words[1:]
    if image.partition(":")[0].endswith("/scripts") and command and command[0] in _SCRIPTS:
        pairs = [text.partition("=") for name in ("-e", "--env") for text in options.get(name, [])]
        own = {name: value if given else call.environment.get(name, "") for name, given, value in pairs}
        estate = call.world.estate
        call.environment = {estate.variables.repository: f"/{estate.repositories.credentials}", **own}
        call.words = command[1:]
        _SCRIPTS[command[0]](call)
        return
    built = call.world.images.get(image)
    if built is None:
        call.err(f"Unable to find image '{image if ':' in image else f'{image}:latest'}' locally")
        name = image.partition(":")[0]
        _refuse(call, f"docker: Error response from daemon: pull access denied for {name}.", _WRONG_USAGE)
    if command == ["nginx", "-v"]:
        call.err(f"nginx version: nginx/{built.nginx}")
    elif command == ["nginx", "-t"]:
        tested = yield from router_config.test(call, call.place.path("."))
        call.end(0 if tested else 1)
    else:
        called = " ".join(command[:1])
        _refuse(call, f'docker: Error response from daemon: exec: "{called}": executable file not found in $PATH.', 127)


_VERBS = {"build": _build, "push": _push, "images": _images, "run": _run}
