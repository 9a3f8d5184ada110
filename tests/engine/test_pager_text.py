"""The text that your pager gets: all of a short output, the end of a long one, and nothing a terminal obeys."""

from pathlib import Path
from typing import Any

import pytest

from wizard.errors import UsageProblem
from wizard.execution.sanitize import plain_text
from wizard.lending import pager
from wizard.record.output import OutputFile


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the pager would have been started with: its words, then its text."""
    seen: list[str] = []

    def shown(words: list[str], environment: dict[str, str], *_more: Any) -> None:
        assert environment["LESSSECURE"] == "1"
        seen.extend([*words[:-1], Path(words[-1]).read_text("utf-8")])

    monkeypatch.setattr(pager, "_shown", shown)
    monkeypatch.setenv("PAGER", "cat -u")
    return seen


def _output(tmp_path: Path, content: bytes) -> OutputFile:
    folder = tmp_path / "0007"
    folder.mkdir()
    (folder / "output").write_bytes(content)
    return OutputFile(folder / "output")


NOISE = b"".join(b"line %d \x1b[31mred\x1b[0m \xc3\xa9 \x1b]0;owned\x07%d%%\r%d%%\n" % (n, n, n + 1) for n in range(60))


def test_a_text_is_the_same_however_it_is_cut_into_pieces(
    tmp_path: Path, given: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pager, "_PIECE", 100)
    pager.show_in_pager(_output(tmp_path, NOISE + b"no end"), {"PATH": "/usr/bin:/bin"})
    program, flag, text = given
    assert program.endswith("/cat")
    assert flag == "-u"
    assert text == plain_text(NOISE + b"no end")
    assert "\x1b" not in text
    assert list((tmp_path / "run").rglob("pager-*")) == []


def test_of_a_long_output_it_gets_whole_lines_of_the_end_and_is_told_so(
    tmp_path: Path, given: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pager, "MOST", 500)
    pager.show_in_pager(_output(tmp_path, NOISE), {"PATH": "/usr/bin:/bin"})
    head, _, text = given[2].partition("\n")
    left_out = int("".join(char for char in head.partition(" bytes ")[0] if char.isdigit()))
    assert len(NOISE) - 500 <= left_out < len(NOISE)
    assert text == plain_text(NOISE[left_out:])


@pytest.mark.usefixtures("given")
def test_a_pager_or_an_output_that_is_not_there_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageProblem, match="cannot be shown"):
        pager.show_in_pager(OutputFile(tmp_path / "none" / "output"), {"PATH": "/usr/bin:/bin"})
    monkeypatch.setenv("PAGER", "no-such-pager")
    with pytest.raises(UsageProblem, match="is not there"):
        pager.show_in_pager(_output(tmp_path, b""), {"PATH": "/usr/bin:/bin"})
