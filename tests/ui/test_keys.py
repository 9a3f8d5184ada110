"""The keys: declared once, never twice on a screen, never one that a terminal or a shell takes."""

from collections import Counter

import pytest
from textual.binding import Binding

from screens.keys import bindings_of, key_name
from screens.picker.screen import PickerScreen
from screens.run.run_keys import key_answering
from screens.shared.dialogs import Dialog
from screens.shared.page import opened_by_key
from screens.start.screen import StartScreen
from tests.house.key_table import HOLDERS, KeyHolder, every_key, keys_of, readme_table


_FORBIDDEN = {"f10", "f11", "ctrl+s", "ctrl+q", "ctrl+z"}


def test_no_two_screens_share_a_name() -> None:
    names = [holder.WHERE for holder in HOLDERS]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("holder", HOLDERS, ids=lambda holder: holder.WHERE)
def test_no_key_means_two_things_on_one_screen(holder: type[KeyHolder]) -> None:
    counted = Counter(name for key in keys_of(holder) for name in key.keys)
    assert [name for name, times in counted.items() if times > 1] == []


def test_each_key_has_an_id_a_label_and_a_sentence_of_help() -> None:
    keys = every_key()
    assert len({key.id for key in keys}) == len(keys)
    for key in keys:
        assert key.label
        assert key.help.endswith((".", ";"))


def test_no_key_is_one_that_terminals_take_for_themselves() -> None:
    for key in every_key():
        assert not _FORBIDDEN & set(key.keys)
        assert not any("alt+" in name for name in key.keys)


@pytest.mark.parametrize("holder", [Dialog, StartScreen])
def test_where_one_types_only_keys_that_no_text_needs_are_bound(holder: type[KeyHolder]) -> None:
    typed = [name for key in keys_of(holder) for name in key.keys if len(name) == 1]
    assert typed == []


def test_each_binding_carries_its_id_and_its_help() -> None:
    for holder in HOLDERS:
        for binding in bindings_of(holder.WHERE, keys_of(holder)):
            assert isinstance(binding, Binding)
            assert (binding.id or "").startswith(f"{holder.WHERE}.")
            assert binding.tooltip


def test_a_key_that_opens_a_screen_opens_one_that_there_is() -> None:
    opening = [key for key in every_key() if key.action.startswith("open_screen(")]
    assert {key.id for key in opening} == set(opened_by_key())


def test_every_option_of_a_question_with_a_key_has_only_one() -> None:
    options = [option for key in every_key() for option in key.answers]
    assert sorted(options) == sorted(set(options))
    undo = key_answering("undo")
    assert undo is not None
    assert undo.keys == ("f9", "u")
    assert key_answering("=production") is None


def test_the_table_for_the_readme_names_every_key() -> None:
    table = readme_table()
    for key in every_key():
        assert key.help in table
        assert key_name(key.keys[0]) in table
    assert "Ctrl+]" in table


def test_an_unknown_id_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        PickerScreen.key_of("nothing")


@pytest.mark.parametrize(("key", "name"), [("ctrl+c", "Ctrl+C"), ("f9", "F9"), ("slash", "/"), ("k", "K")])
def test_keys_are_written_as_on_a_keyboard(key: str, name: str) -> None:
    assert key_name(key) == name
