"""The pretend CLI's words for what changes apps: names, environments, starts, sizes, tasks; and who is logged in."""

import json

import pytest

from tests.engine.pretend_cf import REDIS, USER, WHERE, Terminal, cells, failed, lines


TIP = "TIP: Use 'cf restage api' to ensure your env variable changes take effect."


def test_rename(cf: Terminal) -> None:
    guid = cf.app("search-api").guid
    assert lines(cf("cf rename search-api search-api-old")) == [
        f"Renaming app search-api to search-api-old {WHERE}",
        "OK",
    ]
    assert cf("cf app search-api-old --guid").stdout == f"{guid}\n"
    assert failed(cf("cf rename search-api x")) == "App 'search-api' not found."
    assert failed(cf("cf rename search-api-old api")) == "App with the name 'api' already exists."


def test_delete_asks_until_it_understands(cf: Terminal) -> None:
    prompt = "Really delete the app api? [yN]: "
    assert cf("cf delete api", "maybe", "n").stdout.splitlines() == [
        f"{prompt}invalid input (not y, n, yes, or no)",
        f"{prompt}App 'api' has not been deleted.",
    ]
    assert lines(cf("cf delete api", "y")) == [f"{prompt}Deleting app api {WHERE}", "OK"]
    again = cf("cf delete api -f")
    assert (again.exit, again.stderr) == (0, "App 'api' does not exist.\n")
    assert lines(again)[-1] == "OK"


def test_the_environment_changes_and_the_process_does_not_notice(cf: Terminal) -> None:
    assert lines(cf("cf set-env api DM_MODE -1")) == [
        f"Setting env variable DM_MODE for app api {WHERE}",
        "OK",
        "",
        TIP,
    ]
    shown = lines(cf("cf env api"))
    assert shown[shown.index("User-Provided:") + 1] == "DM_MODE: -1"
    assert lines(cf("cf unset-env api DM_MODE"))[1:] == ["OK", "", TIP]
    again = cf("cf unset-env api DM_MODE")
    assert (again.exit, again.stderr) == (0, "Env variable DM_MODE was not set.\n")
    assert failed(cf("cf set-env nope A b")) == "App 'nope' not found."


def test_the_way_out_of_the_window_between_two_renames(cf: Terminal) -> None:
    cf("cf rename-service search_api_elasticsearch search_api_elasticsearch_old")
    assert cf("cf restart search-api").exit == 1
    cf("cf set-env search-api DM_ELASTICSEARCH_SERVICE_NAME search_api_elasticsearch_old")
    assert cf("cf restart search-api").exit == 0
    assert cf("jenkins smoke-tests STAGE=preview").exit == 0


def test_credentials_are_in_env_and_in_keys(cf: Terminal) -> None:
    shown = cf("cf env user-frontend").stdout
    services = json.JSONDecoder().raw_decode(shown, shown.index("{"))[0]
    credentials = services["redis"][0]["credentials"]
    assert credentials["password"] in credentials["uri"]
    assert len(credentials["password"]) == 32
    drain = services["user-provided"][0]
    assert drain["syslog_drain_url"] == "https://splunk-preview.digitalmarketplace.example"


def test_stop_and_start(cf: Terminal) -> None:
    assert lines(cf("cf stop api")) == [f"Stopping app api {WHERE}", "OK"]
    again = cf("cf stop api")
    assert (again.exit, again.stderr, lines(again)) == (0, "App 'api' is already stopped.\n", ["OK"])
    assert lines(cf("cf app api"))[-1] == "There are no running instances of this process."
    started = lines(cf("cf start api"))
    assert started[:5] == [
        f"Starting app api {WHERE}",
        "",
        "Waiting for app api to start...",
        "",
        "Instances starting...",
    ]
    assert "instances:      1/1" in started


def test_scale(cf: Terminal) -> None:
    assert "instances:      3/3" in lines(cf("cf scale api -i 3"))
    kept = cf("cf scale api -m 3G", "n")
    assert lines(kept)[-1].endswith("Scaling cancelled")
    assert "memory usage:   3G" in lines(cf("cf scale api -m 3G -f"))
    assert lines(cf("cf scale api"))[0] == f"Showing current scale of app api {WHERE}"
    assert cf("cf scale api -m lots").stderr.startswith("Incorrect Usage: invalid argument for flag `-m'")


