"""One command: its supervisor, checker and runner, what is redacted from its output and what is made safe to show."""
