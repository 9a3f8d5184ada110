"""Every question the wizard can put, in the words it puts it, with every way to answer it."""

from wizard.acts.plan import TickAll, Value
from wizard.fields.templates import render_text
from wizard.model.procedure import Procedure, Step
from wizard.record.events import Asked, CheckAnswered, Option, QuestionKind
from wizard.session.actions import AskQuestion, RunCheck
from wizard.session.plan_input import ActContext
from wizard.session.rehearsing import rehearses, with_advice, with_estate
from wizard.session.rendering import render_step
from wizard.session.run_words import how_lost
from wizard.session.state import SessionState, Stage
from wizard.session.undo_path import undo_target


PAUSE = Option(id="pause", label="pause and leave")
STOP = Option(id="stop", label="stop here for good", needs="reason")
AGAIN = Option(id="again", label="check again")


def _skip(step: Step, state: SessionState) -> tuple[Option, ...]:
    if not step.skippable or state.undo is not None:
        return ()
    return (Option(id="skip", label="skip this step", needs="reason"),)


def _undo(procedure: Procedure, state: SessionState) -> tuple[Option, ...]:
    # An unknown outcome is settled before anything is taken back: who knows what there is to take back.
    unknown = state.current is not None and state.step(state.current).stage is Stage.UNKNOWN
    target = None if state.undo is not None or unknown else undo_target(procedure, state)
    if target is None:
        return ()
    how = "go back to" if state.step(target.id).end == "skipped" else "undo"
    return (Option(id="undo", label=f"{how}: {render_text(target.title, state.values)}", needs="reason"),)


def _leave(state: SessionState) -> tuple[Option, ...]:
    if state.undo is None:
        return ()
    return (
        Option(id="leave", label="do not undo it after all", needs="reason" if state.undo.has_effect else "nothing"),
    )


def _ways_out(context: ActContext) -> tuple[Option, ...]:
    state = context.state
    return (*_skip(context.step, state), *_undo(context.procedure, state), *_leave(state), PAUSE, STOP)


def _ask(
    state: SessionState,
    kind: QuestionKind,
    step: Step | None,
    text: str,
    options: tuple[Option, ...],
    *,
    default: str = "",
    gate: bool = False,
    item: int | None = None,
    name: str = "",
) -> AskQuestion:
    return AskQuestion(
        Asked(
            question=state.questions + 1,
            question_kind=kind,
            step=step.id if step else None,
            text=text,
            options=options,
            default=default,
            gate=gate,
            item=item,
            name=name,
        )
    )


def go(context: ActContext) -> AskQuestion:
    """The card is on the screen: run it?"""
    if context.undo:
        text = f"Take back: {render_text(context.step.title, context.state.values)}."
        by_hand = "undo it by hand, as it were" if rehearses(context.state) else "I will undo it by hand"
        label = "undo it" if context.by_hand is None else by_hand
        options = (Option(id="run", label=label), *_leave(context.state), PAUSE, STOP)
        return _ask(context.state, "undo", context.step, text, options)
    by_hand = "do it by hand, as it were" if rehearses(context.state) else "I will do it by hand"
    label = "run it" if context.by_hand is None else by_hand
    own = () if context.by_hand is not None else (Option(id="by-hand", label="do it by hand"),)
    options = (Option(id="run", label=label), *own, *_ways_out(context))
    return _ask(context.state, "go", context.step, render_text(context.step.title, context.state.values), options)


def did_it(context: ActContext) -> AskQuestion:
    """The act is the operator's to do; they say when it is done."""
    if context.by_hand is None:
        own = " with the rehearsal's own commands" if rehearses(context.state) else ""
        text = f"Do this step yourself{own}, then say that it is done. The checks after it follow."
    elif rehearses(context.state):  # whoever rehearses must never be told to run the real command
        text = f"{context.by_hand} Run it nowhere. Say that it is done, and the rehearsal goes on as if it were."
    else:
        text = f"{context.by_hand} Run the command yourself, then say so."
    options = (
        Option(id="did-it", label="it is done", needs="evidence"),
        Option(id="back", label="not now"),
        *_ways_out(context),
    )
    return _ask(context.state, "undo" if context.undo else "go", context.step, text, options, gate=True)


