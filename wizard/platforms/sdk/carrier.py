"""The process of a pretend command: carries its words to the platform, and does what that wants done here.

What the platform says is printed, lines are read from the terminal, files are written and programs run on this side,
because this side is behind the fence. It imports next to nothing, not even `signal` and `socket` in their Python part:
the operator waits for its start. `calls` is the other end.
"""

import _signal  # type: ignore[import-not-found]  # typeshed has none
import _socket
import os
import sys
import time


CHANNEL = 198  # as `wizard.execution.supervisor.spawn` has it, which is not imported here
"""The descriptor that a command of a rehearsal inherits: a socket to the platform."""

SOCKET = "calls"
"""The socket in the sandbox's folder `lab` for who did not inherit one: a terminal beside the wizard."""

CALL, OUT, ERR, SLEEP, ASK, SAVE, RUN, CAPTURE, END = b"c12zaswro"
"""What a frame is: a call and what the platform answers to it. A reply to it has the kind of what it replies to."""

_GONE, _INTERRUPTED, _NOT_FOUND = 70, 130, 127


def main(sandbox: str, tool: str, python: str) -> None:
    """Answer the command line of this process and end it.

    Args:
        sandbox: The rehearsal's folder.
        tool: The pretend command's name.
        python: The interpreter that has uplevel installed, for a platform that does not run yet.
    """
    _signal.signal(_signal.SIGPIPE, _signal.SIG_DFL)
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    words = [os.fsencode(word) for word in (tool, os.path.realpath("."), *sys.argv[1:])]
    variables = [name + b"=" + value for name, value in os.environb.items()]
    try:
        line = _line(sandbox, python)
        send(line, CALL, b"\0".join([str(len(words)).encode(), *words, *variables]))
        while True:
            _act(line, *receive(line))
    except OSError as problem:
        sys.stderr.write(f"{tool}: the pretend platform of this rehearsal cannot be reached ({problem.strerror}).\n")
        sys.stderr.flush()
        os._exit(_GONE)


def send(line: _socket.socket, kind: int, data: bytes) -> None:
    """Send a frame."""
    line.sendall(bytes([kind]) + len(data).to_bytes(4, "big") + data, _socket.MSG_NOSIGNAL)


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


def _line(sandbox: str, python: str) -> _socket.socket:
    """A line to the platform: through the channel that was inherited, else through the sandbox's socket."""
    try:
        channel = _socket.socket(_socket.AF_UNIX, _socket.SOCK_SEQPACKET, 0, os.dup(CHANNEL))
    except OSError:
        folder = os.open(f"{sandbox}/lab", os.O_PATH)
        line = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        try:
            line.connect(f"/proc/self/fd/{folder}/{SOCKET}")  # the path itself may be longer than an address can be
        except OSError:
            channel = _begin(sandbox, python)
        else:
            return line
    line, theirs = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_STREAM)
    _hand_over(channel, b"c", theirs)
    channel.close()
    return line


def _begin(sandbox: str, python: str) -> _socket.socket:
    """Start the platform of a rehearsal that no wizard has open; it ends with this command."""
    order, theirs = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_STREAM)
    channel, other = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)
    actions = [(os.POSIX_SPAWN_DUP2, theirs.fileno(), 0)]
    os.posix_spawn(python, [python, "-E", "-P", "-m", __package__], os.environ, file_actions=actions, setsid=True)
    theirs.close()
    _hand_over(order, os.fsencode(sandbox), other)
    return channel


def _hand_over(line: _socket.socket, data: bytes, given: _socket.socket) -> None:
    """Send data and a socket beside it, which is ours no longer."""
    rights = given.fileno().to_bytes(4, sys.byteorder)
    line.sendmsg([data], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, rights)], _socket.MSG_NOSIGNAL)
    given.close()


def _act(line: _socket.socket, kind: int, data: bytes) -> None:
    if kind in (OUT, ERR):
        _write(1 if kind == OUT else 2, data)
    elif kind == SLEEP:
        time.sleep(float(data))
    elif kind == ASK:
        # Ctrl-C at a prompt exits 130, as the real client does, from the moment it can be seen.
        _signal.signal(_signal.SIGINT, lambda *_: os._exit(_INTERRUPTED))
        _write(1, data)
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
    """Write a file: its folder, its name, whether it is its owner's alone, its text; 0, or the number of the error."""
    path, name, alone, text = data.split(b"\0", 3)
    how, mode = (os.O_EXCL, 0o600) if alone else (os.O_TRUNC, 0o666)
    try:
        folder = os.open(path, os.O_PATH)
        if alone:
            _remove(name, folder)
        file = os.open(name, os.O_WRONLY | os.O_CREAT | how, mode, dir_fd=folder)
    except OSError as problem:
        return problem.errno or 1
    _write(file, text)
    os.close(file)
    os.close(folder)
    return 0


def _remove(name: bytes, folder: int) -> None:
    try:
        os.unlink(name, dir_fd=folder)
    except FileNotFoundError:
        return


def _run(parts: list[bytes], *, captured: bool) -> bytes:
    """Run a program: how many words, its folder, the words, its variables.

    Returns:
        Its exit code in one byte, then what it said where that is captured.
    """
    count = int(parts[0])
    words, variables = parts[2 : 2 + count], parts[2 + count :]
    # The program hears Ctrl-C too, and its end is ours. A handler, because what is ignored stays so in the program.
    _signal.signal(_signal.SIGINT, lambda *_: None)
    here, there = os.open(".", os.O_PATH), os.open(parts[1], os.O_PATH)
    ours, theirs = os.pipe()
    actions = [(os.POSIX_SPAWN_DUP2, theirs, 1), (os.POSIX_SPAWN_DUP2, theirs, 2)] if captured else []
    environment = dict(variable.split(b"=", 1) for variable in variables)
    try:
        os.fchdir(there)
        pid = os.posix_spawnp(words[0], words, environment, file_actions=actions, setsigdef=[_signal.SIGPIPE])
    except OSError as problem:
        if not captured:
            sys.stderr.write(f"{os.fsdecode(words[0])}: {problem.strerror}\n")
            sys.stderr.flush()
        return bytes([_NOT_FOUND])
    finally:
        os.fchdir(here)
        for file in (here, there, theirs):
            os.close(file)
    said = b""
    while captured and (piece := os.read(ours, 65536)):
        said += piece
    os.close(ours)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    return bytes([code if code >= 0 else 128 - code]) + said
