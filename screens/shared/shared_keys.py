"""Keys that several screens share; what such a key does, each of them says itself."""

from screens.keys import Key, opening_key


PAGE_UP = Key("page-up", ("pageup",), "turn(-1)", "page up", "Scroll the card or the text up.", foot=False)
PAGE_DOWN = Key("page-down", ("pagedown",), "turn(1)", "page down", "Scroll the card or the text down.", foot=False)

INTERRUPT = Key("interrupt", ("ctrl+c",), "interrupt", "leave", "Leave; asks first while a command runs.")
HELP = opening_key("help", ("f1",), "help", "This page.")
BACK = Key("back", ("escape",), "back", "back", "Go back.")
