"""The program that forks supervisors and checkers: one thread, all imports done, and no word of an order in its memory.

Started as `python -m wizard.execution.helper` with a socket as standard input. A line there asks for one process, and
has one end of another socket beside it: what is forked has this end and no other descriptor of the helper's, and the
helper says its pid there. Whatever is ordered of it goes over that socket.
A supervisor outlives helper and wizard, a checker ends with its line, the helper with the wizard.
"""
