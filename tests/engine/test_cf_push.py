"""The pretend `cf push`: manifests, the difference it shows, and the ways in which a start goes wrong."""

from pathlib import Path

import pytest

from tests.engine.pretend_cf import USER, WHERE, Terminal, failed, lines
from wizard.platforms.cloudfoundry import routes
from wizard.platforms.cloudfoundry.cli import manifest_text


IMAGE = "digitalmarketplace/search-api:release-1234"
NEW, OLD = "search_api_elasticsearch_new", "search_api_elasticsearch"
NO_NAME = (
    "Incorrect Usage: The push command requires an app name. The app name can be supplied as an argument or with a "
    "manifest.yml file."
)
PUSH = f"cf push -f new.yml -o {IMAGE}"
MANIFEST = f"""\
---
applications:
- name: elasticsearch-migration  # the second search-api
  instances: 2
  memory: 512M
  env:
    DM_ELASTICSEARCH_SERVICE_NAME: {NEW}
    DM_API_TOKEN: 's3cret: token'
  routes:
    - route: dm-elasticsearch-migration-preview.cloudapps.digital
  services: [{NEW}, digitalmarketplace_splunk]
"""


@pytest.fixture
def ready(cf: Terminal, tmp_path: Path) -> Terminal:
    """The manifest is written, and the new service is there."""
    (tmp_path / "new.yml").write_text(MANIFEST)
    cf(f"cf create-service elasticsearch small-ha-7.x {NEW} -w")
    return cf


def test_a_push_from_its_first_word_to_the_app(ready: Terminal, tmp_path: Path) -> None:
    answer = ready(PUSH)
    assert answer.exit == 0
    assert answer.stderr == ""
    shown = lines(answer)
    uploaded = next(number for number, line in enumerate(shown) if line.startswith("last uploaded:"))
    assert shown[:uploaded] == [
        f"Pushing app elasticsearch-migration to org digitalmarketplace / space preview as {USER}...",
        f"Applying manifest file {tmp_path}/new.yml...",
        "",
        "Updating with these attributes...",
        "  ---",
        "  applications:",
        "+ - name: elasticsearch-migration",
        "+   instances: 2",
        "+   memory: 512M",
        "+   env:",
        f"+     DM_ELASTICSEARCH_SERVICE_NAME: {NEW}",
        "+     DM_API_TOKEN: 's3cret: token'",
        "+   routes:",
        "+   - route: dm-elasticsearch-migration-preview.cloudapps.digital",
        "+   services:",
        f"+   - {NEW}",
        "+   - digitalmarketplace_splunk",
        "+   docker:",
        f"+     image: {IMAGE}",
        "Manifest applied",
        "",
        "Staging app and tracing logs...",
        "   Staging process started ...",
        "   Staging process finished",
        "",
        "Waiting for app elasticsearch-migration to start...",
        "",
        "Instances starting...",
        "",
        "name:              elasticsearch-migration",
        "requested state:   started",
        "routes:            dm-elasticsearch-migration-preview.cloudapps.digital",
    ]
    assert f"docker image:      {IMAGE}" in shown
    assert "instances:      2/2" in shown
    app = ready.app("elasticsearch-migration")
    assert {entry.name for entry in app.vcap} == {NEW, "digitalmarketplace_splunk"}
    assert ready.bound(NEW) == ["elasticsearch-migration"]


def test_values_of_the_environment_are_shown_unless_they_are_redacted(ready: Terminal) -> None:
    assert "s3cret" in ready(f"{PUSH} --no-start").stdout
    shown = ready(f"{PUSH} --no-start --redact-env").stdout
    assert "s3cret" not in shown
    assert "DM_API_TOKEN: <redacted>" in shown


def test_pushed_again_it_shows_what_changes_and_keeps_its_guid(ready: Terminal) -> None:
    ready(PUSH)
    guid = ready.app("elasticsearch-migration").guid
    shown = lines(ready(f"{PUSH.replace('1234', '1235')} -i 3"))
    assert "  - name: elasticsearch-migration" in shown
    assert "-   instances: 2" in shown
    assert "+   instances: 3" in shown
    assert "+     image: digitalmarketplace/search-api:release-1235" in shown
    assert "    memory: 512M" in shown
    assert ready.app("elasticsearch-migration").guid == guid


