"""`cf run-task`, `tasks`, `task`, `terminate-task`: commands that run once beside an app."""

import time

from wizard.platforms.cloudfoundry import lifecycle
from wizard.platforms.cloudfoundry.call import Call
from wizard.platforms.cloudfoundry.cli import common
from wizard.platforms.cloudfoundry.cli.usage import Given
from wizard.platforms.cloudfoundry.things import App, Task
from wizard.platforms.sdk import seeded_random


_SECONDS = (20, 90)
_FAILING = ("false", "exit 1")


def run_task(call: Call, given: Given) -> None:
    """Begin a task; with --wait stay until it is over."""
    common.preflight(call)
    name = given.words[0]
    command = given.get("command")
    common.intro(call, f"Creating task for app {name}")
    found = common.find_app(call, name)
    call.out()
    if not found.staged:
        common.fail(call, "Error running task: App is not staged.")
    number = max((task.id for task in found.tasks), default=0) + 1
    made = Task(
        id=number,
        name=given.get("name") or f"{seeded_random.of_text(found.guid + str(number)) & 0xFFFFFFFF:08x}",
        command=command,
        started=call.world.now,
        seconds=call.world.between(*_SECONDS),
        outcome="FAILED" if command.strip().endswith(_FAILING) else "SUCCEEDED",
    )
    found.tasks.append(made)
    lifecycle.log(call.world, found, f"APP/TASK/{made.name}/0", "OUT", f"Running {command.split(' ')[0]}")
    call.out("Task has been submitted successfully for execution.")
    call.out("OK")
    call.out()
    common.table(call, [["task name:", made.name], ["task id:", str(number)]])
    if given.has("wait"):
        call.out()
        call.out("Waiting for task to complete execution...")
        call.spend(made.seconds)
        call.out()
        if state(made, call.world.now) == "FAILED":
            common.fail(call, "Task failed to complete.")
        call.out("Task has completed successfully.")
        call.out("OK")


def tasks(call: Call, given: Given) -> None:
    """List an app's tasks, the newest first."""
    common.preflight(call)
    name = given.words[0]
    common.intro(call, f"Getting tasks for app {name}")
    found = common.find_app(call, name)
    call.out()
    if not found.tasks:
        call.out("No tasks found for application.")
        return
    rows = [
        [str(one.id), one.name, state(one, call.world.now), _moment(one), one.command] for one in reversed(found.tasks)
    ]
    common.table(call, [["id", "name", "state", "start time", "command"], *rows])


def task(call: Call, given: Given) -> None:
    """Show one task of an app."""
    common.preflight(call)
    name, number = given.words
    common.intro(call, f"Getting task {number} for app {name}")
    one = _find(call, common.find_app(call, name), number)
    call.out()
    rows = [["id:", str(one.id)], ["name:", one.name], ["state:", state(one, call.world.now)]]
    common.table(call, [*rows, ["start time:", _moment(one)], ["command:", one.command]])


def terminate_task(call: Call, given: Given) -> None:
    """End a task that runs."""
    common.preflight(call)
    name, number = given.words
    common.request(call)
    one = _find(call, common.find_app(call, name), number)
    common.intro(call, f"Terminating task {number} of app {name}")
    found = state(one, call.world.now)
    if found != "RUNNING":
        common.fail(call, f"Task state is {found} and therefore cannot be canceled")
    one.seconds, one.outcome = call.world.now - one.started, "FAILED"
    call.out("OK")


def state(one: Task, now: int) -> str:
    """What a task is doing: PENDING for a moment, then RUNNING, then how it ended."""
    if now >= one.started + one.seconds:
        return str(one.outcome)
    return "PENDING" if now < one.started + 2 else "RUNNING"


def _moment(one: Task) -> str:
    return time.strftime("%a, %d %b %Y %H:%M:%S UTC", time.gmtime(one.started))


def _find(call: Call, found: App, number: str) -> Task:
    one = next((task for task in found.tasks if str(task.id) == number), None)
    if one is None:
        common.fail(call, f"Task sequence ID {number} not found.")
    return one
