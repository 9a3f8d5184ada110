"""The program that forks supervisors and checkers: one thread, all imports done, and no word of an order in its memory.

Started as `python -m wizard.execution.helper` with a socket as standard input. Each byte that arrives has one end of
another socket beside it: a process is forked that has this line to the wizard and no other descriptor of the helper's.
It says its pid there, and the first line it reads tells what it is to be. Whatever is ordered of it goes over its line.
A supervisor outlives helper and wizard, a checker ends with its line, the helper with the wizard.
"""
