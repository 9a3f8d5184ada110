"""`${name}` is filled in in every title, and values are taken out of JSON; through the real command line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import forked


UPLEVEL = [sys.executable, "-c", "import sys; from screens.launch import main; sys.exit(main())"]
REPO = Path(__file__).resolve().parents[2]
PROCEDURE = r"""
format: 1
procedure: titles
title: Upgrade ${service}
parameters: {service: {default: redis}}
target: {account: {run: "printf '{\"a\":\n {\"id\": 7}}'", json: a.id}}
remember:
  drains: {run: "printf '{\"drains\":\n false}'", json: {path: drains}}
phases:
  - title: Prepare ${service} (drains ${drains})
    why: '${service} is old.'
    steps:
      - id: look
        title: Look at ${service}
        run: echo v3
        capture: {found: '^(v\d)$'}
      - id: road
        title: Choose a road for ${service}
        choose: {name: road, ask: 'Which for ${service}?', options: {a: 'keep ${service}', b: 'drop ${service}'}}
  - title: Finish ${found}
    steps:
      - id: tell
        title: Tell of ${found}
        by_hand: ['Say that ${service} is ${found} on account ${account}', 'Say ${road}']
        undo: {title: 'Take back ${found}', run: 'true'}
"""


def uplevel(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", "TERM": "dumb", "PYTHONPATH": str(REPO)}
    return forked.run(
        [*UPLEVEL, *words], cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("titles")
    (folder / "titles.yaml").write_text(PROCEDURE)
    done = uplevel(folder, "rehearse", "./titles.yaml", "--auto", "--plain", "--speed", "100000")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done.stdout + done.stderr


def test_a_session_fills_in_every_title(played: tuple[Path, str]) -> None:
    said = played[1]
    assert "${" not in said
    for title in (
        "Upgrade redis",
        "Prepare redis (drains false)",
        "Look at redis",
        "keep redis",
        "Finish v3",
        "Say that redis is v3 on account 7",
    ):
        assert title in said


def test_lists_and_transcripts_fill_in_every_title(played: tuple[Path, str]) -> None:
    folder = played[0]
    listed = json.loads(uplevel(folder, "sessions", "--json").stdout)
    assert "Upgrade redis" in uplevel(folder, "sessions").stdout
    for how in ("md", "json"):
        text = uplevel(folder, "export", listed[0]["id"], "--format", how).stdout
        assert "Upgrade redis" in text
        assert "Tell of v3" in text
        assert "${" not in text.replace("${private}", "")


def test_a_page_with_values_fills_in_every_title(played: tuple[Path, str]) -> None:
    page = uplevel(played[0], "show", "./titles.yaml", "-p", "service=search").stdout
    assert page.startswith("Upgrade search\n")
    assert "Prepare search (drains ${drains})" in page
