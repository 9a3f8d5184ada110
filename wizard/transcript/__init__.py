"""What is exported from a journal for people: one view model, as Markdown or JSON, the same bytes each time."""

from wizard.transcript.as_json import render_json
from wizard.transcript.building import build
from wizard.transcript.markdown import render_markdown
from wizard.transcript.model import NOT_PROVIDED


__all__ = ["NOT_PROVIDED", "build", "render_json", "render_markdown"]
