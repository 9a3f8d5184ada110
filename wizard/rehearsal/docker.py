"""The pretend `docker`: images of the router built, listed and pushed."""

from __future__ import annotations

from wizard.rehearsal import dice, nginx, router_config


TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from wizard.rehearsal.answer import Call

_WRONG_USAGE = 125


def run(call: Call) -> None:
    """Carry out `docker build|push|images|run`; exit 1 where the engine refuses, 125 for a wrong call."""
    act = _VERBS.get(call.words[0] if call.words else "")
    if act is None:
        call.err(f"docker: '{' '.join(call.words[:1])}' is not a docker command.")
        call.err("See 'docker --help'")
        call.end(1)
    else:
        act(call)
    call.end(0)


def _refuse(call: Call, text: str, code: int = 1) -> NoReturn:
    call.err(text)
    call.end(code)


def _build(call: Call) -> None:
    words = call.words[1:]
    if "-t" not in words[:-1] or len(words) < 3:
        _refuse(call, 'ERROR: "docker buildx build" requires exactly 1 argument.')
    tag = words[words.index("-t") + 1]
    folder = next(word for word in reversed(words) if word not in {tag, "-t"} and not word.startswith("-"))
    if not nginx.build(call, call.place.path(folder), tag):
        call.end(1)


def _push(call: Call) -> None:
    tag = call.words[-1]
    call.out(f"The push refers to repository [docker.io/{tag.partition(':')[0]}]")
    if nginx.release(call, tag) is None:
        _refuse(call, f"An image does not exist locally with the tag: {tag.partition(':')[0]}")
    call.spend(15)
    digest = f"{dice.of_text(tag):016x}" * 4
    call.out(f"{tag.partition(':')[2]}: digest: sha256:{digest} size: 2203")


def _images(call: Call) -> None:
    call.out("REPOSITORY                  TAG            IMAGE ID")
    for tag in sorted(call.world.facts.get("images", {})):
        name, _, release = tag.partition(":")
        call.out(f"{name:<28}{release:<15}{dice.of_text(tag):012x}"[:56])


def _run(call: Call) -> None:
    """`docker run [--rm] IMAGE nginx -v|-t`."""
    words = [word for word in call.words[1:] if word != "--rm"]
    image = call.world.facts.get("images", {}).get(words[0] if words else "")
    if image is None:
        _refuse(call, f"Unable to find image '{' '.join(words[:1])}' locally", _WRONG_USAGE)
    if words[1:] == ["nginx", "-v"]:
        call.err(f"nginx version: nginx/{image['nginx']}")
    elif words[1:] == ["nginx", "-t"]:
        call.end(0 if router_config.test(call, call.place.path(".")) else 1)
    else:
        _refuse(call, f'exec: "{" ".join(words[1:2])}": executable file not found in $PATH', 127)


_VERBS = {"build": _build, "push": _push, "images": _images, "run": _run}