def test_not_started_it_waits_for_start(ready: Terminal) -> None:
    assert "There are no running instances of this process." in lines(ready(f"{PUSH} --no-start"))
    assert ready.app("elasticsearch-migration").state == "stopped"
    assert lines(ready("cf start elasticsearch-migration"))[:3] == [
        f"Starting app elasticsearch-migration {WHERE}",
        "",
        "Staging app and tracing logs...",
    ]
    assert ready("cf start elasticsearch-migration").stderr == "App 'elasticsearch-migration' is already started.\n"


def test_a_service_that_is_not_ready_stops_the_push(cf: Terminal, tmp_path: Path) -> None:
    (tmp_path / "new.yml").write_text(MANIFEST)
    said = failed(cf(PUSH))
    assert said == f"For application 'elasticsearch-migration': Service instance '{NEW}' not found"
    cf(f"cf create-service elasticsearch small-ha-7.x {NEW}")
    assert failed(cf(PUSH)) == f"An operation for service instance {NEW} is in progress."
    assert cf.world.space.app("elasticsearch-migration") is None


def test_a_name_that_is_not_bound_ends_in_a_crash(ready: Terminal, tmp_path: Path) -> None:
    (tmp_path / "new.yml").write_text(MANIFEST.replace(f"[{NEW}, ", "["))
    assert failed(ready(PUSH)) == (
        "Start unsuccessful\n\nTIP: use 'cf logs elasticsearch-migration --recent' for more information"
    )
    logs = ready("cf logs elasticsearch-migration --recent").stdout
    assert f"RuntimeError: Unable to find service with name {NEW} in VCAP_SERVICES" in logs


def test_a_failed_service_makes_the_health_check_fail(cf: Terminal, tmp_path: Path) -> None:
    (tmp_path / "new.yml").write_text(MANIFEST)
    cf(f"cf create-service elasticsearch small-ha-7.x {NEW}")
    service = cf.world.space.service(NEW)
    assert service is not None
    service.last.outcome = "failed"
    cf.world.advance(900)
    assert failed(cf(PUSH)).startswith("Start unsuccessful")
    logs = cf("cf logs elasticsearch-migration --recent").stdout
    assert "Failed to make HTTP request to '/_status?ignore-dependencies' on port 8080: 500" in logs


def test_an_app_that_does_not_answer_in_time(ready: Terminal) -> None:
    ready.world.armed = [{"kind": "push_fails", "how": "timeout"}]
    answer = ready(PUSH)
    assert failed(answer).startswith("Start app timeout\n\nTIP: ")
    assert "$PORT" in answer.stderr
    assert answer.seconds >= 300


def test_a_rolling_push_that_fails_leaves_the_old_instances(ready: Terminal, tmp_path: Path) -> None:
    ready(PUSH)
    ready(f"cf rename-service {NEW} away")
    (tmp_path / "new.yml").write_text(MANIFEST.replace(f"[{NEW}, ", "["))
    answer = ready(f"{PUSH.replace('1234', '1235')} --strategy rolling")
    assert answer.exit == 1
    assert "Starting deployment for app elasticsearch-migration..." in answer.stdout
    assert "Waiting for app to deploy..." in answer.stdout
    app = ready.app("elasticsearch-migration")
    assert (app.process, app.image) == ("running", IMAGE)


def test_an_image_that_is_not_there(ready: Terminal) -> None:
    assert failed(ready("cf push x -o digitalmarketplace/nothing:release-1")) == (
        "StagingError - Staging error: staging failed"
    )


def test_a_private_image_needs_its_password(ready: Terminal) -> None:
    line = f"{PUSH} --docker-username robot"
    asked = ready(line, "pw")
    assert asked.stdout.startswith("Environment variable CF_DOCKER_PASSWORD not set.\nDocker password: ")
    assert asked.exit == 0
    assert "Docker password" not in ready(line, CF_DOCKER_PASSWORD="pw").stdout


