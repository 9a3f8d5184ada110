"""What an edit makes of a file, and what of it is shown."""

import stat
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from wizard.cli.edit import edit
from wizard.data.editing import Changes, EditProblem, Value, difference, edited
from wizard.data.editing.file import edit_file


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


@pytest.mark.parametrize("end", ["\r\n", "\n", ""])
def test_line_ends_stay_as_they_are(end: str) -> None:
    lines = ["a: 1", "b: x # why", "l:", "- q"]
    before = (end or "\n").join(lines) + end
    assert _yaml(before, a="2") == before.replace("a: 1", "a: 2")


_SHARED = "d: &d\n  m: '1'\n  deep: {x: '1'}\na: *d\nb:\n  <<: *d\n  own: '1'\nl:\n- *d\n"


@pytest.mark.parametrize("path", ["a.m", "a.deep.x", "b.deep.x", "l.0.m"])
def test_a_place_that_another_one_shares_is_not_changed_through_it(path: str) -> None:
    with pytest.raises(EditProblem, match="another place"):
        edited(_SHARED, Changes("yaml", {path: "2"}))
    with pytest.raises(EditProblem, match="another place"):
        edited(_SHARED, Changes("yaml", remove=(path if path != "b.deep.x" else "b.m",)))


def test_what_is_shared_can_be_changed_where_it_is_written_and_what_is_merged_can_be_overridden() -> None:
    assert _yaml(_SHARED, d__m="2") == _SHARED.replace("m: '1'", "m: '2'")
    read = yaml.safe_load(_yaml(_SHARED, b__m="2"))
    assert (read["d"]["m"], read["b"]["m"]) == ("1", "2")


def test_a_key_that_is_a_number_is_found_by_its_text() -> None:
    assert _yaml("ports:\n  8080: web\n", ports__8080="api") == "ports:\n  8080: api\n"
    assert _yaml("ports:\n  8080: web\n  80: x\n", "ports.8080") == "ports:\n  80: x\n"


@pytest.mark.parametrize(
    ("old", "value", "new"),
    [
        ("5", "010", "'010'"),  # eight to one reader, ten to another
        ("5", "-3", "-3"),
        ("1.5", "2.50", "2.50"),
        ("5", "9" * 5000, f"'{'9' * 5000}'"),
        ("x", "no", "'no'"),
        ("x", "1:30", "'1:30'"),
        ("x", "a\nb: c", '"a\\nb: c"'),
        ("x", "!!python/object:os.system x", "'!!python/object:os.system x'"),
        ("x", "*x", "'*x'"),
    ],
)
def test_a_value_is_read_as_what_was_meant_by_every_reader(old: str, value: str, new: str) -> None:
    assert _yaml(f"a: {old}\n", a=value) == f"a: {new}\n"


@pytest.mark.parametrize(
    "text",
    [
        "a: 1_\nb: 0x_\n",
        "d: 2020-13-45\n",
        f"d: {'9' * 6000}\n",
        "a: " + "[" * 400 + "]" * 400,
        "a: 1\na: 2\n",
        "a: &x *x",
    ],
)
def test_a_file_that_cannot_be_read_is_a_sentence(text: str) -> None:
    with pytest.raises(EditProblem, match="cannot be read"):
        edited(text, Changes("yaml", {"z": "2"}))


def test_an_index_of_thousands_of_digits_is_no_item() -> None:
    with pytest.raises(EditProblem, match="no item"):
        edited("a: [1]", Changes("yaml", {f"a.{'9' * 5000}": "2"}))


def test_a_line_is_what_ends_with_a_line_end_and_is_set_to_one_line() -> None:
    assert edited("a=1\u2028b\x0c\nc=1\n", Changes("text", {"^a=": "a=2"})) == "a=2\nc=1\n"
    with pytest.raises(EditProblem, match="several"):
        edited("a=1\n", Changes("text", {"^a=": "a=2\nb=3"}))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("password: |\n  hunter2\n\n  hunter2\nx: harmless", "x: harmless"),
        ("passwords:\n- hunter2\n- hunter2\nx: harmless", "x: harmless"),
        ("env: {DB_PASSWORD: hunter2, X: 1}", "env: {DB_PASSWORD: "),
        ('"my/password": hunter2', '"my/password": '),
        ("command: run --db-password hunter2 --token=hunter2", "command: run --db-password "),
        (
            "cert: |\n  -----BEGIN RSA PRIVATE KEY-----\n  hunter2\n  -----END RSA PRIVATE KEY-----\nx: harmless",
            "x: harm",
        ),
    ],
)
def test_a_secret_below_its_key_or_further_in_the_line_is_masked_too(text: str, kept: str) -> None:
    for told in (difference("", text), difference(text, ""), difference(text, text.replace("hunter2", "hunter23"))):
        assert "hunter" not in "\n".join(told)
        assert "masked" in "\n".join(told)
    assert kept in "\n".join(difference("", text))


def test_masking_takes_no_longer_for_a_strange_line() -> None:
    for line in ("a" * 50_000, " " * 50_000 + "x", "--" * 20_000, "token" * 8_000, "://" * 30_000):
        assert len(difference("x\n", f"{line}\n")) == 3


def test_a_file_that_somebody_changed_meanwhile_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "here" / "manifest.yml"
    file.parent.mkdir()
    file.write_text("a: 1\n")

    def meanwhile(text: str, changes: Changes) -> str:
        file.write_text("a: 7\n")
        return edited(text, changes)

    monkeypatch.setattr("wizard.data.editing.file.edited", meanwhile)
    with pytest.raises(EditProblem, match="somebody else"):
        edit_file(file, Changes("yaml", {"a": "2"}), write=True)
    assert file.read_text() == "a: 7\n"
    assert [each.name for each in file.parent.iterdir()] == ["manifest.yml"]


@pytest.mark.parametrize(
    ("value", "told"),
    [("true", "a: 'true'"), ("[1, true]", "a: ['1', 'true']"), ("null", "a: 5"), ("[" * 5000, "a: 5")],
)
def test_json_by_hand_is_texts_and_null_is_none(value: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / "f.yml"
    file.write_text("a: 5\n")
    ended = CliRunner().invoke(edit, [str(file), "--set-json", "a", value], standalone_mode=False)
    assert ended.exception is None or type(ended.exception).__name__ == "UsageProblem"
    assert yaml.safe_load(file.read_text()) == yaml.safe_load(told) or file.read_text().strip() == told
