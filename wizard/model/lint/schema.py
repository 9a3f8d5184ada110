"""The JSON Schema of a procedure file, for editors; generated, and kept fresh by a test.

Write it anew with `python -m wizard.model.lint.schema > assets/procedure.schema.json`.
"""

import inspect
import json
import re
import sys
from collections.abc import Iterator
from typing import Any

from wizard.fields.base import Model
from wizard.model.procedure import Procedure


_KEY = re.compile(r"^    (?P<name>\w+): (?P<text>.+(?:\n {5,}.+)*)", re.MULTILINE)
"""One entry of a docstring's `Attributes:`, with the lines that go on with it."""


def schema_text() -> str:
    """The schema as the file in assets holds it."""
    schema: dict[str, Any] = Procedure.model_json_schema(by_alias=True, mode="validation")
    _describe(schema)
    _let_include(schema)
    _let_shorthands(schema["$defs"])
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "Generated from wizard.model.procedure; see wizard.model.lint.schema.",
        **schema,
        "title": "uplevel procedure",
    }
    return json.dumps(whole, indent=2, ensure_ascii=True) + "\n"


def _describe(schema: dict[str, Any]) -> None:
    """Each model and each key gets its sentence, from the one place where it stands: the docstring of the model."""
    models = {model.__name__: model for model in _models(Model)}
    for name, part in {Procedure.__name__: schema, **schema["$defs"]}.items():
        model = models[name]
        part["description"] = _summary(model)
        told = _told_keys(model)
        for attribute, field in model.model_fields.items():
            if attribute in told:
                part["properties"][field.alias or attribute]["description"] = told[attribute]


def _models(model: type[Model]) -> Iterator[type[Model]]:
    for each in model.__subclasses__():
        yield each
        yield from _models(each)


def _summary(model: type[Model]) -> str:
    return " ".join(inspect.cleandoc(model.__doc__ or "").split("\n\n")[0].split())


def _told_keys(model: type[Model]) -> dict[str, str]:
    """What the `Attributes:` of a model and of those it is made of say, by attribute."""
    told: dict[str, str] = {}
    for each in reversed(model.__mro__):
        section = inspect.cleandoc(each.__doc__ or "").partition("Attributes:\n")[2]
        for found in _KEY.finditer(section):
            told[found["name"]] = " ".join(found["text"].split())
    return told


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
    for name in ("ByHandItem", "Capture", "JsonQuestion", "Wait", "Approve"):
        models[name] = {"anyOf": [{"type": "string"}, models[name]]}
    options = models["Choose"]["properties"]["options"]
    table = {"type": "object", "additionalProperties": {"type": "string"}}
    told = options.pop("description")
    models["Choose"]["properties"]["options"] = {"anyOf": [options, table], "description": told}


if __name__ == "__main__":
    sys.stdout.write(schema_text())
