"""What messages say about tags: values, qualities and times, and what must never be good."""

import math
from datetime import UTC, datetime

import pytest

from drivers.counters import Counters
from drivers.mqtt.contents import payload_for, raw_for
from drivers.mqtt.decoder import Decoder
from drivers.mqtt.inbox import Message
from drivers.mqtt.plan import plan_of
from plant_models.batch import Batch
from plant_models.mqtt_settings import MqttSettings, TopicRule
from plant_models.quality import Quality
from plant_models.tag import DataType, Tag
from tests.fakes.clock import ManualClock

SCAN_S = {"fast": 1.0}
NOW_US = ManualClock().wall_us()


def a_tag(name: str, pointer: str, data_type: DataType = DataType.F64, **settings: object) -> Tag:
    return Tag(name=name, device="B", address=f"t#{pointer}", type=data_type, scan="fast", **settings)


def read(
    tags: list[Tag], *payloads: bytes | None, rule: TopicRule | None = None, retained: bool = False, late_s: float = 0.0
) -> tuple[Batch | None, Counters]:
    """Return what messages of the topic `t` say about tags in rows 0, 1, 2 …"""
    clock = ManualClock()
    counters = Counters("B", clock)
    plan = plan_of(list(enumerate(tags)), MqttSettings(messages=rule or TopicRule()), SCAN_S)
    arrived_ns = clock.mono_ns()
    clock.advance(late_s)
    messages = [Message("t", payload, 0, retained, arrived_ns) for payload in payloads]
    return Decoder(plan, clock, counters).decode(messages)[1], counters


def one(tag: Tag, payload: bytes | None, **settings: object) -> tuple[float, int]:
    batch, _ = read([tag], payload, **settings)
    assert batch is not None
    assert batch.values is not None
    assert batch.qualities is not None
    return float(batch.values[0]), int(batch.qualities[0])


@pytest.mark.parametrize(
    ("data_type", "pointer", "payload", "value"),
    [
        (DataType.F64, "/x", b'{"x": 12.5}', 12.5),
        (DataType.F64, "", b"12.5", 12.5),
        (DataType.F32, "/a/1/b", b'{"a": [0, {"b": -3}]}', -3.0),
        (DataType.U16, "/x", b'{"x": 65535}', 65535.0),
        (DataType.I16, "/x", b'{"x": -5.0}', -5.0),
        (DataType.BOOL, "/x", b'{"x": true}', 1.0),
        (DataType.BOOL, "/x", b'{"x": 0}', 0.0),
        (DataType.F64, "/a~1b", b'{"a/b": 1}', 1.0),
        (DataType.F64, "/", b'{"": 2}', 2.0),
    ],
)
def test_numbers_and_bools(data_type: DataType, pointer: str, payload: bytes, value: float) -> None:
    assert one(a_tag("A", pointer, data_type), payload) == (value, Quality.GOOD)


