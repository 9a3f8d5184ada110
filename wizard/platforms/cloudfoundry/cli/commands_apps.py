"""The verbs about apps: how they are pushed, started, changed, looked at."""

from wizard.platforms.cloudfoundry.cli import apps, change, keep, logs, push, restart, ssh, tasks
from wizard.platforms.cloudfoundry.cli.usage import Flag, Verb


_STRATEGY = Flag("--strategy", about="Deployment strategy: rolling", takes=True)
_NO_WAIT = Flag("--no-wait", about="Exit when the first instance of the web process is healthy")
_FORCE = Flag("-f", about="Force without confirmation")

APPS = {
    "apps": Verb(
        apps.apps,
        "List all apps in the target space",
        flags=[Flag("--labels", about="Selector to filter apps by labels", takes=True)],
        alias="a",
    ),
    "app": Verb(
        apps.app,
        "Display health and status for an app",
        ["APP_NAME"],
        [Flag("--guid", about="Retrieve and display the given app's guid. All other output is suppressed.")],
    ),
    "create-app-manifest": Verb(
        keep.create_app_manifest,
        "Create an app manifest for an app that has been pushed successfully",
        ["APP_NAME"],
        [Flag("-p", about="Specify a path for file creation", takes=True)],
    ),
    "push": Verb(
        push.push,
        "Push a new app or sync changes to an existing app",
        flags=[
            Flag("-f", "--manifest", about="Path to manifest", takes=True),
            Flag("-o", "--docker-image", about="Docker image to use (e.g. user/docker-image-name)", takes=True),
            Flag("--docker-username", about="Repository username; password in CF_DOCKER_PASSWORD", takes=True),
            Flag("-i", "--instances", about="Number of instances", takes=True),
            Flag("-m", "--memory", about="Memory limit (e.g. 256M, 1024M, 1G)", takes=True),
            Flag("-k", "--disk", about="Disk limit (e.g. 256M, 1024M, 1G)", takes=True),
            Flag("-c", "--start-command", about="Startup command", takes=True),
            Flag("-u", "--health-check-type", about="Application health check type", takes=True),
            Flag("-t", "--app-start-timeout", about="Time (in seconds) allowed to elapse until healthy", takes=True),
            Flag("--endpoint", about="Valid path on the app for an HTTP health check", takes=True),
            Flag("--no-manifest", about="Ignore manifest file"),
            Flag("--no-route", about="Do not map a route to this app"),
            Flag("--random-route", about="Create a random route for this app"),
            Flag("--no-start", about="Do not stage and start the app after pushing"),
            _NO_WAIT,
            Flag("--redact-env", about="Do not print values for environment vars set in the manifest", since=8),
            _STRATEGY,
            Flag("--task", about="Push an app that is used only to execute tasks"),
            Flag("--var", about="Variable key value pair for variable substitution", many=True),
            Flag("--vars-file", about="Path to a variable substitution file for manifest", many=True),
        ],
        may=["APP_NAME"],
        alias="p",
    ),
    "start": Verb(restart.start, "Start an app", ["APP_NAME"], alias="st"),
    "stop": Verb(restart.stop, "Stop an app", ["APP_NAME"], alias="sp"),
    "restart": Verb(
        restart.restart,
        "Stop all instances of the app, then start them again",
        ["APP_NAME"],
        [_STRATEGY, _NO_WAIT],
        alias="rs",
    ),
    "restage": Verb(
        restart.restage,
        "Stage the app's latest package and start it anew",
        ["APP_NAME"],
        [_STRATEGY, _NO_WAIT],
        alias="rg",
    ),
    "scale": Verb(
        restart.scale,
        "Change or view the instance count, disk space limit and memory limit for an app",
        ["APP_NAME"],
        [
            Flag("-i", about="Number of instances", takes=True),
            Flag("-k", about="Disk limit (e.g. 256M, 1024M, 1G)", takes=True),
            Flag("-m", about="Memory limit (e.g. 256M, 1024M, 1G)", takes=True),
            _FORCE,
        ],
    ),
    "rename": Verb(change.rename, "Rename an app", ["APP_NAME", "NEW_APP_NAME"]),
    "delete": Verb(
        change.delete,
        "Delete an app",
        ["APP_NAME"],
        [_FORCE, Flag("-r", about="Also delete any mapped routes")],
        alias="d",
    ),
    "env": Verb(apps.env, "Show all env variables for an app", ["APP_NAME"], alias="e"),
    "set-env": Verb(
        change.set_env,
        "Set an env variable for an app",
        ["APP_NAME", "ENV_VAR_NAME", "ENV_VAR_VALUE"],
        alias="se",
        dashes=True,
    ),
    "unset-env": Verb(change.unset_env, "Remove an env variable from an app", ["APP_NAME", "ENV_VAR_NAME"], alias="ue"),
    "logs": Verb(
        logs.logs,
        "Tail or show recent logs for an app",
        ["APP_NAME"],
        [Flag("--recent", about="Dump recent logs instead of tailing")],
    ),
    "events": Verb(logs.events, "Show recent app events", ["APP_NAME"]),
    "ssh": Verb(
        ssh.ssh,
        "SSH to an application container instance",
        ["APP_NAME"],
        [
            Flag("-c", "--command", about="Command to run", many=True),
            Flag("-i", "--app-instance-index", about="App process instance index", takes=True),
            Flag("-L", about="Local port forward specification", many=True),
            Flag("-N", about="Do not execute a remote command"),
        ],
    ),
    "run-task": Verb(
        tasks.run_task,
        "Run a one-off task on an app",
        ["APP_NAME"],
        [
            Flag("-c", "--command", about="The command to execute", takes=True),
            Flag("--name", about="Name to give the task (generated if omitted)", takes=True),
            Flag("-m", about="Memory limit (e.g. 256M, 1024M, 1G)", takes=True),
            Flag("-k", about="Disk limit (e.g. 256M, 1024M, 1G)", takes=True),
            Flag("-w", "--wait", about="Wait for the task to complete before exiting", since=8),
        ],
        alias="rt",
    ),
    "tasks": Verb(tasks.tasks, "List tasks of an app", ["APP_NAME"]),
    "task": Verb(tasks.task, "Display a task of an app", ["APP_NAME", "TASK_ID"], since=8),
    "terminate-task": Verb(tasks.terminate_task, "Terminate a running task of an app", ["APP_NAME", "TASK_ID"]),
}
"""By name, in the order of the help."""
