"""What some programs are known to say: when they did not answer, and when an exit code is an answer after all.

The Cloud Foundry command line says 0 for much that did not happen, and 1 both for "there is none" and for "I could
not ask"; `test`, `grep`, `diff` and uplevel's own comparisons say no by exit 1.
"""

import re


_CF = re.compile(r"(?:^|[\s;|&(/])cf(?:\s|$)")
_CF_NO_ANSWER = (
    (re.compile(r"^Not logged in\b", re.MULTILINE), "cf is not logged in."),
    (re.compile(r"^No API endpoint set\b", re.MULTILINE), "cf has no API endpoint."),
    (re.compile(r"^No (?:org|space|org or space) targeted\b", re.MULTILINE), "cf has no org or space targeted."),
    (
        re.compile(r"^The token expired, was revoked, or the token ID is incorrect\b", re.MULTILINE),
        "The login of cf has expired.",
    ),
    (re.compile(r"^Request error: ", re.MULTILINE), "cf did not reach the platform."),
    (
        re.compile(r"^Error unmarshalling|^Unexpected Response", re.MULTILINE),
        "The platform answered something cf does not know.",
    ),
)
_CF_NONE = re.compile(
    r"^(?:Service instance|App|Service|Route|Service offering|Task|Service key) .*\bnot found\.?$", re.MULTILINE
)
_CF_FAILED = re.compile(r"^FAILED$", re.MULTILINE)
CF_FAILED = "cf says FAILED, and not for a reason that answers the question."
_SAYS_NO_BY_ONE = frozenset("test [ grep egrep fgrep zgrep diff cmp pgrep false uplevel".split())  # noqa: SIM905  a list of words


def is_cf(command: str) -> bool:
    """Whether a command line or script calls cf."""
    return _CF.search(command) is not None


def cf_did_not_answer(output: str, *, expected: bool) -> str | None:
    """Why cf's output is no answer, or None.

    Args:
        output: Stdout and stderr.
        expected: Whether the words the check expects are in it.
    """
    for pattern, sentence in _CF_NO_ANSWER:
        if pattern.search(output):
            return sentence
    if _CF_FAILED.search(output) and not expected and not _CF_NONE.search(output):
        return CF_FAILED
    return None


def says_no(command: str, exit_code: int | None, output: str) -> bool:
    """Whether another exit than the expected one is a no: the thing asked about is not there."""
    if exit_code != 1:
        return False
    words = command.split()
    program = next((word for word in words if "=" not in word), "").rsplit("/", 1)[-1]
    return program in _SAYS_NO_BY_ONE or (is_cf(command) and _CF_NONE.search(output) is not None)
