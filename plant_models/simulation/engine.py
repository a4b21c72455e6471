"""One EPANET run, hydraulics and chlorine in lockstep, for as long as the plant lives.

The simulation's own thread. Whole seconds in, numbers out. Keep one engine per process.
"""

import ctypes
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from plant_models.simulation.epanet import Epanet

MAX_STEP_S: Final = 10
"""Longest hydraulic and quality step, s of plant time: pumps and tanks answer within a scan, and flows stay smooth."""

DAY_S: Final = 86_400

# Codes of the EPANET 2.2 toolkit (epanet2_enums.h).
NODE_ELEVATION: Final = 0
NODE_BASE_DEMAND: Final = 1
NODE_EMITTER: Final = 3
NODE_INITIAL_QUALITY: Final = 4
NODE_SOURCE_QUALITY: Final = 5  # of a reservoir: its initial quality is only read at the start
NODE_TANK_LEVEL: Final = 8  # the INITIAL level of a tank: read NODE_PRESSURE for the live one
NODE_DEMAND: Final = 9
NODE_HEAD: Final = 10
NODE_PRESSURE: Final = 11
NODE_QUALITY: Final = 12
LINK_FLOW: Final = 8
LINK_STATUS: Final = 11
LINK_SETTING: Final = 12
_TIME_HYDRAULIC_STEP, _TIME_QUALITY_STEP, _TIME_PATTERN_START = 1, 2, 4
_COUNT_NODES, _COUNT_TANKS, _COUNT_LINKS = 0, 1, 2


class HydraulicError(Exception):
    """EPANET refused the network or could not solve it; the text has its code."""


class Engine:
    """An open network. Times in s, flows in m³/h, heads and pressures in m, chlorine in mg/L.

    `warning` is EPANET's code (0 none, 1 to 6) of the newest step.

    Raises:
        HydraulicError: the file is missing or EPANET can't read it.
        ModuleNotFoundError, FileNotFoundError: EPANET itself is missing.
    """

    def __init__(self, network: Path, start_s: int = 0) -> None:
        self._epanet = Epanet(self._fail)
        self._network = network
        self._folder = tempfile.TemporaryDirectory(prefix="clearwell-epanet-")
        self._start_s = start_s
        self._elapsed_s = 0
        self.warning = 0
        try:
            self._load()
            self._start({}, {})
        except HydraulicError:
            self.close()
            raise

    def _load(self) -> None:
        folder = Path(self._folder.name)
        self._epanet.open(self._network, folder / "run.rpt", folder / "run.bin")
        count, name_of = self._epanet.count, self._epanet.name_of
        self.nodes = {name_of("getnodeid", row): row for row in range(1, count(_COUNT_NODES) + 1)}
        self.links = {name_of("getlinkid", row): row for row in range(1, count(_COUNT_LINKS) + 1)}
        size = max(len(self.nodes), len(self.links))
        self._buffer = (ctypes.c_double * size)()
        self._places = [ctypes.byref(self._buffer, row * ctypes.sizeof(ctypes.c_double)) for row in range(size)]
        self.junction_count: int = count(_COUNT_NODES) - count(_COUNT_TANKS)

    def _start(self, levels: dict[int, float], qualities: dict[int, float]) -> None:
        """Open both solvers, from given tank levels (m) and chlorine (mg/L) or from those of the file."""
        for node, level in levels.items():
            self.set_node(node, NODE_TANK_LEVEL, level)
        for node, quality in qualities.items():
            self.set_node(node, NODE_INITIAL_QUALITY, quality)
        self._epanet.set_time(_TIME_PATTERN_START, (self._start_s + self._elapsed_s) % DAY_S)
        self._epanet.call("openH")
        self._epanet.call("openQ")
        self._epanet.call("initH", 0)
        self._epanet.call("initQ", 0)

    def _fail(self, code: int) -> None:
        raise HydraulicError(f"EPANET error {code} after {self._elapsed_s} s of plant time")

    def ends(self, link: int) -> tuple[int, int]:
        """Return the start and end node of a link."""
        return self._epanet.ends(link)

    def advance(self, seconds: int) -> None:
        """Solve and move on by exactly `seconds`, in steps of at most `MAX_STEP_S`.

        Raises:
            HydraulicError: no solution, or EPANET thinks that it is at its end.
        """
        left = seconds
        while left > 0:
            step = min(left, MAX_STEP_S)
            self._epanet.set_time(_TIME_HYDRAULIC_STEP, step)
            self._epanet.set_time(_TIME_QUALITY_STEP, step)
            self._epanet.timed("runH")
            self.warning = self._epanet.code
            self._epanet.timed("runQ")
            done = self._epanet.timed("nextH")
            self._epanet.timed("nextQ")
            if done <= 0:
                raise HydraulicError(f"EPANET ended the run after {self._elapsed_s} s of plant time")
            left -= done
            self._elapsed_s += done

    def node_values(self, nodes: Sequence[int], code: int) -> list[float]:
        """Return one quantity of many nodes."""
        return self._read("getnodevalue", nodes, code)

    def link_values(self, links: Sequence[int], code: int) -> list[float]:
        """Return one quantity of many links."""
        return self._read("getlinkvalue", links, code)

    def _read(self, getter: str, rows: Sequence[int], code: int) -> list[float]:
        function = self._epanet.function(getter)
        worst = 0
        for row, place in zip(rows, self._places[: len(rows)], strict=True):
            worst = max(worst, function(row, code, place))
        self._epanet.note(worst)
        return list(self._buffer[: len(rows)])

    def set_node(self, node: int, code: int, value: float) -> None:
        """Set one quantity of a node."""
        self._epanet.set_value("setnodevalue", node, code, value)

    def set_link(self, link: int, code: int, value: float) -> None:
        """Set one quantity of a link."""
        self._epanet.set_value("setlinkvalue", link, code, value)

    def restart(self, levels: dict[int, float], qualities: dict[int, float]) -> None:
        """Open the network afresh at the same time of day; settings, emitters and demands must be set again.

        Args:
            levels: m, by tank.
            qualities: mg/L, by node.
        """
        self._epanet.close()
        self._load()
        self._start(levels, qualities)

    def close(self) -> None:
        """Free EPANET's memory and remove its temporary files; twice does no harm."""
        self._epanet.close()
        self._folder.cleanup()
