"""The schema in assets is the models' own."""

import json

from wizard.model.lint.schema import schema_text
from wizard.places import asset


def test_the_schema_in_assets_is_fresh() -> None:
    stored = asset("procedure.schema.json").read_text(encoding="utf-8")
    assert stored == schema_text(), "python -m wizard.model.lint.schema > assets/procedure.schema.json"


def test_the_schema_knows_every_key_by_its_name_in_the_file() -> None:
    schema = json.loads(schema_text())
    step = schema["$defs"]["Step"]["properties"]
    assert {"in", "by_hand", "already", "trusts", "no_return", "leaves"} <= set(step)
    assert "in_" not in step
    assert schema["$defs"]["Check"]["properties"]["within"]


def test_every_model_and_every_key_of_it_is_described_in_plain_sentences() -> None:
    schema = json.loads(schema_text())
    found = {
        (name, key): told.get("description", "")
        for name, part in [("the file", schema), *schema["$defs"].items()]
        for model in part.get("anyOf", [part])
        for key, told in [("", model), *model.get("properties", {}).items()]
        if model.get("type") == "object"
    }
    assert found["Step", "in"] == "The folder it runs in."
    assert found["Undo", "why"] == "What is lost or regained by it."
    assert [place for place, told in found.items() if not told] == []
    assert [told for told in found.values() if "\n" in told or "Attributes" in told or "Args" in told] == []
