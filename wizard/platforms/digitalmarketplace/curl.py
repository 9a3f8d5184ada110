"""The pretend `curl`: the options that procedures use, on the pretend platform alone."""

from collections.abc import Generator

from wizard.platforms.digitalmarketplace import web
from wizard.platforms.digitalmarketplace.call import Call
from wizard.platforms.sdk.invocation import Reply, Steps, Wanted


_VALUED = set("owHXdmuA")
_LONG = {
    "--output": "-o",
    "--write-out": "-w",
    "--header": "-H",
    "--request": "-X",
    "--data": "-d",
    "--max-time": "-m",
    "--user": "-u",
    "--user-agent": "-A",
    "--silent": "-s",
    "--show-error": "-S",
    "--fail": "-f",
    "--include": "-i",
    "--location": "-L",
    "--head": "-I",
    "--insecure": "-k",
    "--compressed": "-k",
}
_REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}
_REASONS |= {405: "Method Not Allowed", 500: "Internal Server Error", 503: "Service Unavailable"}
_FLAGS = set("sSfiLIk")
_BAD_OPTION, _NO_HOST, _CANNOT_WRITE, _HTTP_ERROR = 2, 6, 23, 22
_FIRST_ERROR = 400


class _Asked:
    def __init__(self) -> None:
        self.flags: set[str] = set()
        self.values: dict[str, str] = {}
        self.headers: list[str] = []
        self.urls: list[str] = []

    def take(self, letter: str, value: str) -> None:
        """An option that has a value; bodies given more than once are joined, headers are all sent."""
        before = self.values.get("d")
        self.values[letter] = f"{before}&{value}" if letter == "d" and before is not None else value
        self.headers += [value] if letter == "H" else []

    @property
    def method(self) -> str:
        usual = "HEAD" if "I" in self.flags else "POST" if "d" in self.values else "GET"
        return self.values.get("X", usual)

    def sent(self) -> dict[str, str]:
        """The headers, by name in small letters; a body is a form unless something else was said."""
        pairs = (header.partition(":") for header in self.headers)
        usual = {"content-type": "application/x-www-form-urlencoded"} if "d" in self.values else {}
        return {**usual, **{name.strip().lower(): value.strip() for name, _, value in pairs}}


def run(call: Call) -> Steps:
    """Make the requests; the exit code is curl's own: 0, 6 for an unknown host, 22 for an error with -f."""
    asked = _read(call)
    code = 0
    for url in asked.urls:
        code = (yield from _one(call, asked, url)) or code
    call.end(code)


def _read(call: Call) -> _Asked:
    asked = _Asked()
    words = list(call.words)
    while words:
        word = words.pop(0)
        if not word.startswith("-") or word == "-":
            asked.urls.append(word)
            continue
        letters = _LONG.get(word, word)[1:]
        while letters:
            letter, letters = letters[0], letters[1:]
            if letter in _FLAGS:
                asked.flags.add(letter)
                continue
            if letter not in _VALUED:
                _unknown(call, f"option {word}: is unknown")
            if not letters and not words:
                _unknown(call, f"option {word}: requires parameter")
            asked.take(letter, letters or words.pop(0))
            letters = ""
    if not asked.urls:
        _unknown(call, "(2) no URL specified")
    return asked


def _unknown(call: Call, problem: str) -> None:
    call.err(f"curl: {problem}")
    call.err("curl: try 'curl --help' or 'curl --manual' for more information")
    call.end(_BAD_OPTION)


def _one(call: Call, asked: _Asked, url: str) -> Generator[Wanted, Reply, int]:
    quiet = "s" in asked.flags and "S" not in asked.flags
    body = asked.values.get("d", "")
    reply = web.visit(call.world, url, method=asked.method, headers=asked.sent(), body=body)
    if reply is None:
        host = url.partition("://")[2].partition("/")[0] or url.partition("/")[0]
        _say(call, f"curl: ({_NO_HOST}) Could not resolve host: {host}", quiet=quiet)
        code = _NO_HOST
    elif "f" in asked.flags and reply.status >= _FIRST_ERROR:
        _say(call, f"curl: ({_HTTP_ERROR}) The requested URL returned error: {reply.status}", quiet=quiet)
        code = _HTTP_ERROR
    else:
        code = yield from _body(call, asked, reply)
    status = f"{0 if reply is None else reply.status:03d}"
    written = asked.values.get("w", "").replace("\\n", "\n").replace("\\t", "\t")
    if written:
        call.write(1, written.replace("%{http_code}", status).replace("%{response_code}", status))
    return code


def _say(call: Call, text: str, *, quiet: bool) -> None:
    if not quiet:
        call.err(text)


def _body(call: Call, asked: _Asked, reply: web.Reply) -> Generator[Wanted, Reply, int]:
    lines = (
        f"HTTP/1.1 {reply.status} {_REASONS.get(reply.status, '')}",
        "Server: nginx",
    )
    head = "\r\n".join([*lines, "", ""])
    text = (head if asked.flags & {"i", "I"} else "") + ("" if "I" in asked.flags else reply.text)
    target = asked.values.get("o", "-")
    if target == "-":
        call.write(1, text)
    elif target != "/dev/null" and (yield from call.save(target, text)):
        call.err(f"curl: ({_CANNOT_WRITE}) Failure writing output to destination")
        return _CANNOT_WRITE
    return 0
