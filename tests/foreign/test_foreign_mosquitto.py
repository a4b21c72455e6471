"""Mosquitto, a broker in C: nothing that it had accepted is lost over its restart, nor while the station is away."""

import pytest

from benchmarks.mosquitto import Mosquitto, mosquitto_path
from drivers.health import LinkState
from plant_models.mqtt_settings import MqttSettings
from plant_models.tag import DataType
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import mqtt_device, small_plant, tag
from tests.fakes.waiting import wait_until

pytestmark = pytest.mark.foreign

COUNT = 2_000


def payloads(start: int) -> list[bytes]:
    return [b'{"flow": %d}' % number for number in range(start, start + COUNT)]


def test_nothing_that_mosquitto_had_accepted_is_lost() -> None:
    program = mosquitto_path()
    assert program, "mosquitto is not installed; run `make foreign`, which installs what it needs"
    with Mosquitto(program) as broker:
        mqtt = MqttSettings(tls=False, client_id="cw", keep_session=True)
        plant = small_plant(
            [mqtt_device("B", broker.port, mqtt)], [tag("A", "B", "p1#/flow", DataType.F64, scan="slow")]
        )
        with RunningPool(plant) as pool:
            pool.wait_for("B", LinkState.CONNECTED)
            broker.publish("p1", payloads(0))
            broker.restart()
            broker.publish("p1", payloads(COUNT))
            wait_until(lambda: pool.sink.good_values("A") == set(range(2 * COUNT)), timeout_s=60)
            assert pool.health("B").reconnects == 1
        broker.publish("p1", payloads(2 * COUNT))
        broker.restart()
        with RunningPool(plant) as pool:
            kept = set(range(2 * COUNT, 3 * COUNT))
            wait_until(lambda: pool.sink.good_values("A") == kept, timeout_s=60)
            assert pool.health("B").errors == 0