def test_tasks(cf: Terminal, cf7: Terminal) -> None:
    assert lines(cf("cf tasks api"))[-1] == "No tasks found for application."
    made = lines(cf('cf run-task api --command "flask db upgrade" --name migrate'))
    assert made == [
        f"Creating task for app api {WHERE}",
        "",
        "Task has been submitted successfully for execution.",
        "OK",
        "",
        "task name:   migrate",
        "task id:     1",
    ]
    shown = lines(cf("cf tasks api"))
    assert shown[:2] == [f"Getting tasks for app api {WHERE}", ""]
    assert cells(shown[2]) == ["id", "name", "state", "start time", "command"]
    assert cells(shown[3])[:3] == ["1", "migrate", "RUNNING"]
    cf.world.advance(100)
    assert cells(lines(cf("cf tasks api"))[3])[2] == "SUCCEEDED"
    assert lines(cf('cf run-task api -c "true" -w'))[-2:] == ["Task has completed successfully.", "OK"]
    assert failed(cf('cf run-task api -c "exit 1" --wait')) == "Task failed to complete."
    assert cells(lines(cf("cf tasks api"))[3])[:3:2] == ["3", "FAILED"]
    assert "state:" in cf("cf task api 3").stdout
    assert cf7("cf task api 1").stderr == "'task' is not a registered command. See 'cf help -a'\n"


def test_a_task_of_an_app_that_was_never_staged(cf: Terminal) -> None:
    cf("cf push x -o digitalmarketplace/api:release-1 --no-start")
    assert failed(cf("cf run-task x -c true")) == "Error running task: App is not staged."


def test_terminate_task(cf: Terminal) -> None:
    cf("cf run-task api -c sleep")
    assert lines(cf("cf terminate-task api 1")) == [f"Terminating task 1 of app api {WHERE}", "OK"]
    assert failed(cf("cf terminate-task api 1")) == "Task state is FAILED and therefore cannot be canceled"
    assert failed(cf("cf terminate-task api 9")) == "Task sequence ID 9 not found."


def test_ssh(cf: Terminal) -> None:
    nginx = cf('cf ssh router -c "nginx -v"')
    assert (nginx.exit, nginx.stdout, nginx.stderr) == (0, "", "nginx version: nginx/1.23.3\n")
    cf("jenkins release-app-paas STAGE=preview APPLICATION_NAME=router RELEASE_NAME=release-219")
    assert cf('cf ssh router -c "nginx -v"').stderr == "nginx version: nginx/1.25.4\n"
    assert cf("cf ssh api -c frobnicate").exit == 127
    assert cf("cf ssh api -c 'printenv PORT'").stdout == "8080\n"
    assert cf("cf ssh api", "echo hello", "exit").stdout.count("hello") == 1
    cf("cf stop api")
    assert failed(cf("cf ssh api -c true")) == "Application 'api' is not in the STARTED state"


def test_a_shell_in_a_container_shows_what_the_process_holds(cf: Terminal) -> None:
    guid = cf.guid(REDIS)
    held = json.loads(cf("cf ssh user-frontend -c 'printenv VCAP_SERVICES'").stdout)
    assert held["redis"][0]["instance_guid"] == guid
    cf("cf bind-service user-frontend digitalmarketplace_api_db")
    assert "postgres" not in json.loads(cf("cf ssh user-frontend -c 'printenv VCAP_SERVICES'").stdout)
    assert "postgres" in cf("cf env user-frontend").stdout


def test_events(cf: Terminal) -> None:
    assert lines(cf("cf events api"))[-1] == "No events for app api."
    cf("cf set-env api A b")
    cf("cf restart api")
    shown = lines(cf("cf events api"))
    assert cells(shown[2]) == ["time", "event", "actor", "description"]
    assert cells(shown[3])[1:] == ["audit.app.restart", USER]
    assert cells(shown[4])[1:] == ["audit.app.update", USER, "environment_json: [PRIVATE DATA HIDDEN]"]


