"""The JSON Schema of a procedure file, for editors; generated, and kept fresh by a test.

Write it anew with `python -m wizard.lint.schema > assets/procedure.schema.json`.
"""

import json
import sys
from typing import Any

from wizard.procedure import Procedure


def schema_text() -> str:
    """The schema as the file in assets holds it."""
    schema: dict[str, Any] = Procedure.model_json_schema(by_alias=True, mode="validation")
    _let_include(schema)
    _let_shorthands(schema["$defs"])
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "Generated from wizard.procedure; see wizard.lint.schema.",
        **schema,
        "title": "uplevel procedure",
    }
    return json.dumps(whole, indent=2, ensure_ascii=True) + "\n"


def _let_include(schema: dict[str, Any]) -> None:
    """Reading puts included files in place before the models see them; an editor sees the `include:` itself."""
    include = {
        "type": "object",
        "properties": {"include": {"type": "string"}},
        "required": ["include"],
        "additionalProperties": False,
    }
    steps = schema["$defs"]["Phase"]["properties"]["steps"]
    steps["items"] = {"anyOf": [steps["items"], include]}


def _let_shorthands(models: dict[str, Any]) -> None:
    """A model that may be written as one text."""
    for name in ("ByHandItem", "Capture", "Wait", "Approve"):
        models[name] = {"anyOf": [{"type": "string"}, models[name]]}
    options = models["Choose"]["properties"]["options"]
    table = {"type": "object", "additionalProperties": {"type": "string"}}
    models["Choose"]["properties"]["options"] = {"anyOf": [options, table]}


if __name__ == "__main__":
    sys.stdout.write(schema_text())