@pytest.mark.parametrize(
    ("data_type", "payload", "quality"),
    [
        (DataType.F64, b'{"x": null}', Quality.BAD),
        (DataType.F64, b'{"x": NaN}', Quality.BAD_OUT_OF_RANGE),
        (DataType.F64, b'{"x": -Infinity}', Quality.BAD_OUT_OF_RANGE),
        (DataType.U16, b'{"x": NaN}', Quality.BAD_OUT_OF_RANGE),
        (DataType.F64, b'{"x": 1e999}', Quality.BAD_OUT_OF_RANGE),
        (DataType.F64, b'{"x": ' + b"9" * 400 + b"}", Quality.BAD_OUT_OF_RANGE),
        (DataType.F64, b'{"x": "12.5"}', Quality.BAD_TYPE_MISMATCH),
        (DataType.F64, b'{"x": true}', Quality.BAD_TYPE_MISMATCH),
        (DataType.F64, b'{"x": [1]}', Quality.BAD_TYPE_MISMATCH),
        (DataType.U16, b'{"x": 12.5}', Quality.BAD_TYPE_MISMATCH),
        (DataType.U16, b'{"x": 65536}', Quality.BAD_TYPE_MISMATCH),
        (DataType.U16, b'{"x": -1}', Quality.BAD_TYPE_MISMATCH),
        (DataType.BOOL, b'{"x": 2}', Quality.BAD_TYPE_MISMATCH),
        (DataType.TEXT, b'{"x": {}}', Quality.BAD_TYPE_MISMATCH),
        (DataType.TEXT, b'{"x": "\\ud800"}', Quality.BAD_TYPE_MISMATCH),
        (DataType.F64, b'{"x": 1', Quality.BAD_DECODING_ERROR),
        (DataType.F64, b"", Quality.BAD_DECODING_ERROR),
        (DataType.F64, b"\xff\xfe", Quality.BAD_DECODING_ERROR),
        (DataType.F64, b"[" * 100_000, Quality.BAD_DECODING_ERROR),
        (DataType.F64, None, Quality.BAD_DECODING_ERROR),
    ],
)
def test_what_is_no_value_of_the_tag_is_bad(data_type: DataType, payload: bytes | None, quality: int) -> None:
    value, found = one(a_tag("A", "/x", data_type), payload)
    assert not math.isfinite(value)
    assert found == quality


def test_texts_stand_beside_numbers() -> None:
    tags = [a_tag("N", "/n", DataType.TEXT), a_tag("X", "/x"), a_tag("BIG", "/b", DataType.U64, as_text=True)]
    batch, _ = read(tags, b'{"n": "WTW", "x": 1.5, "b": 18446744073709551615}')
    assert batch is not None
    assert batch.texts == ("WTW", None, "18446744073709551615")


def test_a_plain_text_payload() -> None:
    batch, _ = read([a_tag("N", "", DataType.TEXT)], b"running well")
    assert batch is not None
    assert batch.texts == ("running well",)


@pytest.mark.parametrize("payload", [b"running", b'"running"', b"1"])
def test_words_of_states_are_their_numbers(payload: bytes) -> None:
    assert one(a_tag("S", "", DataType.U16, states=("stopped", "running")), payload) == (1.0, Quality.GOOD)


def test_a_word_that_is_no_state_is_of_the_wrong_type() -> None:
    assert one(a_tag("S", "", DataType.U16, states=("stopped", "running")), b"broken")[1] == Quality.BAD_TYPE_MISMATCH


def test_scaling_range_and_modulus() -> None:
    scaled = a_tag("A", "/x", raw_low=0.0, raw_high=100.0, low=0.0, high=10.0)
    assert one(scaled, b'{"x": 50}') == (5.0, Quality.GOOD)
    assert one(scaled, b'{"x": 200}') == (20.0, Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED)
    assert one(a_tag("T", "/x", DataType.U64, modulus=1000.0), b'{"x": 9007199254740993001}') == (1.0, Quality.GOOD)


def test_many_values_of_many_messages_are_one_batch_in_order() -> None:
    batch, _ = read([a_tag("A", "/a"), a_tag("B", "/b")], b'{"a": 1, "b": 2}', b'{"b": 3}', b"{}", b'{"a": 4}')
    assert batch is not None
    assert batch.values is not None
    assert batch.tags.tolist() == [0, 1, 1, 0]
    assert batch.values.tolist() == [1.0, 2.0, 3.0, 4.0]


def test_a_field_that_never_comes_is_told_once() -> None:
    batch, counters = read([a_tag("A", "/flwo")], b'{"flow": 1}', b'{"flow": 2}')
    assert batch is None
    assert counters.snapshot().last_error == "A message of t holds nothing usable at /flwo"
    assert counters.snapshot().errors == 1


