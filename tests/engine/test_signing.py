"""Signatures with a real ssh key: the right verdict for every wrong one, and never a prompt or a wait."""

import os
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wizard.clock import SystemClock
from wizard.errors import UsageProblem
from wizard.record import signing
from wizard.record.journal import Journal, JournalVerdict, SessionFolder, manifest_hash, verify
from wizard.record.journal.kinds import NAMESPACES
from wizard.record.signing import (
    NotSigned,
    Signature,
    Signed,
    Unsigned,
    check_head,
    fingerprint,
    head_text,
    sign,
    verify_signature,
)


JOURNAL, REHEARSAL = NAMESPACES["live"], NAMESPACES["rehearsal"]
TEXT = b"uplevel-journal-v1\nsession 01\n"


def make_key(path: Path, passphrase: str = "", kind: str = "ed25519") -> Path:
    words = ["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-C", "test", "-f", str(path)]
    subprocess.run(words, check=True, timeout=30, stdin=subprocess.DEVNULL)
    return path


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    make_key(folder / "ann")
    make_key(folder / "bob")
    make_key(folder / "locked", passphrase="secret words")
    make_key(folder / "ecdsa", kind="ecdsa")
    return folder


@pytest.fixture(autouse=True)
def _no_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    socket = tmp_path / "agent"
    with subprocess.Popen(["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.DEVNULL) as process:
        until = time.monotonic() + 10
        while not socket.exists() and time.monotonic() < until:
            os.sched_yield()
        monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
        yield socket
        process.terminate()


def add_to_agent(key: Path) -> None:
    subprocess.run(["ssh-add", "-q", str(key)], check=True, timeout=30, stderr=subprocess.DEVNULL)


def allow(folder: Path, *lines: tuple[str, Path]) -> Path:
    file = folder / "allowed_signers"
    file.write_text("".join(f"{who} {key.with_suffix('.pub').read_text()}" for who, key in lines))
    return file


def signature(key: Path, text: bytes = TEXT, namespace: str = JOURNAL) -> bytes:
    made = sign(text, namespace, key)
    assert isinstance(made, Signature), made
    return made.armoured


@pytest.mark.parametrize("name", ["ann", "ecdsa"])
def test_what_was_signed_verifies_and_names_the_signer(keys: Path, tmp_path: Path, name: str) -> None:
    made = sign(TEXT, JOURNAL, keys / name)
    assert isinstance(made, Signature)
    listed = subprocess.run(["ssh-keygen", "-lf", keys / f"{name}.pub"], capture_output=True, check=True, timeout=30)
    assert made.key == listed.stdout.split()[1].decode()
    allowed = allow(tmp_path, ("bob@example.com", keys / "bob"), ("ann@example.com,ann", keys / name))
    assert verify_signature(TEXT, made.armoured, JOURNAL, allowed) == Signed("ann@example.com", made.key)


def test_every_wrong_signature_is_refused_with_its_reason(keys: Path, tmp_path: Path) -> None:
    allowed = allow(tmp_path, ("ann", keys / "ann"))
    good = signature(keys / "ann")
    wrong = {
        "tampered text": (TEXT + b"x", good, JOURNAL),
        "wrong namespace": (TEXT, good, REHEARSAL),
        "foreign key": (TEXT, signature(keys / "bob"), JOURNAL),
        "tampered signature": (TEXT, good.replace(b"A", b"B", 3), JOURNAL),
        "no signature": (TEXT, b"hello", JOURNAL),
        "empty": (TEXT, b"", JOURNAL),
        "huge": (TEXT, good * 1000, JOURNAL),
    }
    for what, (text, made, namespace) in wrong.items():
        found = verify_signature(text, made, namespace, allowed)
        assert isinstance(found, NotSigned), what
        assert found.why, what
        assert not found.unknown, what


def test_a_key_with_a_limited_time_counts_at_the_time_of_signing(keys: Path, tmp_path: Path) -> None:
    allowed = allow(tmp_path, ('ann valid-before="20260101"', keys / "ann"))
    good = signature(keys / "ann")
    assert isinstance(verify_signature(TEXT, good, JOURNAL, allowed, datetime(2025, 6, 1, tzinfo=UTC)), Signed)
    assert isinstance(verify_signature(TEXT, good, JOURNAL, allowed, datetime(2026, 6, 1, tzinfo=UTC)), NotSigned)


def test_an_allowed_namespace_is_obeyed(keys: Path, tmp_path: Path) -> None:
    allowed = allow(tmp_path, (f'ann namespaces="{REHEARSAL}"', keys / "ann"))
    assert isinstance(verify_signature(TEXT, signature(keys / "ann"), JOURNAL, allowed), NotSigned)


def test_without_a_list_only_the_mathematics_is_checked_and_nobody_named(keys: Path) -> None:
    good = signature(keys / "ann")
    found = verify_signature(TEXT, good, JOURNAL, None)
    assert found == Signed("", fingerprint(good))
    assert isinstance(verify_signature(TEXT + b"x", good, JOURNAL, None), NotSigned)


def test_no_agent_and_no_key_is_unsigned(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert sign(TEXT, JOURNAL) == Unsigned("There is no ssh agent and no signing key in the settings.")
    assert isinstance(sign(TEXT, JOURNAL, tmp_path / "none"), Unsigned)
    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "nobody-listens"))
    found = sign(TEXT, JOURNAL)
    assert isinstance(found, Unsigned)
    assert found.why.startswith("The ssh agent has no key")


def test_a_key_with_a_passphrase_is_unsigned_at_once(keys: Path) -> None:
    began = time.monotonic()
    found = sign(TEXT, JOURNAL, keys / "locked")
    assert isinstance(found, Unsigned)
    assert "could not sign without asking" in found.why
    assert time.monotonic() - began < 5


def test_the_agents_first_key_signs(agent: Path, keys: Path, tmp_path: Path) -> None:
    empty = sign(TEXT, JOURNAL)
    assert isinstance(empty, Unsigned)
    assert "no identities" in empty.why
    add_to_agent(keys / "bob")
    add_to_agent(keys / "ann")
    made = sign(TEXT, JOURNAL)
    assert isinstance(made, Signature)
    allowed = allow(tmp_path, ("bob", keys / "bob"))
    assert verify_signature(TEXT, made.armoured, JOURNAL, allowed) == Signed("bob", made.key)


def test_the_agent_signs_for_a_public_key_of_the_settings(agent: Path, keys: Path, tmp_path: Path) -> None:
    add_to_agent(keys / "bob")
    add_to_agent(keys / "ann")
    public = tmp_path / "ann.pub"
    public.write_bytes((keys / "ann.pub").read_bytes())
    made = sign(TEXT, JOURNAL, public)
    assert isinstance(made, Signature)
    assert isinstance(verify_signature(TEXT, made.armoured, JOURNAL, allow(tmp_path, ("ann", public))), Signed)


def test_an_agent_that_never_answers_does_not_hold_us_up(
    keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "_LIMIT_S", 0.3)
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "ssh-keygen").write_text("#!/bin/sh\nexec sleep 60\n")
    (tools / "ssh-keygen").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    began = time.monotonic()
    found = sign(TEXT, JOURNAL, keys / "ann")
    assert isinstance(found, Unsigned)
    assert "did not answer" in found.why
    assert time.monotonic() - began < 5