def confirm(context: ActContext) -> AskQuestion:
    """The gate `confirm`."""
    text = render_text(context.step.confirm or "", context.state.values)
    options = (
        Option(id="yes", label="yes, go on"),
        Option(id="back", label="no, back to the step"),
        *_ways_out(context),
    )
    return _ask(context.state, "confirm", context.step, text, options, gate=True)


def type_name(context: ActContext) -> AskQuestion:
    """The gate `type`: the exact name, typed. A repeat of what may never run twice asks for the step's id."""
    wanted = render_text(context.step.type, context.state.values) if context.step.type is not None else context.step.id
    options = (
        Option(id="typed", label="type it and go on", needs="typed", expects=wanted),
        Option(id="back", label="back to the step"),
        *_ways_out(context),
    )
    return _ask(context.state, "type", context.step, f"Type {wanted} to go on.", options, gate=True)


def item(context: ActContext, plan: TickAll, index: int) -> AskQuestion:
    """One item of a by-hand act."""
    thing = plan.items[index]
    count = f" ({index + 1} of {len(plan.items)})" if len(plan.items) > 1 else ""
    mishap = "The pretend platform did it and failed. " if index in context.actor.failed_items else ""
    options = (
        Option(
            id="tick", label="done", needs="evidence" if thing.evidence else "nothing", expects=thing.evidence or ""
        ),
        *_ways_out(context),
    )
    return _ask(
        context.state,
        "item",
        context.step,
        mishap + render_text(thing.text, context.state.values) + count,
        options,
        gate=True,
        item=index,
    )


def value_wanted(context: ActContext, plan: Value) -> AskQuestion:
    """A value that a person chooses or types."""
    text = render_text(plan.question or context.step.title, context.state.values)
    outs = _ways_out(context)
    if plan.rule is None:
        labels = ((value, render_text(label, context.state.values)) for value, label in plan.options.items())
        options = tuple(Option(id=f"={value}", label=label) for value, label in labels)
        return _ask(context.state, "choose", context.step, text, (*options, *outs), gate=True, name=plan.name)
    kind: QuestionKind = "secret" if plan.secret else "ask"
    text += f" Enter {plan.rule.wanted}." if plan.rule.wanted else ""
    answer = Option(id="answer", label="answer", needs="secret" if plan.secret else "value")
    return _ask(context.state, kind, context.step, text, (answer, *outs), name=plan.name)


def value_missing(context: ActContext, name: str) -> AskQuestion:
    """A value that the act's output or the world would have given, had all gone well."""
    text = f"What gives {name} is not there or not what it should be. What is {name}?"
    kind: QuestionKind = (
        "secret" if name in context.operation.capture and context.operation.capture[name].secret else "ask"
    )
    value = Option(id="answer", label="answer", needs="secret" if kind == "secret" else "value")
    return _ask(context.state, kind, context.step, text, (value, *_ways_out(context)), name=name)


def secret(procedure: Procedure, state: SessionState, name: str) -> AskQuestion:
    """A secret that the engine does not hold (any more)."""
    parameter = procedure.parameters.get(name)
    text = (parameter.ask if parameter else None) or f"The secret {name}. It is stored nowhere."
    options = (Option(id="answer", label="give it", needs="secret"), PAUSE, STOP)
    return _ask(state, "secret", None, text, options, name=name)


def value(state: SessionState, problem: CheckAnswered) -> AskQuestion:
    """A target or remembered value could not be had."""
    text = f"{problem.command} did not give the value that is needed. {problem.why}"
    text = with_estate(with_advice(text, state, [problem]), state, problem)
    return _ask(state, "value", None, text, (AGAIN, PAUSE, STOP), default="again")


def recovered(state: SessionState) -> AskQuestion:
    """The record's tail was damaged."""
    text = (
        "The end of the record was damaged, most likely when the machine or the disk stopped. "
        "What could not be read was kept aside; everything before it is whole."
    )
    options = (Option(id="acknowledge", label="I have read this; go on"), PAUSE, STOP)
    return _ask(state, "recovered", None, text, options)


