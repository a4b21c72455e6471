"""What people are told about a broker: counts, frames and encryption, over real sockets."""

import pytest

from drivers.health import LinkState
from drivers.mqtt.inbox import Inbox
from plant_models.mqtt_settings import MqttSettings
from plant_models.tag import DataType
from tests.fakes.mqtt_broker import HostileBroker
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import mqtt_device, small_plant, tag
from tests.fakes.waiting import wait_until

TOPIC = "river/level"
PAYLOADS = [f"{number}.25" for number in range(10, 30)]
PUBLISH_BYTES = 2 + 2 + len(TOPIC) + 2 + len(PAYLOADS[0])
"""Head and length, topic with its length, number, payload: MQTT 3.1.1, 3.3."""
PUBACK_BYTES = 4


def running(broker: HostileBroker) -> RunningPool:
    device = mqtt_device("B", broker.port, MqttSettings(tls=False, keep_alive_s=600))
    return RunningPool(small_plant([device], [tag("LEVEL", "B", f"{TOPIC}#", DataType.F64, scan="slow")]))


def listening(broker: HostileBroker, pool: RunningPool) -> None:
    pool.wait_for("B", LinkState.CONNECTED)
    wait_until(lambda: broker.is_anybody_here)


def test_messages_and_bytes_are_exact() -> None:
    with HostileBroker() as broker, running(broker) as pool:
        listening(broker, pool)
        for payload in PAYLOADS:
            broker.publish(TOPIC, payload, qos=1)
        wait_until(lambda: len(broker.acknowledged) == len(PAYLOADS))
        health = pool.health("B")
    assert health.requests == health.replies == len(PAYLOADS)
    assert health.bytes_received == len(PAYLOADS) * PUBLISH_BYTES
    assert health.bytes_sent == len(PAYLOADS) * PUBACK_BYTES
    assert (health.timeouts, health.errors, health.dropped) == (0, 0, 0)


def test_every_message_that_finds_no_room_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drivers.mqtt.receiver.Inbox", lambda: Inbox(messages=5))
    count = 500
    packet = bytes([0x30, 2 + len(TOPIC) + 1, 0, len(TOPIC)]) + TOPIC.encode() + b"7"
    with HostileBroker() as broker, running(broker) as pool:
        listening(broker, pool)
        broker.send_raw(packet * count)
        wait_until(lambda: pool.health("B").requests + pool.health("B").dropped == count)
        health = pool.health("B")
    assert health.dropped > 0
    assert "found no room and were dropped" in health.last_error


def test_the_trace_shows_packets_as_they_were_on_the_wire() -> None:
    with HostileBroker() as broker, running(broker) as pool:
        listening(broker, pool)
        pool.pool.trace("B", True)
        broker.publish(TOPIC, "1.5", qos=1)
        wait_until(lambda: len(pool.pool.frames("B", 0).frames) == 2)
        published, acknowledged = pool.pool.frames("B", 0).frames
    assert (published.is_sent, published.data[-3:]) == (False, b"1.5")
    assert TOPIC.encode() in published.data
    assert (acknowledged.is_sent, acknowledged.data) == (True, b"\x40\x02" + published.data[-5:-3])


def test_a_connection_without_encryption_is_told() -> None:
    with HostileBroker() as broker, running(broker) as pool:
        listening(broker, pool)
        assert pool.health("B").is_insecure
        assert pool.health("B").address == f"127.0.0.1:{broker.port}"
        broker.stop()
        pool.wait_for("B", LinkState.DOWN)
        assert not pool.health("B").is_insecure
