"""The good operator of `rehearse --auto`: types names, ticks items, answers from the procedure's examples."""

import hashlib
from collections.abc import Mapping

from wizard.acts.plan import Value
from wizard.model.procedure import Procedure
from wizard.record.events import Asked, CheckAnswered, Evidence, Option
from wizard.session import Answer, SessionState


_RETRIES = 1
"""A failed check is tried once more, then the good operator stops."""


def _proof(option: Option) -> Evidence:
    match option.expects:
        case "url":
            return Evidence(kind="url", text="rehearsal://seen")
        case "file":
            return Evidence(kind="file", text="rehearsed", sha256=hashlib.sha256(b"").hexdigest())
        case _:
            return Evidence(kind="text", text="seen in the rehearsal")


_GOOD = {
    "confirm": "yes",
    "type": "typed",
    "found done": "take",
    "recovered": "acknowledge",
    "needs": "stop",
}


class AutoOperator:
    """Answers questions of a rehearsal.

    Args:
        procedure: Where answers and examples stand.
        answers: What is answered instead, by name of an ask or choose.
    """

    def __init__(self, procedure: Procedure, answers: Mapping[str, str] | None = None) -> None:
        self._procedure = procedure
        self._given = answers or {}
        self._tries: dict[tuple[str | None, str], int] = {}

    def answer(self, question: Asked, state: SessionState) -> Answer | None:
        """The answer to a question, or None when only a person may answer it."""
        match question.question_kind:
            case "item":
                return self._item(question, state)
            case "confirm" | "type" | "found done" | "recovered" | "needs":
                return self._pick(question, _GOOD[question.question_kind])
            case "go" | "undo":
                return self._go(question, state)
            case "ask" | "choose" | "secret":
                return self._value(question)
            case "unknown":
                return self._unknown(question, state)
            case "soak" | "busy" | "unfinished" | "take over" | "handed over":
                return None  # time passes by itself; the others are asked in live sessions alone
            case "no answer" | "before" | "fence" | "failed" | "undo failed" | "value" | "held":
                return self._again(question)

    def _go(self, question: Asked, state: SessionState) -> Answer:
        step = state.undo or state.step(question.step or "")
        run = state.runs.get(step.run or 0)
        if run is not None and run.ended is not None and run.ended.outcome == "not started":
            return self._again(question, "run")
        return self._pick(question, "run" if self._has(question, "run") else "did-it")

    def _item(self, question: Asked, state: SessionState) -> Answer:
        actor = state.undo or state.step(question.step or "")
        if question.item in actor.failed_items:
            return self._again(question, "tick", part=f"item {question.item}")
        return self._pick(question, "tick")

    def _again(self, question: Asked, choice: str = "again", *, part: str = "") -> Answer:
        key = (question.step, part or question.question_kind)
        self._tries[key] = self._tries.get(key, 0) + 1
        if self._tries[key] > _RETRIES or not self._has(question, choice):
            return self._pick(question, "stop")
        return self._pick(question, choice)

    def _unknown(self, question: Asked, state: SessionState) -> Answer | None:
        """The probe alone settles it: a no runs it again by the step's own order, no answer is left to a person."""
        step = state.undo or state.step(question.step or "")
        probe: CheckAnswered | None = step.check_results.get(("already", 0))
        asked_before = probe is not None and probe.verdict == "no answer"
        return None if asked_before or not self._has(question, "check") else self._pick(question, "check")

    def _value(self, question: Asked) -> Answer:
        answers = self._procedure.rehearsal.answers if self._procedure.rehearsal else {}
        known = self._given.get(question.name) or answers.get(question.name) or self._example(question)
        if question.question_kind == "choose":
            wanted = f"={known}"
            choice = wanted if self._has(question, wanted) else question.options[0].id
            return Answer(question.question, choice)
        return Answer(question.question, "answer", known or f"rehearsed-{question.name}")

    def _example(self, question: Asked) -> str | None:
        parameter = self._procedure.parameters.get(question.name)
        if parameter is not None:
            return parameter.rehearsed()
        plan = self._procedure.step(question.step).act.plan if question.step else None
        return plan.example if isinstance(plan, Value) else None

    def _has(self, question: Asked, choice: str) -> bool:
        return any(option.id == choice for option in question.options)

    def _pick(self, question: Asked, choice: str) -> Answer:
        option: Option = next(option for option in question.options if option.id == choice)
        text = option.expects if option.needs == "typed" else "the rehearsal goes no further by itself"
        evidence = (_proof(option),) if option.needs == "evidence" else ()
        return Answer(question.question, choice, text if option.needs != "nothing" else "", evidence)
