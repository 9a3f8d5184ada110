"""Signatures with the operator's own ssh key, by `ssh-keygen -Y`. Never waits for a person, never longer than 5 s.

Nobody is asked for a passphrase: the wizard owns the screen. A key that would need one counts as no key.
"""

import base64
import binascii
import os
import re
import shutil
import struct
import subprocess
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal

from wizard.clock import parse_rfc3339
from wizard.errors import UsageProblem
from wizard.places.plain_file import read_plain
from wizard.settings import GivenSetting, Setting


_LIMIT_S = 5.0
_MOST_BYTES = 64 * 1024
_MOST_SIGNERS = 4 << 20
_LIMIT = re.compile(r'valid-(after|before)="?([0-9]{8,14}Z?)')
_BEGIN, _END = b"-----BEGIN SSH SIGNATURE-----", b"-----END SSH SIGNATURE-----"


def _key_path(given: GivenSetting) -> Path | None:
    """`~` is the home folder, a relative path is below the settings' folder."""
    text = given.text()
    try:
        return given.path.parent / Path(text).expanduser() if text else None
    except RuntimeError as problem:
        raise UsageProblem(
            f"In the settings {given.path}, {given.name} names a home folder nobody has: {text}."
        ) from problem


SIGNING_KEY = Setting("signing_key", _key_path, None)
"""The ssh key that signs the journal: a private key, or the public half of one in the agent."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that was made.

    Attributes:
        armoured: The file that `ssh-keygen -Y verify -s` reads.
        key: Fingerprint of the key, `SHA256:...`.
    """

    armoured: bytes
    key: str


@dataclass(frozen=True, slots=True)
class Unsigned:
    """Why there is no signature.

    Attributes:
        why: A sentence.
        waited: A program did not answer in time; whoever asks again waits again.
    """

    why: str
    waited: bool = False


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that is good.

    Attributes:
        principal: Who signed, as the allowed_signers file names them; empty when only the mathematics was checked.
        key: Fingerprint of the key.
    """

    principal: str
    key: str


@dataclass(frozen=True, slots=True)
class NotSigned:
    """A signature that is not good, or that cannot be judged here.

    Attributes:
        why: A sentence.
        unknown: Whether it could not be judged at all, which is no verdict.
    """

    why: str
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class _Answer:
    code: int | None
    out: bytes
    said: str
    waited: bool = False


def head_text(namespace: str, session: str, mode: str, count: int, head: str) -> bytes:
    """The text that is signed for a head; short enough to be read by the person who signs.

    Args:
        namespace: The ssh signature namespace.
        session: The session's id.
        mode: The session's mode.
        count: How many records the head covers.
        head: The hash of the last of them.
    """
    return f"{namespace}\nsession {session}\nmode {mode}\nrecords {count}\nhead {head}\n".encode()


def sign(text: bytes, namespace: str, key: Path | None = None) -> Signature | Unsigned:
    """Sign a text, at once or not at all.

    Args:
        text: What is signed.
        namespace: What the signature is good for.
        key: A private key without passphrase, or the public half of one in the agent; None for the agent's first key.
    """
    until = time.monotonic() + _LIMIT_S
    with tempfile.TemporaryDirectory(prefix="uplevel-") as private:
        if key is None:
            found = _agents_first_key(until)
            if isinstance(found, Unsigned):
                return found
            key = Path(private, "key.pub")
            key.write_bytes(found)
        elif not key.is_file():
            return Unsigned(f"The signing key {key} is not there.")
        answer = _run(["ssh-keygen", "-Y", "sign", "-f", str(key), "-n", namespace], text, until)
    if answer.code != 0 or _BEGIN not in answer.out:
        return Unsigned(f"The key could not sign without asking: {answer.said}", answer.waited)
    return Signature(answer.out, fingerprint(answer.out))


def _agents_first_key(until: float) -> bytes | Unsigned:
    if not os.environ.get("SSH_AUTH_SOCK"):
        return Unsigned("There is no ssh agent and no signing key in the settings.")
    answer = _run(["ssh-add", "-L"], b"", until)
    if answer.code != 0 or not answer.out.strip():
        return Unsigned(f"The ssh agent has no key: {answer.said}", answer.waited)
    return answer.out.splitlines()[0] + b"\n"


def verify_signature(
    text: bytes,
    signature: bytes,
    namespace: str,
    allowed_signers: Path | None,
    at: datetime | None = None,
) -> Signed | NotSigned:
    """Judge a signature.

    Args:
        text: What was signed.
        signature: The armoured signature.
        namespace: What it must be good for.
        allowed_signers: Who may sign, as the person who verifies has it. None checks the mathematics only, which says
            nothing about who signed: never a reason to trust.
        at: When it was signed, for keys with a limited time; None for now.
    """
    until = time.monotonic() + _LIMIT_S
    if len(signature) > _MOST_BYTES or not fingerprint(signature):
        return NotSigned("It is no ssh signature.")
    if allowed_signers is not None and not allowed_signers.is_file():
        return NotSigned(f"There is no file {allowed_signers} with the people who may sign.", unknown=True)
    if allowed_signers is not None and allowed_signers.stat().st_size > _MOST_SIGNERS:
        return NotSigned(f"{allowed_signers} is longer than any list of the people who may sign.", unknown=True)
    with tempfile.TemporaryDirectory(prefix="uplevel-") as private:
        file = Path(private, "signature")
        file.write_bytes(signature)
        if allowed_signers is None:
            answer = _run(["ssh-keygen", "-Y", "check-novalidate", "-n", namespace, "-s", str(file)], text, until)
            return _judged(answer, "", signature)
        return _judge_by(allowed_signers, file, signature, text, namespace, at=at, until=until)


def _judge_by(
    allowed: Path, file: Path, signature: bytes, text: bytes, namespace: str, *, at: datetime | None, until: float
) -> Signed | NotSigned:
    when = [] if at is None else [f"-Overify-time={at.astimezone(UTC):%Y%m%d%H%M%SZ}"]
    named = _run(["ssh-keygen", "-Y", "find-principals", "-s", str(file), "-f", str(allowed), *when], b"", until)
    if named.code is None:
        return NotSigned(named.said, unknown=True)
    verdict: Signed | NotSigned = NotSigned(_nobody(allowed, signature))
    for principal in named.out.decode("utf-8", "replace").replace(",", "\n").split("\n"):
        if not principal.strip():
            continue
        words = ["ssh-keygen", "-Y", "verify", "-f", str(allowed), "-I", principal.strip(), "-n", namespace]
        answer = _run([*words, *when, "-s", str(file)], text, until)
        verdict = _judged(answer, principal.strip(), signature)
        if isinstance(verdict, Signed):
            break
    return verdict


def _judged(answer: _Answer, principal: str, signature: bytes) -> Signed | NotSigned:
    if answer.code is None:
        return NotSigned(answer.said, unknown=True)
    if answer.code != 0:
        return NotSigned(answer.said)
    return Signed(principal, fingerprint(signature))


def check_head(
    signature: bytes,
    *,
    namespace: str,
    session: str,
    mode: str,
    count: int,
    head: str,
    at: str,
    signed_by: Path | None,
) -> tuple[Literal["good", "expired", "bad", "unknown"], str]:
    """What a signature under a head is worth; `wizard.record.journal.verify` takes this as its `check_signature`.

    When it was made only the record tells, so a key that is not valid today is called that, whatever the record says.

    Returns:
        good and who signed; expired and whose key; bad and why; unknown and why it cannot be told.
    """
    try:
        when: datetime | None = parse_rfc3339(at)
    except ValueError:
        when = None
    text = head_text(namespace, session, mode, count, head)
    found = verify_signature(text, signature, namespace, signed_by, when)
    if isinstance(found, Signed):
        who = f"{found.principal} with {found.key}" if found.principal else found.key
        today = found if signed_by is None else verify_signature(text, signature, namespace, signed_by)
        if isinstance(today, Signed):
            return "good", who
        return ("unknown", today.why) if today.unknown else ("expired", who)
    return ("unknown" if found.unknown else "bad"), found.why


def _nobody(allowed: Path, signature: bytes) -> str:
    """Why a signature is nobody's, or not any more: a key with a limited time is called that."""
    try:
        lines = read_plain(allowed, _MOST_SIGNERS, follow=True).decode("utf-8", "replace").splitlines()
    except OSError:
        lines = []
    key = base64.b64encode(_key_of(signature)).decode("ascii")
    for line in lines:
        words = line.split()
        limits = _LIMIT.findall(line)
        if key in words and limits:
            told = " and ".join(f"{when} {date}" for when, date in limits)
            return f"The key {fingerprint(signature)} of {words[0]} is valid {told} only."
    return f"The key {fingerprint(signature)} is nobody's you named."


