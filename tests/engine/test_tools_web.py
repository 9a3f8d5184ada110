"""The pretend curl, what the search API and the router answer it, and the jobs for indexes and images."""

import json
import shlex
from pathlib import Path

import pytest

from tests.engine.pretend_cf import Terminal, lines
from wizard.platforms.digitalmarketplace import web


LIVE = "https://dm-search-api-preview.cloudapps.digital"
OLD = "g-cloud-12-2021-06-29"
JSON = "-H 'Content-Type: application/json'"


def bearer(cf: Terminal) -> str:
    return f"-H 'Authorization: Bearer {web.search_token(cf.world, 'preview')}'"


def asked(cf: Terminal, words: str) -> tuple[str, dict[str, object]]:
    """The status and the body of a request with the right token."""
    text = cf(f"curl -sS -w '\\n%{{http_code}}' {bearer(cf)} {words}").stdout
    body, _, status = text.rpartition("\n")
    return status, json.loads(body)


@pytest.mark.parametrize(
    ("words", "code", "out", "err"),
    [
        (f"-sS -o /dev/null -w '%{{http_code}}' {LIVE}/_status", 0, "200", ""),
        (f"-so/dev/null -w%{{response_code}} {LIVE}/_status", 0, "200", ""),
        (f"-sS {LIVE}/nothing", 0, '{"error": "Unauthorized; bearer token must be provided"}\n', ""),
        (f"-fsS {LIVE}/nothing", 22, "", "curl: (22) The requested URL returned error: 401\n"),
        (f"-fs -w '%{{http_code}}' {LIVE}/nothing", 22, "401", ""),
        ("-sS https://nobody.example/x", 6, "", "curl: (6) Could not resolve host: nobody.example\n"),
        ("-s -w '%{http_code}' nobody.example", 6, "000", ""),
        ("-sS --max-time 5 --user-agent x https://nobody.example", 6, "", "curl: (6) Could not resolve host: nobody"),
        ("-sS -I https://www.preview.marketplace.team/", 0, "HTTP/1.1 200 OK\r\nServer: nginx\r\n\r\n", ""),
        ("-sS -o ../outside https://www.preview.marketplace.team/", 23, "", "curl: (23) Failure writing output"),
        ("-sS -o no/folder https://www.preview.marketplace.team/", 23, "", "curl: (23) Failure writing output"),
        ("--wat x", 2, "", "curl: option --wat: is unknown\ncurl: try 'curl --help'"),
        ("-sQ x", 2, "", "curl: option -sQ: is unknown\n"),
        ("-sS -o", 2, "", "curl: option -o: requires parameter\n"),
        ("-sS", 2, "", "curl: (2) no URL specified\n"),
    ],
)
def test_curl_ends_as_curl_does(cf: Terminal, words: str, code: int, out: str, err: str) -> None:
    answer = cf(f"curl {words}")
    assert (answer.exit, answer.stdout) == (code, out)
    assert answer.stderr == err or (err and answer.stderr.startswith(err))


def test_curl_writes_into_a_file_of_the_sandbox(cf: Terminal, tmp_path: Path) -> None:
    assert cf("curl -sSo page https://www.preview.marketplace.team/_status").exit == 0
    assert (tmp_path / "page").read_text() == "nginx healthcheck status ok\n"


def test_while_the_line_is_down_curl_reaches_nobody(cf: Terminal) -> None:
    cf.world.network = False
    answer = cf(f"curl -sS {LIVE}/_status")
    assert (answer.exit, answer.stderr) == (
        6,
        "curl: (6) Could not resolve host: dm-search-api-preview.cloudapps.digital\n",
    )
    point = f"update-index-alias.py --stage=preview g-cloud-12 {OLD} {LIVE}"
    assert cf(point, DM_SEARCH_API_TOKEN_PREVIEW="x").exit == 2


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (f"-X PUT -d '{{}}' {JSON} {LIVE}/x", "401", "Unauthorized"),
        (f"-X PUT -d '{{}}' {JSON} -H 'Authorization: Bearer myToken' {LIVE}/x", "403", "Forbidden"),
    ],
)
def test_the_search_api_knows_its_token(cf: Terminal, words: str, status: str, said: str) -> None:
    answer = cf(f"curl -sS -w '%{{http_code}}' {words}")
    assert answer.stdout.endswith(status)
    assert said in answer.stdout


