"""The log: one JSON object a line, written by a thread of its own, narrow rights, rotation, warnings on the console."""

import json
import logging
import stat
from pathlib import Path
from typing import Any

import pytest
import structlog

from station import log as station_log
from station.log import logging_to
from tests.fakes.clock import ManualClock


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "station.log").read_text("utf-8").splitlines()]


def test_lines_carry_the_time_of_the_clock_the_level_and_the_fields(tmp_path: Path) -> None:
    with logging_to(tmp_path, ManualClock(wall_us=1_700_000_000_123_456)):
        structlog.get_logger().info("pump: started", tag="P1.RUN", value=1)
    assert lines(tmp_path) == [
        {"event": "pump: started", "tag": "P1.RUN", "value": 1, "level": "info", "at": "2023-11-14T22:13:20.123+00:00"}
    ]


def test_only_warnings_of_our_own_reach_the_console(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with logging_to(tmp_path, ManualClock()):
        structlog.get_logger().info("quiet")
        structlog.get_logger().warning("loud")
        logging.getLogger("drivers.worker").warning("driver %s", "late")
        logging.getLogger("some.library").warning("library")
    console = capsys.readouterr().err
    assert "loud" in console
    assert "driver late" in console
    assert "quiet" not in console
    assert "library" not in console
    assert [line["event"] for line in lines(tmp_path)] == ["quiet", "loud", "driver late", "library"]


def test_a_traceback_goes_to_the_file_and_not_to_the_console(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with logging_to(tmp_path, ManualClock()):
        try:
            raise ValueError("nine")
        except ValueError:
            structlog.get_logger().exception("own")
            logging.getLogger("drivers.worker").exception("driver")
    own, driver = lines(tmp_path)
    assert "ValueError: nine" in own["exception"]
    assert "ValueError: nine" in driver["exception"]
    assert "Traceback" not in capsys.readouterr().err


def test_files_rotate_and_stay_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(station_log, "MAX_BYTES", 2_000)
    with logging_to(tmp_path, ManualClock()):
        for number in range(300):
            structlog.get_logger().info("line", number=number)
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["station.log", *(f"station.log.{n}" for n in range(1, 6))]
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    assert lines(tmp_path)[-1]["number"] == 299


def test_logging_is_afterwards_as_it_was_before(tmp_path: Path) -> None:
    before, handlers = structlog.get_config(), list(logging.getLogger().handlers)
    with logging_to(tmp_path, ManualClock()):
        assert structlog.get_config() != before
    assert structlog.get_config() == before
    assert logging.getLogger().handlers == handlers
