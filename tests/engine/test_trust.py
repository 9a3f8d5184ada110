"""What the start page says of a file, and which files are refused."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wizard.errors import UsageProblem
from wizard.model import trust
from wizard.model.trust import Earlier, require_safe, standing


MANIFEST = (("p.yaml", "aa"), ("common.yaml", "bb"))


def earlier(day: int, *, completed: bool = True, manifest: tuple[tuple[str, str], ...] = MANIFEST) -> Earlier:
    return Earlier(f"S{day}", "p", datetime(2026, 10, day, tzinfo=UTC), completed, manifest)


def test_never_run_here(tmp_path: Path) -> None:
    found = standing("p", tmp_path / "p.yaml", MANIFEST, [earlier(1, completed=False)])
    assert found.word == "never run here"


def test_unchanged_since_the_last_completed_session(tmp_path: Path) -> None:
    sessions = [earlier(12), earlier(3), earlier(20, completed=False, manifest=(("p.yaml", "zz"),))]
    found = standing("p", tmp_path / "p.yaml", MANIFEST, sessions)
    assert found.sentence == "unchanged since 12 Oct 2026 (session S12, completed)"


def test_changed_names_the_files(tmp_path: Path) -> None:
    found = standing("p", tmp_path / "p.yaml", (("p.yaml", "aa"), ("new.yaml", "cc")), [earlier(12)])
    assert found.word == "CHANGED"
    assert found.changed == ("common.yaml", "new.yaml")
    assert found.since == earlier(12)


def test_built_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trust, "asset", lambda _relative: tmp_path)
    assert standing("p", tmp_path / "p.yaml", MANIFEST, []).sentence == "built in, never run here"
    assert "unchanged since 12 Oct" in standing("p", tmp_path / "p.yaml", MANIFEST, [earlier(12)]).sentence
    assert "another version" in standing("p", tmp_path / "p.yaml", (("p.yaml", "x"),), [earlier(12)]).sentence
    assert standing("p", tmp_path.parent / "p.yaml", MANIFEST, []).word == "never run here"


def test_files_and_folders_others_may_write_to_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir(mode=0o755)
    path = folder / "p.yaml"
    path.write_text("x")
    path.chmod(0o644)
    require_safe([path])
    path.chmod(0o646)
    with pytest.raises(UsageProblem, match="Others may write to the file"):
        require_safe([path])
    path.chmod(0o644)
    folder.chmod(0o757)
    with pytest.raises(UsageProblem, match=f"chmod go-w {folder}"):
        require_safe([path])
    folder.chmod(0o755)
    link = tmp_path / "link.yaml"
    link.symlink_to(path)
    require_safe([link])
    with pytest.raises(UsageProblem, match="cannot be looked at"):
        require_safe([folder / "none"])


def test_a_file_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("x")
    path.chmod(0o644)
    owner = path.stat().st_uid
    if owner == 0:
        os.chown(path, 12345, 12345)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    with pytest.raises(UsageProblem, match="belongs to user"):
        require_safe([path])