def test_indices_and_aliases_are_made_through_the_search_api(cf: Terminal) -> None:
    def put(name: str, body: dict[str, str], kind: str = JSON) -> tuple[str, dict[str, object]]:
        return asked(cf, f"-X PUT {kind} -d {shlex.quote(json.dumps(body))} {LIVE}/{name}")

    status, root = asked(cf, f"{LIVE}/")
    assert status == "200"
    assert "services-g-cloud-12" in str(root["field-mappings"])
    good = {"type": "index", "mapping": "services-g-cloud-12"}
    assert put("new", good, "") == ("400", {"error": "Unexpected Content-Type, expecting 'application/json'"})
    assert put("new", good) == ("200", {"message": "acknowledged"})
    assert put("new", good)[0] == "400"
    wrong = {"type": "index", "mapping": "M"}
    assert put("other", wrong) == ("400", {"error": "Mapping definition named 'M' not found."})
    assert put("g-cloud-12", {"type": "alias", "target": "new"}) == ("200", {"message": "acknowledged"})
    assert put("g-cloud-12", {"type": "alias", "target": "nowhere"})[0] == "404"
    refused = {"error": "Index 'new' is aliased as 'g-cloud-12' and cannot be deleted"}
    assert asked(cf, f"-X DELETE {LIVE}/new") == ("400", refused)
    assert asked(cf, f"-X DELETE {LIVE}/{OLD}") == ("200", {"message": "acknowledged"})
    assert asked(cf, f"-X DELETE {LIVE}/{OLD}")[0] == "404"


def test_a_search_tells_how_many_there_are(cf: Terminal) -> None:
    status, found = asked(cf, f"'{LIVE}/g-cloud-12/services/search?q=x'")
    assert status == "200"
    assert found.keys() == {"meta", "documents", "links"}
    assert isinstance(found["meta"], dict)
    assert set(found["meta"]) == {"total", "took", "results_per_page", "query"}
    assert found["meta"]["total"] == 36691
    assert asked(cf, f"{LIVE}/g-cloud-9/services/search")[0] == "404"


@pytest.mark.parametrize(
    ("mode", "www", "api", "assets"),
    [("live", "200", "403", "200"), ("maintenance", "503", "503", "200"), ("recovery", "503", "403", "200")],
)
def test_the_router_answers_by_host_and_mode(cf: Terminal, mode: str, www: str, api: str, assets: str) -> None:
    cf.app("router").env["DM_MODE"] = mode
    for host, wanted in (("www", www), ("api", api), ("assets", assets)):
        where = f"https://{host}.preview.marketplace.team"
        assert cf(f"curl -s -o /dev/null -w '%{{http_code}}' {where}/x").stdout == wanted, host
        assert cf(f"curl -s {where}/_status").stdout == "nginx healthcheck status ok\n"


def documents(cf: Terminal, service: str = "search_api_elasticsearch") -> dict[str, int]:
    found = cf.world.space.service(service)
    assert found is not None
    return {name: index.documents for name, index in found.indices.items()}


def test_the_nightly_jobs_put_what_the_database_holds_behind_the_aliases(cf: Terminal) -> None:
    before = documents(cf)
    cf.world.documents["preview"] = {"g-cloud-12": 5, "digital-outcomes-and-specialists-5": 7}
    job = cf("jenkins update-services-index STAGE=preview")
    assert (job.exit, lines(job)[-1]) == (0, "Finished: SUCCESS")
    assert documents(cf) == {**before, OLD: 5}
    assert cf("jenkins update-briefs-index STAGE=preview").exit == 0
    assert sorted(documents(cf).values()) == [5, 7]
    cf("cf stop search-api")
    job = cf("jenkins update-services-index STAGE=preview")
    assert (job.exit, lines(job)[-1]) == (1, "Finished: FAILURE")


def test_the_job_that_reindexes_brings_documents_and_no_aliases(cf: Terminal) -> None:
    cf("cf create-service elasticsearch small-ha-7.x new -w")
    job = "jenkins reindex-from-remote STAGE=preview FROM=search_api_elasticsearch TO={} TODAY=2023-03-14"
    assert cf(job.format("new")).exit == 0
    found = cf.world.space.service("new")
    assert found is not None
    assert {name: index.aliases for name, index in found.indices.items()} == {
        "g-cloud-12-2023-03-14": [],
        "briefs-digital-outcomes-and-specialists-5-2023-03-14": [],
    }
    assert cf(job.format("nobody")).exit == 1


def test_the_job_that_builds_an_image_and_the_one_that_releases_it(cf: Terminal, tmp_path: Path) -> None:
    build = "jenkins build-image STAGE=preview APPLICATION_NAME=router RELEASE_NAME=release-219"
    assert cf(build).exit == 1, "there is no folder with its sources"
    (tmp_path / "digitalmarketplace-router").mkdir()
    (tmp_path / "digitalmarketplace-router" / "Dockerfile").write_text("FROM nginx:1.23.4\n")
    assert cf(build).exit == 0
    assert any("digitalmarketplace/router" in row for row in lines(cf("docker images")))
    release = cf("jenkins release-app-paas STAGE=preview APPLICATION_NAME=router RELEASE_NAME=release-219")
    assert (release.exit, lines(release)[-2:]) == (0, ["[router] released release-219", "Finished: SUCCESS"])
    assert "nginx/1.23.4" in cf('cf ssh router -c "nginx -v 2>&1"').stdout


@pytest.mark.parametrize("words", ["", "no-such-job STAGE=preview", "smoke-tests", "smoke-tests STAGE=moon"])
def test_a_job_that_cannot_be_started_is_a_wrong_call(cf: Terminal, words: str) -> None:
    assert cf(f"jenkins {words}").exit == 2
