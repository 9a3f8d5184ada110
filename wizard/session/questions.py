"""Every question the wizard can put, in the words it puts it, with every way to answer it."""

from wizard.events import Asked, CheckAnswered, Option, QuestionKind
from wizard.procedure import Ask as AskAct
from wizard.procedure import ByHand, Choose, Procedure, Step
from wizard.session.moves import Ask, Look
from wizard.session.rehearsing import rehearses, with_advice, with_estate
from wizard.session.run_words import how_lost
from wizard.session.scene import Scene
from wizard.session.shown import fill_shown, step_shown
from wizard.session.state import SessionState, Stage
from wizard.session.undoing import undo_target


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
    return (Option(id="undo", label=f"{how}: {fill_shown(target.title, state.values)}", needs="reason"),)


def _leave(state: SessionState) -> tuple[Option, ...]:
    if state.undo is None:
        return ()
    return (Option(id="leave", label="do not undo it after all", needs="reason" if state.undo.acted else "nothing"),)


def _ways_out(scene: Scene) -> tuple[Option, ...]:
    state = scene.state
    return (*_skip(scene.step, state), *_undo(scene.procedure, state), *_leave(state), PAUSE, STOP)


def _ask(
    state: SessionState,
    sort: QuestionKind,
    step: Step | None,
    text: str,
    options: tuple[Option, ...],
    *,
    default: str = "",
    gate: bool = False,
    item: int | None = None,
    name: str = "",
) -> Ask:
    return Ask(
        Asked(
            question=state.questions + 1,
            sort=sort,
            step=step.id if step else None,
            text=text,
            options=options,
            default=default,
            gate=gate,
            item=item,
            name=name,
        )
    )


def go(scene: Scene) -> Ask:
    """The card is on the screen: run it?"""
    if scene.undo:
        text = f"Take back: {fill_shown(scene.step.title, scene.state.values)}."
        by_hand = "undo it by hand, as it were" if rehearses(scene.state) else "I will undo it by hand"
        label = "undo it" if scene.by_hand is None else by_hand
        options = (Option(id="run", label=label), *_leave(scene.state), PAUSE, STOP)
        return _ask(scene.state, "undo", scene.step, text, options)
    by_hand = "do it by hand, as it were" if rehearses(scene.state) else "I will do it by hand"
    label = "run it" if scene.by_hand is None else by_hand
    own = () if scene.by_hand is not None else (Option(id="by-hand", label="do it by hand"),)
    options = (Option(id="run", label=label), *own, *_ways_out(scene))
    return _ask(scene.state, "go", scene.step, fill_shown(scene.step.title, scene.state.values), options)


def did_it(scene: Scene) -> Ask:
    """The act is the operator's to do; they say when it is done."""
    if scene.by_hand is None:
        own = " with the rehearsal's own commands" if rehearses(scene.state) else ""
        text = f"Do this step yourself{own}, then say that it is done. The checks after it follow."
    elif rehearses(scene.state):  # whoever rehearses must never be told to run the real command
        text = f"{scene.by_hand} Run it nowhere. Say that it is done, and the rehearsal goes on as if it were."
    else:
        text = f"{scene.by_hand} Run the command yourself, then say so."
    options = (
        Option(id="did-it", label="it is done", needs="evidence"),
        Option(id="back", label="not now"),
        *_ways_out(scene),
    )
    return _ask(scene.state, "undo" if scene.undo else "go", scene.step, text, options, gate=True)


def confirm(scene: Scene) -> Ask:
    """The gate `confirm`."""
    text = fill_shown(scene.step.confirm or "", scene.state.values)
    options = (
        Option(id="yes", label="yes, go on"),
        Option(id="back", label="no, back to the step"),
        *_ways_out(scene),
    )
    return _ask(scene.state, "confirm", scene.step, text, options, gate=True)


