"""The seccomp program of a confined child: which system calls fail, and how.

It closes what Landlock leaves open: sockets other than TCP (agents, docker and name servers are reached by them),
owners, modes and times of files, and the memory, limits and priorities of other processes.
"""

import errno
import struct
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Machine:
    """What the filter must know of one machine type.

    Attributes:
        audit: The kernel's number of the architecture.
        capset: The number of the call that drops capabilities.
        refused: Numbers of calls that fail with EPERM.
        pretended: Numbers of calls that answer 0 and do nothing.
        socket: Number of `socket`.
        socketpair: Number of `socketpair`.
        listen: Number of `listen`.
        sends: Numbers of `sendto`, `sendmsg`, `sendmmsg`.
        utimensat: Number of `utimensat`.
        prlimit: Number of `prlimit64`.
    """

    audit: int
    capset: int
    refused: tuple[int, ...]
    pretended: tuple[int, ...]
    socket: int
    socketpair: int
    listen: int
    sends: tuple[int, int, int]
    utimensat: int
    prlimit: int


# The same everywhere: pidfd_getfd, process_madvise, fchmodat2, setxattrat, removexattrat, file_setattr.
_NEWER = (438, 440, 452, 463, 466, 469)
_IO_URING = (425, 426, 427)

_X86_64 = Machine(
    audit=0xC000003E,
    capset=126,
    refused=(
        *(90, 268, 92, 94, 260, 132, 235, 261),  # chmod, fchmodat, chown, lchown, fchownat, utime, utimes, futimesat
        *(188, 189, 190, 197, 198, 199),  # setxattr and removexattr, each with l and f
        *(101, 310, 311, 312),  # ptrace, process_vm_readv, process_vm_writev, kcmp
        *(319, 272, 308, 250, 248, 249, 321, 298),  # memfd_create, unshare, setns, keys, bpf, perf_event_open
        *(29, 30, 64, 68, 240),  # shared memory, semaphores, message queues
        *(141, 142, 144, 203, 251, 314),  # priorities and processors
        *_NEWER,
    ),
    pretended=(91, 93),  # fchmod, fchown
    socket=41,
    socketpair=53,
    listen=50,
    sends=(44, 46, 307),
    utimensat=280,
    prlimit=302,
)
_AARCH64 = Machine(
    audit=0xC00000B7,
    capset=91,
    refused=(
        *(53, 54),  # fchmodat, fchownat
        *(5, 6, 7, 14, 15, 16),  # setxattr and removexattr, each with l and f
        *(117, 270, 271, 272),  # ptrace, process_vm_readv, process_vm_writev, kcmp
        *(279, 97, 268, 219, 217, 218, 280, 241),  # memfd_create, unshare, setns, keys, bpf, perf_event_open
        *(194, 196, 190, 186, 180),  # shared memory, semaphores, message queues
        *(140, 118, 119, 122, 30, 274),  # priorities and processors
        *_NEWER,
    ),
    pretended=(52, 55),  # fchmod, fchown
    socket=198,
    socketpair=199,
    listen=201,
    sends=(206, 211, 269),
    utimensat=88,
    prlimit=261,
)
MACHINES = {"x86_64": _X86_64, "aarch64": _AARCH64}
"""The machine types, by the name that `uname -m` gives them."""

_LOAD, _AND, _EQUAL, _ABOVE, _ANY_BIT, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
_ALLOW, _FAIL = 0x7FFF0000, 0x00050000
_NUMBER_AT, _ARCH_AT, _ARGUMENTS_AT = 0, 4, 16
_X32_BIT = 0x40000000
_FAST_OPEN = 0x20000000
_STREAM, _TCP = 1, 6
_INET, _INET6 = 2, 10


def build(machine: str, *, network: bool) -> bytes:
    """The filter as the kernel takes it, eight bytes an instruction.

    Args:
        machine: The machine type, a key of `MACHINES`.
        network: Whether TCP sockets may be made at all; Landlock then holds the ports.
    """
    facts = MACHINES[machine]
    code = [_load(_ARCH_AT), *_unless_equal(facts.audit, _fail(errno.EPERM)), _load(_NUMBER_AT)]
    code += [_op(_ABOVE, _X32_BIT, no=1), _fail(errno.ENOSYS)] if facts is _X86_64 else []
    for number in facts.refused:
        code += _when(number, [_fail(errno.EPERM)])
    for number in facts.pretended:
        code += _when(number, [_fail(0)])
    for number in _IO_URING:
        code += _when(number, [_fail(errno.ENOSYS)])
    code += _when(facts.socket, _tcp_only() if network else [_fail(errno.EACCES)])
    code += _when(facts.socketpair, _stream_only())
    code += _when(facts.listen, [_fail(errno.EACCES)])
    for number, flags in zip(facts.sends, (3, 2, 3), strict=True):
        code += _when(number, [_argument(flags), _op(_ANY_BIT, _FAST_OPEN, no=1), _fail(errno.EACCES), _allow()])
    code += _when(facts.utimensat, _by_descriptor_only())
    code += _when(facts.prlimit, [_argument(0), *_unless_equal(0, _fail(errno.EPERM)), _allow()])
    return b"".join([*code, _allow()])


def _tcp_only() -> list[bytes]:
    """Plain TCP over IPv4 or IPv6; Multipath TCP and SCTP are not held by Landlock's ports."""
    refuse = _fail(errno.EACCES)
    return [
        *(_argument(0), _op(_EQUAL, _INET, yes=2), _op(_EQUAL, _INET6, yes=1), refuse),
        *(_argument(1), _op(_AND, 0xF), *_unless_equal(_STREAM, refuse)),
        *(_argument(2), _op(_EQUAL, 0, yes=2), _op(_EQUAL, _TCP, yes=1), refuse),
        _allow(),
    ]


def _stream_only() -> list[bytes]:
    """A datagram socket of a pair could still be sent to an address; a stream is bound to its other end."""
    return [_argument(1), _op(_AND, 0xF), *_unless_equal(_STREAM, _fail(errno.EACCES)), _allow()]


def _by_descriptor_only() -> list[bytes]:
    """Times may be set through an open file (path 0), never by a path, which need not be writable."""
    refuse = _fail(errno.EPERM)
    high = _load(_ARGUMENTS_AT + 8 + 4)
    return [_argument(1), *_unless_equal(0, refuse), high, *_unless_equal(0, refuse), _allow()]


def _when(number: int, body: list[bytes]) -> list[bytes]:
    """The body for one system call; every path through it must return."""
    return [_op(_EQUAL, number, no=len(body)), *body]


def _unless_equal(value: int, verdict: bytes) -> list[bytes]:
    return [_op(_EQUAL, value, yes=1), verdict]


def _op(code: int, value: int, *, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", code, yes, no, value)


def _load(offset: int) -> bytes:
    return _op(_LOAD, offset)


def _argument(position: int) -> bytes:
    """Load the low half of an argument (both machine types are little-endian)."""
    return _load(_ARGUMENTS_AT + 8 * position)


def _allow() -> bytes:
    return _op(_RETURN, _ALLOW)


def _fail(number: int) -> bytes:
    return _op(_RETURN, _FAIL | number)