def test_logs_that_cannot_be_had(cf: Terminal) -> None:
    cf.world.armed = [{"kind": "logs_fail"}]
    assert failed(cf("cf logs api --recent")).startswith("Failed to retrieve logs from Log Cache: ")
    assert cf("cf logs api --recent").exit == 0


def test_login_and_logout(cf: Terminal) -> None:
    assert lines(cf("cf logout")) == [f"Logging out {USER}...", "OK"]
    assert failed(cf("cf apps")) == "Not logged in. Use 'cf login' or 'cf login --sso' to log in."
    assert failed(cf("cf login", "", "")) == "Credentials were rejected, please try again."
    back = lines(cf("cf login -u me@example.test -s staging", "secret"))
    assert back[0] == "API endpoint: https://api.cloud.service.gov.uk"
    assert "Targeted org digitalmarketplace." in back
    assert "Targeted space staging." in back
    assert "user:           me@example.test" in back
    assert "secret" not in "".join(back)


def test_auth_takes_words_or_variables(cf: Terminal) -> None:
    assert failed(cf("cf auth")) == "Username and password not provided."
    assert failed(cf("cf auth me")) == "Password not provided."
    done = cf("cf auth", CF_USERNAME="me@example.test", CF_PASSWORD="secret")
    assert lines(done)[-1] == "Use 'cf target' to view or set your target org and space."
    assert cf.world.target.user == "me@example.test"


def test_places(cf: Terminal) -> None:
    assert lines(cf("cf orgs")) == [f"Getting orgs as {USER}...", "", "name", "digitalmarketplace"]
    assert lines(cf("cf spaces"))[2:] == ["name", "preview", "staging", "production"]
    assert len(cf("cf space preview --guid").stdout) == 37
    assert cf("cf space preview --guid").stdout != cf("cf space staging --guid").stdout
    assert failed(cf("cf space moon")) == "Space 'moon' not found."
    assert failed(cf("cf org moon --guid")) == "Organization 'moon' not found."
    assert "total memory:" in cf("cf org-quota medium").stdout
    assert "medium" in cf("cf quotas").stdout


def test_curl(cf: Terminal) -> None:
    def ask(path: str) -> list[dict[str, str]]:
        found: list[dict[str, str]] = json.loads(cf(f"cf curl '{path}'").stdout)["resources"]
        return found

    app, service = cf.app("search-api").guid, cf.guid("search_api_elasticsearch")
    space = cf("cf space preview --guid").stdout.strip()
    assert [one["guid"] for one in ask(f"/v3/apps?names=search-api&space_guids={space}")] == [app]
    assert [
        one["guid"] for one in ask(f"/v3/service_instances?names=search_api_elasticsearch&space_guids={space}")
    ] == [service]
    assert len(ask(f"/v3/service_credential_bindings?app_guids={app}&service_instance_guids={service}")) == 1
    assert len(ask("/v3/routes?hosts=dm-search-api-preview")) == 2
    assert ask(f"/v3/apps/{app}/processes/web/stats")[0]["state"] == "RUNNING"
    assert json.loads(cf(f"cf curl /v3/apps/{app}/env").stdout)["system_env_json"]["VCAP_SERVICES"]["elasticsearch"]
    missing = cf("cf curl /v3/nothing")
    assert (missing.exit, json.loads(missing.stdout)["errors"][0]["title"]) == (0, "CF-NotFound")
    assert cf("cf curl /v3/nothing --fail").exit == 22
    assert cf("cf curl /v3/apps -X POST").exit == 1


@pytest.mark.parametrize("verb", ["mysql", "install-plugin", "frobnicate"])
def test_a_plugin_that_is_not_there(cf: Terminal, verb: str) -> None:
    answer = cf(f"cf {verb} x")
    assert (answer.exit, answer.stdout) == (1, "")
    assert answer.stderr == f"'{verb}' is not a registered command. See 'cf help -a'\n"
