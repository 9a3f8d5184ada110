"""The card of a step: nothing that is asked of a person, or that cannot be taken back, lies below its checks."""

from dataclasses import replace
from io import StringIO

from rich.console import Console

from screens.widgets.step_card import card_page
from wizard.session import Mark
from wizard.session.view import Card, CheckLine


def check(label: str, command: str, wanted: str, verdict: str = "") -> CheckLine:
    return CheckLine(label, verdict, wanted, "some answer" if verdict else "", "", command)


CARD = Card(
    step="remove",
    number=5,
    ref="Redis 5",
    title="Remove the old service",
    why="It costs money.",
    hint="It takes a while.",
    undo=False,
    command="cf delete-service old -f",
    items=(),
    by_hand="",
    whole_screen="",
    files=(),
    checks=(
        check("before", "cf services", "an answer with new", "yes"),
        check("before", "cf services", "an answer without old ", "yes"),
        check("before", "cf apps", "an answer with started"),
        check("after", "cf services", "an answer without old"),
    ),
    gates=("soaks 1 h", "you will be asked to confirm", "you will type old"),
    no_return="What is in it is gone.",
    run=None,
)


def lines(card: Card, width: int = 80) -> list[str]:
    console = Console(width=width, file=StringIO(), color_system=None)
    with console.capture() as captured:
        console.print(card_page(card, 5, Mark.NEEDS_YOU, ""))
    return [line.strip() for line in captured.get().splitlines()]


def test_what_is_told_when_a_phase_begins_stands_above_the_reason_of_its_first_step() -> None:
    found = lines(replace(CARD, phase_why="Nobody may touch the app until the release."))
    assert found[2:5] == ["Nobody may touch the app until the release.", "", "It costs money."]


def test_a_command_that_ended_while_nobody_watched_is_told_on_its_card() -> None:
    words = "ended while you were away, exit 1, at 2026-11-27 02:11:09 UTC"
    assert f"The command {words}." in lines(replace(CARD, ended_away=words))
    assert not any("away" in line for line in lines(CARD))


def test_no_way_back_the_gates_and_the_hint_stand_above_the_checks() -> None:
    found = lines(CARD)
    first = next(at for at, line in enumerate(found) if line.startswith("before"))
    notices = [
        "No way back after this step: What is in it is gone.",
        "It soaks 1 h.",
        "Before it runs, you will be asked to confirm, and you will type old.",
        "It takes a while.",
    ]
    assert [found.index(notice) for notice in notices] == [4, 5, 6, 7]
    assert first == 9


def test_what_came_of_it_stands_above_them_once_it_is_over() -> None:
    over = replace(CARD, checks=(*CARD.checks[:3], replace(CARD.checks[3], verdict="no", got="old")), gates=())
    found = lines(over)
    failed = next(at for at, line in enumerate(found) if line.startswith("after"))
    assert failed < found.index("No way back after this step: What is in it is gone.")


def test_checks_of_the_same_command_tell_what_each_wants() -> None:
    found = [line for line in lines(CARD) if "cf " in line]
    assert found[:2] == [
        "before  ✓ yes  cf services   (an answer with new)",
        "before  ✓ yes  cf services   (an answer without old)",
    ]
    assert found[2].split() == ["before", "…", "cf", "apps"]
    assert found[3].split() == ["after", "…", "cf", "services"]


def test_a_long_path_in_a_check_goes_on_in_the_next_row() -> None:
    path = f"/srv/{'x' * 90}/manifest.yml"
    found = lines(replace(CARD, checks=(check("after", f"stat {path}", "an answer", "yes"),)))
    assert path in "".join(found)
    assert not any("…" in line for line in found)


def test_an_answer_that_is_asked_about_stands_above_the_reason_of_the_step() -> None:
    bad = check("before", "cf services", "an answer with new", "no")
    found = lines(replace(CARD, checks=(check("target", "cf target", "preview", "yes"), bad)))
    at = next(at for at, line in enumerate(found) if line.startswith("before"))
    assert [" ".join(line.split()) for line in found[at + 1 : at + 3]] == [
        "wanted an answer with new",
        "got some answer",
    ]
    assert at < found.index("It costs money.")


def test_what_an_edit_changes_stands_above_everything_else_of_its_card() -> None:
    found = lines(replace(CARD, command="uplevel edit m.yml --set name new", changes="-name: old\n+name: new"))
    assert found[2:5] == ["-name: old", "+name: new", ""]
    assert found.index("It costs money.") < found.index("$ uplevel edit m.yml --set name new")


def test_a_step_without_a_command_shows_what_good_checks_answered() -> None:
    table = "same  g-cloud-12\n  old  36,691  g-cloud-12-2021\n  new  36,691  g-cloud-12-2026"
    read = CheckLine("before", "yes", "exit 0", table, "", "uplevel compare search a b")
    found = lines(replace(CARD, command="", items=(("Read the table", False),), checks=(read,)))
    at = found.index("same  g-cloud-12")
    assert found[at + 1 : at + 3] == ["old  36,691  g-cloud-12-2021", "new  36,691  g-cloud-12-2026"]
    assert "same  g-cloud-12" not in lines(replace(CARD, checks=(read,)))


def test_a_long_script_stands_above_the_good_checks_with_what_its_names_stand_for() -> None:
    script = "\n".join(f'tool {number} "$name"' for number in range(7))
    found = lines(
        replace(
            CARD, command=script, named="name is old_service", checks=(check("before", "cf app x", "exit 0", "yes"),)
        )
    )
    at = found.index('$ tool 0 "$name"')
    assert found[at + 7] == "name is old_service"
    assert at < next(index for index, line in enumerate(found) if line.startswith("before"))
