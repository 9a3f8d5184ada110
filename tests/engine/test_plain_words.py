"""Words that answer line by line: the same everywhere, and nothing else answers."""

import ast
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import wizard.session
from wizard.plain.ways import Way, choices, listed, taken
from wizard.plain.words import NAMED, WORD_OF, WORDS, meant


_SAME = ({"again", "check"}, {"tick", "did-it", "finished"})
"""Options that mean one thing: look again and change nothing; what was asked for is done."""
_WORD = Way("run", "run"), Way("skip", "skip"), Way("stop", "stop")


def _options() -> set[str]:
    """Every id that a question's option is made with."""
    found = set()
    for path in Path(wizard.session.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Option":
                ids = [each.value for each in node.keywords if each.arg == "id"]
                found |= {each.value for each in ids if isinstance(each, ast.Constant)}
    assert len(found) > 20
    return {str(each) for each in found}


def test_every_option_has_one_word_and_no_word_serves_two_meanings() -> None:
    assert _options() - {NAMED} <= set(WORD_OF)
    for word in WORD_OF.values():
        meaning = {option for option, its in WORD_OF.items() if its == word}
        assert len(meaning) == 1 or meaning in _SAME, word
    assert all(not char.isdigit() for word in WORDS for char in word)


def _key(ways: tuple[Way, ...], typed: str) -> str:
    way = taken(ways, typed)
    return way.key if isinstance(way, Way) else ""


def test_a_word_or_its_unambiguous_first_letters() -> None:
    ways = (*_WORD, Way("by-hand", "by hand"))
    for typed in ("run", "r", "ru", " RUN ", "Run"):
        assert _key(ways, typed) == "run"
    for typed in ("by hand", "by-hand", "by", "By  Hand"):
        assert _key(ways, typed) == "by-hand"
    assert taken(ways, "s") == "That may be seen, sign over, skip or stop; there is: run, skip, stop, by hand."
    for typed in ("1", "2", "runs", "run it", "x", "rrr", "pause", "digitalmarketplace_redis", "=run", "="):
        assert taken(ways, typed) == "That is no answer here; there is: run, skip, stop, by hand."


@given(
    st.sets(st.sampled_from(sorted(WORDS)), min_size=1),
    st.text(st.sampled_from("abcdefghijklmnopqrstuvwy -"), max_size=9),
)
def test_a_text_means_the_same_at_every_question(offered: set[str], typed: str) -> None:
    here = _key(tuple(Way(word, word) for word in sorted(offered)), typed)
    everywhere = _key(tuple(Way(word, word) for word in sorted(WORDS)), typed)
    assert here == (everywhere if everywhere in offered else "")


def _gate(name: str) -> tuple[Way, ...]:
    return (Way(NAMED, name, kind="name"), *_WORD)


def test_at_a_gate_the_name_is_the_answer() -> None:
    assert _key(_gate("3"), "3") == NAMED
    assert _key(_gate("3"), " 3 ") == NAMED
    for name in ("skip", "s", "sk", "stop", "1"):
        assert _key(_gate(name), name) == NAMED
    assert taken(_gate("3"), "2") == "What was typed is not 3, and no other answer; there is also: run, skip, stop."
    assert _key(_gate("the-name"), "The-Name") == ""
    assert _key(_gate("the-name"), "skip") == "skip"


def test_a_name_that_is_a_word_leaves_a_way_to_the_word() -> None:
    for name, other in (("skip", "SKIP"), ("SKIP", "skip"), ("sk", "skip"), ("Skip", "skip")):
        assert _key(_gate(name), other) == "skip"
    assert choices(_gate("skip"))[-1] == "Here skip is the name that was asked for; for the other answer type SKIP."
    assert len(choices(_gate("sk"))) == 1


@given(st.text(max_size=20), st.text(max_size=20))
def test_nothing_but_the_exact_name_passes_its_gate(name: str, typed: str) -> None:
    assert (_key(_gate(name), typed) == NAMED) == (typed.strip() == name)


def _chosen(*values: str) -> tuple[Way, ...]:
    return (*(Way(f"={value}", value, kind="value") for value in values), *_WORD)


def test_a_choice_is_named_by_its_value_or_by_the_beginning_of_it() -> None:
    ways = _chosen("log-out", "carry", "=odd", "skip", "st", "stay")
    assert _key(ways, "log-out") == "=log-out"
    assert _key(ways, "lo") == "=log-out"
    assert _key(ways, "=lo") == "=log-out"
    assert _key(ways, "skip") == "skip"
    assert _key(ways, "=skip") == "=skip"
    assert _key(ways, "==odd") == "==odd"
    assert _key(ways, "=st") == "=st"
    assert taken(ways, "st") == (
        "That may be stop or =st; there is: log-out, carry, ==odd, =skip, =st, stay, run, skip, stop."
    )
    assert not isinstance(taken(ways, "c"), Way)  # check begins so too, and is the same everywhere
    assert _key(ways, "1") == ""


@given(st.lists(st.text(min_size=1, max_size=8).map(str.strip).filter(bool), min_size=1, unique=True), st.data())
def test_a_value_is_reached_as_it_is_shown(values: list[str], data: st.DataObject) -> None:
    ways = _chosen(*values)
    way = data.draw(st.sampled_from([way for way in ways if way.kind == "value"]))
    assert taken(ways, way.shown) == way
    assert bool(meant(way.text)) <= way.shown.startswith("=")


def test_what_can_be_typed_is_one_line_where_there_is_room() -> None:
    ways = [Way("run", "run"), Way("undo", "undo", "undo: Greet"), Way("pause", "pause")]
    hint = "(a word or its first letters; the same everywhere)"
    assert listed(ways) == ["  undo  undo: Greet", f"run   undo   pause      {hint}"]
    assert choices(ways, 80) == [f"run   undo   pause      {hint}"]
    assert choices(ways, 60) == ["run   undo   pause", hint]
    assert choices(ways, 14) == ["run   undo", "pause", hint]
    assert choices([Way("a", "a", kind="value")], 80) == ["=a      (one of these, or its first letters)"]
