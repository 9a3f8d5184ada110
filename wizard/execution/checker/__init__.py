"""The program that answers checks: long-lived, one read-only command at a time, without a terminal.

Forked by `wizard.execution.helper`; one line of JSON in is one check, one line out its answer. It ends with the
wizard, and takes the command with it.
"""

from wizard.execution.checker.question import CheckOrder, CheckReply


__all__ = ["CheckOrder", "CheckReply"]