def resume_checks(procedure: Procedure, state: SessionState, *, final: bool) -> AskQuestion:
    """What was true when the last step ended is not true now.

    Args:
        procedure: The session's own copy.
        state: The session.
        final: The step before us cannot be taken back, so that nobody goes on by themselves.
    """
    lines = [
        f"{a.command}: wanted {a.wanted}, got {a.got or a.why}"
        for a in state.resume_checks.values()
        if a.verdict != "yes"
    ]
    changed = any(a.verdict == "no" for a in state.resume_checks.values())
    told = "something changed. " if changed else "something may have changed; a check without an answer is not a no. "
    text = "Since this session was left, " + told + "; ".join(lines)
    # The fence is never overridden: a session that targets another space must not go on.
    fenced = any(a.purpose == "fence" and a.verdict != "yes" for a in state.resume_checks.values())
    override = () if fenced or final else (Option(id="accept", label="go on all the same", needs="reason"),)
    options = (AGAIN, *override, *_undo(procedure, state), PAUSE, STOP)
    return _ask(state, "held", None, text, options, default="again")


def _answer_of(context: ActContext, look: RunCheck) -> CheckAnswered | None:
    return context.actor.check_results.get((look.purpose, look.index))


def _told(sentence: str, answer: CheckAnswered | None) -> str:
    """The sentence and the reason. What was asked, wanted and got stands in the front ends' tables, line by line."""
    return sentence if answer is None else f"{sentence} {answer.why}".rstrip()


def found_done(context: ActContext) -> AskQuestion:
    """The probe says that the effect is there.

    Running it all the same is offered last, and only where a second run is safe by the procedure's own word: a probe
    that says yes is what `check-first` and `never` are there to heed.
    """
    text = "This is already done."
    safe = context.step.repeat == "safe" and context.step.no_return is None and not context.undo
    label = "run it all the same" if context.starts_command else "do it all the same"
    anyway = (Option(id="anyway", label=label, needs="reason"),) if safe else ()
    options = (Option(id="take", label="take it as found done"), AGAIN, *_ways_out(context), *anyway)
    return _ask(context.state, "found done", context.step, text, options, default="again")


def no_answer(context: ActContext, look: RunCheck) -> AskQuestion:
    """A check could not answer, which is not a no."""
    text = _told("A check could not answer, and that is not a no.", _answer_of(context, look))
    text = with_advice(text, context.state, [_answer_of(context, look)])
    override: tuple[Option, ...] = ()
    if look.purpose != "already":
        text, override = text + _no_override(context), _override(context, "go on without its answer")
    options = (AGAIN, *override, *_ways_out(context))
    return _ask(context.state, "no answer", context.step, text, options, default="again")


def before(context: ActContext, look: RunCheck) -> AskQuestion:
    """A check before the step says no."""
    text = _told("The world is not ready for this step.", _answer_of(context, look))
    text = with_advice(text, context.state, [_answer_of(context, look)]) + _no_override(context)
    options = (AGAIN, *_override(context, "go on all the same"), *_ways_out(context))
    return _ask(context.state, "before", context.step, text, options, default="again")


def _override(context: ActContext, label: str) -> tuple[Option, ...]:
    """Going on against a check: not in front of a step that cannot be taken back."""
    return () if _final(context) else (Option(id="accept", label=label, needs="reason"),)


def _no_override(context: ActContext) -> str:
    """Why nobody goes on against the check, and what they can do; empty where they can."""
    if not _final(context):
        return ""
    why = "There is no way back after this step, so this check cannot be overridden."
    return f" {why} Fix what it reports and check again{_or_skip(context)}."


def _or_skip(context: ActContext) -> str:
    return ", or skip the step" if context.step.skippable else ", or stop"


def _final(context: ActContext) -> bool:
    return not context.undo and context.step.no_return is not None


def fence(context: ActContext, look: RunCheck) -> AskQuestion:
    """We are not where the session was opened for. Nobody may override that."""
    answer = _answer_of(context, look)
    told = "This is not the target the session was opened for."
    if answer is not None and answer.verdict == "no answer":
        told = "Whether this is the target the session was opened for got no answer, and that is not a no."
    text = with_advice(_told(told, answer), context.state, [answer])
    return _ask(context.state, "fence", context.step, text, (AGAIN, *_ways_out(context)), default="again")


