"""The command line. Nothing but click is loaded until a command needs it."""

from wizard.cli.edge import main
from wizard.cli.opening import OpenScreens


__all__ = ["OpenScreens", "main"]
