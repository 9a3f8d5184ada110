"""A new screen is one file and one line in the registry: in a copy of the house, one is put in and used."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.copied import House, house_copied, put_behind


_TOY = '''"""A page that greets."""

from screens.keys import Key, opening_key
from screens.shared.reading import ReadingPage


class ToyScreen(ReadingPage):
    """Shows one sentence, and another one when it is asked to."""

    WHERE = "toy"
    OPENED_BY = opening_key("toy", ("y",), "toy", "A page that greets.")
    OPENED_ON = ("picker",)
    KEYS = (Key("greet", ("g",), "greet", "greet", "Greet whoever reads this."),)
    ABOUT = "This page is a toy."

    def on_mount(self) -> None:
        """Show the page."""
        self.banner.say("Toy")
        self.read("Here is a toy.")

    def action_greet(self) -> None:
        """Greet."""
        self.read("Good morning.")
'''

_USE = """
import asyncio

from screens.app import UplevelApp
from screens.shared import guard
from tests.house.key_table import readme_table
from tests.ui.conftest import Desk


def offered(it):
    return [command.title for command in it.app.get_system_commands(it.app.screen)]


async def use():
    async with UplevelApp().run_test(size=(120, 40)) as pilot:
        it = Desk(pilot)
        await it.until(lambda: "redis" in it.text())
        assert "Y toy" in it.text().splitlines()[-1], it.text()
        assert "toy (Y)" in offered(it), offered(it)
        await it.press("f1")
        await it.until(lambda: "A page that greets." in it.text())
        await it.press("escape")
        await it.press("y")
        await it.until(lambda: "Here is a toy." in it.text())
        assert "G greet" in it.text().splitlines()[-1], it.text()
        assert "greet (G)" in offered(it), offered(it)
        await it.press("g")
        await it.until(lambda: "Good morning." in it.text())
        await it.press("f1")
        await it.until(lambda: "This page is a toy." in it.text())
        assert "Greet whoever reads this." in it.text(), it.text()
        await it.press("escape")
        await it.press("escape")
        await it.until(lambda: "redis" in it.text())


guard.SETTLING = guard.BURST = guard.OPENING = 0.0
asyncio.run(use())
assert "| Y | picker | A page that greets. |" in readme_table()
assert "| G | toy | Greet whoever reads this. |" in readme_table()
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A copy of the house with the toy in it."""
    with house_copied(tmp_path_factory.mktemp("house")) as copy:
        (copy.folder / "screens" / "toy.py").write_text(_TOY, "utf-8")
        put_behind(copy.folder / "screens" / "registry.py", "OPENED_BY_KEY = (", '    "screens.toy:ToyScreen",')
        yield copy


def test_a_toy_screen_is_opened_used_and_listed(house: House, tmp_path: Path) -> None:
    done = house.run(_USE, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_has_nothing_to_say_of_it(house: House) -> None:
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [Path(sys.executable).with_name("ruff"), *command, "screens/toy.py", "screens/registry.py"],
            cwd=house.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout + done.stderr
