"""The second fence of a rehearsal: what a child may write, execute and reach, held by the kernel.

Landlock holds files and TCP ports, a seccomp filter holds sockets and what Landlock does not know (owners, modes and
times of files, memory of other processes), and the capabilities of root are dropped. No privilege is needed, and what
the child starts inherits all of it. Reading stays free.
"""

import ctypes
import errno
import functools
import os
import platform
import struct
import sys
from dataclasses import dataclass

from wizard.execution.supervisor import filter_program


_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_RULE_PATH, _RULE_PORT = 1, 2
_VERSION_QUESTION = 1
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
_CAPABILITY_VERSION = 0x20080522

_EXECUTE, _WRITE_FILE, _TRUNCATE, _IOCTL_DEVICE = 1 << 0, 1 << 1, 1 << 14, 1 << 15
_READ = 1 << 2 | 1 << 3
_MAKE_DEVICE = 1 << 6 | 1 << 11
_CONNECT_TCP = 1 << 1
_BIND_AND_CONNECT_TCP = 1 << 0 | _CONNECT_TCP
_SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS = 1 << 0 | 1 << 1

OLDEST_ABI = 3
"""Below this Landlock does not hold truncation, so a file outside could be emptied."""

_PORTS_ABI = 4

DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/tty")
"""Devices that a well-behaved program opens for writing; the child's own terminal is added to them."""


@dataclass(frozen=True, slots=True)
class Confinement:
    """What a confined child may do beside reading.

    Attributes:
        write: Files and folders it may write; in a folder also make, rename and remove.
        execute: Programs it may start, and the loaders and interpreters that these need; a folder means all in it.
        connect: TCP ports it may connect to. Without any it gets no network socket at all.
    """

    write: tuple[str, ...]
    execute: tuple[str, ...]
    connect: tuple[int, ...] = ()


@functools.cache
def supported() -> bool:
    """Whether this machine can hold a child to a confinement: Linux, a known machine type, Landlock, seccomp."""
    known = sys.platform == "linux" and platform.machine() in filter_program.MACHINES
    return known and ctypes.sizeof(ctypes.c_void_p) == 8 and _abi() >= OLDEST_ABI


@functools.cache
def holds_ports() -> bool:
    """Whether it can also hold it to TCP ports; else a confined child has no network at all."""
    return supported() and _abi() >= _PORTS_ABI


def apply(confinement: Confinement) -> None:
    """Confine this process for good; called in the child between fork and exec.

    The child's own terminal (standard input, output and error) stays writable. A path that does not exist grants
    nothing. When this raises, the child must not go on: it is confined in part only.

    Args:
        confinement: What stays allowed.

    Raises:
        OSError: The kernel refused; the child is not confined.
    """
    program = filter_program.build(platform.machine(), network=bool(confinement.connect) and _abi() >= _PORTS_ABI)
    ruleset = _ruleset(confinement)
    try:
        _prctl(_PR_SET_NO_NEW_PRIVS, 1)
        _drop_capabilities()
        _syscall(_LANDLOCK_RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)
    _install(program)


def _ruleset(confinement: Confinement) -> int:
    """The descriptor of a Landlock ruleset that grants what the confinement names."""
    abi = _abi()
    every = (1 << (16 if abi >= 5 else 15)) - 1 & ~_READ
    ports = _BIND_AND_CONNECT_TCP if abi >= _PORTS_ABI else 0
    scope = _SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS if abi >= 6 else 0
    wanted = struct.pack("=QQQ", every, ports, scope)[: 24 if abi >= 6 else 16 if abi >= _PORTS_ABI else 8]
    ruleset = _syscall(_LANDLOCK_CREATE, ctypes.c_char_p(wanted), len(wanted), 0)
    for path in confinement.execute:
        _allow_path(ruleset, path, _EXECUTE)
    for path in confinement.write:
        _allow_path(ruleset, path, every & ~_EXECUTE & ~_MAKE_DEVICE)
    for path in DEVICES:
        _allow_path(ruleset, path, every & (_WRITE_FILE | _IOCTL_DEVICE))
    for stream in range(3):
        if os.isatty(stream):
            _allow_path(ruleset, os.ttyname(stream), every & (_WRITE_FILE | _IOCTL_DEVICE))
    for port in confinement.connect if ports else ():
        _syscall(_LANDLOCK_ADD, ruleset, _RULE_PORT, ctypes.c_char_p(struct.pack("=QQ", _CONNECT_TCP, port)), 0)
    return ruleset


def _allow_path(ruleset: int, path: str, rights: int) -> None:
    try:
        beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.EACCES}:
            return
        raise
    try:
        if not os.path.isdir(f"/proc/self/fd/{beneath}"):  # noqa: PTH112 - pathlib is not worth its import in a child
            rights &= _EXECUTE | _WRITE_FILE | _TRUNCATE | _IOCTL_DEVICE
        _syscall(_LANDLOCK_ADD, ruleset, _RULE_PATH, ctypes.c_char_p(struct.pack("=Qi", rights, beneath)), 0)
    finally:
        os.close(beneath)


def _drop_capabilities() -> None:
    """Leave root with the rights of a file owner only; else a root child could mount, trace or set the clock."""
    header = ctypes.c_char_p(struct.pack("=Ii", _CAPABILITY_VERSION, 0))
    nothing = ctypes.c_char_p(bytes(24))
    _syscall(filter_program.MACHINES[platform.machine()].capset, header, nothing)


def _install(program: bytes) -> None:
    code = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.c_char_p(head))


@functools.cache
def _abi() -> int:
    """The Landlock version of the running kernel; 0 where there is none or it is switched off."""
    try:
        return _syscall(_LANDLOCK_CREATE, None, 0, _VERSION_QUESTION)
    except OSError:
        return 0


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _syscall(number: int, *arguments: int | ctypes.c_char_p | None) -> int:
    words = [ctypes.c_long(word) if isinstance(word, int) else word for word in arguments]
    answer = int(_libc().syscall(ctypes.c_long(number), *words))
    if answer < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return answer


def _prctl(option: int, value: int, pointer: ctypes.c_char_p | None = None) -> None:
    zero = ctypes.c_ulong(0)
    if _libc().prctl(ctypes.c_int(option), ctypes.c_ulong(value), pointer or zero, zero, zero) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
