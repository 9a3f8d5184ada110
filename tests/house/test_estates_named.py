"""No name of an estate stands in Python: what an estate calls its things is said in its file, and nowhere else."""

import ast
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.house.house import named, python_files, tree_of
from wizard.places import asset


NOT_ITS_OWN = {"PORT", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "services"}
"""What a file of an estate says, but everybody calls so: variables, and a word of every manifest."""

ALSO = {
    "wizard/session/rehearsing.py": {
        "digitalmarketplace"
    },  # an example for authors, of a world that ships with uplevel
    "wizard/record/modes.py": {"production"},  # the stage that is coloured, whatever the estate
    "wizard/platforms/cloudfoundry/cli/push.py": {"staging"},  # what the platform does with an image
    "wizard/platforms/cloudfoundry/cli/commands_services.py": {"api", "marketplace"},  # verbs of cf
}
"""By file: what is called so for another reason."""

ESTATES = sorted(path.stem for path in asset("worlds").glob("*.yaml") if path.stem != "empty")


def names_of(told: dict[str, Any]) -> set[str]:
    """What an estate calls its stages, hosts, apps, services, repositories, variables, frameworks, jobs and people."""
    scripts, site = told["scripts"], told["site"]
    found = {told["org"], told["images"], told["guard"], told["contents"]["database"], site["page"]}
    found |= {told["api"]["user"], told["api"]["api"], scripts["data_api"], scripts["search_api"]}
    found |= {*told["spaces"], *told["domains"], *site["closed"], *told["jobs"], *told["documents"], *told["mappings"]}
    found |= {framework for framework, _ in told["mappings"].values()} | {*scripts["mappings"]}
    found |= {*told["roles"].values(), *told["repositories"].values(), *told["files"]}
    found |= {word for each in told["variables"].values() for word in ([each] if isinstance(each, str) else each)}
    for thing in (*told["apps"], *told["services"]):
        found |= {
            thing["name"],
            *thing.get("looks_up", {}),
            *thing.get("params", {}).values(),
            *thing.get("indices", {}),
        }
    return {part for name in found for part in parts_of(name)} - NOT_ITS_OWN


def parts_of(name: str) -> Iterator[str]:
    """A name without what is filled in; of an address its host."""
    for part in re.split(r"\{\w+\}|\*", name.removeprefix("https://")):
        word = part.strip("-_.:/")
        if len(word) > 2:
            yield word


def literals(tree: ast.Module) -> Iterator[ast.Constant]:
    """The string literals of a file that are no docstrings."""
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node


def said_in(text: str, names: set[str]) -> set[str]:
    """The names in a literal: plain words where they are all of it, others wherever they stand."""
    plain = {name for name in names if name.isalpha() and name.islower() and name not in ESTATES}
    return ({text} & plain) | {
        name for name in names - plain if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)
    }


@pytest.mark.parametrize("estate", ESTATES)
def test_no_name_of_an_estate_stands_in_python(estate: str) -> None:
    names = names_of(yaml.safe_load(asset(f"worlds/{estate}.yaml").read_bytes())) | {estate}
    assert len(names) > 60
    found = {
        f"{named(path)}:{node.lineno} {name}"
        for path in python_files("wizard")
        for node in literals(tree_of(path))
        for name in said_in(str(node.value), names) - ALSO.get(named(path), set())
    }
    assert found == set()


def test_a_name_is_found_where_it_stands() -> None:
    names = {"router", "search-api", "dm-api"}
    assert said_in("router", names) == {"router"}
    assert said_in("the router of it", names) == set()
    assert said_in("at search-api, now", names) == {"search-api"}
    assert said_in("my-search-api", names) == set()
