"""Brokers that refuse, drop, restart, flood, fall silent or talk nonsense, on real sockets."""

import socket
import struct
from functools import partial

import pytest

from drivers.device_secrets import variable_of
from drivers.health import LinkState
from drivers.mqtt.inbox import Inbox
from plant_models.device import Device
from plant_models.mqtt_settings import MqttSettings, TopicRule
from plant_models.quality import Quality
from plant_models.tag import DataType
from tests.fakes.mqtt_broker import HostileBroker
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import mqtt_device, small_plant, tag
from tests.fakes.waiting import wait_until

TAGS = [
    tag("FLOW", "B", "river/p1#/flow", DataType.F64, scan="slow"),
    tag("STATE", "B", "river/p1#/state", DataType.U16, scan="slow", states=("stopped", "running")),
    tag("LEVEL", "B", "river/level#", DataType.F64, scan="slow"),
]
PUMP = b'{"flow": 412.5, "state": "running"}'
KEPT = MqttSettings(tls=False, client_id="cw", keep_session=True)


def running(broker: HostileBroker, mqtt: MqttSettings | None = None, *more: Device, **settings: object) -> RunningPool:
    return RunningPool(small_plant([mqtt_device("B", broker.port, mqtt, **settings), *more], TAGS))


def listening(broker: HostileBroker, pool: RunningPool) -> None:
    pool.wait_for("B", LinkState.CONNECTED)
    wait_until(lambda: broker.is_anybody_here)


def filled(broker: HostileBroker, pool: RunningPool) -> None:
    listening(broker, pool)
    broker.publish("river/p1", PUMP)
    broker.publish("river/level", "3.5")
    pool.wait_good("FLOW", "STATE", "LEVEL")


def last_error(pool: RunningPool) -> str:
    return pool.health("B").last_error


def test_values_arrive_and_all_are_bad_when_the_connection_is_lost() -> None:
    with HostileBroker() as broker, running(broker) as pool:
        filled(broker, pool)
        assert pool.sink.values(["FLOW", "STATE", "LEVEL"]) == [412.5, 1.0, 3.5]
        broker.stop()
        pool.wait_bad("FLOW", "STATE", "LEVEL")
        assert pool.sink.sample("FLOW").quality == Quality.BAD_NO_COMMUNICATION
        assert pool.sink.sample("FLOW").value == 412.5, "the last value stays beside the bad quality"
        broker.start()
        filled(broker, pool)
        assert pool.health("B").reconnects == 1


def test_leave_is_taken_at_the_stop_and_nothing_stays_open() -> None:
    with HostileBroker() as broker:
        for _ in range(10):
            with running(broker) as pool:
                listening(broker, pool)
        wait_until(lambda: broker.goodbyes == 10, what="ten goodbyes")
        wait_until(lambda: not broker.is_anybody_here)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (1, "does not speak MQTT 3.1.1"),
        (2, "refuses the client_id"),
        (3, "is not available"),
        (4, "The broker refuses user or password"),
        (5, "does not allow this station in"),
        (99, "refuses the connection with code 99"),
    ],
)
def test_a_broker_that_refuses_says_why(code: int, words: str) -> None:
    with HostileBroker() as broker:
        broker.refusal = code
        with running(broker) as pool:
            pool.wait_bad("FLOW")
            assert words in last_error(pool)
            broker.refusal = 0
            filled(broker, pool)


def test_nobody_there_and_a_name_that_nobody_knows() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with RunningPool(small_plant([mqtt_device("B", port)], TAGS)) as pool:
        pool.wait_bad("FLOW")
        assert f"no server listens at 127.0.0.1:{port}" in last_error(pool)


