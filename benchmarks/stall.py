"""How long the window is deaf while somebody works with it: the demo plant over real sockets, a window of 1920×1080.

A beat of 2 ms runs through the loop that also hears mouse and keys. Each action counts with its longest gap between two
beats, drawing included, so that idle time dilutes nothing. A change of theme restyles every widget at once and is a
figure of its own.
"""

import asyncio
import gc
import sys
import tempfile
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, QTimer

from benchmarks.figure import Figure
from hmi.control_room import ControlRoom, open_control_room
from hmi.faceplate.commands import command_intents
from hmi.settling import until_live
from hmi.shell.window import Window
from hmi.theme.theme import theme
from plant_models.clock import SystemClock
from plant_models.paths import RESOURCES
from plant_models.project import load_plant
from plant_models.simulation.process_link import VirtualPlant
from station.local import LocalStation
from station.session import operating_system_session

PLANT = RESOURCES / "plants" / "netherby"
MAIN = Path(__file__).resolve().parent.parent / "main.py"
PUMPS = ("RPS.P1", "RPS.P2")
ROUNDS = 25
THEME_CHANGES = 10
BEAT_MS = 2
PAUSE_S = 0.1
CLOCK = SystemClock()
Action = Callable[[], object]


class Beats:
    """Notes when the loop came round."""

    def __init__(self) -> None:
        self._times_ns = [CLOCK.mono_ns()]
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(lambda: self._times_ns.append(CLOCK.mono_ns()))
        self._timer.start()

    def take_longest_ms(self) -> float:
        """Return the longest gap since the last call."""
        longest = max((after - before for before, after in pairwise(self._times_ns)), default=0)
        del self._times_ns[:-1]
        return longest / 1e6


def run() -> list[Figure]:
    """Return the 99th percentile over all actions, and the median change of theme."""
    plant = load_plant(PLANT)
    twin = VirtualPlant.start(PLANT, 1.0, [sys.executable, str(MAIN), "simulate"])
    with tempfile.TemporaryDirectory() as data:
        station = LocalStation(plant, Path(data), CLOCK, twin.endpoints)
        station.start()
        try:
            with open_control_room(station, operating_system_session(), theme_name="light", language="en") as room:
                stalls_ms, themes_ms = room.run(_work(room))
        finally:
            gc.unfreeze()
            station.stop()
            twin.stop()
    return [
        Figure("gui_stall_p99_ms", float(np.percentile(stalls_ms, 99)), "ms", "<= 50"),
        Figure("theme_change_ms", float(np.median(themes_ms)), "ms", "<= 500"),
    ]


async def _work(room: ControlRoom) -> tuple[list[float], list[float]]:
    """Return the stall of each action of an operator, and of each change of theme, in ms."""
    window = room.window
    window.resize(1920, 1080)
    window.show()
    await until_live(window.context)
    gc.freeze()  # as main.py does once the window is shown
    beats = Beats()
    stalls_ms = []
    for turn in range(ROUNDS):
        stalls_ms += await _measured(_round(window, PUMPS[turn % len(PUMPS)]), beats)
    names = ("dark", "light") * (THEME_CHANGES // 2)
    themes_ms = await _measured([lambda name=name: theme().set_name(name) for name in names], beats)
    print(f"stall: median {np.median(stalls_ms):.0f} ms, worst {max(stalls_ms):.0f} ms of {len(stalls_ms)} actions")
    return stalls_ms, themes_ms


async def _measured(actions: Sequence[Action], beats: Beats) -> list[float]:
    stalls_ms = []
    for act in actions:
        await asyncio.sleep(PAUSE_S)
        beats.take_longest_ms()
        act()
        await asyncio.sleep(PAUSE_S)
        stalls_ms.append(beats.take_longest_ms())
    return stalls_ms


def _round(window: Window, pump: str) -> tuple[Action, ...]:
    """Return what an operator opens and closes around a pump."""
    area, context = window.area, window.context
    equipment = context.plant.equipment[pump]
    setpoint = context.tag(f"{pump}.SPEED_SP")
    intent = command_intents(context, equipment)[0]
    assert setpoint is not None
    return (
        lambda: area.open_faceplate(pump),
        lambda: area.ask_setpoint(equipment, setpoint),
        area.close_top,
        lambda: area.ask_command(intent),
        area.close_top,
        area.close_top,
        lambda: area.open_faceplate("TK3"),
        window.show_devices,
        window.go_home,
    )
