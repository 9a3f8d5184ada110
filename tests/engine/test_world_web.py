"""What the pretend platform's addresses answer: the router, the status pages, and the backend behind search."""

import json
from typing import Any

import pytest

from tests.engine.pretend_cf import Terminal
from wizard.platforms.cloudfoundry.things import SearchIndex
from wizard.platforms.digitalmarketplace import web


LIVE = "https://dm-search-api-preview.cloudapps.digital"


def ask(cf: Terminal, url: str) -> tuple[int, str]:
    reply = web.visit(cf.world, url)
    assert reply is not None
    return reply.status, reply.text


def status(cf: Terminal, url: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ask(cf, f"{url}/_status")[1])
    return found


def test_an_address_leads_to_its_app(cf: Terminal) -> None:
    assert status(cf, "https://dm-api-preview.cloudapps.digital") == {"status": "ok", "version": "release-1560"}
    assert status(cf, "https://dm-preview.cloudapps.digital/user")["version"] == "release-402"
    assert status(cf, "https://dm-preview.cloudapps.digital/users")["version"] == "release-1432"
    assert ask(cf, "www.preview.marketplace.team/_status") == (200, "nginx healthcheck status ok\n")
    assert web.visit(cf.world, "https://elsewhere.example") is None


def test_search_tells_the_indices_of_the_backend_that_its_process_holds(cf: Terminal) -> None:
    service = cf.world.space.service("search_api_elasticsearch")
    assert service is not None
    service.indices["g-cloud-10-2018-10-18"] = SearchIndex(
        "services-g-cloud-10", "g-cloud-10", "18.0.0", documents=37, aliases=["g-cloud-10"]
    )
    found = status(cf, LIVE)
    assert found["es_status"]["g-cloud-10-2018-10-18"] == {
        "num_docs": 37,
        "primary_size": "0.1mb",
        "mapping_version": "18.0.0",
        "max_result_window": "50000",
        "mapping_generated_from_framework": "g-cloud-10",
        "aliases": ["g-cloud-10"],
    }
    cf("cf rename-service search_api_elasticsearch x")  # the process that runs does not notice
    assert status(cf, LIVE)["es_status"] == found["es_status"]


def test_search_without_its_backend_says_so(cf: Terminal) -> None:
    cf("cf delete-service search_api_elasticsearch -f -w")
    code, text = ask(cf, f"{LIVE}/_status?ignore-dependencies")
    assert code == 500
    assert json.loads(text)["message"][0].startswith("Error connecting to elasticsearch (status_code: ")


@pytest.mark.parametrize(
    ("lines", "code", "words"),
    [
        (
            ["cf unmap-route search-api cloudapps.digital -n dm-search-api-preview"],
            404,
            "404 Not Found: Requested route ('dm-search-api-preview.cloudapps.digital') does not exist.",
        ),
        (["cf stop search-api"], 503, "503 Service Unavailable: Requested route has no available endpoints."),
    ],
)
def test_what_the_router_says_when_nobody_serves(cf: Terminal, lines: list[str], code: int, words: str) -> None:
    for line in lines:
        cf(line)
    assert ask(cf, f"{LIVE}/_status") == (code, words + "\n")


def test_metrics_are_served_by_the_root_route_once_theirs_has_no_app(cf: Terminal) -> None:
    cf("cf unmap-route search-api cloudapps.digital -n dm-search-api-preview --path _metrics")
    assert ask(cf, f"{LIVE}/_metrics")[0] != 503
