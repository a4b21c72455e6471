"""The station that tests of the windows use fulfils the contract of a station."""

import pytest

from tests.fakes.pump_plant import pump_plant
from tests.fakes.station import FakeStation
from tests.station.contract import Bench, StationContract


class TestFakeStation(StationContract):
    @pytest.fixture
    def bench(self) -> Bench:
        station = FakeStation(pump_plant())
        return Bench(
            station=station,
            put=station.put,
            put_link=station.put_link,
            put_frame=lambda device, is_sent, data: station.traces[device].add(is_sent, data),
            refuse=lambda tag: station.reasons.update({tag: ("the pump must be in Manual",)}),
            hold=lambda: setattr(station, "delay_s", 0.05),
            let_go=lambda: None,
        )
