"""The program that owns one act: it starts the command, records it and outlives the wizard.

Forked by `wizard.execution.helper`, with a line to the wizard. The first line that arrives there is the order; an end
of file before it means that there is none. The same line then carries keystrokes and stops one way and news the other
way, as does the socket `control` in the run's folder for a wizard that comes later.
"""
