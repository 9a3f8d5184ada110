"""What is exported from a journal for people: one view model, and a file for each format that renders it.

A format is a function that takes a `Transcript` and returns the content of a file, `str` (written as UTF-8) or `bytes`.
It is found by an entry point, so that any installed distribution can bring one:

    [project.entry-points."uplevel.formats"]
    html = "our_formats.html:render"

The name of the entry point is what `uplevel export --format html` takes, and how the file's name ends (`upgrade.html`).

`wizard.formats.model` says what a `Transcript` holds; `fields_of` turns one of its parts into JSON values, and
`wizard.formats.session_part` lists the fields of `Transcript.session`. A format
- reads nothing else, neither the session's folder nor the clock: the same record gives the same bytes each time;
- can rely on every text being sanitized: no terminal obeys it. Escaping it for the format's own syntax is the format's;
- says that it is a rehearsal wherever a page may be read alone, when `Transcript.rehearsal` is true.
"""

from wizard.formats.building import build
from wizard.formats.installed import FORMATS, SHOWN, named_by, renderer
from wizard.formats.model import (
    NOT_PROVIDED,
    CheckPart,
    ConfirmationPart,
    DeviationPart,
    IntegrityPart,
    RunPart,
    StepPart,
    Transcript,
    fields_of,
)


__all__ = [
    "FORMATS",
    "NOT_PROVIDED",
    "SHOWN",
    "CheckPart",
    "ConfirmationPart",
    "DeviationPart",
    "IntegrityPart",
    "RunPart",
    "StepPart",
    "Transcript",
    "build",
    "fields_of",
    "named_by",
    "renderer",
]
