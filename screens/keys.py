"""What a key is, how it is written for people, and how Textual binds it. Each screen declares its own."""

from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True)
class Key:
    """One key, or several that do the same.

    Attributes:
        id: Its name, unique; what a keymap of the operator's would name.
        keys: The keys as Textual names them; the first one is shown.
        action: What the screen does.
        label: Two or three words for the line of keys.
        help: A sentence for the help page.
        answers: Ids of the options it answers a question with.
        foot: Whether it stands in the line of keys when it can be used.
        written: How several keys are written together; empty names each.
        decides: It marks, takes or begins something, so it counts only once that was seen for a moment.
        opens: A letter that leaves the screen or writes a file: it waits, since it may be the first one of a text.
    """

    id: str
    keys: tuple[str, ...]
    action: str
    label: str
    help: str
    answers: tuple[str, ...] = ()
    foot: bool = True
    written: str = ""
    decides: bool = False
    opens: bool = False


def opening_key(screen: str, keys: tuple[str, ...], label: str, explained: str) -> Key:
    """The key that opens a screen of the registry, which it is named after."""
    return Key(screen, keys, f"open_screen('{screen}')", label, explained)


_NAMES = {
    "enter": "Enter",
    "escape": "Esc",
    "slash": "/",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "up": "↑",
    "down": "↓",
    "tab": "Tab",
}


def key_name(key: str) -> str:
    """The key as it is written on a keyboard: `F9`, `Ctrl+C`, `Enter`, `K`."""
    for held, name in (("ctrl+", "Ctrl+"), ("shift+", "Shift+")):
        if key.startswith(held):
            return f"{name}{key_name(key.removeprefix(held))}"
    short = len(key) == 1 or key[1:].isdecimal()
    return _NAMES.get(key) or (key.upper() if short else key.replace("_", " ").capitalize())


def written(key: Key) -> str:
    """All its keys as they are written for people: `F9 or U`."""
    return key.written or " or ".join(key_name(name) for name in key.keys)


def bindings_of(where: str, keys: Iterable[Key]) -> list[BindingType]:
    """The keys of one screen, in the order of the line of keys, as Textual binds them."""
    return [
        Binding(
            ",".join(_both_cases(names)),
            key.action.format(key=names[0]),
            key.label,
            show=key.foot,
            tooltip=key.help,
            id=f"{where}.{key.id}{suffix}",
        )
        for key in keys
        for suffix, names in _bound(key)
    ]


def _bound(key: Key) -> list[tuple[str, tuple[str, ...]]]:
    """The keys that are bound together; each for itself where the action has to know which one it was."""
    return [(f":{name}", (name,)) for name in key.keys] if "{key}" in key.action else [("", key.keys)]


def _both_cases(keys: tuple[str, ...]) -> list[str]:
    """A letter is the same key with Shift or Caps Lock: the line of keys writes it as a capital."""
    return [each for key in keys for each in ((key, key.upper()) if len(key) == 1 else (key,))]