def type_name(scene: Scene) -> Ask:
    """The gate `type`: the exact name, typed. A repeat of what may never run twice asks for the step's id."""
    wanted = fill_shown(scene.step.type, scene.state.values) if scene.step.type is not None else scene.step.id
    options = (
        Option(id="typed", label="type it and go on", needs="typed", expects=wanted),
        Option(id="back", label="back to the step"),
        *_ways_out(scene),
    )
    return _ask(scene.state, "type", scene.step, f"Type {wanted} to go on.", options, gate=True)


def item(scene: Scene, act: ByHand, index: int) -> Ask:
    """One item of a by-hand act."""
    thing = act.items[index]
    count = f" ({index + 1} of {len(act.items)})" if len(act.items) > 1 else ""
    mishap = "The pretend platform did it and failed. " if index in scene.actor.mishaps else ""
    options = (
        Option(
            id="tick", label="done", needs="evidence" if thing.evidence else "nothing", expects=thing.evidence or ""
        ),
        *_ways_out(scene),
    )
    return _ask(
        scene.state,
        "item",
        scene.step,
        mishap + fill_shown(thing.text, scene.state.values) + count,
        options,
        gate=True,
        item=index,
    )


def value_wanted(scene: Scene, act: AskAct | Choose) -> Ask:
    """The act `ask` or `choose`."""
    text = fill_shown(act.ask or scene.step.title, scene.state.values)
    outs = _ways_out(scene)
    if isinstance(act, Choose):
        labels = ((choice.value, fill_shown(choice.label, scene.state.values)) for choice in act.options)
        options = tuple(Option(id=f"={value}", label=label) for value, label in labels)
        return _ask(scene.state, "choose", scene.step, text, (*options, *outs), gate=True, name=act.name)
    sort: QuestionKind = "secret" if act.secret else "ask"
    text += f" Enter {act.wanted}." if act.wanted else ""
    value = Option(id="answer", label="answer", needs="secret" if act.secret else "value")
    return _ask(scene.state, sort, scene.step, text, (value, *outs), name=act.name)


def value_missing(scene: Scene, name: str) -> Ask:
    """A value that the act's output or the world would have given, had all gone well."""
    text = f"What gives {name} is not there or not what it should be. What is {name}?"
    sort: QuestionKind = "secret" if name in scene.doing.capture and scene.doing.capture[name].secret else "ask"
    value = Option(id="answer", label="answer", needs="secret" if sort == "secret" else "value")
    return _ask(scene.state, sort, scene.step, text, (value, *_ways_out(scene)), name=name)


def secret(procedure: Procedure, state: SessionState, name: str) -> Ask:
    """A secret that the engine does not hold (any more)."""
    parameter = procedure.parameters.get(name)
    text = (parameter.ask if parameter else None) or f"The secret {name}. It is stored nowhere."
    options = (Option(id="answer", label="give it", needs="secret"), PAUSE, STOP)
    return _ask(state, "secret", None, text, options, name=name)


def value(state: SessionState, problem: CheckAnswered) -> Ask:
    """A target or remembered value could not be had."""
    text = f"{problem.command} did not give the value that is needed. {problem.why}"
    text = with_estate(with_advice(text, state, [problem]), state, problem)
    return _ask(state, "value", None, text, (AGAIN, PAUSE, STOP), default="again")


def recovered(state: SessionState) -> Ask:
    """The record's tail was damaged."""
    text = (
        "The end of the record was damaged, most likely when the machine or the disk stopped. "
        "What could not be read was kept aside; everything before it is whole."
    )
    options = (Option(id="acknowledge", label="I have read this; go on"), PAUSE, STOP)
    return _ask(state, "recovered", None, text, options)


