"""A drill can be begun with every built-in procedure; record 0 knows which, and no front end tells the learner."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from screens.app import UplevelApp
from screens.run.screen import RunScreen
from wizard.cli.catalog import show
from wizard.engine import Preparation, Request, prepare, with_values
from wizard.engine.messages import Leave
from wizard.engine.rehearsal_options import offered_drills, require_drill
from wizard.model.reading import read_procedure
from wizard.places import asset
from wizard.plain.start import begin


if TYPE_CHECKING:
    from tests.ui.conftest import Desk


Opens = Callable[[Preparation], UplevelApp]
PROCEDURES = sorted(path.stem for path in asset("procedures").glob("*.yaml"))


def page(name: str, drill: str, *, auto: bool = False) -> Preparation:
    return prepare(Request(name, "rehearsal", values={"stage": "preview"}, drill=drill, speed=5000.0, auto=auto))


@pytest.mark.parametrize("name", PROCEDURES)
def test_every_drill_of_a_procedure_is_listed_and_may_be_begun(name: str) -> None:
    listed = CliRunner().invoke(show, [name]).output
    assert f"Drills: uplevel rehearse {name} --drill NAME" in listed
    procedure = read_procedure(asset(f"procedures/{name}.yaml")).procedure
    for drill, about in offered_drills(procedure).items():
        assert f"  {drill} " in listed
        assert about in listed
        require_drill(procedure, drill)
    assert page(name, drill).ready


@pytest.mark.parametrize(("name", "drill"), [("redis", "create-slow"), ("nginx", "logs-away")])
async def test_the_screens_do_not_name_it_and_the_record_does(
    desk: "type[Desk]", wizard_at: Opens, name: str, drill: str
) -> None:
    async with wizard_at(page(name, drill)).run_test(size=(120, 40)) as pilot:
        it = desk(pilot)
        await it.until(lambda: "REHEARSAL" in it.text())
        told = it.text()
        await it.press("f5")
        await it.until(lambda: isinstance(it.app.screen, RunScreen))
        await it.kind("question")
        told += it.text()
        await it.press("f4")
        told += it.text()
        assert drill not in told
        cited = it.run.showing.state.opened.rehearsal
        assert cited is not None
        assert cited.drill == drill
        engine = it.run.driver.engine
        assert drill in (engine.folder / "journal.jsonl").read_text().splitlines()[0]
    engine.submit(Leave())
    assert engine.join(30)  # with it the real servers of the rehearsal end


def test_the_start_page_line_by_line_does_not_name_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert begin(page("redis", "create-slow", auto=True), with_values)[0] == "begin"
    told = capsys.readouterr().out
    assert "the pretend platform digitalmarketplace" in told
    assert "create-slow" not in told
