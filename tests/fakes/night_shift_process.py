"""A station on a virtual plant that acknowledges what is raised, until it is killed.

`python -m tests.fakes.night_shift_process FOLDER ENDPOINTS` (JSON: device to host and port) prints a JSON line for each
acknowledgement that was reported as done and recorded, `["ack", alarm, occurrence]`, and again and again `["stored",
us]`: everything of FLOW that was received until then is on the disk; `["now", us]` is the time of its newest sample.
"""

import asyncio
import json
import sys
from pathlib import Path

from alarms.acknowledgement import AlarmSeen
from plant_models.clock import SystemClock
from plant_models.device import Endpoint
from station.local import LocalStation
from tests.fakes.running_station import OPERATOR
from tests.fakes.whole_line import quick_demo

HEARTBEAT = "PLC.RPS.HEARTBEAT"
KEPT_WAITING = "RPS.P2.FLT.state"
"""Nobody acknowledges this one."""
PERIOD_S = 0.05


def run(folder: Path, endpoints: dict[str, Endpoint]) -> None:
    """Acknowledge every alarm but one as soon as it is there."""
    clock = SystemClock()
    station = LocalStation(quick_demo(), folder, clock, endpoints)
    station.start()
    while True:
        clock.sleep(PERIOD_S)
        now_us = clock.wall_us()
        tell("stored", now_us - round(station.health.history.delay_s * 1e6))
        tell("now", station.table.sample(HEARTBEAT).source_us)
        waiting = [row for row in station.alarms.rows if row.state.is_unacknowledged and row.name != KEPT_WAITING]
        seen = [AlarmSeen(row.name, row.occurrence, row.priority) for row in waiting if row.name]
        results = asyncio.run(station.acknowledge(seen, OPERATOR))
        for each, result in zip(seen, results, strict=True):
            if result.is_done and not result.message:
                tell("ack", each.name, each.occurrence)


def tell(*words: object) -> None:
    sys.stdout.write(f"{json.dumps(words)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    run(Path(sys.argv[1]), {name: Endpoint(*place) for name, place in json.loads(sys.argv[2]).items()})
