"""A broker that isn't ours, in a process of its own: values, commands, retained values."""

from collections.abc import Iterator

import pytest

from drivers.base import WriteState
from drivers.health import LinkState
from plant_models.mqtt_settings import MqttSettings, TopicRule
from plant_models.quality import Quality
from plant_models.tag import DataType
from tests.fakes.amqtt_process import AmqttProcess
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import mqtt_device, small_plant, tag
from tests.fakes.waiting import wait_until

SETTINGS = MqttSettings(tls=False, messages=TopicRule(write_topic="p1"))
TAGS = [
    tag("FLOW", "B", "p1#/flow", DataType.F64, scan="slow", writable=True),
    tag("NAME", "B", "p1/name#", DataType.TEXT, scan="slow"),
]


@pytest.fixture(scope="module")
def broker() -> Iterator[AmqttProcess]:
    with AmqttProcess() as running_broker:
        yield running_broker


def test_values_and_commands_pass_a_foreign_broker(broker: AmqttProcess) -> None:
    device = mqtt_device("B", broker.port, SETTINGS, timeout_s=5.0)
    with RunningPool(small_plant([device], TAGS)) as pool:
        pool.wait_for("B", LinkState.CONNECTED)
        broker.publish("p1", '{"flow": 12.5}')
        broker.publish("p1/name", "river", qos=0)
        pool.wait_good("FLOW", "NAME")
        assert pool.sink.sample("FLOW").value == 12.5
        assert pool.sink.sample("NAME").text == "river"
        # The station hears its own command, as from a device that repeats what it was told.
        assert pool.write("FLOW", 42.0).state is WriteState.VERIFIED


def test_a_retained_value_of_a_foreign_broker_is_uncertain_until_a_fresh_one_comes(broker: AmqttProcess) -> None:
    broker.publish("p1", '{"flow": 7.5}', retain=True)
    with RunningPool(small_plant([mqtt_device("B", broker.port, SETTINGS, timeout_s=5.0)], TAGS)) as pool:
        wait_until(lambda: pool.sink.sample("FLOW").value == 7.5)
        assert pool.sink.sample("FLOW").quality == Quality.UNCERTAIN_LAST_USABLE
        broker.publish("p1", '{"flow": 7.5}')
        pool.wait_good("FLOW")
