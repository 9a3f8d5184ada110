"""Text on its way into a transcript: nothing in it obeys a terminal, a page or a spreadsheet."""

from typing import Any

from wizard.execution.sanitize import sanitize_text


def clean(value: Any) -> Any:
    """The same JSON value with every text in it sanitized, keys too."""
    if isinstance(value, str):
        return sanitize_text(value, newlines=True, tabs=True)
    if isinstance(value, dict):
        return {clean(key): clean(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [clean(part) for part in value]
    return value


def line(text: str) -> str:
    """A text as one line: control characters made visible, line breaks and tabs as spaces."""
    return " ".join(sanitize_text(text, newlines=True, tabs=True).split())
