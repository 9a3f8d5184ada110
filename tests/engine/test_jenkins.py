"""The jobs around an upgrade of the database: the site's mode, what the platform's people do, and a backup."""

import pytest

from tests.engine.pretend_cf import Terminal, lines
from wizard.platforms.cloudfoundry.likeness import diff_worlds
from wizard.platforms.digitalmarketplace import web


DB = "digitalmarketplace_api_db"
WWW, API = "https://www.preview.marketplace.team", "https://api.preview.marketplace.team"


def status(cf: Terminal, url: str) -> int:
    reply = web.visit(cf.world, url)
    assert reply is not None
    return reply.status


@pytest.mark.parametrize(
    ("mode", "www", "api", "compiled"),
    [
        ("maintenance", 503, 503, "maintenance.html"),
        ("recovery", 503, 403, "maintenance.html"),
        ("live", 200, 403, "www.conf"),
    ],
)
def test_the_router_is_released_into_its_mode(cf: Terminal, mode: str, www: int, api: int, compiled: str) -> None:
    before = cf.world.now
    job = cf(f"jenkins maintenance-mode STAGE=preview MODE={mode}")
    assert job.exit == 0
    told = lines(job)
    assert f"Opening a pull request on digitalmarketplace-aws: vars/preview.yml, router: mode: {mode}" in told
    assert [line[:3] for line in told if "merged the pull request?" in line] == ["1/2", "2/2"]
    assert told[-1] == "Finished: SUCCESS"
    assert 120 <= cf.world.now - before <= 300
    assert (status(cf, WWW), status(cf, API)) == (www, api)
    assert f"Compiling {compiled}" in cf("cf logs router --recent").stdout
    assert ("Compiling maintenance.html" in cf("cf logs router --recent").stdout) == (mode != "live")


def test_a_mode_outlives_the_next_release_of_the_router(cf: Terminal) -> None:
    cf("jenkins maintenance-mode STAGE=preview MODE=maintenance")
    assert "DM_MODE" in cf("make generate-manifest APPLICATION_NAME=router STAGE=preview DM_CREDENTIALS_REPO=.").stdout
    assert cf("jenkins release-app-paas STAGE=preview APPLICATION_NAME=router").exit == 0
    assert status(cf, WWW) == 503


def test_live_again_is_the_world_as_it_was(cf: Terminal) -> None:
    before = cf.world
    for mode in ("maintenance", "recovery", "live"):
        assert cf(f"jenkins maintenance-mode STAGE=preview MODE={mode}").exit == 0
    assert diff_worlds(before, cf.world, released=["router"]) == []
    assert cf.world.space.manifests["router"] == before.space.manifests["router"]


def test_a_router_that_does_not_come_up_leaves_the_site_as_it_is() -> None:
    cf = Terminal(drill="router-fails")
    assert cf("jenkins maintenance-mode STAGE=preview MODE=maintenance").exit == 1
    assert status(cf, WWW) == 200
    assert cf("jenkins maintenance-mode STAGE=preview MODE=maintenance").exit == 0
    assert status(cf, WWW) == 503


def test_logical_replication_is_asked_for_and_given_back(cf: Terminal) -> None:
    before = cf.world
    ask = f"jenkins ask-platform-team STAGE=preview SERVICE={DB} LOGICAL="
    assert cf(f"{ask}on").exit == 0
    service = cf.world.space.service(DB)
    assert service is not None
    assert service.params == {"logical_replication": True}
    assert cf(f"{ask}off").exit == 0
    assert diff_worlds(before, cf.world) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("maintenance-mode STAGE=preview MODE=off", "MODE must be one of live, maintenance, recovery, not 'off'"),
        ("maintenance-mode STAGE=preview", "MODE must be one of live, maintenance, recovery, not ''"),
        (f"ask-platform-team STAGE=preview SERVICE={DB} LOGICAL=yes", "LOGICAL must be on or off, not 'yes'"),
        (
            "ask-platform-team STAGE=preview SERVICE=digitalmarketplace_redis LOGICAL=on",
            "There is no database called 'digitalmarketplace_redis' in preview",
        ),
    ],
)
def test_a_job_that_is_called_wrongly_fails_and_changes_nothing(cf: Terminal, words: str, said: str) -> None:
    before = cf.world
    job = cf(f"jenkins {words}")
    assert (job.exit, lines(job)[-2:]) == (1, [said, "Finished: FAILURE"])
    assert diff_worlds(before, cf.world) == []


def test_a_backup_of_the_database_that_the_api_uses(cf: Terminal) -> None:
    job = cf("jenkins database-backup STAGE=preview")
    assert job.exit == 0
    assert f"[db-backup] bound to {DB}" in lines(job)
    assert lines(job)[-2].endswith(".sql.gz.gpg: ok")
    cf(f"cf rename-service {DB} elsewhere")
    assert cf("jenkins database-backup STAGE=preview").exit == 1
