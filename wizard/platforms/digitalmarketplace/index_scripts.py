"""The pretend scripts of the estate that fill a search index and point an alias to it."""

import json
import time
from typing import NoReturn

from wizard.platforms.cloudfoundry import indices
from wizard.platforms.digitalmarketplace import faults, web
from wizard.platforms.digitalmarketplace.call import Call
from wizard.platforms.digitalmarketplace.estate import at_stage
from wizard.platforms.sdk import drills
from wizard.platforms.sdk.world import Json


_TYPES = ("briefs", "services")
_HUNDRED, _HUNDRED_ALONE = 1, 10
"""EstateWorld seconds for a hundred documents, by ten threads and by one."""
_TOLD = 100
"""Documents that are named one by one when they are not taken."""
_GOING_WRONG, _HTTP_ERROR, _OTHER_ERROR = 1, 1, 2

_USAGE = {
    "index": "Usage: index-to-search-service.py <doc-type> <stage> --index=<index> --frameworks=<frameworks> [options]",
    "alias": "Usage: update-index-alias.py <alias> <target> <search-api-endpoint> [--stage=<stage>] "
    "[--delete-old-index=<yes/no>]",
}
_OPTIONS = {
    "index": (
        *("index", "frameworks", "create-with-mapping"),
        *("api-url", "api-token", "search-api-url", "search-api-token"),
    ),
    "alias": ("stage", "delete-old-index"),
}
_SWITCHES: dict[str, tuple[str, ...]] = {"index": ("serial",), "alias": ()}


class _Run:
    """One call of the script that fills an index.

    Attributes:
        url: The search API's address.
        token: What it is shown.
        index: The index.
        seconds: What a hundred documents take.
    """

    def __init__(self, call: Call, stage: str, options: dict[str, str]) -> None:
        usual = at_stage(call.world.estate.scripts.search_api, stage)
        self.url = options.get("search-api-url", usual).rstrip("/")
        self.token = _token(call, stage, options.get("search-api-token", ""))
        self.index = options["index"]
        self.seconds = _HUNDRED_ALONE if "serial" in options else _HUNDRED


def index(call: Call) -> None:
    """`index-to-search-service.py`: exit 0 only when every document was accepted; logs go to standard error."""
    words, options = _split(call, "index", 2)
    doc_type, stage = words
    if (
        doc_type not in _TYPES
        or stage not in call.world.estate.scripts.stages
        or not options.get("index")
        or not options.get("frameworks")
    ):
        _wrong(call, "index")
    run = _Run(call, stage, options)
    frameworks = options["frameworks"].split(",")
    _log(call, f"Search API URL: {run.url}")
    _log(call, f"Data API URL: {options.get('api-url', at_stage(call.world.estate.scripts.data_api, stage))}")
    if "create-with-mapping" in options:
        _create(call, run, options["create-with-mapping"], frameworks)
    failed = sum(_fill(call, run, framework) for framework in frameworks)
    call.end(_GOING_WRONG if failed else 0)


def _create(call: Call, run: _Run, mapping: str, frameworks: list[str]) -> None:
    held = call.world.estate.scripts.mapping_for
    if not all(mapping == (held(framework) or mapping) for framework in frameworks):
        _traceback(
            call, f"ValueError: Incorrect mapping '{mapping}' for the supplied framework(s): {','.join(frameworks)}"
        )
    _log(call, f"Creating {run.index} index")
    reply = _ask(call, run.token, "PUT", f"{run.url}/{run.index}", {"type": "index", "mapping": mapping})
    if reply is None:
        _traceback(call, f"requests.exceptions.ConnectionError: Failed to resolve '{run.url}'")
    if reply.status != 200:
        _traceback(call, f"dmapiclient.errors.HTTPError: {_message(reply)} (status: {reply.status})")
    _log(call, f"Index creation response: {{'message': '{_message(reply)}'}}")


def _fill(call: Call, run: _Run, framework: str) -> int:
    """Index the documents of one framework; what is not taken is said and does not end it.

    Returns:
        How many were not accepted.
    """
    total = call.world.documents.get(call.world.stage, {}).get(framework, 0)
    began = call.world.now
    trouble = _trouble(call, run)
    lost = total if trouble else 0
    if not trouble:
        spoiled = drills.take(call.world, faults.NotIndexed, framework=framework)
        trouble = "dmapiclient.errors.HTTPError: Request failed (status: 503)"
        lost = min(total, spoiled.count) if spoiled is not None else 0
    at = 0 if lost == total else total // 200 * 100
    for done in range(0, total + 1, 100):
        if done:
            call.spend(run.seconds)
            passed = max(1, call.world.now - began)
            _log(call, f"{done} in 0:{passed // 60:02d}:{passed % 60:02d} ({done / passed:.2f}/s)")
        if lost and done == at:
            _not_taken(call, min(lost, _TOLD), trouble)
    service = web.behind(call.world, run.url)
    if service is not None and lost < total:
        indices.fill(service, run.index, framework, total - lost)
    return lost


def _not_taken(call: Call, count: int, trouble: str) -> None:
    for number in range(count):
        _log(call, f"{90_000_000_000_000 + number} not indexed", "ERROR")
        call.err("Traceback (most recent call last):")
        call.err(trouble)


