"""The pretend scripts of digitalmarketplace-scripts that fill a search index and point an alias to it (DOMAIN 1.3)."""

from __future__ import annotations

import json
import time

from wizard.rehearsal import faults, search, web


TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from wizard.rehearsal.answer import Call
    from wizard.rehearsal.world import Facts

_STAGES = ("development", "preview", "staging", "production")
_TYPES = ("briefs", "services")
_HUNDRED = 1
"""World seconds for a hundred documents."""
_USAGE = {
    "index": "Usage: index-to-search-service.py <doc-type> <stage> --index=<index> --frameworks=<frameworks> [options]",
    "alias": "Usage: update-index-alias.py <alias> <target> <search-api-endpoint> [--stage=<stage>] "
    "[--delete-old-index=<yes/no>]",
}


def index(call: Call) -> None:
    """`index-to-search-service.py`: exit 0 only when every document was accepted; logs go to standard error."""
    words, options = _split(call, "index", 2)
    doc_type, stage = words
    if doc_type not in _TYPES or stage not in _STAGES or not options.get("index") or not options.get("frameworks"):
        _wrong(call, "index")
    host = f"https://{call.world.facts.get('hosts', {}).get('search', 'dm-search-api')}-{stage}.cloudapps.digital"
    url = options.get("search-api-url", host).rstrip("/")
    frameworks = options["frameworks"].split(",")
    _log(call, f"Search API URL: {url}")
    _log(call, f"Data API URL: https://dm-api-{stage}.cloudapps.digital")
    mapping = options.get("create-with-mapping")
    if mapping is not None:
        _create(call, url, options["index"], mapping, frameworks)
    failed = sum(_fill(call, url, options["index"], doc_type, framework) for framework in frameworks)
    call.end(1 if failed else 0)


def _create(call: Call, url: str, name: str, mapping: str, frameworks: list[str]) -> None:
    if mapping in search.MAPPINGS and not all(mapping == _mapping_for(framework) for framework in frameworks):
        _traceback(
            call, f"ValueError: Incorrect mapping '{mapping}' for the supplied framework(s): {','.join(frameworks)}"
        )
    _log(call, f"Creating {name} index")
    reply = _put(call, f"{url}/{name}", {"type": "index", "mapping": mapping})
    if reply.status != 200:
        _traceback(call, f"dmapiclient.errors.HTTPError: {_message(reply)} (status: {reply.status})")
    _log(call, f"Index creation response: {{'message': '{_message(reply)}'}}")


def _mapping_for(framework: str) -> str:
    if framework.startswith("digital-outcomes-and-specialists"):
        return "briefs-digital-outcomes-and-specialists-2"
    return "services" if framework == "g-cloud-9" else f"services-{framework}"


def _fill(call: Call, url: str, name: str, doc_type: str, framework: str) -> int:
    """Index the documents of one framework.

    Returns:
        How many were not accepted.
    """
    total = int(call.world.facts.get("documents", {}).get(call.world.facts["stage"], {}).get(framework, 0))
    began = call.world.now
    _reached(call, url)
    spoiled = faults.take(call.world, "not_indexed", framework=framework)
    lost = min(total, int(spoiled.get("count", 37))) if spoiled is not None else 0
    service = _service(call, url)
    if service is None or search.named(service, name) is None:
        call.err(f"{doc_type[:-1]} of {framework} not indexed")
        _traceback(call, f"dmapiclient.errors.HTTPError: no such index [{name}] (status: 404)")
    for done in range(100, total + 1, 100):
        call.spend(_HUNDRED)
        passed = max(1, call.world.now - began)
        call.err(f"{done} in 0:{passed // 60:02d}:{passed % 60:02d} ({done / passed:.2f}/s)")
        if lost and done == total // 200 * 100:
            for at in range(lost):
                call.err(f"{90_000_000_000_000 + at} not indexed")
    search.fill(service, name, framework, total - lost)
    return lost


def alias(call: Call) -> None:
    """`update-index-alias.py`: exit 1 on an HTTP error."""
    words, options = _split(call, "alias", 3)
    name, target, url = words
    if options.get("stage", "development") not in _STAGES:
        _wrong(call, "alias")
    call.spend(2)
    _reached(call, url)
    service = _service(call, url)
    if service is None:
        call.out(f"HTTPError 500 Internal Server Error: updating alias {name}")
        call.end(1)
    call.out("Success fetching indexes")
    call.out("Current indexes and aliases:")
    for known, about in sorted(service["indices"].items()):
        call.out(f"{known} has aliases {about['aliases']}")
    holders = {which: search.named(service, which) for which in (name, f"{name}-old")}
    for which, holder in holders.items():
        if holder is None:
            call.out(f"No index found with the '{which}' alias")
    reply = _put(call, f"{url.rstrip('/')}/{name}", {"type": "alias", "target": target})
    if reply.status != 200:
        call.out(f"HTTPError {reply.status} {_message(reply)}: updating alias {name}")
        call.end(1)
    before = next((known for known, about in service["indices"].items() if about is holders[name]), None)
    if before is not None and before != target:
        search.point(service, f"{name}-old", before)
    call.out(f"Success updating alias '{name}' to point at the '{target}' index.")


def _split(call: Call, which: str, count: int) -> tuple[list[str], dict[str, str]]:
    words = [word for word in call.words if not word.startswith("--")]
    options = dict(word[2:].partition("=")[::2] for word in call.words if word.startswith("--"))
    if len(words) != count:
        _wrong(call, which)
    return words, options


def _wrong(call: Call, which: str) -> NoReturn:
    call.err(_USAGE[which])
    call.end(1)


def _log(call: Call, text: str) -> None:
    moment = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(call.world.now))
    call.err(f"{moment},000 script INFO {text}")


def _traceback(call: Call, last: str) -> NoReturn:
    call.err("Traceback (most recent call last):")
    call.err(last)
    call.end(1)


def _put(call: Call, url: str, body: Facts) -> web.Reply:
    token = {"authorization": "Bearer of-the-credentials-repository"}
    reply = web.visit(call.world, url, method="PUT", headers=token, body=json.dumps(body))
    return reply or web.Reply(0, "")


def _message(reply: web.Reply) -> str:
    try:
        told = json.loads(reply.text)
    except ValueError:
        return reply.text.strip()
    return str(told.get("message") or told.get("error") or "")


def _reached(call: Call, url: str) -> None:
    """End where the search API cannot be reached by this address."""
    reply = web.visit(call.world, f"{url}/_status?ignore-dependencies")
    if reply is None:
        _traceback(call, f"requests.exceptions.ConnectionError: Failed to resolve '{url}'")
    if reply.status in {404, 503}:
        _traceback(call, f"dmapiclient.errors.HTTPError: {reply.text.strip()} (status: {reply.status})")


def _service(call: Call, url: str) -> Facts | None:
    return web.behind(call.world, url)