def test_user_and_password_come_from_the_station_not_from_the_plant(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = MqttSettings(tls=False, user="op", client_id="cw", keep_alive_s=7, will_topic="s/cw", will_payload="off")
    with HostileBroker() as broker:
        with running(broker, settings) as pool:
            pool.wait_bad("FLOW")
            assert "No password of B is known" in last_error(pool)
            assert broker.hellos == []
            monkeypatch.setenv(variable_of("B"), "geheim")
            filled(broker, pool)
        (hello,) = broker.hellos
        assert (hello.user, hello.password, hello.client_id, hello.keep_alive_s) == ("op", "geheim", "cw", 7)
        assert hello.will == ("s/cw", b"off")
        assert hello.is_clean


def test_a_refused_topic_fails_alone() -> None:
    with HostileBroker() as broker:
        broker.refused_topics = {"river/level"}
        with running(broker) as pool:
            listening(broker, pool)
            broker.publish("river/p1", PUMP)
            pool.wait_good("FLOW", "STATE")
            assert pool.sink.sample("LEVEL").quality == Quality.BAD_CONFIGURATION_ERROR
            assert "The broker refuses the topic river/level" in last_error(pool)


def test_a_wrong_address_fails_alone() -> None:
    tags = [*TAGS, tag("WRONG", "B", "no address", DataType.F64, writable=True)]
    with HostileBroker() as broker, RunningPool(small_plant([mqtt_device("B", broker.port)], tags)) as pool:
        filled(broker, pool)
        assert pool.sink.sample("WRONG").quality == Quality.BAD_CONFIGURATION_ERROR
        assert "The address of WRONG is wrong" in last_error(pool)
        assert "address of this tag is wrong" in pool.write("WRONG", 1.0).message


def test_without_encryption_nothing_is_sent_unless_the_device_says_so() -> None:
    with HostileBroker() as broker, running(broker, insecure_ok=False) as pool:
        pool.wait_bad("FLOW")
        assert pool.sink.sample("FLOW").quality == Quality.BAD_CONFIGURATION_ERROR
        assert "insecure_ok" in last_error(pool)
        assert broker.hellos == []


@pytest.mark.parametrize("fault", ["is_mute", "is_deaf_to_subscribes"])
def test_a_broker_that_never_answers(fault: str) -> None:
    with HostileBroker() as broker:
        setattr(broker, fault, True)
        with running(broker, timeout_s=0.2) as pool:
            pool.wait_bad("FLOW")
            assert "does not answer" in last_error(pool)
            setattr(broker, fault, False)
            filled(broker, pool)


def test_a_broker_that_falls_silent_is_found_by_asking() -> None:
    settings = MqttSettings(tls=False, keep_alive_s=1)
    with HostileBroker() as broker, running(broker, settings, timeout_s=0.3) as pool:
        filled(broker, pool)
        connections = len(broker.hellos)
        broker.is_mute = True
        pool.wait_bad("FLOW", "LEVEL")
        assert "does not answer" in last_error(pool)
        broker.is_mute = False
        filled(broker, pool)
        assert len(broker.hellos) > connections, "on a new connection"


def test_a_broker_that_cuts_the_connection_again_and_again() -> None:
    with HostileBroker() as broker, running(broker) as pool:
        for _ in range(3):
            filled(broker, pool)
            broker.drop()
            pool.wait_bad("FLOW")
        filled(broker, pool)
        assert pool.health("B").reconnects == 3


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\x30\xff\xff\xff\xff\x7f",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\x36\x05\x00\x01a\x00\x01",
        b"\x20\x02\x00\x00",
        b"\x90\x01\x00",
        b"\x30\x02\x00\x09",
        b"\xf0\x00",
    ],
)
def test_a_broker_that_talks_nonsense_is_left(nonsense: bytes) -> None:
    with HostileBroker() as broker, running(broker) as pool:
        filled(broker, pool)
        broker.send_raw(nonsense)
        pool.wait_bad("FLOW", "STATE", "LEVEL")
        assert "does not keep to MQTT" in last_error(pool)
        filled(broker, pool)


def test_messages_that_can_not_be_read_are_bad_and_the_rest_goes_on() -> None:
    with HostileBroker() as broker, running(broker) as pool:
        filled(broker, pool)
        broker.publish("river/p1", b'{"flow": ')
        wait_until(lambda: pool.sink.sample("FLOW").quality == Quality.BAD_DECODING_ERROR)
        broker.publish("river/level", b'{"' + b"x" * 2_000_000)
        wait_until(lambda: pool.sink.sample("LEVEL").quality == Quality.BAD_DECODING_ERROR)
        assert "can't be read" in last_error(pool)
        filled(broker, pool)
        assert pool.health("B").reconnects == 0


def test_what_nobody_asked_for_is_passed_over() -> None:
    with HostileBroker() as broker, running(broker) as pool:
        filled(broker, pool)
        topic = b"other/topic"
        broker.send_raw(b"\x30" + bytes([2 + len(topic) + 1]) + struct.pack(">H", len(topic)) + topic + b"9")
        broker.publish("river/level", "4.5")
        wait_until(lambda: pool.sink.sample("LEVEL").value == 4.5)
        assert pool.health("B").state is LinkState.CONNECTED


def flow(number: int, qos: int = 0) -> bytes:
    """Return a message of the topic river/p1 as bytes."""
    packet_number = struct.pack(">H", number + 1) if qos else b""
    body = b"\x00\x08river/p1" + packet_number + b'{"flow": %6d}' % number
    return bytes([0x30 | qos << 1, len(body)]) + body


def test_a_flood_is_read_to_its_last_message() -> None:
    count = 20_000
    with HostileBroker() as broker, running(broker) as pool:
        listening(broker, pool)
        broker.send_raw(b"".join(map(flow, range(count))))
        wait_until(lambda: pool.sink.sample("FLOW").value == count - 1, timeout_s=60)
        health = pool.health("B")
        assert health.state is LinkState.CONNECTED
        assert health.requests == count
        assert len(pool.sink.good_values("FLOW")) == count


@pytest.fixture
def small_inbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drivers.mqtt.receiver.Inbox", partial(Inbox, messages=10))