def not_at_the_target(state: SessionState, answer: CheckAnswered) -> AskQuestion:
    """The session was begun somewhere else than it is for. Nothing of that place was remembered."""
    text = with_advice(_told("This is not the target that this session is for.", answer), state, [answer])
    return _ask(state, "fence", None, text, (AGAIN, PAUSE, STOP), default="again")


def needs(context: ActContext, unmet: list[str]) -> AskQuestion:
    """Steps that this one needs are not done."""
    named = "; ".join(render_step(context.procedure, each, context.state.values) for each in unmet)
    text = f"This step needs what is not done yet: {named}."
    if _final(context):
        text += f" There is no way back after this step, so go back and do that first{_or_skip(context)}."
    return _ask(
        context.state, "needs", context.step, text, (*_override(context, "go on all the same"), *_ways_out(context))
    )


def waiting(context: ActContext, kind: str) -> AskQuestion:
    """A soak or a wait runs; it ends by itself, or when a person ends it for a reason."""
    text = (
        "Soaking: time must pass before this step."
        if kind == "soak"
        else render_text(context.step.title, context.state.values)
    )
    options = (Option(id="cut-short", label="end the wait now", needs="reason"), *_ways_out(context))
    return _ask(context.state, "soak", context.step, text, options, gate=True)


def failed(context: ActContext) -> AskQuestion:
    """The act did not prove itself."""
    actor = context.actor
    judged = actor.check_results.get(("expect", 0))
    bad = list(actor.unproven)
    says = " ".join(look.why for look in bad)
    undoing = context.undo
    rerun: tuple[Option, ...] = ()
    if (context.starts_command or context.watches) and not actor.found_done:
        rerun = (Option(id="rerun", label="run again", needs="reason"),)
    by_command = judged is not None and judged.verdict != "yes"
    # What the command did not tell, the checks after it may.
    again = (AGAIN,) if not by_command or (context.unheard and context.operation.after) else ()
    by_hand = Option(id="by-hand", label="I finished it by hand", needs="evidence")
    accept = () if undoing else (Option(id="accept", label="take it as it is", needs="reason"),)
    options = (*again, *rerun, by_hand, *accept, *_ways_out(context))
    told = "The command failed. "
    if judged is not None and judged.verdict == "no answer":
        proven = context.unheard and context.operation.after and not any(look.purpose == "after" for look in bad)
        after = " The checks after it passed." if proven else ""
        told = f"The command {_its_exit(context)}did not tell whether it succeeded.{after} "
    elif not by_command:
        how = "It was found done" if actor.found_done else "It was done"
        told = f"{'The command ended' if judged is not None else how}, but the check after it failed. "
    kind: QuestionKind = "undo failed" if undoing else "failed"
    nothing = " What it does is not there." if actor.changed_nothing else ""
    text = with_advice((told + says).rstrip() + nothing, context.state, bad)
    return _ask(context.state, kind, context.step, text, options, default="again" if again else "")


def _its_exit(context: ActContext) -> str:
    run = context.state.runs.get(context.actor.run or 0)
    ended = None if run is None else run.ended
    return "" if ended is None or ended.exit is None else f"ended with {ended.exit}, but "


def unknown(context: ActContext) -> AskQuestion:
    """Nothing tells how the act ended."""
    text = f"{how_lost(context.state.runs.get(context.actor.run or 0))} We do not know whether it finished."
    check = () if context.operation.probe is None else (Option(id="check", label="check what happened"),)
    wanted = render_text(context.step.type, context.state.values) if context.step.type is not None else context.step.id
    once_more = (
        Option(id="not-done", label="it did not happen: run it again")
        if context.step.repeat == "safe"
        else Option(id="not-done", label="it did not happen: run it again", needs="typed", expects=wanted)
    )
    options = (
        *check,
        Option(id="finished", label="it finished: record my evidence", needs="evidence"),
        once_more,
        PAUSE,
        STOP,
    )
    return _ask(context.state, "unknown", context.step, text, options, default="check" if check else "")
