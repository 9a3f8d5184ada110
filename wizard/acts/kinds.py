"""The kinds of acts: a line each, in the order in which messages name them."""

from pkgutil import resolve_name

from wizard.acts.act import Act


_LINES = (
    "wizard.acts.run:Run",
    "wizard.acts.shell:Shell",
    "wizard.acts.edit:Edit",
    "wizard.acts.by_hand:ByHand",
    "wizard.acts.ask:Ask",
    "wizard.acts.choose:Choose",
    "wizard.acts.wait:Wait",
    "wizard.acts.watch:Watch",
    "wizard.acts.approve:Approve",
)

KINDS: tuple[type[Act], ...] = tuple(resolve_name(line) for line in _LINES)
ACT_KEYS = tuple(kind.KEY for kind in KINDS)

LINE_KEYS = frozenset(key for kind in KINDS for key in kind.KEYS.lines)
"""Keys, of checks too, whose text is a command line without a shell."""
SCRIPT_KEYS = frozenset(key for kind in KINDS for key in kind.KEYS.scripts)
"""Keys, of checks too, whose text is a bash script."""
PLAYED_KEYS = frozenset(key for kind in KINDS for key in kind.KEYS.played)
"""Keys whose text is a command line for the pretend platform."""
FREE_KEYS = frozenset({"env", "answers", "world", "when", "fence"}.union(*(kind.KEYS.free for kind in KINDS)))
"""Keys below which all names are the author's own, so that none of them is a key of the format."""
