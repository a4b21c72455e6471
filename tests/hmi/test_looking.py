"""What is on screen is leased, and nothing else."""

import numpy as np

from hmi.looking import TICKS, Looking
from plant_models.batch import TagIndices
from tests.fakes.desk import PUMP, Desk


class Listener:
    def __init__(self) -> None:
        self.said: list[list[int]] = []

    def lease(self, rows: TagIndices) -> None:
        self.said.append(rows.tolist())


def test_it_is_said_at_once_and_then_every_three_seconds() -> None:
    station = Listener()
    looking = Looking(station)  # type: ignore[arg-type]
    for _ in range(2 * TICKS):
        looking.at(np.array([7]))
    assert station.said == [[7], [7]]
    looking.begin()
    looking.at(np.array([8]))
    assert station.said[-1] == [8]


def test_displays_faceplates_trends_and_the_device_page_lease_what_they_show(desk: Desk) -> None:
    station, index = desk.station, desk.station.table.index
    desk.tick(TICKS + 1)
    shown = set(station.leased)
    assert shown
    assert len(shown) < len(index), "what isn't on screen rests"
    desk.window.area.open_faceplate(PUMP)
    desk.tick(TICKS + 1)
    assert index[f"{PUMP}.FLOW"] in station.leased
    other = next(name for name, row in index.items() if row not in station.leased)
    desk.window.open_trend((other,))
    desk.tick(TICKS + 1)
    assert index[other] in station.leased
    station.leased.clear()
    desk.window.open_device("TNK_PLC")
    desk.tick(TICKS + 1)
    of_device = {index[tag.name] for tag in station.plant.tags if tag.device == "TNK_PLC"}
    assert of_device <= station.leased
