"""What an edit makes of a file, and what of it is shown."""

import stat
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from wizard.editing import Changes, EditProblem, Value, difference, edited
from wizard.editing.file import edit_file


MANIFEST = """\
---
# made by generate-manifest
applications:
  - name: search-api-release # renamed later
    instances: 2
    routes:
      - route: dm-search-api-preview.cloudapps.digital
      - route: dm-search-api-preview.cloudapps.digital/_metrics
    services:
      - search_api_elasticsearch
      - digitalmarketplace_splunk
    env:
      DM_API_AUTH_TOKENS: Zm9vYmFyYmF6MTIzNDU2Nzg5MA
      DM_LOG: "info"
"""


def _yaml(text: str, *removed: str, **paths: Value) -> str:
    return edited(text, Changes("yaml", {path.replace("__", "."): value for path, value in paths.items()}, removed))


def test_paths_are_set_and_the_rest_stays_to_the_byte() -> None:
    after = _yaml(MANIFEST, applications__0__name="elasticsearch-migration", applications__0__instances="3")
    assert after == MANIFEST.replace("search-api-release", "elasticsearch-migration").replace(
        "instances: 2", "instances: 3"
    )


def test_lists_are_replaced_keys_added_and_removed() -> None:
    after = _yaml(
        MANIFEST,
        "applications.0.env.DM_LOG",
        applications__0__routes=[{"route": "temp.cloudapps.digital"}],
        applications__0__env__DM_ELASTICSEARCH_SERVICE_NAME="new",
        applications__0__services__2="third",
    )
    app = yaml.safe_load(after)["applications"][0]
    assert app["routes"] == [{"route": "temp.cloudapps.digital"}]
    assert app["env"] == {
        "DM_API_AUTH_TOKENS": "Zm9vYmFyYmF6MTIzNDU2Nzg5MA",
        "DM_ELASTICSEARCH_SERVICE_NAME": "new",
    }
    assert app["services"] == ["search_api_elasticsearch", "digitalmarketplace_splunk", "third"]
    assert after.startswith("---\n# made by generate-manifest\n")


def test_an_edit_made_already_changes_nothing() -> None:
    once = _yaml(MANIFEST, "applications.0.env.DM_LOG", applications__0__routes=[{"route": "a.b"}])
    assert _yaml(once, "applications.0.env.DM_LOG", applications__0__routes=[{"route": "a.b"}]) == once


@given(
    st.dictionaries(
        st.sampled_from(["a", "b.c", "b.d.0", '"e.f"', "l.1"]),
        st.recursive(
            st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.text("xyz", min_size=1, max_size=2), inner, max_size=2)
            ),
            max_leaves=4,
        ),
        min_size=1,
    )
)
def test_what_is_set_is_read_back_and_setting_it_again_changes_nothing(wanted: dict[str, Value]) -> None:
    changes = Changes("yaml", wanted)
    after = edited('a: 1\nb: {d: [x]}\n"e.f": z\nl: [1, 2]\n', changes)
    read = yaml.safe_load(after)
    places: dict[str, object] = {
        "a": read["a"],
        "b.c": read["b"].get("c"),
        "b.d.0": read["b"]["d"][0],
        '"e.f"': read["e.f"],
        "l.1": read["l"][1],
    }
    for path, value in wanted.items():
        assert places[path] == value or (isinstance(places[path], int) and str(places[path]) == value)
    assert edited(after, changes) == after


@pytest.mark.parametrize(
    ("text", "path"),
    [(MANIFEST, "applications.7.name"), (MANIFEST, "applications.0.name.deeper"), (MANIFEST, "a..b"), ("a: [", "a")],
)
def test_what_does_not_fit_is_refused(text: str, path: str) -> None:
    with pytest.raises(EditProblem):
        edited(text, Changes("yaml", {path: "x"}))


def test_a_line_of_a_text_is_replaced_once() -> None:
    dockerfile = "FROM nginx:1.23.2\r\nRUN true\r\n"
    changes = Changes("text", {"^FROM nginx:": "FROM nginx:1.23.3"}, ("^RUN",))
    after = edited(dockerfile, changes)
    assert after == "FROM nginx:1.23.3\r\n"
    assert edited(after, changes) == after
    with pytest.raises(EditProblem, match="2 lines"):
        edited("FROM a\nFROM b\n", Changes("text", {"^FROM": "FROM c"}))


def test_the_diff_masks_what_nobody_declared_a_secret() -> None:
    after = MANIFEST.replace("Zm9vYmFyYmF6MTIzNDU2Nzg5MA", "other0123456789other012345").replace(
        '"info"', "https://user:hunter2@host/x"
    )
    told = "\n".join(difference(MANIFEST, after))
    assert "Zm9v" not in told
    assert "other0" not in told
    assert "hunter2" not in told
    assert "DM_API_AUTH_TOKENS: [masked]" in told
    shown = difference(MANIFEST, MANIFEST.replace("search-api-release", "elasticsearch-migration-preview"))
    assert shown == [
        "line 4",
        "-  - name: search-api-release # renamed later",
        "+  - name: elasticsearch-migration-preview # renamed later",
    ]


def test_the_file_is_replaced_whole_keeps_its_mode_and_no_link_is_followed(tmp_path: Path) -> None:
    file = tmp_path / "manifest.yml"
    file.write_text(MANIFEST)
    file.chmod(0o600)
    changes = Changes("yaml", {"applications.0.name": "new"})
    assert edit_file(file, changes, write=False) == edit_file(file, changes, write=True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "name: new" in file.read_text()
    assert edit_file(file, changes, write=True) == []
    assert not list(tmp_path.glob(".manifest*"))
    (tmp_path / "link").symlink_to(file)
    with pytest.raises(EditProblem, match="link"):
        edit_file(tmp_path / "link", changes, write=True)
