"""A transcript as JSON."""

import json

from wizard.formats.model import Transcript, fields_of


def render_json(transcript: Transcript) -> str:
    """The whole transcript as one JSON object, ASCII-escaped, in a fixed order, ending in a newline."""
    whole = {
        "session": transcript.session,
        "steps": [fields_of(step) for step in transcript.steps],
        "deviations": [fields_of(deviation) for deviation in transcript.deviations],
        "integrity": fields_of(transcript.integrity),
    }
    return json.dumps(whole, indent=2, ensure_ascii=True, allow_nan=False) + "\n"
