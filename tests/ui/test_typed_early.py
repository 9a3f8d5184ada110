"""A text typed one question too early: at every kind of question its letters take nothing, nor does Enter after it."""

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, get_args

import pytest
from textual.events import Key
from textual.keys import _character_to_key

from screens.app import UplevelApp
from screens.run.choices import Choices
from screens.run.run_keys import RUN_KEYS
from screens.run.screen import RunScreen
from screens.start.screen import StartScreen
from tests.ui.conftest import Hand
from wizard.engine import Intention
from wizard.record.events import Asked, Option, QuestionKind


if TYPE_CHECKING:
    from tests.ui.conftest import Desk, Prepares


_ONE = """
format: 1
procedure: one
title: One step
phases: [{title: Only, steps: [{id: it, title: Do it, run: 'true'}]}]
"""
_IDS = [option for key in RUN_KEYS for option in key.answers]
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-_./ RKX"


def _questions(chance: random.Random) -> Iterator[Asked]:
    """Questions of every kind without end, with any answers that a key may stand for."""
    number = 1000
    while True:
        for sort in get_args(QuestionKind):
            number += 1
            ids = chance.sample(_IDS, 6) if sort != "choose" else ["=a", "=b", "pause"]
            options = tuple(Option(id=each, label=f"answer {each}") for each in ids)
            yield Asked(question=number, question_kind=sort, step="it", text="What now?", options=options, default="")


def _word(chance: random.Random) -> str:
    return "".join(chance.choice(_LETTERS) for _ in range(chance.randrange(2, 9)))


async def _types(many: int, seed: int, it: "Desk", hand: Hand) -> None:
    """Type words at questions, and press Enter after each; nothing may come of any."""
    chance = random.Random(seed)
    await it.until(lambda: isinstance(it.app.screen, StartScreen))
    hand.seconds += 5
    await it.press("f5")
    await it.until(lambda: isinstance(it.app.screen, RunScreen) and it.run.showing.state.question is not None)
    said: list[Intention] = []
    it.run.driver.submit = said.append  # type: ignore[method-assign,assignment]
    for _, question in zip(range(many), _questions(chance), strict=False):
        it.run.showing.state = replace(it.run.showing.state, question=question, questions=question.question)
        it.run.draw()
        await it.pilot.pause()
        word, apart = _word(chance), chance.uniform(0.02, 0.4)
        hand.seconds += chance.choice((0.0, 0.2, 5.0))  # before it counts, or long after
        for key in (*word, "\r"):
            hand.seconds += apart
            event = Key("enter" if key == "\r" else _character_to_key(key), key)
            hand.pressed[event] = hand.seconds
            it.app.post_message(event)
        await it.pilot.pause()
        marked = it.run.query_one(Choices).marked
        assert (said, it.app.screen, marked) == ([], it.run, None), f"{word!r}, {apart} s a key, at {question}"
        hand.seconds += 5
        await it.pilot.press("enter")
        assert (said, it.app.screen) == ([], it.run), f"{word!r}, {apart} s a key, then Enter much later, at {question}"


async def test_forty_words_take_nothing(desk: "type[Desk]", prepared_from: "Prepares") -> None:
    hand = Hand()
    async with UplevelApp(preparation=prepared_from(_ONE), ticks=hand).run_test(size=(80, 24)) as pilot:
        await _types(40, 1, desk(pilot), hand)


@pytest.mark.storm
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_five_hundred_words_take_nothing(
    size: tuple[int, int], desk: "type[Desk]", prepared_from: "Prepares"
) -> None:
    hand = Hand()
    async with UplevelApp(preparation=prepared_from(_ONE), ticks=hand).run_test(size=size) as pilot:
        await _types(500, 2, desk(pilot), hand)
