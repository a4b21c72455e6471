"""Commands to a broker: one message each, never twice, and verified only by the tag's own topic."""

from collections.abc import Iterator

import pytest

from drivers.base import WriteState
from drivers.health import LinkState
from plant_models.mqtt_settings import MqttSettings, TopicRule
from plant_models.tag import DataType
from tests.fakes.mqtt_broker import HostileBroker
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import mqtt_device, small_plant, tag
from tests.fakes.waiting import wait_until

SETTINGS = MqttSettings(tls=False, messages=TopicRule(write_topic="{topic}/set"))
TAGS = [
    tag("SPEED", "B", "p1#/speed", DataType.F64, writable=True, low=0.0, high=100.0, raw_low=0.0, raw_high=1000.0),
    tag("MODE", "B", "p1/mode# > p1/do#/mode", DataType.U16, writable=True, states=("hand", "auto")),
    tag("FIXED", "B", "p1#/fixed", DataType.F64),
    tag("NAME", "B", "p1#/name", DataType.TEXT, writable=True),
]


@pytest.fixture
def broker() -> Iterator[HostileBroker]:
    with HostileBroker() as running_broker:
        yield running_broker


@pytest.fixture
def pool(broker: HostileBroker) -> Iterator[RunningPool]:
    with RunningPool(small_plant([mqtt_device("B", broker.port, SETTINGS)], TAGS, 5.0)) as running:
        running.wait_for("B", LinkState.CONNECTED)
        wait_until(lambda: broker.is_anybody_here)
        broker.publish("p1", '{"speed": 0, "fixed": 1, "name": "x"}')
        broker.publish("p1/mode", "hand")
        running.wait_good("SPEED", "MODE", "FIXED")
        yield running


def test_a_command_is_published_once_and_verified_by_the_tags_own_topic(
    broker: HostileBroker, pool: RunningPool
) -> None:
    broker.on_command = lambda topic, payload: broker.publish_from_loop("p1", payload)
    outcome = pool.write("SPEED", 42.0)
    assert (outcome.state, outcome.readback) == (WriteState.VERIFIED, 42.0)
    assert broker.commands == [("p1/set", b'{"speed":420.0}', 0)], "QoS 0, not retained"
    assert pool.sink.sample("SPEED").value == 42.0


def test_a_device_that_speaks_words_is_told_a_word(broker: HostileBroker, pool: RunningPool) -> None:
    broker.on_command = lambda topic, payload: broker.publish_from_loop("p1/mode", b"auto")
    assert pool.write("MODE", 1.0).state is WriteState.VERIFIED
    assert broker.commands == [("p1/do", b'{"mode":"auto"}', 0)]


def test_without_an_answer_it_is_unknown_and_never_sent_again(broker: HostileBroker, pool: RunningPool) -> None:
    outcome = pool.write("SPEED", 42.0)
    assert outcome.state is WriteState.UNKNOWN
    assert "No new value came within 2 s" in outcome.message
    broker.drop()
    wait_until(lambda: len(broker.hellos) == 2 and broker.is_anybody_here)
    assert len(broker.commands) == 1


def test_another_value_is_unknown_and_shown(broker: HostileBroker, pool: RunningPool) -> None:
    broker.on_command = lambda topic, payload: broker.publish_from_loop("p1", b'{"speed": 300}')
    outcome = pool.write("SPEED", 42.0)
    assert (outcome.state, outcome.readback) == (WriteState.UNKNOWN, 30.0)
    assert "another value" in outcome.message


def test_a_value_that_the_device_held_already_proves_nothing(broker: HostileBroker, pool: RunningPool) -> None:
    broker.on_command = lambda topic, payload: broker.publish_from_loop("p1", b'{"speed": 0}')
    outcome = pool.write("SPEED", 0.0)
    assert outcome.state is WriteState.UNKNOWN
    assert "held this value before" in outcome.message


def test_a_bad_value_proves_nothing(broker: HostileBroker, pool: RunningPool) -> None:
    broker.on_command = lambda topic, payload: broker.publish_from_loop("p1", b'{"speed": null}')
    assert pool.write("SPEED", 42.0).state is WriteState.UNKNOWN


def test_a_connection_lost_after_the_command_leaves_it_unknown(broker: HostileBroker, pool: RunningPool) -> None:
    broker.on_command = lambda topic, payload: broker._loop.create_task(broker._drop())
    outcome = pool.write("SPEED", 42.0)
    assert outcome.state is WriteState.UNKNOWN
    assert "The connection was lost" in outcome.message
    wait_until(lambda: len(broker.hellos) == 2 and broker.is_anybody_here)
    assert len(broker.commands) == 1


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("FIXED", 1.0, "FIXED is read only"),
        ("NAME", 1.0, "only numbers can be written"),
        ("MODE", 2.0, "MODE has no word for 2"),
        ("MODE", 70_000.0, "70000 does not fit u16"),
    ],
)
def test_a_command_that_can_not_be_is_not_sent(
    broker: HostileBroker, pool: RunningPool, name: str, value: float, why: str
) -> None:
    outcome = pool.write(name, value)
    assert outcome.state is WriteState.NOT_SENT
    assert why in outcome.message
    assert broker.commands == []


def test_a_command_that_is_too_late_or_not_released_is_not_sent(broker: HostileBroker, pool: RunningPool) -> None:
    def refuse() -> None:
        raise OSError("the audit disk is full")

    assert "Too late" in pool.write("SPEED", 5.0, valid_s=-0.001).message
    outcome = pool.send("SPEED", 5.0, on_sent=refuse).result(20)
    assert outcome.state is WriteState.NOT_SENT
    assert "the audit disk is full" in outcome.message
    assert broker.commands == []


def test_a_command_to_a_broker_that_is_gone_is_not_sent(broker: HostileBroker, pool: RunningPool) -> None:
    broker.stop()
    pool.wait_bad("SPEED")
    outcome = pool.write("SPEED", 5.0)
    assert outcome.state is WriteState.NOT_SENT
    assert "B is not connected" in outcome.message


def test_a_command_under_way_at_the_stop_is_unknown(broker: HostileBroker, pool: RunningPool) -> None:
    future = pool.send("SPEED", 5.0)
    wait_until(lambda: broker.commands)
    pool.pool.stop()
    assert future.result(20).state is WriteState.UNKNOWN