def _trouble(call: Call, run: _Run) -> str:
    """Why no document at all is taken; empty where they are."""
    reply = _ask(call, run.token, "GET", f"{run.url}/_status?ignore-dependencies")
    if reply is None:
        return f"requests.exceptions.ConnectionError: Failed to resolve '{run.url}'"
    known = _ask(call, run.token, "GET", f"{run.url}/{run.index}/services/search") if reply.status == 200 else reply
    if known is None or known.status != 200:
        told = known or reply
        return f"dmapiclient.errors.HTTPError: {_message(told)} (status: {told.status})"
    return ""


class _SearchApi:
    """The search API as the script that points an alias asks it; an answer that is none ends the script."""

    def __init__(self, call: Call, url: str, token: str) -> None:
        self._call = call
        self._url = url
        self._token = token

    def indices(self) -> dict[str, Json]:
        """What the status page tells of the indices, by name."""
        text = self._ask("GET", "_status", "fetching indexes")
        try:
            found: dict[str, Json] = json.loads(text)["es_status"]
        except (ValueError, LookupError, TypeError, RecursionError) as problem:  # another app than search answers there
            self._call.out(f"Error fetching indexes: {type(problem).__name__}")
            self._call.end(_OTHER_ERROR)
        return found

    def point(self, name: str, target: str) -> None:
        """Let an alias lead to an index."""
        self._ask("PUT", name, f"updating alias {name}", {"type": "alias", "target": target})

    def delete(self, name: str) -> None:
        """Delete an index."""
        self._ask("DELETE", name, f"deleting index {name}")

    def _ask(self, method: str, path: str, deed: str, body: Json | None = None) -> str:
        reply = _ask(self._call, self._token, method, f"{self._url}/{path}", body)
        if reply is None:
            self._call.out(f"Error {deed}: Failed to resolve '{self._url}'")
            self._call.end(_OTHER_ERROR)
        if reply.status != 200:
            self._call.out(f"HTTPError {reply.status} {_message(reply)}: {deed}")
            self._call.end(_HTTP_ERROR)
        return reply.text


def alias(call: Call) -> None:
    """`update-index-alias.py`: exit 1 on an HTTP error, 2 on another."""
    words, options = _split(call, "alias", 3)
    name, target, url = words
    stage = options.get("stage", "development")
    if stage not in call.world.estate.scripts.stages or options.get("delete-old-index", "no") not in {"yes", "no"}:
        _wrong(call, "alias")
    api = _SearchApi(call, url.rstrip("/"), _token(call, stage))
    call.spend(2)
    indices = api.indices()
    call.out("Success fetching indexes")
    call.out("Current indexes and aliases:")
    for known, about in indices.items():
        call.out(f"{known} has aliases {about['aliases']}")
    before, older = (_holder(call, indices, each) for each in (name, f"{name}-old"))
    api.point(name, target)
    if before and before != target:
        api.point(f"{name}-old", before)
    if older and options.get("delete-old-index") == "yes":
        api.delete(older)
        call.out(f"Success deleting index '{older}'.")
    call.out(f"Success updating alias '{name}' to point at the '{target}' index.")


def _holder(call: Call, indices: dict[str, Json], alias_name: str) -> str:
    """The index that an alias leads to; none is usual on a new backend, and said."""
    found = next((known for known, about in indices.items() if alias_name in about["aliases"]), "")
    if not found:
        call.out(f"No index found with the '{alias_name}' alias")
    return found


def _split(call: Call, which: str, count: int) -> tuple[list[str], dict[str, str]]:
    """The words and the options of a call, both `--name=value` and `--name value`."""
    words: list[str] = []
    options: dict[str, str] = {}
    rest = list(call.words)
    while rest:
        word = rest.pop(0)
        if not word.startswith("--"):
            words.append(word)
            continue
        name, given, value = word[2:].partition("=")
        if name in _OPTIONS[which] and (given or rest):
            options[name] = value if given else rest.pop(0)
        elif name in _SWITCHES[which] and not given:
            options[name] = ""
        else:
            _wrong(call, which)
    if len(words) != count:
        _wrong(call, which)
    return words, options


def _token(call: Call, stage: str, given: str = "") -> str:
    """The token for the search API: said, in the environment, the one of a development machine, or the repository's."""
    estate = call.world.estate
    token = given or call.environment.get(at_stage(estate.variables.token, stage.upper()), "")
    if token or stage == "development":
        return token or "myToken"
    repository = call.environment.get(estate.variables.repository, f"../{estate.repositories.credentials}")
    if call.place.root and not call.place.has_folder(repository):
        _traceback(call, f"subprocess.CalledProcessError: sops-wrapper: {repository}: No such file or directory")
    return web.search_token(call.world, stage)


def _wrong(call: Call, which: str) -> NoReturn:
    call.err(_USAGE[which])
    call.end(1)


def _log(call: Call, text: str, level: str = "INFO") -> None:
    moment = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(call.world.now))
    call.err(f"{moment},000 script {level} {text}")


def _traceback(call: Call, last: str) -> NoReturn:
    call.err("Traceback (most recent call last):")
    call.err(last)
    call.end(_GOING_WRONG)


def _ask(call: Call, token: str, method: str, url: str, body: Json | None = None) -> web.Reply | None:
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    return web.visit(call.world, url, method=method, headers=headers, body="" if body is None else json.dumps(body))


def _message(reply: web.Reply) -> str:
    try:
        told = json.loads(reply.text)
    except (ValueError, RecursionError):
        return reply.text.strip()
    message = told.get("message") or told.get("error") or ""
    return str(message[0] if isinstance(message, list) else message)
