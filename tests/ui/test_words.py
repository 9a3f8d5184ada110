"""Lines that fit, texts that stay what they are."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from screens.run.checklist import checklist_lines, line_of, one_line
from screens.sessions.session_lines import ago
from screens.shared.banner import banner_line
from screens.shared.words import (
    MARKS,
    cell,
    cut,
    ends,
    ends_kept,
    prose,
    safe_text,
    wrapped,
)
from screens.start.start_words import short_hash
from wizard.record.modes import mode_words
from wizard.session import Mark
from wizard.session.view import StepRow


_TEXT = st.text(max_size=60)
_WIDTH = st.integers(min_value=0, max_value=130)


@given(_TEXT, _WIDTH)
def test_a_cell_has_its_width_and_a_cut_text_at_most(text: str, width: int) -> None:
    assert cell_len(cell(safe_text(text), width)) == width
    assert cell_len(cut(safe_text(text), width)) <= width


@given(_TEXT, st.text(max_size=12), st.integers(min_value=20, max_value=130))
def test_the_right_end_is_whole(left: str, right: str, width: int) -> None:
    line = ends(safe_text(left), safe_text(right), width)
    assert cell_len(line) <= width
    if cell_len(safe_text(right)) < width - 1:
        assert line.endswith(safe_text(right))


@given(_TEXT, _TEXT, st.sampled_from(["REHEARSAL", "LIVE PRODUCTION", "BY HAND preview"]), st.integers(60, 200))
def test_the_banner_never_cuts_the_mode_and_never_reads_markup(title: str, target: str, mode: str, width: int) -> None:
    line = banner_line(width, title, mode, target, production=mode.endswith("PRODUCTION"))
    assert mode in line.plain
    assert cell_len(line.plain) <= width
    roomy = banner_line(1000, title, mode, target, production=False).plain
    assert safe_text(title) in roomy
    assert safe_text(target) in roomy


@given(st.lists(_TEXT, min_size=1, max_size=40), st.sampled_from(list(Mark)), st.integers(60, 130))
def test_the_checklist_shows_titles_as_they_are(titles: list[str], mark: Mark, width: int) -> None:
    rows = [StepRow(number, str(number), title, mark, f"[/x]{title}", "") for number, title in enumerate(titles, 1)]
    for number, title in enumerate(titles, 1):
        line = one_line(rows, number, title, "! needs you", width).plain
        assert cell_len(line) <= width
        assert f"{number}/{len(rows)}" in line
    whole = checklist_lines(rows, 1000).plain
    for title in titles:
        assert safe_text(title).rstrip() in whole
        assert f"[/x]{safe_text(title)}".rstrip() in whole


def test_titles_that_differ_in_one_word_are_told_apart_in_the_narrow_list() -> None:
    titles = [
        "Give the old service the name search_api_elasticsearch_old",
        "Give the new service the name search_api_elasticsearch",
        "Point the alias g-cloud-12 to the new index",
        "Point the alias briefs-digital-outcomes-and-specialists to the new index",
    ]
    rows = [
        StepRow(number, str(number), title, Mark.NEEDS_YOU, "A phase", "") for number, title in enumerate(titles, 28)
    ]
    lines = checklist_lines(rows, 35).plain.splitlines()
    assert all(cell_len(line) < 35 for line in lines)
    together = "".join("".join(lines).split())
    assert all("".join(title.split()) in together for title in titles)
    for at, row in enumerate(rows, start=1):
        assert lines[line_of(rows, at, 35)].startswith(f" {MARKS['needs you']} {row.number} ")


@given(_TEXT, st.integers(12, 60))
def test_a_text_cut_in_its_middle_keeps_its_ends(text: str, width: int) -> None:
    kept = ends_kept(safe_text(text), width)
    assert cell_len(kept) <= width
    assert kept == safe_text(text) or "…" in kept
    assert ends_kept("undo: Give the old service the name search_api_old", 28).endswith("_api_old")


def test_where_the_card_has_the_title_the_marks_of_all_steps_stand_in_the_line() -> None:
    rows = [StepRow(number, str(number), "A step", Mark.TO_DO, "A phase", "") for number in range(1, 43)]
    assert one_line(rows, 1, "", "", 80).plain.rstrip() == f" 1/42 {MARKS['to do'] * 42}"


def test_every_state_has_a_mark_of_its_own() -> None:
    assert set(MARKS) == {mark.value for mark in Mark}
    assert MARKS["done by hand"] == MARKS["done"]  # the word tells them apart
    assert len(set(MARKS.values())) == len(MARKS) - 1


@given(_TEXT)
def test_running_text_keeps_its_words(text: str) -> None:
    assert prose(text).split() == safe_text(text, newlines=True).split() or not text.isprintable()


def test_only_paragraphs_end_lines() -> None:
    assert prose("one\ntwo\n\nthree\n") == "one two\nthree"


@pytest.mark.parametrize(("text", "width", "lines"), [("one two", 3, 2), ("one", 10, 1), ("a\nb", 10, 2)])
def test_wrapped_lines_are_counted(text: str, width: int, lines: int) -> None:
    assert len(wrapped(text, width)) == lines


@pytest.mark.parametrize(
    ("then", "said"),
    [
        ("2026-11-23T11:59:30.000000Z", "just now"),
        ("2026-11-23T11:15:00.000000Z", "45 min ago"),
        ("2026-11-23T10:00:00.000000Z", "2 h ago"),
        ("2026-11-20T10:00:00.000000Z", "3 d ago"),
        ("no time", ""),
    ],
)
def test_how_long_ago(then: str, said: str) -> None:
    assert ago(then, datetime(2026, 11, 23, 12, tzinfo=UTC)) == said


def test_modes_in_words() -> None:
    assert mode_words("rehearsal", "production") == ("REHEARSAL", False)
    assert mode_words("live", "production") == ("LIVE PRODUCTION", True)
    assert mode_words("live", "preview") == ("LIVE preview", False)
    assert mode_words("by-hand", "production") == ("BY HAND production", True)


def test_a_hash_keeps_both_ends() -> None:
    assert short_hash("4be1" + "0" * 56 + "09c2") == "4be1…09c2"
