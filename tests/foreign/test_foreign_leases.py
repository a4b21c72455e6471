"""A server that really samples: what nobody looks at stays as it was, and a look brings the newest value."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from plant_models.tag import DataType
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import opcua_device, small_plant, tag
from tests.fakes.waiting import wait_until
from tests.foreign.peers import node_opcua

pytestmark = [pytest.mark.foreign, pytest.mark.timeout(120)]

TAGS = [
    tag("FIXED", "UA", "ns=1;s=LEVEL", DataType.F64),
    tag("DETAIL", "UA", "ns=1;s=LEVEL", DataType.F64, scan="detail"),
]


def test_node_opcua_samples_fast_only_while_somebody_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plant_models.leases.LEASE_S", 1.0)
    with node_opcua(tmp_path) as peer:
        plant = small_plant([opcua_device("UA", peer.port)], TAGS, 0.1)
        plant = replace(plant, scan_s={**plant.scan_s, "detail": 0.1}, rest_s={"detail": 600.0})
        with RunningPool(plant) as pool:
            pool.wait_good("FIXED", "DETAIL")
            value = 0.0

            def rests() -> bool:
                nonlocal value
                value += 1.0
                peer.put("LEVEL", value)
                wait_until(lambda: pool.sink.sample("FIXED").value == value)
                received_ns = pool.sink.sample("DETAIL").received_ns
                wait_until(lambda: pool.sink.sample("DETAIL").received_ns > received_ns + 300_000_000)
                return pool.sink.sample("DETAIL").value != value

            wait_until(rests, what="rest")
            pool.sink.table.age()
            assert pool.sink.is_good("DETAIL")
            wanted = pool.sink.table.lease(np.array([pool.sink.table.index["DETAIL"]]))
            pool.pool.lease(wanted)
            wait_until(lambda: pool.sink.sample("DETAIL").value == value)
