"""The card of a step: nothing that is asked of a person, or that cannot be taken back, lies below its checks."""

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from screens.run.check_rows import CheckRows
from screens.run.step_card import card_page, no_way_back, result_page
from wizard.session import Mark
from wizard.session.check_lines import CheckLine
from wizard.session.view import Card


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
    at = found.index("Nobody may touch the app until the release.")
    assert found[at + 2] == "It costs money."


def test_a_command_that_ended_while_nobody_watched_is_told_on_its_card() -> None:
    words = "ended while you were away, exit 1, at 2026-11-27 02:11:09 UTC"
    assert f"The command {words}." in lines(replace(CARD, ended_away=words))
    assert not any("away" in line for line in lines(CARD))


def test_the_gates_and_the_hint_stand_above_the_checks() -> None:
    found = lines(CARD)
    first = next(at for at, line in enumerate(found) if line.startswith("before"))
    notices = [
        "It soaks 1 h.",
        "Before it runs, you will be asked to confirm, and you will type old.",
        "It takes a while.",
    ]
    at = found.index(notices[0])
    assert found[at : at + 3] == notices
    assert at < first


def test_no_way_back_stands_below_the_card_in_words_and_colour_until_the_act_is_over() -> None:
    told = no_way_back(CARD)
    console = Console(width=80, file=StringIO(), force_terminal=True, color_system="standard")
    with console.capture() as captured:
        console.print(told)
    assert "\x1b[1;31m! No way back after this step: What is in it is gone." in captured.get()
    over = replace(CARD, checks=(replace(CARD.checks[3], verdict="no", got="old"),))
    assert no_way_back(over) is None
    assert "No way back after this step: What is in it is gone." in lines(over)


def test_what_came_of_it_stands_above_them_once_it_is_over() -> None:
    over = replace(CARD, checks=(*CARD.checks[:3], replace(CARD.checks[3], verdict="no", got="old")), gates=())
    found = lines(over)
    failed = next(at for at, line in enumerate(found) if line.startswith("after"))
    assert failed < found.index("No way back after this step: What is in it is gone.")


def test_each_check_tells_what_it_asks_what_must_be_and_what_came() -> None:
    found = [" ".join(line.split()) for line in lines(CARD, 100)]
    assert "before ✓ yes cf services wanted an answer with new, got some answer" in found
    assert "before … cf apps wanted an answer with started" in found
    found = [" ".join(line.split()) for line in lines(replace(CARD, checks=CARD.checks[:1]), 40)]
    at = found.index("before ✓ yes cf services")
    assert found[at + 1 : at + 3] == ["wanted an answer with new", "got some answer"]


def test_the_target_is_compared_in_one_line_a_capture_below_one_command() -> None:
    captures = {"space": "preview", "org": "market", "endpoint": "https://api", "account": "ops"}
    checks = [CheckLine(f"target {name}", "yes", value, value, "", "cf target") for name, value in captures.items()]
    checks[0] = replace(checks[0], verdict="no", got="production")
    found = lines(replace(CARD, checks=tuple(checks)))
    at = next(at for at, line in enumerate(found) if line.startswith("target space"))
    assert found[at : at + 4] == [
        "target space     ✗ no   cf target   wanted preview, got production",
        "target org       ✓ yes  wanted and got market",
        "target endpoint  ✓ yes  wanted and got https://api",
        "target account   ✓ yes  wanted and got ops",
    ]


def test_a_title_is_never_cut() -> None:
    title = f"Remove {'a-very-long-name-' * 8}old"
    assert title.replace(" ", "") in "".join("".join(lines(replace(CARD, title=title), 70)).split()).replace(
        "!needsyou", ""
    )


def test_of_the_probe_it_is_told_when_it_would_be_done() -> None:
    probe = CheckLine("already done?", "no", "8f0c", "not found", "", "cf service new --guid")
    found = lines(replace(CARD, checks=(probe,)))
    assert "already done?  no  cf service new --guid   done if 8f0c, got not found" in found


def test_an_id_is_not_broken_apart() -> None:
    guid = "b992c965-5a58-4fd9-a0f6-dbc670b5c2ef"
    found = lines(replace(CARD, checks=(CheckLine("after", "yes", guid, guid, "", "cf service x --guid"),)), 52)
    assert guid in found


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


def test_an_answer_of_several_lines_is_shown_whole_and_as_it_was_printed() -> None:
    rows = ["same  g-cloud-12", "  old  36,691  g-cloud-12-2021-06-08-09-00-00", "  new  36,691  g-cloud-12-2026"]
    read = CheckLine("before", "yes", "exit 0", "\n".join(rows), "", "uplevel compare search a b")
    for width in (50, 80):
        console = Console(width=width, file=StringIO(), color_system=None)
        with console.capture() as captured:
            console.print(CheckRows((read,)))
        found = captured.get().splitlines()
        at = next(at for at, line in enumerate(found) if rows[0] in line)
        indent = found[at].index("same")
        assert [line[indent:].rstrip() for line in found[at : at + 3]] == rows or indent == len("    got    ")
        assert all(row.strip() in captured.get() for row in rows)


ENDS = (Mark.DONE, Mark.DONE_BY_HAND, Mark.ACCEPTED, Mark.FOUND_DONE, Mark.UNDONE, Mark.FAILED)


@pytest.mark.parametrize("command", ["cf delete-service old -f", "tool one\ntool two\n"])
def test_done_cards_have_one_order_whatever_the_end_was(command: str) -> None:
    card = replace(CARD, command=command, checks=CARD.checks[:1])
    for how in ENDS:
        console = Console(width=80, file=StringIO(), color_system=None)
        with console.capture() as captured:
            console.print(result_page(card, 5, how, ["It ended like this."]))
        text = captured.get()
        assert text.index("It ended like this.") < text.index("cf services") < text.index("$ ")


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
