"""The pretend `curl`: the options that procedures use, on the pretend platform alone."""

from __future__ import annotations

from wizard.rehearsal import web


TYPE_CHECKING = False
if TYPE_CHECKING:
    from wizard.rehearsal.answer import Call

_VALUED = {"-o", "-w", "-H", "-X", "-d", "-m", "-u", "-A"}
_LONG = {
    "--output": "-o",
    "--write-out": "-w",
    "--header": "-H",
    "--request": "-X",
    "--data": "-d",
    "--max-time": "-m",
    "--user-agent": "-A",
    "--silent": "-s",
    "--show-error": "-S",
    "--fail": "-f",
    "--include": "-i",
    "--location": "-L",
    "--head": "-I",
    "--insecure": "-k",
    "--compressed": "-z",
}
_REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 405: "Method Not Allowed"}
_REASONS |= {500: "Internal Server Error", 503: "Service Unavailable"}
_FLAGS = set("sSfiLIkz")
_BAD_OPTION, _NO_HOST, _CANNOT_WRITE, _HTTP_ERROR = 2, 6, 23, 22


class _Asked:
    def __init__(self) -> None:
        self.flags: set[str] = set()
        self.values: dict[str, str] = {}
        self.headers: list[str] = []
        self.urls: list[str] = []

    @property
    def method(self) -> str:
        usual = "HEAD" if "I" in self.flags else "POST" if "-d" in self.values else "GET"
        return self.values.get("-X", usual)


def run(call: Call) -> None:
    """Make the requests; the exit code is curl's own: 0, 6 for an unknown host, 22 for an error with -f."""
    asked = _read(call)
    code = 0
    for url in asked.urls:
        code = _one(call, asked, url) or code
    call.end(code)


def _read(call: Call) -> _Asked:
    asked = _Asked()
    words = list(call.words)
    while words:
        word = words.pop(0)
        word = _LONG.get(word, word)
        if not word.startswith("-") or word == "-":
            asked.urls.append(word)
        elif word in _VALUED:
            if not words:
                _unknown(call, f"option {word}: requires parameter")
            value = words.pop(0)
            asked.values[word] = value
            asked.headers += [value] if word == "-H" else []
        elif word[1:] and set(word[1:]) <= _FLAGS:
            asked.flags |= set(word[1:])
        elif word[:1] == "-" and word[-1] in "owHXdm" and set(word[1:-1]) <= _FLAGS and words:
            asked.flags |= set(word[1:-1])
            asked.values[f"-{word[-1]}"] = words.pop(0)
        else:
            _unknown(call, f"option {word}: is unknown")
    if not asked.urls:
        _unknown(call, "no URL specified")
    return asked


def _unknown(call: Call, problem: str) -> None:
    call.err(f"curl: {problem}")
    call.err("curl: try 'curl --help' or 'curl --manual' for more information")
    call.end(_BAD_OPTION)


def _one(call: Call, asked: _Asked, url: str) -> int:
    pairs = (header.partition(":") for header in asked.headers)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    quiet = "s" in asked.flags and "S" not in asked.flags
    reply = web.visit(call.world, url, method=asked.method, headers=headers, body=asked.values.get("-d", ""))
    if reply is None:
        host = url.partition("://")[2].partition("/")[0] or url
        _say(call, f"curl: ({_NO_HOST}) Could not resolve host: {host}", quiet=quiet)
        return _NO_HOST
    if "f" in asked.flags and reply.status >= 400:
        _say(call, f"curl: ({_HTTP_ERROR}) The requested URL returned error: {reply.status}", quiet=quiet)
        return _HTTP_ERROR
    code = _body(call, asked, reply)
    written = asked.values.get("-w", "").replace("\\n", "\n").replace("%{http_code}", str(reply.status))
    if written:
        call.write(1, written)
    return code


def _say(call: Call, text: str, *, quiet: bool) -> None:
    if not quiet:
        call.err(text)


def _body(call: Call, asked: _Asked, reply: web.Reply) -> int:
    lines = (
        f"HTTP/1.1 {reply.status} {_REASONS.get(reply.status, '')}",
        "Server: nginx",
    )
    head = "\r\n".join([*lines, "", ""])
    text = (head if asked.flags & {"i", "I"} else "") + ("" if "I" in asked.flags else reply.text)
    target = asked.values.get("-o", "-")
    if target == "-":
        call.write(1, text)
    elif target != "/dev/null":
        if not call.place.writable(target):
            call.err(f"curl: ({_CANNOT_WRITE}) Failure writing output to destination")
            return _CANNOT_WRITE
        with open(call.place.path(target), "w", encoding="utf-8") as file:  # noqa: PTH123 - a launcher loads no pathlib
            file.write(text)
    return 0