@pytest.mark.usefixtures("small_inbox")
def test_what_finds_no_room_is_dropped_oldest_first_and_counted() -> None:
    count = 20_000
    with HostileBroker() as broker, running(broker) as pool:
        listening(broker, pool)
        broker.send_raw(b"".join(map(flow, range(count))))
        wait_until(lambda: pool.sink.sample("FLOW").value == count - 1, timeout_s=60)
        wait_until(lambda: "found no room and were dropped" in last_error(pool))
        health = pool.health("B")
        assert health.state is LinkState.CONNECTED
        assert 0 < health.requests < count


@pytest.mark.usefixtures("small_inbox")
def test_of_what_the_broker_wants_acknowledged_nothing_is_dropped() -> None:
    count = 10_000
    with HostileBroker() as broker, running(broker) as pool:
        listening(broker, pool)
        broker.send_raw(b"".join(flow(number, qos=1) for number in range(count)))
        wait_until(lambda: len(broker.acknowledged) == count, timeout_s=60)
        assert broker.acknowledged == list(range(1, count + 1)), "each once, in order"
        assert pool.sink.good_values("FLOW") == set(range(count))
        assert "dropped" not in last_error(pool)


def test_a_message_twice_does_no_harm() -> None:
    with HostileBroker() as broker, running(broker) as pool:
        listening(broker, pool)
        broker.publish("river/level", "1.5", qos=1, copies=3)
        wait_until(lambda: len(broker.acknowledged) == 3)
        assert pool.sink.good_values("LEVEL") == {1.5}
        assert broker.waiting(broker.hellos[0].client_id) == 0


def test_a_restarted_broker_loses_nothing_that_it_had_accepted() -> None:
    with HostileBroker() as broker, running(broker, KEPT) as pool:
        filled(broker, pool)
        broker.stop()
        pool.wait_bad("LEVEL")
        broker.start()
        listening(broker, pool)
        broker.stop()
        for number in range(100):
            broker._sessions["cw"].waiting[number + 1] = ("river/level", b"%d" % number)
        broker._sessions["cw"].last_number = 100
        broker.start()
        wait_until(lambda: pool.sink.good_values("LEVEL") == {3.5, *map(float, range(100))})
        wait_until(lambda: broker.waiting("cw") == 0)
        assert broker.acknowledged[-100:] == list(range(1, 101))
        assert not any(hello.is_clean for hello in broker.hellos)


def test_what_was_not_acknowledged_comes_again_after_a_cut() -> None:
    with HostileBroker() as broker, running(broker, KEPT) as pool:
        listening(broker, pool)
        broker.holds_acknowledgements = True
        broker.publish("river/level", "7.5", qos=1)
        wait_until(lambda: pool.sink.sample("LEVEL").value == 7.5)
        broker.holds_acknowledgements = False
        broker.drop()
        wait_until(lambda: broker.waiting("cw") == 0, what="the second acknowledgement")
        wait_until(lambda: pool.sink.is_good("LEVEL"))
        assert pool.sink.good_values("LEVEL") == {7.5}


def test_a_retained_value_is_uncertain_until_a_fresh_one_comes() -> None:
    with HostileBroker() as broker:
        broker.publish("river/level", "2.5", retain=True)
        with running(broker) as pool:
            wait_until(lambda: pool.sink.sample("LEVEL").value == 2.5)
            assert pool.sink.sample("LEVEL").quality == Quality.UNCERTAIN_LAST_USABLE
            listening(broker, pool)
            broker.publish("river/level", "2.5")
            pool.wait_good("LEVEL")


def test_a_topic_that_falls_silent_is_uncertain_then_bad_while_others_live() -> None:
    settings = MqttSettings(tls=False, topics=(TopicRule(match="river/level", max_age_s=0.4),))
    with HostileBroker() as broker, running(broker, settings) as pool:
        filled(broker, pool)
        wait_until(lambda: pool.sink.sample("LEVEL").quality == Quality.UNCERTAIN_LAST_USABLE)
        wait_until(lambda: pool.sink.sample("LEVEL").quality == Quality.BAD_TIMEOUT)
        assert pool.sink.is_good("FLOW", "STATE")
        broker.publish("river/level", "9.5")
        pool.wait_good("LEVEL")


def test_another_broker_goes_on_while_one_is_dead() -> None:
    with HostileBroker() as dead, HostileBroker() as alive:
        dead.is_mute = True
        tags = [*TAGS, tag("OTHER", "C", "x#", DataType.F64, scan="slow")]
        devices = [mqtt_device("B", dead.port, timeout_s=0.3), mqtt_device("C", alive.port)]
        with RunningPool(small_plant(devices, tags)) as pool:
            pool.wait_bad("FLOW")
            wait_until(lambda: alive.is_anybody_here)
            alive.publish("x", "1")
            pool.wait_good("OTHER")
