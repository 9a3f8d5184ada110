"""Which keys of the run screen do nothing as things stand, and why. The line of keys leaves them out."""

from typing import TYPE_CHECKING

from screens.keys import Key, key_name
from screens.output.tool_keys import OUTPUT_KEY_IDS
from screens.run.choices import numbered


if TYPE_CHECKING:
    from screens.run.run_page import RunPage


_UNASKED = {
    "result": "The step has ended. Press Enter to go on.",
    "closed": "The session is over. Press Enter to leave.",
    "running": "A command is running, so nothing is asked now.",
    "busy": "Nothing is asked yet.",
}
_CLOSING = "The last of the record is being written. Wait for it."
_NO_WAY_BACK = "There is nothing to go back to."
_NO_UNDO = "Nothing can be taken back now."
_WITH_OUTPUT = "This key works on an output, and none is shown. F5 shows the last one."


def why_no_effect(page: "RunPage", key: Key) -> str:
    """Why a key does nothing now; empty when it does something."""
    if key.id == "enter" or (key.answers and key.id != "leave") or key.id == "number":
        return _why_no_answer(page, key)
    return idle_keys(page).get(key.id, "")


def idle_keys(page: "RunPage") -> dict[str, str]:
    """Sentences by the ids of the keys that do nothing now."""
    idle = _idle_at_output(page)
    if not any(option.id == "undo" for option in page.options()):
        idle["undo"] = _NO_UNDO
    if page.showing.kind == "closed":
        idle.update(dict.fromkeys(("note", "evidence", "hand-over"), "The session is over; its record is closed."))
        if page.showing.finished is None:
            idle["leave"] = idle["interrupt"] = _CLOSING
    if not (page.covered or page.held):
        idle["back"] = _NO_WAY_BACK
    return idle


def _idle_at_output(page: "RunPage") -> dict[str, str]:
    watches = page.showing.view.watches
    idle: dict[str, str] = {}
    if page.command_chosen is None:
        idle["keyboard"] = idle["stop-command"] = "No command runs in what is shown."
    if page.render_run is None and not watches:
        idle["output"] = idle["next-pane"] = "There is no output yet."
    elif len(page.tiles.panes) < 2 and (page.tiles_seen or not watches):
        idle["next-pane"] = "There is no other output."
    if page.showing.kind == "running":
        idle["output"] = "The output is shown already."
    if not (page.has_class("-output") or page.has_class("-split")) or page.run_chosen is None:
        idle.update(dict.fromkeys(OUTPUT_KEY_IDS, _WITH_OUTPUT))
    return idle


def unlisted(page: "RunPage") -> set[str]:
    """Ids of the keys that the line of keys leaves out, whether they do something or not."""
    listed_elsewhere = {"interrupt"}  # F7 stands there and does the same
    if page.showing.kind == "running":
        listed_elsewhere |= {"steps", "evidence"}
    elif page.look_at_output:
        listed_elsewhere |= {"note", "evidence", "steps"}  # the line says what is done with the output
    if page.has_class("-maximised"):
        listed_elsewhere |= {"note", "evidence", "leave"}  # so that the way back stands there
    if page.showing.kind == "closed":
        listed_elsewhere.add("leave")
    return listed_elsewhere | set(idle_keys(page))


def _why_no_answer(page: "RunPage", key: Key) -> str:
    if page.covered:
        return ""  # it shows what is covered
    kind = page.showing.kind
    if key.id == "enter":
        if kind == "closed" and page.showing.finished is None:
            return _CLOSING
        return "" if kind in {"result", "question", "closed"} else _UNASKED[kind]
    if kind != "question":
        return idle_keys(page).get(key.id, "") if key.id == "undo" else _UNASKED[kind]
    if key.id == "number":
        return "" if numbered(page.options()) else "There is nothing to choose by number here."
    if any(option.id in key.answers for option in page.options()):
        return ""
    if key.id == "undo":
        return _NO_UNDO
    return f"{key_name(key.keys[0])} stands for no answer here."
