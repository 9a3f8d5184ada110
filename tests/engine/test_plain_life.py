"""Signs of life line by line: few lines, each said once."""

from typing import Any

from wizard.engine import RunHealth
from wizard.plain.health_lines import Life
from wizard.record.events import RunIntent
from wizard.session import RunState
from wizard.session.state import When


def _run(number: int = 1) -> RunState:
    intent = RunIntent(
        run=number,
        step="s",
        attempt=1,
        words=("pg_dump", "-v"),
        executable="/bin/pg_dump",
        executable_sha256="0",
        cwd="/",
        env=(),
        repeat="never",
    )
    return RunState(intent, When(7, "2026-11-23T14:02:11.000000Z", 0, "b"))


def _told(life: Life, number: int = 1, **more: Any) -> list[str]:
    fields = {"run": number, "connected": True, "exists": True, **more}
    return list(life.tell(RunHealth(**fields), _run(number)))


def test_a_line_for_each_further_ten_percent() -> None:
    life = Life()
    told = [line for percent in (None, 3, 9, 10, 14, 39, 41, 41, 100) for line in _told(life, percent=percent)]
    assert told == ["  10 %", "  39 %", "  41 %", "  100 %"]


def test_going_back_is_shown_as_it_is_and_another_run_begins_anew() -> None:
    life = Life()
    assert [_told(life, percent=percent) for percent in (90.0, 20.0, 25.0, 30.0)] == [
        ["  90 %"],
        ["  20 %"],
        [],
        ["  30 %"],
    ]
    assert _told(life, 2, percent=31.0) == ["  31 %"]


def test_slowness_is_told_once() -> None:
    life = Life()
    assert _told(life, usual=250.0, seconds=10.0) == []
    assert _told(life, usual=250.0, seconds=385.0, slow=True) == ["  usually 4 min 10 s, now 6 min 25 s"]
    assert _told(life, usual=250.0, seconds=386.0, slow=True) == []


def test_a_command_found_running_is_named() -> None:
    life = Life()
    assert _told(life, still=True) == ["● still running (since 14:02:11 UTC): pg_dump -v"]
    assert _told(life, still=True) == []


def test_a_cut_line_is_told_when_it_lasts() -> None:
    life = Life()
    assert _told(life, connected=False) == []
    assert _told(life, connected=False) == ["  no line to its supervisor just now"]
    assert _told(life, connected=False) == []
    assert _told(life) == ["  connected again"]


def test_signs_of_a_run_that_is_over_are_dropped() -> None:
    signs = RunHealth(1, connected=True, exists=True, percent=50.0, still=True)
    assert list(Life().tell(signs, _run(2))) == []
    assert list(Life().tell(signs, None)) == []
