"""The program that owns one act: it starts the command, records it and outlives the wizard.

Started as `python -m wizard.execution.supervisor` with a socket as standard input. The first line that arrives is the
order; an end of file before it means that there is none. The same socket then carries keystrokes and stops one way and
news the other way, as does the socket `control` in the run's folder for a wizard that comes later.
"""