def test_without_openssh_nothing_is_signed_and_nothing_is_judged(
    keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = signature(keys / "ann")
    allowed = allow(tmp_path, ("ann", keys / "ann"))
    monkeypatch.setenv("PATH", str(tmp_path))
    found = sign(TEXT, JOURNAL, keys / "ann")
    assert isinstance(found, Unsigned)
    assert "ssh-keygen is not installed" in found.why
    assert verify_signature(TEXT, good, JOURNAL, allowed) == NotSigned("ssh-keygen is not installed.", unknown=True)


def signed_session(sessions: Path, key: Path, *, last: bool = True, mode: str = "live") -> SessionFolder:
    """A closed session signed when it was opened and, if `last`, when it was closed."""
    sessions.mkdir(mode=0o700, exist_ok=True)
    folder = SessionFolder.create(sessions, "01JD0000000000000000000000")
    files = folder.store_procedure({"p.yaml": b"format: 1\n"})
    journal = Journal.create(folder, SystemClock())
    namespace = JOURNAL if mode == "live" else REHEARSAL

    def checkpoint() -> None:
        count, head = len(journal.records), journal.head[1]
        text = head_text(namespace, folder.session_id, mode, count, head)
        made = sign(text, namespace, key)
        assert isinstance(made, Signature)
        file = folder.store_checkpoint(count, text, made.armoured)
        cited = {"count": count, "head": head, "namespace": namespace, "key": made.key, "file": file}
        journal.append("checkpoint.signed", cited, durable=True)

    opened = {"format": 1, "session": folder.session_id, "mode": mode, "files": files, "manifest": manifest_hash(files)}
    journal.append("session.opened", opened, durable=True)
    checkpoint()
    journal.append("noted", {"text": "work"}, durable=True)
    journal.append("session.closed", {"count": len(journal.records), "state": "completed"}, durable=True)
    if last:
        checkpoint()
    journal.close()
    return folder


@pytest.mark.parametrize("mode", ["live", "rehearsal"])
def test_a_session_signed_by_a_trusted_person_is_verified(keys: Path, tmp_path: Path, mode: str) -> None:
    folder = signed_session(tmp_path / "s", keys / "ann", mode=mode)
    allowed = allow(tmp_path, ("ann@example.com", keys / "ann"))
    report = verify(folder.path, signed_by=allowed, check_signature=check_head)
    assert report.title == ("VERIFIED" if mode == "live" else "REHEARSAL VERIFIED")
    assert any("signed by ann@example.com" in note for note in report.notes)


def test_without_a_list_of_ones_own_a_signed_session_stays_unsigned(keys: Path, tmp_path: Path) -> None:
    report = verify(signed_session(tmp_path / "s", keys / "ann").path, check_signature=check_head)
    assert report.verdict is JournalVerdict.UNSIGNED
    assert any("only `--signed-by`" in note for note in report.notes)


def test_a_session_nobody_we_trust_signed_is_broken(keys: Path, tmp_path: Path) -> None:
    folder = signed_session(tmp_path / "s", keys / "bob")
    allowed = allow(tmp_path, ("ann", keys / "ann"))
    report = verify(folder.path, signed_by=allowed, check_signature=check_head)
    assert report.verdict is JournalVerdict.BROKEN
    assert "No signature of anyone you named is under this journal." in report.findings


def test_what_no_signature_covers_is_said(keys: Path, tmp_path: Path) -> None:
    folder = signed_session(tmp_path / "s", keys / "ann", last=False)
    allowed = allow(tmp_path, ("ann", keys / "ann"))
    report = verify(folder.path, signed_by=allowed, check_signature=check_head)
    assert report.verdict is JournalVerdict.BROKEN
    assert "Nothing after record 0 is covered by a signature." in report.findings


def test_a_cut_tail_is_betrayed_by_the_signature_that_is_left(keys: Path, tmp_path: Path) -> None:
    folder = signed_session(tmp_path / "s", keys / "ann")
    lines = folder.journal.read_bytes().splitlines(keepends=True)
    folder.journal.write_bytes(b"".join(lines[:3]))
    report = verify(folder.path)
    assert report.verdict is JournalVerdict.BROKEN
    assert "A signature covers 4 records, but there are 3: the tail was cut." in report.findings


def test_a_missing_or_exchanged_signature_is_seen(keys: Path, tmp_path: Path) -> None:
    folder = signed_session(tmp_path / "s", keys / "ann")
    (folder.checkpoints / "000001.sig").write_bytes((folder.checkpoints / "000004.sig").read_bytes())
    assert verify(folder.path, check_signature=check_head).verdict is JournalVerdict.BROKEN
    (folder.checkpoints / "000001.sig").unlink()
    assert "The signature 000001.sig, cited by record 1, is missing." in verify(folder.path).findings


def test_trusted_signatures_that_cannot_be_checked_are_no_verdict(keys: Path, tmp_path: Path) -> None:
    folder = signed_session(tmp_path / "s", keys / "ann")
    with pytest.raises(UsageProblem, match="cannot be checked here"):
        verify(folder.path, signed_by=tmp_path / "no-such-file", check_signature=check_head)


def test_a_checkpoint_verifies_with_openssh_alone(keys: Path, tmp_path: Path) -> None:
    folder = signed_session(tmp_path / "s", keys / "ann")
    allowed = allow(tmp_path, ("ann", keys / "ann"))
    words = ["ssh-keygen", "-Y", "verify", "-f", str(allowed), "-I", "ann", "-n", JOURNAL]
    with (folder.checkpoints / "000004.head").open("rb") as text:
        done = subprocess.run(
            [*words, "-s", str(folder.checkpoints / "000004.sig")],
            stdin=text,
            capture_output=True,
            timeout=30,
            check=False,
        )
    assert done.returncode == 0
    assert done.stdout.startswith(b'Good "uplevel-journal-v1" signature for ann')
