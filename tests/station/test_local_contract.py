"""LocalStation fulfils the contract of a station."""

import pytest

from tests.fakes.running_station import RunningStation
from tests.station.contract import Bench, StationContract


class TestLocalStation(StationContract):
    @pytest.fixture
    def bench(self, running: RunningStation) -> Bench:
        pool = running.pool

        def let_go() -> None:
            request, future = pool.held[0]
            pool.answer(request, future, None)

        return Bench(
            station=running.station,
            put=running.put,
            put_link=pool.put_link,
            put_frame=lambda device, is_sent, data: pool.traces[device].add(is_sent, data),
            refuse=lambda tag: running.put({tag: 30.0}, 0x8031),
            hold=lambda: setattr(pool, "is_holding", True),
            let_go=let_go,
        )
