"""The pretend CLI's words, streams and exit codes, line by line as the real one has them."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.pretend_cf import REDIS, WHERE, Terminal, failed, lines
from tests.played import play
from wizard.platforms.sdk.invocation import AskLine


ATTENTION = (
    "Attention: The plan `medium-ha-6.x` of service `redis` is not free.  The instance `{name}` will incur a cost.  "
    "Contact your administrator if you think this is in error."
)
BAD_JSON = (
    "Invalid configuration provided for -c flag. Please provide a valid JSON object or path to a file containing a "
    "valid JSON object."
)
IMPACT = (
    "This action impacts all resources scoped to this service instance, including service bindings, service keys and "
    "route bindings."
)


def test_target_shows_where_we_are(cf: Terminal) -> None:
    assert lines(cf("cf target")) == [
        "API endpoint:   https://api.cloud.service.gov.uk",
        "API version:    3.131.0",
        "user:           ops@digitalmarketplace.example",
        "org:            digitalmarketplace",
        "space:          preview",
    ]
    assert lines(cf("cf target -s staging"))[-1] == "space:          staging"


def test_a_wrong_target_is_untargeted(cf: Terminal) -> None:
    assert failed(cf("cf target -s prod")) == "Space 'prod' not found."
    after = cf("cf target")
    assert after.exit == 0
    assert lines(after)[-1] == "No space targeted, use 'cf target -s SPACE'"
    assert failed(cf("cf target -o elsewhere")) == "Organization 'elsewhere' not found."
    assert lines(cf("cf target"))[-1] == "No org or space targeted, use 'cf target -o ORG -s SPACE'"
    assert cf("cf target -o digitalmarketplace -s production").exit == 0


def test_preflight_errors_in_their_order(cf: Terminal) -> None:
    target = cf.world.target
    cf.world.network = False
    target.api = target.org = target.space = ""
    target.token = "none"
    said = [failed(cf("cf services"))]
    for mend in ({"api": "https://api"}, {"token": "expired"}, {"org": "digitalmarketplace"}, {"space": "preview"}):
        cf.world.target = replace(cf.world.target, **mend)
        said.append(failed(cf("cf services")))
    cf.world.target.token = "good"
    said.append(failed(cf("cf services")))
    assert said[:5] == [
        "No API endpoint set. Use 'cf login' or 'cf api' to target an endpoint.",
        "Not logged in. Use 'cf login' or 'cf login --sso' to log in.",
        "No org targeted, use 'cf target -o ORG' to target an org.",
        "No space targeted, use 'cf target -s SPACE' to target a space.",
        "The token expired, was revoked, or the token ID is incorrect. Please log back in to re-authenticate.",
    ]
    assert said[5].startswith("Request error: ")
    assert "TIP: If you are behind a firewall and require an HTTP proxy, verify the https_proxy" in said[5]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("cf delete-service", "the required argument `SERVICE_INSTANCE` was not provided"),
        ("cf rename-service", "the required arguments `SERVICE_INSTANCE` and `NEW_SERVICE_INSTANCE` were not provided"),
        ("cf service a --guide", "unknown flag `guide'"),
        ("cf delete-service a -x", "unknown flag `x'"),
        ("cf service a b", 'unexpected argument "b"'),
        ("cf target -o", "expected argument for flag `-o'"),
    ],
)
def test_wrong_usage(cf: Terminal, line: str, complaint: str) -> None:
    answer = cf(line)
    assert answer.exit == 1
    assert answer.stderr.strip() == f"Incorrect Usage: {complaint}"
    assert lines(answer)[0] == "NAME:"
    assert "FAILED" not in answer.stdout


def test_create_begins_and_time_ends_it(cf: Terminal) -> None:
    made = cf(f"cf create-service redis medium-ha-6.x {REDIS}-new")
    assert made.exit == 0
    assert lines(made) == [
        f"Creating service instance {REDIS}-new {WHERE}",
        "",
        f"Create in progress. Use 'cf services' or 'cf service {REDIS}-new' to check operation status.",
        "OK",
    ]
    assert "   status:    create in progress" in lines(cf(f"cf service {REDIS}-new"))
    cf.world.advance(280)
    assert "   status:    create in progress" in lines(cf(f"cf service {REDIS}-new"))
    cf.world.advance(330)
    assert "   status:    create succeeded" in lines(cf(f"cf service {REDIS}-new"))


def test_create_in_version_7(cf7: Terminal) -> None:
    assert lines(cf7(f"cf create-service redis medium-ha-6.x {REDIS}-new")) == [
        f"Creating service instance {REDIS}-new {WHERE}",
        "OK",
        "",
        f"Create in progress. Use 'cf services' or 'cf service {REDIS}-new' to check operation status.",
        "",
        ATTENTION.format(name=f"{REDIS}-new"),
    ]
    assert cf7("cf create-service redis tiny-6.x x -w").stderr.startswith("Incorrect Usage: unknown flag `w'")


def test_create_that_waits(cf: Terminal) -> None:
    answer = cf(f"cf create-service redis medium-ha-6.x {REDIS}-new --wait")
    assert lines(answer)[2:] == [
        "Waiting for the operation to complete....",
        "",
        f"Service instance {REDIS}-new created.",
        "OK",
    ]
    assert 300 <= answer.seconds <= 610


def test_create_that_fails_at_the_broker(cf: Terminal) -> None:
    cf(f"cf create-service redis medium-ha-6.x {REDIS}-new")
    service = cf.world.space.service(f"{REDIS}-new")
    assert service is not None
    service.last.outcome, service.last.message = "failed", "no capacity"
    cf.world.advance(700)
    assert "   status:    create failed" in lines(cf(f"cf service {REDIS}-new"))
    assert "   message:   no capacity" in lines(cf(f"cf service {REDIS}-new"))


def test_who_waits_for_a_create_that_fails_is_told_by_its_exit_code(cf: Terminal) -> None:
    cf.world.armed = [{"kind": "create_failed", "says": "no capacity"}]
    answer = cf(f"cf create-service redis medium-ha-6.x {REDIS}-new --wait")
    assert re.fullmatch(r"Job \([0-9a-f-]{36}\) failed: .+", failed(answer))
    assert "Waiting for the operation to complete...." in answer.stdout


def test_a_service_that_nothing_is_bound_to_says_so(cf: Terminal, cf7: Terminal) -> None:
    for person, sentence in ((cf, "for this service instance."), (cf7, "for this service.")):
        person(f"cf create-service redis medium-ha-6.x {REDIS}-new")
        person.world.advance(900)
        told = [line.strip() for line in lines(person(f"cf service {REDIS}-new"))]
        assert f"There are no bound apps {sentence}" in told


def test_create_on_a_taken_name_says_ok(cf: Terminal) -> None:
    answer = cf(f"cf create-service postgres small-ha-13 {REDIS}")
    assert answer.exit == 0
    assert lines(answer)[-2:] == ["OK", f"Service instance {REDIS} already exists"]
    assert answer.stderr == ""


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            "redis huge-7.x x",
            "The plan 'huge-7.x' could not be found for service offering 'redis' and broker 'elasticache-broker'.",
        ),
        ("mongo tiny x", "Service offering 'mongo' not found."),
        (
            "redis tiny-6.x x -c [1]",
            BAD_JSON,
        ),
    ],
)
def test_create_refused(cf: Terminal, words: str, sentence: str) -> None:
    assert failed(cf(f"cf create-service {words}")) == sentence


def test_create_over_the_quota(cf: Terminal) -> None:
    cf.world.quota.services = 9
    assert failed(cf("cf create-service redis tiny-6.x x")) == "You have exceeded your organization's services limit."
    cf.world.quota.paid = False
    assert failed(cf("cf create-service redis tiny-6.x x")) == (
        "The service instance cannot be created because paid service plans are not allowed for your space."
    )


def test_create_at_one_of_several_brokers(cf: Terminal) -> None:
    cf.world.offerings["redis"].brokers = 2
    assert failed(cf("cf create-service redis tiny-6.x x")) == (
        "Service offering 'redis' is provided by multiple service brokers. "
        "Specify a broker name by using the '-b' flag."
    )
    assert cf("cf create-service redis tiny-6.x x -b elasticache-broker").exit == 0


def test_parameters_inline_and_from_a_file(cf: Terminal, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text('{"maxmemory_policy": "noeviction"}')
    cf(f"cf create-service redis tiny-6.x one -c {tmp_path}/p.json -t a,b")
    assert json.loads(cf("cf service one --params").stdout) == {"maxmemory_policy": "noeviction"}


def test_service_in_full(cf: Terminal) -> None:
    guid = cf.guid(REDIS)
    assert cf(f"cf service {REDIS} --guid").stdout == f"{guid}\n"
    shown = lines(cf(f"cf service {REDIS}"))
    assert shown[:14] == [
        f"Showing info of service {REDIS} {WHERE}",
        "",
        f"name:            {REDIS}",
        f"guid:            {guid}",
        "type:            managed",
        "broker:          elasticache-broker",
        "offering:        redis",
        "plan:            medium-ha-5.x",
        "tags:",
        "offering tags:   elasticache, redis",
        "description:     AWS ElastiCache Redis service",
        "documentation:   https://docs.cloud.service.gov.uk/deploying_services/redis/",
        "dashboard url:",
        "",
    ]
    assert shown[14:16] == ["Showing status of last operation:", "   status:    create succeeded"]
    heads = [line for line in shown if line.startswith("Showing ")][1:]
    assert heads == [
        "Showing status of last operation:",
        "Showing bound apps:",
        "Showing sharing info:",
        "Showing upgrade status:",
    ]
    table = shown[shown.index("Showing bound apps:") + 1 :][:7]
    head = ["name", "binding name", "status", "message", "guid", "created_at"]
    assert [cell.strip() for cell in table[0].split("   ") if cell.strip()] == head
    assert [row.split()[0] for row in table[1:]] == [
        "admin-frontend",
        "brief-responses-frontend",
        "briefs-frontend",
        "buyer-frontend",
        "supplier-frontend",
        "user-frontend",
    ]


def test_service_in_version_7(cf7: Terminal) -> None:
    cf7("cf create-service redis tiny-6.x x")
    shown = lines(cf7("cf service x"))
    assert "service:          redis" in shown
    assert "service broker:   elasticache-broker" in shown
    assert "Showing status of last operation from service x..." in shown
    assert "There are no bound apps for this service." in shown
    assert "bound apps:" in lines(cf7(f"cf service {REDIS}"))
    assert cf7(f"cf service {REDIS} --guid").stdout.strip() == cf7.guid(REDIS)


def test_a_missing_service(cf: Terminal) -> None:
    assert failed(cf("cf service nope")) == "Service instance 'nope' not found"
    answer = cf("cf service nope --guid")
    assert failed(answer) == "Service instance 'nope' not found"
    assert answer.stdout == "FAILED\n"


def test_services(cf: Terminal, cf7: Terminal) -> None:
    shown = lines(cf("cf services"))
    assert shown[:2] == [f"Getting service instances {WHERE}", ""]
    head = ["name", "offering", "plan", "bound apps", "last operation", "broker", "upgrade available"]
    assert [cell.strip() for cell in shown[2].split("   ") if cell.strip()] == head
    assert [row.split()[0] for row in shown[3:]] == [
        "digitalmarketplace_api_db",
        "digitalmarketplace_redis",
        "digitalmarketplace_splunk",
        "re-ip-allowlist-service",
        "search_api_elasticsearch",
    ]
    assert "bound apps" not in cf("cf services --no-apps").stdout
    assert "service         plan" in lines(cf7("cf services"))[2]
    for terminal, words in ((cf, "No service instances found."), (cf7, "No services found")):
        space = terminal.world.space
        space.services, space.bindings, space.apps = {}, {}, {}
        assert lines(terminal("cf services"))[-1] == words


def test_rename(cf: Terminal) -> None:
    guid = cf.guid(REDIS)
    assert lines(cf(f"cf rename-service {REDIS} {REDIS}-old")) == [
        f"Renaming service {REDIS} to {REDIS}-old {WHERE}",
        "OK",
    ]
    assert cf.guid(f"{REDIS}-old") == guid
    missing = cf(f"cf rename-service {REDIS} x")
    assert failed(missing) == f"Service instance '{REDIS}' not found"
    assert "TIP: Use 'cf services' to view all services in this org and space." in lines(missing)
    taken = cf(f"cf rename-service {REDIS}-old search_api_elasticsearch")
    assert failed(taken) == "The service instance name is taken: search_api_elasticsearch"


def test_nothing_moves_while_an_operation_is_in_progress(cf: Terminal) -> None:
    cf("cf create-service redis tiny-6.x x")
    for line in ("cf rename-service x y", "cf delete-service x -f", "cf bind-service api x"):
        assert failed(cf(line)) == "An operation for service instance x is in progress."


def test_delete_asks_until_it_understands(cf: Terminal) -> None:
    prompt = f"Really delete the service instance {REDIS}? [yN]: "
    answer = cf(f"cf delete-service {REDIS}", "maybe", "n")
    assert answer.exit == 0
    assert answer.stdout.splitlines() == [
        IMPACT,
        "This will remove the service instance from any spaces where it has been shared.",
        prompt + "invalid input (not y, n, yes, or no)",
        prompt + "Delete cancelled",
    ]
    assert cf(f"cf delete-service {REDIS}").stdout.endswith("Delete cancelled\n")
    assert cf.world.space.service(REDIS) is not None


def test_delete_waits_for_a_line(cf: Terminal) -> None:
    waiting = play(cf.world, ["cf", "delete-service", REDIS], {}, (), closed=False)
    assert isinstance(waiting.waits, AskLine)
    done = play(cf.world, ["cf", "delete-service", REDIS], {}, ("y",), closed=False)
    assert done.stdout.startswith(waiting.stdout)
    assert done.exit == 0


def test_delete_takes_live_bindings_with_it_in_version_8(cf: Terminal) -> None:
    answer = cf(f"cf delete-service {REDIS} -f")
    assert lines(answer) == [
        f"Deleting service instance {REDIS} {WHERE}",
        "",
        f"Delete in progress. Use 'cf services' or 'cf service {REDIS}' to check operation status.",
        "OK",
    ]
    assert "   status:    delete in progress" in lines(cf(f"cf service {REDIS}"))
    assert cf("jenkins smoke-tests STAGE=preview").exit == 1
    cf.world.advance(200)
    assert failed(cf(f"cf service {REDIS}")) == f"Service instance '{REDIS}' not found"
    again = cf(f"cf delete-service {REDIS} -f")
    assert again.exit == 0
    assert lines(again)[-2:] == [f"Service instance {REDIS} did not exist.", "OK"]


def test_delete_refuses_bound_services_in_version_7(cf7: Terminal) -> None:
    assert failed(cf7(f"cf delete-service {REDIS} -f")) == (
        "Cannot delete service instance. Service keys, bindings, and shares must first be deleted."
    )
    cf7("cf create-service redis tiny-6.x x")
    cf7.world.advance(700)
    assert lines(cf7("cf delete-service x -f"))[-1] == "OK"


def test_delete_that_waits(cf: Terminal) -> None:
    cf("cf create-service redis tiny-6.x x -w")
    assert lines(cf("cf delete-service x -f -w"))[2:] == [
        "Waiting for the operation to complete....",
        "",
        "Service instance x deleted.",
        "OK",
    ]
    assert cf.world.space.service("x") is None