def test_more_memory_than_the_quota_has(ready: Terminal) -> None:
    ready.world.quota.memory = "40G"
    assert failed(ready(f"{PUSH} -i 60")) == "You have exceeded the memory limit for your organization's quota."
    assert failed(ready("cf scale api -i 60")) == "You have exceeded the memory limit for your organization's quota."


def test_routes_that_a_push_makes(ready: Terminal, tmp_path: Path) -> None:
    def addresses(name: str) -> list[str]:
        return routes.addresses(ready.world.space, ready.app(name))

    image = "digitalmarketplace/api:release-1"
    ready(f"cf push plain -o {image}")
    assert addresses("plain") == ["plain.cloudapps.digital"]
    ready(f"cf push none -o {image} --no-route")
    assert addresses("none") == []
    ready(f"cf push any -o {image} --random-route")
    assert addresses("any")[0].startswith("any-")
    (tmp_path / "new.yml").write_text(MANIFEST.replace("cloudapps.digital", "nowhere.example"))
    said = failed(ready(PUSH))
    assert said.endswith("'dm-elasticsearch-migration-preview.nowhere.example' did not match any existing domains.")


def test_variables_and_other_names(ready: Terminal, tmp_path: Path) -> None:
    (tmp_path / "new.yml").write_text(MANIFEST.replace("512M", "((size))"))
    assert failed(ready(PUSH)) == "Expected to find variables: size"
    assert ready(f"{PUSH} --var size=1G --no-start").exit == 0
    assert ready.app("elasticsearch-migration").memory == "1G"
    assert ready(f"cf push another -f new.yml -o {IMAGE} --var size=1G --no-start").exit == 0
    assert ready.app("another").env["DM_API_TOKEN"] == "s3cret: token"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("cf push x -f absent.yml", "Incorrect Usage: The specified path 'absent.yml' does not exist."),
        ("cf push", NO_NAME),
    ],
)
def test_wrong_usage(cf: Terminal, line: str, complaint: str) -> None:
    answer = cf(line)
    assert (answer.exit, answer.stderr.strip()) == (1, complaint)


def test_an_apps_own_manifest_pushes_it_again(ready: Terminal, tmp_path: Path) -> None:
    ready(PUSH)
    assert lines(ready("cf create-app-manifest elasticsearch-migration -p kept.yml")) == [
        f"Creating an app manifest from current settings of app elasticsearch-migration {WHERE}",
        "",
        "Manifest file created successfully at kept.yml",
        "OK",
    ]
    kept = manifest_text.read((tmp_path / "kept.yml").read_text())
    assert kept["applications"][0]["env"]["DM_API_TOKEN"] == "s3cret: token"
    answer = ready("cf push -f kept.yml")
    assert answer.exit == 0
    assert not [line for line in answer.stdout.splitlines() if line.startswith(("+", "-"))]
    assert failed(ready("cf create-app-manifest api -p ../out.yml")).endswith("permission denied")


@pytest.mark.parametrize(
    "text", ["a: &x 1", "a: *x", "a: !tag 1", "a: 'open", "a: [1", "\ta: 1", "a: 1\n b", "a: 1\na: 2", "a: @x"]
)
def test_what_the_manifests_reader_does_not_know_is_refused(text: str) -> None:
    with pytest.raises(manifest_text.Unreadable):
        manifest_text.read(text)


def test_manifests_are_read_as_they_are_written() -> None:
    value = {"a": ["x: y", "2", "", {"b": "it's", "c": {"d": "- e"}}], "f": [], "g": {}, "h": "yes", "i": "#no"}
    assert manifest_text.read("\n".join(manifest_text.write(value))) == value
    assert manifest_text.read("a: |\n  one\n  two\nb: >\n  three\n  four # no comment\nc: x # comment") == {
        "a": "one\ntwo",
        "b": "three four # no comment",
        "c": "x",
    }
