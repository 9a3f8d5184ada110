"""The command line. Nothing but click is loaded until a command needs it."""

from wizard.cli.main import main
from wizard.cli.screen_opener import OpenScreens


__all__ = ["OpenScreens", "main"]
