"""One motor starter: what it accepts, what it refuses, and what it remembers."""

import math

import pytest

from plant_models.simulation.drive import Command, Drive, Mode


def drive_in(mode: Mode) -> Drive:
    drive = Drive("P1")
    write(drive, "mode", mode)
    return drive


def write(drive: Drive, name: str, value: float) -> None:
    on_write = drive.variables()[f"P1.{name}"].on_write
    assert on_write is not None
    on_write(value)


def test_a_start_in_manual_runs_it_and_keeps_the_command() -> None:
    drive = drive_in(Mode.MANUAL)
    write(drive, "cmd", Command.START)
    assert (drive.is_running, drive.cmd.value, drive.starts.value) == (True, Command.START, 1)


@pytest.mark.parametrize("mode", [Mode.AUTO, Mode.OFF])
def test_a_start_outside_manual_is_refused_and_the_register_goes_back_to_0(mode: Mode) -> None:
    drive = drive_in(mode)
    write(drive, "cmd", Command.START)
    assert (drive.is_running, drive.cmd.value) == (False, Command.NONE)


def test_the_same_command_twice_acts_twice() -> None:
    drive = drive_in(Mode.MANUAL)
    for _ in range(2):
        write(drive, "cmd", Command.START)
        drive.order(False)
    write(drive, "cmd", Command.START)
    assert (drive.is_running, drive.starts.value) == (True, 3)


def test_a_stop_in_auto_stops_it_and_sets_manual() -> None:
    drive = drive_in(Mode.AUTO)
    drive.order(True)
    write(drive, "cmd", Command.STOP)
    assert (drive.is_running, drive.mode.value, drive.cmd.value) == (False, Mode.MANUAL, Command.STOP)


def test_a_stop_when_off_is_accepted_and_the_mode_stays() -> None:
    drive = drive_in(Mode.OFF)
    write(drive, "cmd", Command.STOP)
    assert (drive.mode.value, drive.cmd.value) == (Mode.OFF, Command.STOP)


def test_a_change_to_manual_keeps_it_running_and_off_stops_it() -> None:
    drive = drive_in(Mode.AUTO)
    drive.order(True)
    write(drive, "mode", Mode.MANUAL)
    assert drive.is_running
    write(drive, "mode", Mode.OFF)
    assert not drive.is_running
    write(drive, "mode", Mode.AUTO)
    assert not drive.is_running


@pytest.mark.parametrize("value", [3, -1, 1.5])
def test_an_unknown_mode_is_refused(value: float) -> None:
    drive = drive_in(Mode.MANUAL)
    write(drive, "mode", value)
    assert drive.mode.value == Mode.MANUAL


@pytest.mark.parametrize("value", [4, -1, 1.5, 65535])
def test_an_unknown_command_goes_back_to_0(value: float) -> None:
    drive = drive_in(Mode.MANUAL)
    write(drive, "cmd", value)
    assert drive.cmd.value == Command.NONE


def test_a_trip_latches_until_it_is_reset() -> None:
    drive = drive_in(Mode.MANUAL)
    drive.order(True)
    drive.trip()
    assert (drive.is_running, drive.fault.value, drive.avail.value) == (False, 1, 0)
    write(drive, "cmd", Command.START)
    assert (drive.is_running, drive.cmd.value) == (False, Command.NONE)
    write(drive, "cmd", Command.RESET)
    assert (drive.fault.value, drive.avail.value, drive.cmd.value) == (0, 1, Command.RESET)
    assert not drive.is_running


def test_it_is_not_available_when_off() -> None:
    assert drive_in(Mode.OFF).avail.value == 0
    assert drive_in(Mode.MANUAL).avail.value == 1


def test_without_its_permissive_it_stops_and_refuses_a_start() -> None:
    drive = drive_in(Mode.MANUAL)
    write(drive, "cmd", Command.START)
    drive.is_permitted = False
    drive.step(1)
    assert not drive.is_running
    write(drive, "cmd", Command.START)
    assert (drive.is_running, drive.cmd.value) == (False, Command.NONE)


def test_hours_count_only_while_it_runs() -> None:
    drive = drive_in(Mode.MANUAL)
    drive.step(3600)
    write(drive, "cmd", Command.START)
    drive.step(1800)
    assert drive.hours.value == pytest.approx(0.5)


def test_the_time_since_its_last_change_starts_infinite() -> None:
    drive = drive_in(Mode.MANUAL)
    drive.step(5)
    assert drive.since_s == math.inf
    drive.order(True)
    drive.step(5)
    drive.order(True)
    assert drive.since_s == 5