@pytest.mark.parametrize(
    ("time_format", "text"),
    [
        ("s", str(NOW_US / 1e6)),
        ("ms", str(NOW_US // 1000)),
        ("iso", f'"{datetime.fromtimestamp(NOW_US / 1e6, UTC).isoformat()}"'),
        ("iso", '"2023-11-15T00:13:20+02:00"'),
        ("iso", '"2023-11-14T22:13:20Z"'),
    ],
)
def test_the_time_of_a_message_is_the_source_time(time_format: str, text: str) -> None:
    rule = TopicRule(time_pointer="/ts", time_format=time_format)
    batch, _ = read([a_tag("A", "/x")], f'{{"x": 1, "ts": {text}}}'.encode(), rule=rule)
    assert batch is not None
    assert batch.qualities is not None
    assert batch.source_us.tolist() == [NOW_US]
    assert batch.qualities.tolist() == [Quality.GOOD]


@pytest.mark.parametrize(
    ("time_format", "text"),
    [
        ("s", '"2023-11-14T22:13:20Z"'),
        ("s", "true"),
        ("s", "-5"),
        ("s", "1e300"),
        ("s", "NaN"),
        ("iso", '"2023-11-14T22:13:20"'),
        ("iso", '"yesterday"'),
        ("iso", "1700000000"),
        ("iso", "null"),
    ],
)
def test_a_time_that_is_none_makes_values_uncertain(time_format: str, text: str) -> None:
    rule = TopicRule(time_pointer="/ts", time_format=time_format)
    batch, _ = read([a_tag("A", "/x")], f'{{"x": 1, "ts": {text}}}'.encode(), rule=rule, late_s=0.5)
    assert batch is not None
    assert batch.qualities is not None
    assert batch.qualities.tolist() == [Quality.UNCERTAIN_LAST_USABLE]
    assert batch.source_us.tolist() == [NOW_US], "the time of arrival"


def at(seconds_ago: float) -> bytes:
    return f'{{"x": 1, "ts": {NOW_US / 1e6 - seconds_ago}}}'.encode()


@pytest.mark.parametrize(
    ("seconds_ago", "retained", "quality"),
    [
        (2.0, True, Quality.GOOD),
        (4.0, True, Quality.UNCERTAIN_LAST_USABLE),
        (4.0, False, Quality.GOOD),
        (9.0, False, Quality.UNCERTAIN_LAST_USABLE),
        (-60.0, True, Quality.GOOD),
    ],
)
def test_messages_are_marked_by_their_age(seconds_ago: float, retained: bool, quality: int) -> None:
    rule = TopicRule(time_pointer="/ts", time_format="s", max_age_s=3.0)
    assert one(a_tag("A", "/x"), at(seconds_ago), rule=rule, retained=retained) == (1.0, quality)


def test_a_retained_message_is_as_old_as_it_says() -> None:
    rule = TopicRule(time_pointer="/ts", time_format="s", max_age_s=3.0)
    batch, _ = read([a_tag("A", "/x")], at(2.0), rule=rule, retained=True)
    assert batch is not None
    assert batch.received_ns.tolist() == pytest.approx([ManualClock().mono_ns() - 2_000_000_000], abs=1000)


def test_a_retained_message_without_a_time_is_uncertain() -> None:
    assert one(a_tag("A", "/x"), b'{"x": 1}', retained=True) == (1.0, Quality.UNCERTAIN_LAST_USABLE)


@pytest.mark.parametrize(
    ("word", "quality"),
    [
        ("192", Quality.GOOD),
        ("192.0", Quality.GOOD),
        ("0", Quality.BAD),
        ("true", Quality.GOOD),
        ('"iffy"', Quality.UNCERTAIN),
        ("17", Quality.UNCERTAIN),
        ("null", Quality.UNCERTAIN),
    ],
)
def test_the_device_judges_its_own_values(word: str, quality: int) -> None:
    qualities = {"192": "good", "0": "bad", "true": "good", "iffy": "uncertain"}
    rule = TopicRule(quality_pointer="/q", qualities=qualities)
    assert one(a_tag("A", "/x"), f'{{"x": 1, "q": {word}}}'.encode(), rule=rule)[1] == quality


@pytest.mark.parametrize("stamp", ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00"])
def test_a_time_that_no_device_can_mean_makes_its_values_uncertain(stamp: str) -> None:
    rule = TopicRule(time_pointer="/t", time_format="iso")
    payload = f'{{"x": 1.5, "t": "{stamp}"}}'.encode()
    for retained in (False, True):
        assert one(a_tag("A", "/x"), payload, rule=rule, retained=retained) == (1.5, Quality.UNCERTAIN_LAST_USABLE)


@pytest.mark.parametrize("strange", [b"[" * 1000 + b"]" * 1000, b'{"a": [1]}', b'"\\ud800"'])
def test_a_quality_that_is_no_word_is_uncertain(strange: bytes) -> None:
    rule = TopicRule(quality_pointer="/q")
    assert one(a_tag("A", "/x"), b'{"x": 1, "q": ' + strange + b"}", rule=rule) == (1.0, Quality.UNCERTAIN)


def test_a_message_that_fails_in_a_way_nobody_foresaw_spoils_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def strange(content: object, tag: Tag) -> tuple[float, None]:
        raise RecursionError(tag.name)

    monkeypatch.setattr("drivers.mqtt.decoder.number_of", strange)
    batch, counters = read(
        [a_tag("A", "/a"), a_tag("B", "/b", DataType.U16)], b'{"a": 1}', *[b'{"b": 2}'] * 2, b'{"a": 3}'
    )
    assert batch is not None
    assert batch.values is not None
    assert batch.qualities is not None
    spoilt = [(0, Quality.BAD_DECODING_ERROR), (1, Quality.BAD_DECODING_ERROR)]
    good = (0, Quality.GOOD)
    assert list(zip(batch.tags.tolist(), batch.qualities.tolist(), strict=True)) == [good, *spoilt, *spoilt, good]
    assert (batch.values[0], batch.values[-1]) == (1.0, 3.0)
    assert counters.snapshot().last_error == "A message of t can't be read: RecursionError"
    assert [record.message for record in caplog.records] == ["a message of t can't be read"]


def test_a_message_without_the_promised_quality_is_uncertain() -> None:
    assert one(a_tag("A", "/x"), b'{"x": 1}', rule=TopicRule(quality_pointer="/q"))[1] == Quality.UNCERTAIN


def test_the_worse_of_two_judgements_counts() -> None:
    rule = TopicRule(quality_pointer="/q")
    narrow = a_tag("A", "/x", low=0.0, high=10.0)
    assert one(narrow, b'{"x": 20, "q": "good"}', rule=rule)[1] == Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED
    assert one(narrow, b'{"x": 20, "q": "bad"}', rule=rule)[1] == Quality.BAD
    assert one(narrow, b'{"x": null, "q": "good"}', rule=rule)[1] == Quality.BAD


@pytest.mark.parametrize(
    ("tag", "raw", "pointer", "speaks_words", "payload"),
    [
        (a_tag("A", ""), 42.5, (), False, b"42.5"),
        (a_tag("A", ""), 42.5, ("a", "b"), False, b'{"a":{"b":42.5}}'),
        (a_tag("A", "", DataType.U16), 42.4, ("a",), False, b'{"a":42}'),
        (a_tag("A", "", DataType.BOOL), 1.0, (), False, b"true"),
        (a_tag("A", "", DataType.U16, states=("off", "on")), 1.0, (), True, b"on"),
        (a_tag("A", "", DataType.BOOL, states=("off", "on")), 0.0, ("s",), True, b'{"s":"off"}'),
    ],
)
def test_a_command_is_a_message_as_the_device_speaks(
    tag: Tag, raw: float, pointer: tuple[str, ...], speaks_words: bool, payload: bytes
) -> None:
    assert payload_for(tag, raw_for(tag, raw), pointer, speaks_words) == payload


@pytest.mark.parametrize(
    ("tag", "raw", "why"),
    [
        (a_tag("A", "", DataType.U16), 70_000.0, "70000 does not fit u16"),
        (a_tag("A", ""), math.nan, "not a number"),
        (a_tag("A", "", DataType.U16, states=("off", "on")), 2.0, "has no word for 2"),
    ],
)
def test_a_value_that_can_not_be_sent(tag: Tag, raw: float, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        payload_for(tag, raw_for(tag, raw), (), bool(tag.states))
