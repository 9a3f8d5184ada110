"""The keys: declared once, never twice on a screen, never one that a terminal or a shell takes."""

from collections import Counter
from typing import get_args

import pytest
from textual.binding import Binding

from screens.keys import KEYS, Where, bindings_of, key_answering, key_name, key_of, keys_of, readme_table


_WHERES = get_args(Where)
_FORBIDDEN = {"f10", "f11", "ctrl+s", "ctrl+q", "ctrl+z"}
_WITH_FIELDS = {"start", "dialog"}


@pytest.mark.parametrize("where", _WHERES)
def test_no_key_means_two_things_on_one_screen(where: Where) -> None:
    counted = Counter(name for key in keys_of(where) for name in key.keys)
    assert [name for name, times in counted.items() if times > 1] == []


def test_each_key_has_an_id_a_label_and_a_sentence_of_help() -> None:
    assert len({key.id for key in KEYS}) == len(KEYS)
    for key in KEYS:
        assert key.label
        assert key.help.endswith((".", ";"))
        assert key.where


def test_no_key_is_one_that_terminals_take_for_themselves() -> None:
    for key in KEYS:
        assert not _FORBIDDEN & set(key.keys)
        assert not any("alt+" in name for name in key.keys)


@pytest.mark.parametrize("where", sorted(_WITH_FIELDS))
def test_where_one_types_only_keys_that_no_text_needs_are_bound(where: Where) -> None:
    typed = [name for key in keys_of(where) for name in key.keys if len(name) == 1]
    assert typed == []


def test_each_binding_carries_its_id_and_its_help() -> None:
    for where in _WHERES:
        for binding in bindings_of(where):
            assert isinstance(binding, Binding)
            assert (binding.id or "").startswith(f"{where}.")
            assert binding.tooltip


def test_every_option_of_a_question_with_a_key_has_only_one() -> None:
    options = [option for key in KEYS for option in key.answers]
    assert sorted(options) == sorted(set(options))
    undo = key_answering("undo")
    assert undo is not None
    assert undo.keys == ("f9", "u")
    assert key_answering("=production") is None


def test_the_table_for_the_readme_names_every_key() -> None:
    table = readme_table()
    for key in KEYS:
        assert key.help in table
        assert key_name(key.keys[0]) in table
    assert "Ctrl+]" in table


def test_an_unknown_id_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        key_of("nothing")


@pytest.mark.parametrize(("key", "name"), [("ctrl+c", "Ctrl+C"), ("f9", "F9"), ("slash", "/"), ("k", "K")])
def test_keys_are_written_as_on_a_keyboard(key: str, name: str) -> None:
    assert key_name(key) == name
