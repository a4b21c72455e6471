"""The buffer between network and decoder, and the silence of topics."""

import numpy as np

from drivers.mqtt.inbox import Inbox, Message
from drivers.mqtt.plan import plan_of
from drivers.mqtt.silence import Silence
from plant_models.mqtt_settings import MqttSettings, TopicRule
from plant_models.quality import Quality
from plant_models.tag import DataType
from tests.fakes.small_plant import tag


def arrived(payload: bytes, number: int = 0) -> Message:
    return Message("t", payload, number, False, 0)


def test_without_room_the_oldest_message_makes_way_and_is_counted() -> None:
    inbox = Inbox(messages=3)
    for number in range(10):
        inbox.put(arrived(b"%d" % number))
    assert [message.payload for message in inbox.take(10)] == [b"7", b"8", b"9"]
    assert inbox.dropped == 7
    assert inbox.peak == 3


def test_a_message_that_is_to_be_acknowledged_is_never_dropped() -> None:
    inbox = Inbox(messages=2)
    for number in range(1, 6):
        inbox.put(arrived(b"x", number))
    inbox.put(arrived(b"y"))
    assert inbox.is_full
    assert inbox.dropped == 0
    assert [message.number for message in inbox.take(10)] == [1, 2, 3, 4, 5, 0]
    assert not inbox.is_full


def test_bytes_count_as_well_as_messages() -> None:
    inbox = Inbox(messages=1000, size=1000)
    for _ in range(5):
        inbox.put(arrived(bytes(400)))
    assert (len(inbox), inbox.dropped) == (3, 2)
    inbox.take(10)
    assert not inbox.is_full


def silence() -> Silence:
    tags = [
        tag("A", "B", "a#/x", DataType.F64),
        tag("A2", "B", "a#/y", DataType.F64),
        tag("C", "B", "c#", DataType.F64),
    ]
    settings = MqttSettings(messages=TopicRule(max_age_s=2.0), topics=(TopicRule(match="c", max_age_s=100.0),))
    return Silence(plan_of([(row + 10, one) for row, one in enumerate(tags)], settings, {"fast": 1.0}))


def note(silence: Silence, places: list[int], qualities: list[int], at_s: float) -> None:
    times = np.full(len(places), at_s * 1e9, np.int64)
    silence.note(np.array(places, np.intp), np.array(qualities, np.uint16), times)


def due(silence: Silence, at_s: float) -> list[tuple[list[int], Quality]]:
    return [(sorted(rows.tolist()), quality) for rows, quality in silence.due(round(at_s * 1e9))]


def test_a_silent_topic_is_uncertain_then_bad_each_told_once() -> None:
    one = silence()
    note(one, [0, 1, 2], [0, 0, 0], 10.0)
    assert due(one, 11.9) == []
    assert due(one, 12.1) == [([10, 11], Quality.UNCERTAIN_LAST_USABLE)]
    assert due(one, 15.9) == []
    assert due(one, 16.1) == [([10, 11], Quality.BAD_TIMEOUT)]
    assert due(one, 99.0) == []
    note(one, [0], [0], 100.0)
    assert due(one, 103.0) == [([10, 11], Quality.UNCERTAIN_LAST_USABLE)]


def test_silence_makes_no_bad_value_better() -> None:
    one = silence()
    note(one, [0, 1], [int(Quality.BAD_TYPE_MISMATCH), 0], 10.0)
    assert due(one, 12.1) == [([11], Quality.UNCERTAIN_LAST_USABLE)]


def test_nothing_is_expected_of_what_was_never_heard_or_is_gone() -> None:
    one = silence()
    assert due(one, 1000.0) == []
    note(one, [0], [0], 1000.0)
    one.forget()
    assert due(one, 2000.0) == []
