"""The schema in assets is the models' own."""

import json

from wizard.lint.schema import schema_text
from wizard.places import asset


def test_the_schema_in_assets_is_fresh() -> None:
    stored = asset("procedure.schema.json").read_text(encoding="utf-8")
    assert stored == schema_text(), "python -m wizard.lint.schema > assets/procedure.schema.json"


def test_the_schema_knows_every_key_by_its_name_in_the_file() -> None:
    schema = json.loads(schema_text())
    step = schema["$defs"]["Step"]["properties"]
    assert {"in", "by_hand", "already", "trusts", "no_return", "leaves"} <= set(step)
    assert "in_" not in step
    assert schema["$defs"]["Check"]["properties"]["within"]
