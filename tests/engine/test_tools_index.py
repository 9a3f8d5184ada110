"""The pretend index scripts against what is known of the real ones: words, streams, exit codes."""

import re
from pathlib import Path

import pytest

from tests.engine.pretend_cf import Terminal, lines
from tests.played import Played
from wizard.platforms.digitalmarketplace import web


FILL = "index-to-search-service.py services preview --frameworks=g-cloud-12 --index=g-cloud-12-2023-03-14"
MADE = f"{FILL} --create-with-mapping=services-g-cloud-12"
LIVE = "https://dm-search-api-preview.cloudapps.digital"
POINT = f"update-index-alias.py --stage=preview g-cloud-12 g-cloud-12-2023-03-14 {LIVE}"
OLD = "g-cloud-12-2021-06-29"
STAMP = re.compile(r"^2023-03-14 \d\d:\d\d:\d\d,000 script (INFO|ERROR) ")


@pytest.fixture
def cf() -> Terminal:
    """A person at the pretend platform; the credentials lie where the scripts look for them."""
    return Terminal()


def indices(cf: Terminal) -> dict[str, list[str]]:
    """The aliases of the live backend's indices, by name."""
    service = cf.world.space.service("search_api_elasticsearch")
    assert service is not None
    return {name: index.aliases for name, index in service.indices.items()}


def logged(answer: Played) -> list[str]:
    """The log without its times; every line that is no part of a traceback has one."""
    assert answer.stdout == "", "logs go to standard error"
    return [STAMP.sub("", line) for line in answer.stderr.splitlines() if STAMP.match(line)]


def test_an_index_is_made_and_filled_and_the_log_tells_how_far_it_is(cf: Terminal) -> None:
    answer = cf(MADE)
    assert answer.exit == 0
    said = logged(answer)
    assert said[:4] == [
        f"Search API URL: {LIVE}",
        "Data API URL: https://dm-api-preview.cloudapps.digital",
        "Creating g-cloud-12-2023-03-14 index",
        "Index creation response: {'message': 'acknowledged'}",
    ]
    assert len(said) == 4 + 36691 // 100
    assert re.fullmatch(r"36600 in 0:\d\d:\d\d \(\d+\.\d\d/s\)", said[-1])
    service = cf.world.space.service("search_api_elasticsearch")
    assert service is not None
    made = service.indices["g-cloud-12-2023-03-14"]
    assert (made.documents, made.mapping_version, made.aliases) == (36691, "18.0.0", [])


def test_briefs_have_one_mapping_whatever_the_number_of_their_framework(cf: Terminal) -> None:
    fill = "index-to-search-service.py briefs preview --frameworks digital-outcomes-and-specialists-5 --index b"
    assert cf(f"{fill} --create-with-mapping briefs-digital-outcomes-and-specialists-2").exit == 0
    assert "b" in indices(cf)


@pytest.mark.parametrize("mapping", ["services", "services-g-cloud-11", "services-g-cloud-21"])
def test_another_mapping_than_the_frameworks_own_is_a_value_error(cf: Terminal, mapping: str) -> None:
    answer = cf(f"{FILL} --create-with-mapping={mapping}")
    assert answer.exit == 1
    wanted = f"ValueError: Incorrect mapping '{mapping}' for the supplied framework(s): g-cloud-12"
    assert answer.stderr.splitlines()[-2:] == ["Traceback (most recent call last):", wanted]
    assert "g-cloud-12-2023-03-14" not in indices(cf)


def test_a_framework_that_the_script_does_not_know_is_the_apps_to_refuse(cf: Terminal) -> None:
    fill = "index-to-search-service.py services preview --frameworks=g-cloud-13 --index=x"
    answer = cf(f"{fill} --create-with-mapping=services-g-cloud-13")
    assert answer.exit == 1
    assert "Mapping definition named 'services-g-cloud-13' not found. (status: 400)" in answer.stderr


def test_an_index_cannot_be_made_twice_and_is_filled_again_without_the_option(cf: Terminal) -> None:
    assert cf(MADE).exit == 0
    again = cf(MADE)
    assert again.exit == 1
    assert "(status: 400)" in again.stderr.splitlines()[-1]
    assert " in 0:" not in again.stderr, "nothing was indexed"
    assert cf(FILL).exit == 0


def test_documents_that_are_not_taken_are_named_and_the_rest_goes_on() -> None:
    cf = Terminal()
    cf.world.armed = [{"kind": "not_indexed", "count": 37}]
    answer = cf(MADE)
    assert answer.exit == 1
    said = logged(answer)
    refused = [at for at, line in enumerate(said) if line.endswith(" not indexed")]
    assert len(refused) == 37
    assert answer.stderr.count("Traceback (most recent call last):") == 37
    assert re.match(r"\d+ in ", said[refused[0] - 1])
    assert re.match(r"36600 in ", said[-1]), "it goes on to the end"
    service = cf.world.space.service("search_api_elasticsearch")
    assert service is not None
    assert service.indices["g-cloud-12-2023-03-14"].documents == 36691 - 37
    assert cf(FILL).exit == 0
    assert "g-cloud-12-2023-03-14" in service.indices


def test_without_the_index_no_document_is_taken_and_none_is_made(cf: Terminal) -> None:
    answer = cf(FILL)
    assert answer.exit == 1
    assert "no such index [g-cloud-12-2023-03-14] (status: 404)" in answer.stderr
    assert re.match(r"36600 in ", logged(answer)[-1])
    assert "g-cloud-12-2023-03-14" not in indices(cf)


