"""The command line: each mistake of its user is one clear line and a non-zero exit, never a traceback."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from plant_models.clock import SystemClock
from plant_models.paths import RESOURCES
from tests.fakes.waiting import wait_until

MAIN = Path(__file__).resolve().parents[1] / "main.py"
DEMO = RESOURCES / "plants" / "netherby"
OFFSCREEN = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}


def call(*arguments: object) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, MAIN, *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, env=OFFSCREEN, timeout=60, check=False)


@contextmanager
def started(*arguments: object) -> Iterator[subprocess.Popen[str]]:
    line = [sys.executable, "-u", str(MAIN), *map(str, arguments)]
    process = subprocess.Popen(
        line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=OFFSCREEN
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def line_with(stream: IO[str] | None, text: str) -> str:
    assert stream is not None
    for line in stream:
        if text in line:
            return line
    raise AssertionError(f"it ended without saying {text!r}")


def seconds_to_end(process: subprocess.Popen[str], number: signal.Signals) -> float:
    clock = SystemClock()
    begun = clock.mono_ns()
    process.send_signal(number)
    process.wait(30)
    return (clock.mono_ns() - begun) / 1e9


def is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").exists() and " Z " not in Path(f"/proc/{pid}/stat").read_text()


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.parametrize("command", ["run", "serve", "simulate", "check", "verify"])
def test_a_wrong_path_is_one_clear_line(command: str, tmp_path: Path) -> None:
    done = call(command, tmp_path / "nowhere")
    assert done.returncode != 0
    assert "nowhere" in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_a_display_or_size_that_does_not_exist_is_said_before_anything_starts(tmp_path: Path) -> None:
    done = call("screenshot", DEMO, tmp_path, "--display", "moon")
    assert done.returncode == 1
    assert "'moon' is no display" in done.stderr
    assert "river-pumps" in done.stderr
    done = call("screenshot", DEMO, tmp_path, "--size", "big")
    assert done.returncode == 1
    assert "1920x1080" in done.stderr


def test_a_folder_for_pictures_that_cannot_be_made_is_said_before_anything_starts() -> None:
    done = call("screenshot", DEMO, MAIN / "pictures")
    assert done.returncode == 1
    assert "can't be made" in done.stderr
    assert "Virtual plant" not in done.stdout


def test_pictures_may_show_tripped_pumps_and_say_which_cannot_be_tripped(tmp_path: Path) -> None:
    look = ("--display", "lake-pumps", "--size", "1280x720", "--theme", "light")
    done = call("screenshot", DEMO, tmp_path, *look, "--trip", "LPS.P2", "--trip", "MOON")
    assert done.returncode == 1
    assert done.stderr.strip().endswith("clearwell: trip: no PLC has a drive 'MOON'")
    assert (tmp_path / "lake-pumps-light-1280x720.png").exists()


def test_pictures_of_a_plant_that_does_not_answer_are_saved_and_say_so(tmp_path: Path) -> None:
    call("init", tmp_path / "works")
    done = call("screenshot", tmp_path / "works", tmp_path / "pictures", "--size", "1280x720", "--theme", "light")
    assert done.returncode == 1
    assert "no good value" in done.stderr
    assert list((tmp_path / "pictures").glob("*.png"))


def test_a_new_plant_has_no_findings_and_a_full_folder_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "works"
    assert call("init", folder).returncode == 0
    done = call("check", folder)
    assert done.returncode == 0
    assert "no findings" in done.stdout
    again = call("init", folder)
    assert again.returncode == 1
    assert "Traceback" not in again.stderr


def test_check_lists_the_mistakes_of_the_virtual_plant_with_those_of_the_plant(tmp_path: Path) -> None:
    folder = tmp_path / "works"
    call("init", folder)
    (folder / "tags.csv").write_text("name,colour\nA,red\n")
    (folder / "model").mkdir()
    done = call("check", folder)
    assert done.returncode == 1
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == [
        "model/model.toml",
        "model/network.inp",
        "model/plcs.toml",
        "tags.csv",
    ]


def test_a_plant_with_mistakes_is_not_run(tmp_path: Path) -> None:
    folder = tmp_path / "works"
    call("init", folder)
    (folder / "tags.csv").write_text("name,colour\nA,red\n")
    done = call("serve", folder, "--data", tmp_path / "data")
    assert done.returncode == 1
    assert "tags.csv:1:" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_data_folder_in_use_is_said_with_the_process_that_holds_it(tmp_path: Path) -> None:
    folder, data = tmp_path / "works", tmp_path / "data"
    call("init", folder)
    with started("serve", folder, "--data", data) as first:
        line_with(first.stdout, "Serving")
        second = call("serve", folder, "--data", data)
    assert second.returncode == 1
    assert str(first.pid) in second.stderr
    assert "Traceback" not in second.stderr


def test_a_control_port_in_use_is_one_clear_line() -> None:
    with started("simulate", DEMO) as first:
        control = json.loads(line_with(first.stdout, "endpoints"))["control"]
        second = call("simulate", DEMO, "--control-port", control["port"])
    assert second.returncode == 1
    assert str(control["port"]) in second.stderr
    assert "Traceback" not in second.stderr


def test_the_virtual_plant_is_disturbed_from_a_terminal() -> None:
    with started("simulate", DEMO) as twin:
        said = json.loads(line_with(twin.stdout, "endpoints"))
        place = (said["control"]["port"], said["token"])
        assert said["token"].isalnum()  # a dash in front would be taken for an option
        assert call("control", *place, "freeze", "plc=RPS_PLC").stdout == "freeze: done\n"
        assert call("control", *place, "sensor", "variable=CLW.level", "fault=nan").stdout == "sensor: done\n"
        assert call("control", *place, "slow", "plc=LPS_PLC", "delay_s=0.5").stdout == "slow: done\n"
        status = json.loads(call("control", *place, "status").stdout)
        wrong = call("control", *place, "freeze", "plc=MOON"), call("control", *place, "freeze", "RPS_PLC")
    assert [status["plcs"][name]["state"] for name in ("RPS_PLC", "LPS_PLC")] == ["frozen", "slow"]
    assert "CLW.level" in status["sensors"]
    gone = call("control", *place, "status")
    for done, words in zip((*wrong, gone), ("no PLC 'MOON'", "write it as NAME=VALUE", "doesn't answer"), strict=True):
        assert done.returncode == 1
        assert words in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(("command", "sign"), [("serve", "Serving"), ("run", "Virtual plant")])
def test_a_signal_stops_everything_the_virtual_plant_included(
    command: str, sign: str, number: signal.Signals, tmp_path: Path
) -> None:
    with started(command, DEMO, "--data", tmp_path) as process:
        line_with(process.stdout, sign)
        twins = children_of(process.pid)
        assert twins
        assert seconds_to_end(process, number) < 10
        assert process.returncode == 0
        assert not any(is_alive(twin) for twin in twins)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_killed_program_leaves_no_virtual_plant_behind(tmp_path: Path) -> None:
    with started("serve", DEMO, "--data", tmp_path) as process:
        line_with(process.stdout, "Serving")
        twins = children_of(process.pid)
        process.kill()
        process.wait(10)
        clock = SystemClock()
        end_ns = clock.mono_ns() + int(10e9)
        while any(is_alive(twin) for twin in twins) and clock.mono_ns() < end_ns:
            clock.sleep(0.05)
        assert not any(is_alive(twin) for twin in twins)


@pytest.mark.parametrize("command", ["run", "serve"])
def test_a_virtual_plant_that_cannot_run_ends_the_program_with_its_reason(command: str, tmp_path: Path) -> None:
    plant = shutil.copytree(DEMO, tmp_path / "plant")
    (plant / "model" / "model.toml").write_text("nonsense = 1\n")
    done = call(command, plant, "--data", tmp_path / "data")
    assert done.returncode == 1
    assert [line for line in done.stderr.splitlines() if line.startswith("clearwell: The virtual plant can't run")]
    assert "Traceback" not in done.stderr
    assert "Serving" not in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("command", ["run", "serve"])
def test_a_program_that_is_stopped_before_its_virtual_plant_listens_ends_in_good_order(
    command: str, tmp_path: Path
) -> None:
    plant = shutil.copytree(DEMO, tmp_path / "plant")
    (plant / "model" / "network.inp").unlink()
    os.mkfifo(plant / "model" / "network.inp")  # who reads it waits for ever
    with started(command, plant, "--data", tmp_path / "data") as process:
        log = tmp_path / "data" / "station.log"
        wait_until(lambda: log.exists() and "station: started" in log.read_text(), 30, "the station")
        (twin,) = children_of(process.pid)
        assert seconds_to_end(process, signal.SIGTERM) < 10
        assert process.returncode == 0
        assert not is_alive(twin)


def test_a_plant_without_a_model_cannot_be_simulated(tmp_path: Path) -> None:
    call("init", tmp_path / "works")
    done = call("simulate", tmp_path / "works")
    assert done.returncode == 1
    assert "nothing to simulate" in done.stderr


def test_without_a_display_pictures_go_to_a_folder_that_is_named(tmp_path: Path) -> None:
    with started("run", DEMO, "--data", tmp_path) as process:
        folder = Path(line_with(process.stdout, "No display").rsplit(" ", 1)[-1].strip())
        clock = SystemClock()
        end_ns = clock.mono_ns() + int(60e9)
        while not list(folder.glob("*.png")) and clock.mono_ns() < end_ns:
            clock.sleep(0.1)
        assert list(folder.glob("*.png"))
        assert seconds_to_end(process, signal.SIGINT) < 10


def test_check_lists_advice_and_the_plant_is_run_nevertheless(tmp_path: Path) -> None:
    folder = tmp_path / "works"
    call("init", folder)
    with (folder / "alarms.csv").open("a", encoding="utf-8") as alarms:
        alarms.write("PS1.TO_ZONE,H,900\n")
    done = call("check", folder)
    assert done.returncode == 1
    assert "PS1.TO_ZONE: the H alarm has no consequence and no action and no time to respond; add it" in done.stdout
    assert "1 finding(s) in" in done.stderr
    assert "1 of them advice" in done.stderr
    assert call("alarms", "export", folder, tmp_path / "alarms.csv").returncode == 0
