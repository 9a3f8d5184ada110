"""The file of an estate: what it says is looked at when it is loaded, and each stage has its own."""

from pathlib import Path

import pytest

from wizard.errors import UsageProblem
from wizard.places import asset
from wizard.platforms.cloudfoundry import estate
from wizard.platforms.digitalmarketplace import scenario
from wizard.platforms.digitalmarketplace.estate import Estate
from wizard.platforms.sdk.platform import WorldOptions


TEXT = asset("worlds/digitalmarketplace.yaml").read_text(encoding="utf-8")


@pytest.fixture
def worlds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which files of estates are looked for, with their known texts forgotten."""
    monkeypatch.setattr(estate, "asset", lambda name: tmp_path / name.removeprefix("worlds/").removeprefix("worlds"))
    monkeypatch.setattr(estate, "_KNOWN", {})
    return tmp_path


def test_a_stage_has_its_own_values_and_its_name_in_them() -> None:
    found = estate.read_estate(Estate, "digitalmarketplace")
    assert list(found) == ["preview", "staging", "production"]
    router = {stage: at.apps[0].routes[0] for stage, at in found.items()}
    assert router["staging"] == "www.staging.marketplace.team"
    assert router["production"] == "www.digitalmarketplace.service.gov.uk"
    assert found["production"].apps[1].routes[0] == "dm-api-production.cloudapps.digital"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{does: release_all}", "{does: release_none}", "jobs.rerelease-all-apps.does: Input should be 'release_all'"),
        ("{does: release_all}", "{does: release_all, page: x}", "jobs.rerelease-all-apps.page: Unexpected keyword"),
        ("instances: 3", "instances: many", "apps.0.instances: Input should be a valid integer"),
        ("guard: ", "guards: ", "guards: Unexpected keyword argument"),
        ("    sign: The first look", "    signs: The first look", "drills.logged-out.sign: Field required"),
    ],
)
def test_what_a_file_says_wrongly_is_told_by_its_place(worlds: Path, old: str, new: str, said: str) -> None:
    assert old in TEXT
    (worlds / "wrong.yaml").write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UsageProblem) as refused:
        scenario.build("wrong", WorldOptions(stage="preview", seed=1))
    assert str(refused.value).startswith(f"The file of the world wrong cannot be used. {said}")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("services: [digitalmarketplace_splunk]", "services: [splunk]", "bound to splunk, which is not there"),
        ("assets.preview.marketplace.team]", "assets.example]", "The route assets.example of this world is on none"),
    ],
)
def test_what_a_file_names_must_be_in_it(worlds: Path, old: str, new: str, said: str) -> None:
    assert old in TEXT
    (worlds / "wrong.yaml").write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UsageProblem, match=said):
        scenario.build("wrong", WorldOptions(stage="preview", seed=1))


def test_a_file_that_is_not_there_is_refused_with_those_that_are(worlds: Path) -> None:
    (worlds / "one.yaml").write_text("spaces: []\n", encoding="utf-8")
    with pytest.raises(UsageProblem, match="no world called other") as refused:
        scenario.build("other", WorldOptions(stage="", seed=1))
    assert refused.value.cure == "Worlds: one."
