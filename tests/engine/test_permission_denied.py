"""Advice about the sandbox is given where a path outside was to be written, and nowhere else."""

from dataclasses import replace

import pytest

from tests.engine.test_session_hazards import Story
from wizard.record.events import CheckAnswered
from wizard.session.permission_denied import what_was_denied
from wizard.session.rehearsing import with_advice


SESSION = "01KAQ0000000000000000000"
INSIDE = f"/var/lib/mara/state/uplevel/sessions/{SESSION}/sandbox"

WRITES = [
    "touch: cannot touch '/srv/app/there': Permission denied",
    "touch: setting times of '/srv/app': Permission denied",
    "cp: cannot create regular file \u2018/srv/port/app.yaml\u2019: Permission denied",
    "mkdir: cannot create directory '/srv/new': Permission denied",
    "rm: cannot remove '/srv/app/a file': Permission denied",
    "mv: cannot move 'a' to '/srv/a': Permission denied",
    "ln: failed to create symbolic link '../current': Permission denied",
    "tee: /etc/app.conf: Permission denied",
    "dd: failed to open '/srv/disk': Permission denied",
    "chmod: changing permissions of '/srv/app': Permission denied",
    "sed: couldn't open temporary file /srv/app/sedXyz: Permission denied",
    "tar: /srv/app: Cannot open: Permission denied\ntar: could not create /srv/app: Permission denied",
    "bash: line 1: /srv/app/log: Permission denied",
    "./deploy.sh: line 12: /srv/app/log: Permission denied",
    "/bin/sh: 1: cannot create /srv/app/log: Permission denied",
    "PermissionError: [Errno 13] Permission denied: '/srv/app/state.json'",
    "Error: EACCES: permission denied, open '/srv/app/state.json'",
    "Error: open /srv/app/state.json: permission denied",
    'pg_dump: error: could not open output file "/srv/dump": Permission denied',
    'rsync: [Receiver] mkdir "/srv/app" failed: Permission denied (13)',
    "mktemp: failed to create file via template \u2018/srv/tmp.XXXXXXXXXX\u2019: Permission denied",
    "error: could not lock config file /srv/.gitconfig: Permission denied",
    "Warning: Failed to open the file /srv/out: Permission denied",
    "zsh: permission denied: /srv/out",
    'nginx: [emerg] open() "/var/log/nginx/error.log" failed (13: Permission denied)',
]
CONNECTS = [
    'psql: error: connection to server at "127.0.0.1", port 15432 failed: Permission denied\n\tIs the server running?',
    "Could not connect to Redis at 127.0.0.1:16379: Permission denied",
    "ssh: connect to host bastion port 22: Permission denied",
    "bind [127.0.0.1]:16380: Permission denied",
    "bash: connect: Permission denied\nbash: line 1: /dev/tcp/127.0.0.1/80: Permission denied",
    '  File "/usr/lib/socket.py", line 1\n    sock.connect(sa)\nPermissionError: [Errno 13] Permission denied',
    "dial tcp 10.0.0.1:443: connect: permission denied",
    "curl: (7) Failed to connect to example.org port 443: Permission denied",
    "Cannot connect to the Docker daemon at unix:///var/run/docker.sock: permission denied",
    'psql: error: connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: Permission denied',
]
ELSE = [
    "git@example.org: Permission denied (publickey).",
    "Permission denied, please try again.",
    "mara@10.0.0.1: Permission denied (publickey,password).",
    "ERROR:  permission denied for table users",
    "cat: /etc/shadow: Permission denied",
    "ls: cannot open directory '/root': Permission denied",
    "cp: cannot open '/etc/shadow' for reading: Permission denied",
    "grep: /var/log/auth.log: Permission denied",
    "bash: line 1: /usr/local/bin/deploy: Permission denied",
    "bash: ./deploy.sh: Permission denied",
    "python3: can't open file '/srv/run.py': [Errno 13] Permission denied",
    "find: \u2018/root\u2019: Permission denied",
    f"touch: cannot touch '{INSIDE}/bin/cf': Permission denied",
    "Permission denied",
    "You do not have permission: permission denied for this space",
]
NOTHING = [
    "bind [127.0.0.1]:16380: Address already in use",
    "FATAL:  password authentication failed for user mara",
    "NOAUTH Authentication required.",
    "the connection to the container was closed",
]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        *((text, "path") for text in WRITES),
        *((text, "connection") for text in CONNECTS),
        *((text, "else") for text in ELSE),
        *((text, None) for text in NOTHING),
    ],
)
def test_what_was_denied(text: str, what: str | None) -> None:
    assert what_was_denied(text, SESSION) == what
    assert what_was_denied(f"working\n{text}\nexit 1", SESSION) == what


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        (WRITES[0], "Failed. In a rehearsal a command writes only"),
        (CONNECTS[0], "Failed. In a rehearsal a command con"),
    ],
)
def test_only_what_is_true_of_it_is_advised(text: str, begins: str) -> None:
    state = Story("- {id: s, title: S, run: go}\n").state
    state = replace(state, opened=state.opened.model_copy(update={"mode": "rehearsal"}))
    answer = CheckAnswered(step="s", purpose="expect", index=0, command="go", wanted="", verdict="no", got=text)
    assert with_advice("Failed.", state, [answer]).startswith(begins)


@pytest.mark.parametrize("text", [*ELSE, *NOTHING])
def test_nothing_is_advised_about_the_sandbox_where_it_is_not_in_the_way(text: str) -> None:
    state = Story("- {id: s, title: S, run: go}\n").state
    state = replace(state, opened=state.opened.model_copy(update={"mode": "rehearsal"}))
    # A sandbox is known by the id of its session.
    answer = CheckAnswered(
        step="s",
        purpose="expect",
        index=0,
        command="go",
        wanted="",
        verdict="no",
        got=text.replace(SESSION, state.opened.session),
    )
    assert with_advice("Failed.", state, [answer]) == "Failed."
