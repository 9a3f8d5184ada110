"""`python -m wizard.cli`: the commands that a step may call, without the screens."""

import sys

from wizard.cli.main import main
from wizard.errors import ExitCode


def _no_screens(**_given: object) -> int:
    sys.stderr.write("The wizard's screens are opened by the command uplevel.\n")
    return ExitCode.USAGE


if __name__ == "__main__":
    sys.exit(main(_no_screens))
