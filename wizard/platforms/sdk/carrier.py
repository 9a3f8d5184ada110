"""The process of a pretend command: carries its words to the platform, and does what that wants done here.

What the platform says is printed, lines are read from the terminal, files are written and programs run on this side,
because this side is behind the fence. It imports next to nothing, not even `signal` and `socket` in their Python part:
the operator waits for its start. `calls` is the other end.
"""

import _signal
import _socket
import os
import sys
import time


CHANNEL = 198
"""The descriptor that a command of a rehearsal inherits: a socket to the platform."""

SOCKET = "calls"
"""The socket in the sandbox's folder `lab` for who did not inherit one: a terminal beside the wizard."""

CALL, OUT, ERR, SLEEP, ASK, SAVE, RUN, CAPTURE, END = b"c12zaswro"
"""What a frame is: a call and what the platform answers to it. A reply to it has the kind of what it replies to."""

_GONE, _INTERRUPTED, _NOT_FOUND = 70, 130, 127


def main(sandbox: str, tool: str) -> None:
    """Answer the command line of this process and end it."""
    _signal.signal(_signal.SIGPIPE, _signal.SIG_DFL)
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    words = [os.fsencode(word) for word in (tool, os.getcwd(), *sys.argv[1:])]
    variables = [name + b"=" + value for name, value in os.environb.items()]
    try:
        line = _line(sandbox)
        send(line, CALL, b"\0".join([str(len(words)).encode(), *words, *variables]))
        while True:
            _act(line, *receive(line))
    except OSError as problem:
        sys.stderr.write(f"{tool}: the pretend platform of this rehearsal cannot be reached ({problem.strerror}).\n")
        sys.stderr.flush()
        os._exit(_GONE)


def send(line: _socket.socket, kind: int, data: bytes) -> None:
    """Send a frame."""
    line.sendall(bytes([kind]) + len(data).to_bytes(4, "big") + data)


def receive(line: _socket.socket) -> tuple[int, bytes]:
    """The kind and the data of the next frame.

    Raises:
        OSError: The other end is gone.
    """
    head = _exactly(line, 5)
    return head[0], _exactly(line, int.from_bytes(head[1:], "big"))


def _exactly(line: _socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = line.recv(count - len(data))
        if not piece:
            raise OSError(0, "it has ended")
        data += piece
    return data


def _line(sandbox: str) -> _socket.socket:
    """A line to the platform: through the channel that was inherited, else through the sandbox's socket."""
    try:
        channel = _socket.socket(_socket.AF_UNIX, _socket.SOCK_SEQPACKET, 0, os.dup(CHANNEL))
    except OSError:
        folder = os.open(f"{sandbox}/lab", os.O_PATH)
        line = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        line.connect(f"/proc/self/fd/{folder}/{SOCKET}")  # the path itself may be longer than an address can be
        return line
    line, theirs = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_STREAM)
    rights = theirs.fileno().to_bytes(4, sys.byteorder)
    channel.sendmsg([b"c"], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, rights)])
    channel.close()
    theirs.close()
    return line


def _act(line: _socket.socket, kind: int, data: bytes) -> None:
    if kind in (OUT, ERR):
        _write(1 if kind == OUT else 2, data)
    elif kind == SLEEP:
        time.sleep(float(data))
    elif kind == ASK:
        # Ctrl-C at a prompt exits 130, as the real client does.
        _signal.signal(_signal.SIGINT, lambda *_: os._exit(_INTERRUPTED))
        typed = sys.stdin.buffer.readline()
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
        send(line, ASK, typed)
    elif kind == SAVE:
        send(line, SAVE, str(_save(data)).encode())
    elif kind in (RUN, CAPTURE):
        send(line, kind, _run(data.split(b"\0"), captured=kind == CAPTURE))
    elif kind == END:
        os._exit(int(data))


def _write(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]


def _save(data: bytes) -> int:
    """Write a file: its path, whether it is its owner's alone, its text; 0, or the number of the error."""
    path, alone, text = data.split(b"\0", 2)
    try:
        if alone and os.path.lexists(path):
            os.unlink(path)
        how, mode = (os.O_EXCL, 0o600) if alone else (os.O_TRUNC, 0o666)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | how, mode)
    except OSError as problem:
        return problem.errno or 1
    _write(file, text)
    os.close(file)
    return 0


def _run(parts: list[bytes], *, captured: bool) -> bytes:
    """Run a program: how many words, its folder, the words, its variables.

    Returns:
        Its exit code in one byte, then what it said where that is captured.
    """
    count = int(parts[0])
    words, variables = parts[2 : 2 + count], parts[2 + count :]
    # The program hears Ctrl-C too, and its end is ours. A handler, because what is ignored stays so in the program.
    _signal.signal(_signal.SIGINT, lambda *_: None)
    here = os.getcwdb()
    ours, theirs = os.pipe()
    actions = [(os.POSIX_SPAWN_DUP2, theirs, 1), (os.POSIX_SPAWN_DUP2, theirs, 2)] if captured else []
    environment = dict(variable.split(b"=", 1) for variable in variables)
    try:
        os.chdir(parts[1])
        pid = os.posix_spawnp(words[0], words, environment, file_actions=actions, setsigdef=[_signal.SIGPIPE])
    except OSError as problem:
        if not captured:
            sys.stderr.write(f"{os.fsdecode(words[0])}: {problem.strerror}\n")
            sys.stderr.flush()
        return bytes([_NOT_FOUND])
    finally:
        os.close(theirs)
        os.chdir(here)
    said = b""
    while captured and (piece := os.read(ours, 65536)):
        said += piece
    os.close(ours)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    return bytes([code if code >= 0 else 128 - code]) + said