def fingerprint(signature: bytes) -> str:
    """The fingerprint of the key in an armoured signature, as `ssh-keygen -l` prints it; empty when it is none."""
    key = _key_of(signature)
    return "SHA256:" + base64.b64encode(sha256(key).digest()).rstrip(b"=").decode("ascii") if key else ""


def _key_of(signature: bytes) -> bytes:
    """The public key in an armoured signature; empty when it is none."""
    begin, end = signature.find(_BEGIN), signature.find(_END)
    if begin < 0 or end < begin:
        return b""
    try:
        blob = base64.b64decode(signature[begin + len(_BEGIN) : end])
        magic, _version, length = struct.unpack_from(">6sII", blob)
    except (binascii.Error, struct.error):
        return b""
    key = blob[14 : 14 + length]
    return key if magic == b"SSHSIG" and len(key) == length else b""


def _run(words: list[str], text: bytes, until: float) -> _Answer:
    """Run an OpenSSH program away from the terminal, so that it can neither ask nor draw."""
    program = shutil.which(words[0])
    if program is None:
        return _Answer(None, b"", f"{words[0]} is not installed.")
    environment = {
        **os.environ,
        "LC_ALL": "C",
        "SSH_ASKPASS": shutil.which("false") or "/bin/false",
        "SSH_ASKPASS_REQUIRE": "force",
    }
    try:
        done = subprocess.run(
            [program, *words[1:]],
            input=text,
            capture_output=True,
            timeout=max(0.1, until - time.monotonic()),
            start_new_session=True,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _Answer(None, b"", f"{words[0]} did not answer within {_LIMIT_S:.0f} seconds.", waited=True)
    except OSError as problem:
        return _Answer(None, b"", f"{words[0]} could not be started: {problem.strerror}.")
    return _Answer(done.returncode, done.stdout, _last_line(done.stderr or done.stdout))


def _last_line(said: bytes) -> str:
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing."