def held(procedure: Procedure, state: SessionState, *, final: bool) -> Ask:
    """What was true when the last step ended is not true now.

    Args:
        procedure: The session's own copy.
        state: The session.
        final: The step before us cannot be taken back, so that nobody goes on by themselves.
    """
    lines = [f"{a.command}: wanted {a.wanted}, got {a.got or a.why}" for a in state.held.values() if a.verdict != "yes"]
    changed = any(a.verdict == "no" for a in state.held.values())
    told = "something changed. " if changed else "something may have changed; a check without an answer is not a no. "
    text = "Since this session was left, " + told + "; ".join(lines)
    # The fence is never overridden: a session that targets another space must not go on.
    fenced = any(a.purpose == "fence" and a.verdict != "yes" for a in state.held.values())
    override = () if fenced or final else (Option(id="accept", label="go on all the same", needs="reason"),)
    options = (AGAIN, *override, *_undo(procedure, state), PAUSE, STOP)
    return _ask(state, "held", None, text, options, default="again")


def _answer_of(scene: Scene, look: Look) -> CheckAnswered | None:
    return scene.actor.looks.get((look.purpose, look.index))


def _told(sentence: str, answer: CheckAnswered | None) -> str:
    """The sentence and the reason. What was asked, wanted and got stands in the front ends' tables, line by line."""
    return sentence if answer is None else f"{sentence} {answer.why}".rstrip()


def found_done(scene: Scene) -> Ask:
    """The probe says that the effect is there.

    Running it all the same is offered last, and only where a second run is safe by the procedure's own word: a probe
    that says yes is what `check-first` and `never` are there to heed.
    """
    text = "This is already done."
    safe = scene.step.repeat == "safe" and scene.step.no_return is None and not scene.undo
    label = "run it all the same" if scene.starts_command else "do it all the same"
    anyway = (Option(id="anyway", label=label, needs="reason"),) if safe else ()
    options = (Option(id="take", label="take it as found done"), AGAIN, *_ways_out(scene), *anyway)
    return _ask(scene.state, "found done", scene.step, text, options, default="again")


def no_answer(scene: Scene, look: Look) -> Ask:
    """A check could not answer, which is not a no."""
    text = _told("A check could not answer, and that is not a no.", _answer_of(scene, look))
    text = with_advice(text, scene.state, [_answer_of(scene, look)])
    override: tuple[Option, ...] = ()
    if look.purpose != "already":
        text, override = text + _no_override(scene), _override(scene, "go on without its answer")
    options = (AGAIN, *override, *_ways_out(scene))
    return _ask(scene.state, "no answer", scene.step, text, options, default="again")


def before(scene: Scene, look: Look) -> Ask:
    """A check before the step says no."""
    text = _told("The world is not ready for this step.", _answer_of(scene, look))
    text = with_advice(text, scene.state, [_answer_of(scene, look)]) + _no_override(scene)
    options = (AGAIN, *_override(scene, "go on all the same"), *_ways_out(scene))
    return _ask(scene.state, "before", scene.step, text, options, default="again")


def _override(scene: Scene, label: str) -> tuple[Option, ...]:
    """Going on against a check: not in front of a step that cannot be taken back."""
    return () if _final(scene) else (Option(id="accept", label=label, needs="reason"),)


def _no_override(scene: Scene) -> str:
    """Why nobody goes on against the check, and what they can do; empty where they can."""
    if not _final(scene):
        return ""
    why = "There is no way back after this step, so this check cannot be overridden."
    return f" {why} Fix what it reports and check again{_or_skip(scene)}."


def _or_skip(scene: Scene) -> str:
    return ", or skip the step" if scene.step.skippable else ", or stop"


def _final(scene: Scene) -> bool:
    return not scene.undo and scene.step.no_return is not None


def fence(scene: Scene, look: Look) -> Ask:
    """We are not where the session was opened for. Nobody may override that."""
    answer = _answer_of(scene, look)
    told = "This is not the target the session was opened for."
    if answer is not None and answer.verdict == "no answer":
        told = "Whether this is the target the session was opened for got no answer, and that is not a no."
    text = with_advice(_told(told, answer), scene.state, [answer])
    return _ask(scene.state, "fence", scene.step, text, (AGAIN, *_ways_out(scene)), default="again")


