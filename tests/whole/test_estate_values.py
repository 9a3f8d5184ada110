"""Another team's values for a built-in procedure, out of the file that the README shows."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from wizard.cli.catalog import show
from wizard.cli.values import given_values
from wizard.engine import Request, open_session, prepare
from wizard.errors import UsageProblem
from wizard.model.lint import examine
from wizard.places import asset


if TYPE_CHECKING:
    from tests.conftest import Opener


ROOT = Path(__file__).resolve().parents[2]
OURS = ("search_api_elasticsearch", "cloudapps.digital", "dm-search-api", "digitalmarketplace_splunk", "small-ha")


@pytest.fixture
def values(tmp_path: Path) -> Path:
    """The README's file of values."""
    readme = (ROOT / "README.md").read_text("utf-8")
    found = re.search(r"^<!-- params: elasticsearch -->\n```yaml\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    assert found is not None
    (file := tmp_path / "harbour.yaml").write_text(found[1], "utf-8")
    return file


def shown(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert show.main(["elasticsearch", *words], standalone_mode=False) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("name", ["elasticsearch", "opensearch"])
def test_a_live_run_is_ready_with_the_values_of_another_team(values: Path, name: str) -> None:
    given = given_values(["stage=staging", "plan=medium-ha-1"], values)
    examine(asset(f"procedures/{name}.yaml"))
    page = prepare(Request(name, "live", values=given))
    assert page.ready, page.refusals
    assert {field.name: field.value for field in page.fields if field.name in given} == given
    assert "cf service catalogue_es --guid" in page.at_once
    assert not [command for command in page.at_once for ours in OURS if ours in command]


def test_every_command_is_shown_with_them_and_none_has_a_name_of_ours(
    values: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = shown(capsys, "--commands")
    assert "cf rename-service ${service} ${old_service}" in before
    text = shown(capsys, "--commands", "--params", str(values), "-p", "stage=staging")
    assert "cf rename-service catalogue_es catalogue_es_old" in text
    assert "https://catalogue-next-staging.apps.harbour.example" in text
    assert [ours for ours in OURS if ours in text] == []
    assert len(text.splitlines()) == len(before.splitlines())


def test_the_page_of_a_procedure_is_filled_in_too(values: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, "--params", str(values), "-p", "plan=tiny-8.x")
    assert "-p plan=...   Plan of the new service (tiny-8.x)" in text, "-p wins over the file"
    assert "-p stage=..." in text
    assert "cf service catalogue_es" in text
    assert "${service}" not in text
    assert "${stage}" in text, "what has no value stays as it is written"


@pytest.mark.parametrize(
    ("pair", "said"),
    [("plan=too big", "plan=too big: Enter a plan"), ("plam=tiny-8.x", "plam"), ("stage=quay", "Choose preview")],
)
def test_a_value_that_does_not_fit_is_refused(values: Path, pair: str, said: str) -> None:
    with pytest.raises(UsageProblem, match=said):
        show.main(["elasticsearch", "--params", str(values), "-p", pair], standalone_mode=False)


def test_a_value_of_a_file_that_does_not_fit_is_told_in_words(tmp_path: Path) -> None:
    file = tmp_path / "values.yaml"
    file.write_text("plan: too big\n")
    with pytest.raises(UsageProblem, match=r"^plan=too big: Enter a plan of Elasticsearch, such as small-ha-7\.x\.$"):
        show.main(["elasticsearch", "--params", str(file)], standalone_mode=False)


def test_a_rehearsal_says_that_its_platform_has_other_names(sessions: "Opener", values: Path) -> None:
    given = given_values(["stage=staging"], values)
    page = prepare(Request("elasticsearch", "rehearsal", values=given, speed=100000.0))
    drive = sessions.drive(open_session(page, front_end="none"))
    question = drive.until_asked("value")
    assert "Service instance 'catalogue_es' not found" in question.text
    assert "plays on the platform of digitalmarketplace, which has that estate's names alone" in question.text
