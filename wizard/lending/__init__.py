"""The real terminal, lent: to a full screen program of a step, or to the operator's pager; and taken back clean.

A step's program runs under its supervisor on a terminal of its own, whose other end came to us. We carry bytes
between that and the real one, so a program that is killed, stopped or stuck never holds the operator's terminal.
"""

from wizard.lending.lender import Lender
from wizard.lending.pager import show_in_pager


__all__ = ["Lender", "show_in_pager"]