def test_one_thread_takes_longer_than_ten(cf: Terminal) -> None:
    assert cf(MADE).exit == 0
    assert cf(f"{FILL} --serial").seconds > 5 * cf(FILL).seconds


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("index-to-search-service.py services preview --index=x", "Usage: index-to-search-service.py <doc-type>"),
        (f"{FILL} --indx=x", "Usage: index-to-search-service.py <doc-type>"),
        (FILL.replace("services", "lots", 1), "Usage: index-to-search-service.py <doc-type>"),
        (f"{FILL} --serial=yes", "Usage: index-to-search-service.py <doc-type>"),
        ("update-index-alias.py g-cloud-12 x", "Usage: update-index-alias.py <alias> <target>"),
        (f"{POINT} --delete-old-index=perhaps", "Usage: update-index-alias.py <alias> <target>"),
    ],
)
def test_a_wrong_call_shows_the_usage(cf: Terminal, line: str, first: str) -> None:
    answer = cf(line)
    assert (answer.exit, answer.stdout) == (1, "")
    assert answer.stderr.startswith(first)


def test_an_alias_moves_and_its_old_index_stays_under_another(cf: Terminal) -> None:
    cf(MADE)
    answer = cf(POINT)
    assert (answer.exit, answer.stderr) == (0, "")
    assert lines(answer) == [
        "Success fetching indexes",
        "Current indexes and aliases:",
        "briefs-digital-outcomes-and-specialists-5-2021-07-01 has aliases ['briefs-digital-outcomes-and-specialists']",
        f"{OLD} has aliases ['g-cloud-12']",
        "g-cloud-12-2023-03-14 has aliases []",
        "No index found with the 'g-cloud-12-old' alias",
        "Success updating alias 'g-cloud-12' to point at the 'g-cloud-12-2023-03-14' index.",
    ]
    assert (indices(cf)[OLD], indices(cf)["g-cloud-12-2023-03-14"]) == (["g-cloud-12-old"], ["g-cloud-12"])
    assert cf(POINT).exit == 0, "pointing it there again changes nothing"
    assert (indices(cf)[OLD], indices(cf)["g-cloud-12-2023-03-14"]) == (["g-cloud-12-old"], ["g-cloud-12"])


def test_on_a_new_backend_neither_alias_is_there_yet_and_that_is_no_fault(cf: Terminal) -> None:
    cf(MADE)
    answer = cf(POINT.replace(" g-cloud-12 ", " g-cloud-13 "))
    assert answer.exit == 0
    assert "No index found with the 'g-cloud-13' alias" in lines(answer)
    assert "No index found with the 'g-cloud-13-old' alias" in lines(answer)
    assert indices(cf)[OLD] == ["g-cloud-12"]


def test_delete_old_index_deletes_the_one_two_generations_back(cf: Terminal) -> None:
    cf(MADE)
    cf(MADE.replace("2023-03-14", "2023-03-15"))
    cf(POINT)
    assert cf(f"{POINT.replace('2023-03-14', '2023-03-15')} --delete-old-index=yes").exit == 0
    assert OLD not in indices(cf)
    assert indices(cf)["g-cloud-12-2023-03-14"] == ["g-cloud-12-old"]
    assert indices(cf)["g-cloud-12-2023-03-15"] == ["g-cloud-12"]


@pytest.mark.parametrize(
    ("line", "code", "last"),
    [
        (POINT, 1, "HTTPError 404 no such index [g-cloud-12-2023-03-14]: updating alias g-cloud-12"),
        (
            POINT.replace("--stage=preview ", ""),
            1,
            "HTTPError 403 Forbidden; invalid bearer token provided: updating alias g-cloud-12",
        ),
        (POINT.replace("dm-search-api", "dm-nobody"), 1, "does not exist.: fetching indexes"),
        (POINT.replace("cloudapps.digital", "example"), 2, "Error fetching indexes: Failed to resolve"),
        (POINT.replace("dm-search-api", "dm-api"), 2, "Error fetching indexes: KeyError"),
    ],
)
def test_an_error_of_the_app_exits_1_and_any_other_2(cf: Terminal, line: str, code: int, last: str) -> None:
    answer = cf(line)
    assert answer.exit == code
    assert last in lines(answer)[-1]
    assert "Success updating" not in answer.stdout
    assert indices(cf)[OLD] == ["g-cloud-12"]


def test_a_backend_that_is_gone_is_an_error_of_the_app(cf: Terminal) -> None:
    cf("cf delete-service search_api_elasticsearch -f -w")
    answer = cf(POINT)
    assert answer.exit == 1
    assert lines(answer)[-1].startswith("HTTPError 500 Error connecting to elasticsearch (status_code: ")
    assert cf(FILL).exit == 1


def test_the_token_is_the_one_of_the_call_then_of_the_environment(cf: Terminal) -> None:
    good = web.search_token(cf.world, "preview")
    assert "(status: 403)" in cf(f"{MADE} --search-api-token=wrong", DM_SEARCH_API_TOKEN_PREVIEW=good).stderr
    assert "(status: 403)" in cf(MADE, DM_SEARCH_API_TOKEN_PREVIEW="wrong").stderr
    assert cf(MADE, DM_SEARCH_API_TOKEN_PREVIEW=good, DM_CREDENTIALS_REPO="/nowhere").exit == 0


def test_without_the_credentials_there_is_no_token(tmp_path: Path) -> None:
    answer = Terminal(folder=tmp_path)(MADE, DM_CREDENTIALS_REPO=str(tmp_path / "nowhere"))
    assert answer.exit == 1
    assert "sops-wrapper" in answer.stderr
