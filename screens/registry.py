"""Every screen of the house, a line each. A new one is its own file and one line here.

A line is written as an entry point is, `package.module:Name`, and read when it is needed, so that no screen waits for
another one to be loaded.
"""

SCREENS = (
    "screens.picker.screen:PickerScreen",
    "screens.start.screen:StartScreen",
    "screens.start.commands:CommandsScreen",
    "screens.start.opening_page:OpeningScreen",
    "screens.run.screen:RunScreen",
    "screens.run.steps:StepsScreen",
    "screens.transcript.screen:TranscriptScreen",
)
"""Screens that are opened with something in hand: a session, a procedure."""

OPENED_BY_KEY = (
    "screens.sessions.screen:SessionsScreen",
    "screens.help.screen:HelpScreen",
)
"""Screens that a key opens and that need nothing else. The first page looks through them, so they are quick to load."""

PARTS = (
    "screens.shared.dialogs:Dialog",
    "screens.output.output_search:SearchField",
    "screens.app:UplevelApp",
)
"""What has keys of its own and is no page."""
