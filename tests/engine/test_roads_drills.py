"""What can go wrong on the road: the procedures' own checks stop the operator at the right step, and say what to do."""

from typing import TYPE_CHECKING

import pytest

from tests.engine.roads import Road
from wizard.session.state import PROVEN


if TYPE_CHECKING:
    from tests.conftest import Opener


SEARCH = (
    ("wrong-space", "", "fence", "The answer is production; wanted is preview."),
    ("leftover-release", "freeze", "failed", "left half way. Let it end, or clear it up"),
    ("quota-full", "create-service", "failed", "services limit. Nothing was made. Where the quota is used up, ask for"),
    ("create-fails", "create-service", "failed", "Where it says create failed, undo this step and run it again."),
    ("token-expires", "create-service", "failed", "The login of cf has expired."),
    ("someone-deploys", "push", "before", "Somebody released search-api; begin again with that release."),
    ("memory-full", "push", "failed", "exceeded the memory limit for your organization's quota. Nothing that serves"),
    ("orphan-route", "push", "failed", "Routes cannot be mapped to destinations in different spaces. Nothing that"),
    ("push-fails", "push", "failed", "Start unsuccessful. Nothing that serves was touched."),
    ("push-hangs", "push", "failed", "Start app timeout. Nothing that serves was touched."),
    ("not-indexed", "index-g-cloud", "failed", "Run the step again: it fills the index that is there."),
    ("alias-astray", "alias-g-cloud", "failed", "18346 documents fewer in the new index: run the index script again"),
    ("backends-drift", "verify", "before", "12 documents fewer in the new index: run the index script again"),
    ("restart-in-the-gap", "rename-new-app", "failed", "cf set-env search-api DM_ELASTICSEARCH_SERVICE_NAME"),
    ("restart-before-release", "rename-new-app", "failed", "then cf restart search-api."),
    ("tunnel-left", "delete-old-service", "before", "An app is still bound to it. Find out which, and release it."),
    ("search-key-left", "delete-old-service", "before", "Somebody holds a key to it. Ask whose it is."),
)
FAULTS = (
    *(("elasticsearch", *fault) for fault in SEARCH),
    ("elasticsearch", "name-taken", "create-service", "before", "if it has another plan or failed, delete it first."),
    ("elasticsearch", "plan-gone", "create-service", "before", "The platform does not offer this plan."),
    # What names the new app, its service or its route is another word on this road.
    *(("opensearch", *fault) for fault in SEARCH if fault[0] in {"someone-deploys", "orphan-route", "alias-astray"}),
    *(("opensearch", *fault) for fault in SEARCH if fault[0] in {"backends-drift", "restart-in-the-gap"}),
    ("redis", "binding-missing", "create-new", "before", "Bind and restart it before anything else changes."),
    ("redis", "quota-full", "create-new", "failed", "services limit. Nothing was made."),
    ("redis", "create-fails", "create-new", "failed", "Where it says create failed, undo this step"),
    ("redis", "name-taken", "create-new", "before", "if it has another plan or failed, delete it first."),
    ("redis", "frontend-restarts", "rename-new", "failed", "somebody restarted it while the name belonged to nobody."),
    ("redis", "release-fails", "redeploy", "item", "The pretend platform did it and failed."),
    ("redis", "someone-binds", "redeploy", "failed", "An app still uses the downlevel service. Release it again"),
    ("nginx", "wrong-space", "", "fence", "The answer is production; wanted is preview."),
    ("nginx", "router-fails", "release", "item", "The pretend platform did it and failed."),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault[0]}-{fault[1]}")
def test_a_fault_is_met_where_it_strikes(sessions: "Opener", fault: tuple[str, ...]) -> None:
    name, drill, step, sort, words = fault
    road = Road(sessions, name, drill=drill)
    question = road.trouble()
    assert (question.step or "", question.question_kind) == (step, sort)
    assert words in road.told()