def not_at_the_target(state: SessionState, answer: CheckAnswered) -> Ask:
    """The session was begun somewhere else than it is for. Nothing of that place was remembered."""
    text = with_advice(_told("This is not the target that this session is for.", answer), state, [answer])
    return _ask(state, "fence", None, text, (AGAIN, PAUSE, STOP), default="again")


def needs(scene: Scene, unmet: list[str]) -> Ask:
    """Steps that this one needs are not done."""
    named = "; ".join(step_shown(scene.procedure, each, scene.state.values) for each in unmet)
    text = f"This step needs what is not done yet: {named}."
    if _final(scene):
        text += f" There is no way back after this step, so go back and do that first{_or_skip(scene)}."
    return _ask(scene.state, "needs", scene.step, text, (*_override(scene, "go on all the same"), *_ways_out(scene)))


def waiting(scene: Scene, sort: str) -> Ask:
    """A soak or a wait runs; it ends by itself, or when a person ends it for a reason."""
    text = (
        "Soaking: time must pass before this step."
        if sort == "soak"
        else fill_shown(scene.step.title, scene.state.values)
    )
    options = (Option(id="cut-short", label="end the wait now", needs="reason"), *_ways_out(scene))
    return _ask(scene.state, "soak", scene.step, text, options, gate=True)


def failed(scene: Scene) -> Ask:
    """The act did not prove itself."""
    actor = scene.actor
    judged = actor.looks.get(("expect", 0))
    bad = list(actor.unproven)
    says = " ".join(look.why for look in bad)
    undoing = scene.undo
    rerun: tuple[Option, ...] = ()
    if (scene.starts_command or scene.watches) and not actor.found_done:
        rerun = (Option(id="rerun", label="run again", needs="reason"),)
    by_command = judged is not None and judged.verdict != "yes"
    # What the command did not tell, the checks after it may.
    again = (AGAIN,) if not by_command or (scene.unheard and scene.doing.after) else ()
    by_hand = Option(id="by-hand", label="I finished it by hand", needs="evidence")
    accept = () if undoing else (Option(id="accept", label="take it as it is", needs="reason"),)
    options = (*again, *rerun, by_hand, *accept, *_ways_out(scene))
    told = "The command failed. "
    if judged is not None and judged.verdict == "no answer":
        proven = scene.unheard and scene.doing.after and not any(look.purpose == "after" for look in bad)
        after = " The checks after it passed." if proven else ""
        told = f"The command {_its_exit(scene)}did not tell whether it succeeded.{after} "
    elif not by_command:
        how = "It was found done" if actor.found_done else "It was done"
        told = f"{'The command ended' if judged is not None else how}, but the check after it failed. "
    sort: QuestionKind = "undo failed" if undoing else "failed"
    nothing = " What it does is not there." if actor.changed_nothing else ""
    text = with_advice((told + says).rstrip() + nothing, scene.state, bad)
    return _ask(scene.state, sort, scene.step, text, options, default="again" if again else "")


def _its_exit(scene: Scene) -> str:
    run = scene.state.runs.get(scene.actor.run or 0)
    ended = None if run is None else run.ended
    return "" if ended is None or ended.exit is None else f"ended with {ended.exit}, but "


def unknown(scene: Scene) -> Ask:
    """Nothing tells how the act ended (DESIGN 7)."""
    text = f"{how_lost(scene.state.runs.get(scene.actor.run or 0))} We do not know whether it finished."
    check = () if scene.doing.probe is None else (Option(id="check", label="check what happened"),)
    wanted = fill_shown(scene.step.type, scene.state.values) if scene.step.type is not None else scene.step.id
    once_more = (
        Option(id="not-done", label="it did not happen: run it again")
        if scene.step.repeat == "safe"
        else Option(id="not-done", label="it did not happen: run it again", needs="typed", expects=wanted)
    )
    options = (
        *check,
        Option(id="finished", label="it finished: record my evidence", needs="evidence"),
        once_more,
        PAUSE,
        STOP,
    )
    return _ask(scene.state, "unknown", scene.step, text, options, default="check" if check else "")