def test_whoever_is_not_logged_in_is_told_before_anything_begins(sessions: "Opener") -> None:
    road = Road(sessions, "elasticsearch", drill="logged-out")
    question = road.trouble()
    assert (question.step, question.question_kind) == (None, "value")
    assert "cf is not logged in." in question.text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  - digitalmarketplace_splunk\n", ""),
        ("route: dm-elasticsearch-migration", "route: dm-search-api"),
        ("  - digitalmarketplace_splunk\n", "  - digitalmarketplace_splunk\n  - search_api_elasticsearch\n"),
        ("name: elasticsearch-migration", "name: search-api-release"),
        ("DM_ELASTICSEARCH_SERVICE_NAME: search_api_elasticsearch_new", "DM_OTHER: x"),
    ],
    ids=["drain-dropped", "live-route-left", "old-service-left", "name-left", "variable-forgotten"],
)
def test_a_manifest_that_was_edited_wrongly_is_never_pushed(
    sessions: "Opener", monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    """With the live route in it the push would map it at once; without the drain the app's logs would be lost."""
    monkeypatch.setenv("VISUAL", "emacs")  # no rehearsal starts it: what it would do is done here
    road = Road(sessions, "elasticsearch", answers={"editing": "editor"})
    question = road.to("edit-manifest-yourself")
    assert road.aside(road.procedure.step("edit-manifest")).exit == 0
    road.replace_in("manifest.yml", old, new)
    road.answer(question)
    question = road.trouble()
    assert (question.step, question.question_kind) == ("edit-manifest-yourself", "failed")
    assert "The manifest is not yet what this step asks for" in road.told()


def test_without_its_credentials_the_manifest_cannot_be_made(sessions: "Opener") -> None:
    road = Road(sessions, "elasticsearch", values={"credentials": "../nowhere"})
    question = road.trouble()
    assert (question.step, question.question_kind) == ("manifest", "failed")
    assert "Is the credentials repository at ../nowhere, as seen from digitalmarketplace-aws" in road.told()


def test_a_wrong_mapping_stops_the_index_script(sessions: "Opener") -> None:
    road = Road(sessions, "elasticsearch", values={"g_cloud_mapping": "services-g-cloud-11"})
    question = road.trouble()
    assert (question.step, question.question_kind) == ("index-g-cloud", "failed")
    assert "Incorrect mapping 'services-g-cloud-11' for the supplied framework(s): g-cloud-12" in road.told()


def test_a_forgotten_alias_is_missed(sessions: "Opener") -> None:
    road = Road(sessions, "elasticsearch")
    question = road.to("alias-briefs")
    road.drive.answer("skip", "I will do it later")
    question = road.trouble()
    assert (question.step, question.question_kind) == ("drifted", "before")
    assert "briefs-digital-outcomes-and-specialists: the new backend lacks it: create the index" in road.told()


def test_a_restart_in_the_window_is_seen_before_the_old_app_is_deleted(sessions: "Opener") -> None:
    """The app that serves is down, and the old one is the way back."""
    road = Road(sessions, "elasticsearch")
    step = "delete-old-app"
    road.to(step)
    road.play("cf restart search-api")
    question = road.trouble()
    assert (question.step, question.question_kind) == (step, "before")
    assert "Search is down: somebody restarted the app in the window. cf set-env search-api" in road.told()


@pytest.mark.parametrize(
    ("step", "line", "words"),
    [
        (
            "unmap-old",
            "cf unmap-route elasticsearch-migration cloudapps.digital -n dm-search-api-preview",
            "without an",
        ),
        ("delete-old-service", "cf bind-service user-frontend search_api_elasticsearch_old", "still bound to it"),
        ("rename-old-app", "jenkins release-app-paas STAGE=preview APPLICATION_NAME=search-api", "released the app"),
    ],
)
def test_what_somebody_else_does_meanwhile_is_seen(sessions: "Opener", step: str, line: str, words: str) -> None:
    """Each question may stand for an hour; before the command runs, the world is looked at again."""
    road = Road(sessions, "elasticsearch")
    road.to(step)
    road.play(line)
    question = road.trouble()
    assert (question.step, question.question_kind) == (step, "before")
    assert words in road.told()


@pytest.mark.parametrize(
    ("version", "line", "words"),
    [
        ("1.23.4", "proxi_pass http://frontend;", 'unknown directive "proxi_pass"'),
        ("1.25.3", "", "Unable to locate package python3.9"),
    ],
    ids=["bad-directive", "base-image"],
)
def test_an_image_that_will_not_do_is_not_released(sessions: "Opener", version: str, line: str, words: str) -> None:
    road = Road(sessions, "nginx", values={"version": version})
    road.to("test")
    if line:
        road.replace_in("nginx.conf.j2", "proxy_pass http://frontend;", line)
    question = road.trouble()
    assert (question.step, question.question_kind) == ("test", "failed")
    assert words in road.output()


@pytest.mark.parametrize("fill", ["scripts", "backup", "remote"])
def test_filling_again_writes_into_the_indices_that_are_there_however_they_came(sessions: "Opener", fill: str) -> None:
    road = Road(sessions, "opensearch", answers={"fill": fill, "drifted": "refill"})
    road.to("refill", "found done")
    assert road.aside(road.procedure.step("refill")).exit == 0
    question = road.to("closer")
    assert road.state.step("verify").end in PROVEN, question
