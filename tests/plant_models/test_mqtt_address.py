"""Addresses in the messages of a broker: a topic, a JSON pointer, and where commands go."""

import pytest

from plant_models.mqtt_address import MqttAddress, Place, check_filter, matches, parse_mqtt, parse_pointer
from plant_models.mqtt_settings import MqttSettings, TopicRule


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("plant/p1#/flow", MqttAddress(Place("plant/p1", ("flow",)))),
        ("plant/p1#", MqttAddress(Place("plant/p1", ()))),
        ("p#/a/0/b", MqttAddress(Place("p", ("a", "0", "b")))),
        ("p#/a~1b/c~0d/~01", MqttAddress(Place("p", ("a/b", "c~d", "~1")))),
        ("p#/", MqttAddress(Place("p", ("",)))),
        ("p#/speed > p/set#/speed", MqttAddress(Place("p", ("speed",)), Place("p/set", ("speed",)))),
        ("p# > p/set#", MqttAddress(Place("p", ()), Place("p/set", ()))),
    ],
)
def test_an_address_names_topic_pointer_and_command_topic(text: str, address: MqttAddress) -> None:
    assert parse_mqtt(text) == address


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("plant/p1", "is not an MQTT address"),
        ("#/flow", "the topic is missing"),
        ("plant/+/flow#/x", "holds a wildcard"),
        ("plant/##/x", "holds a wildcard or no pointer"),
        ("plant/p1#flow", "holds a wildcard or no pointer"),
        ("p#/a~2", "is not a JSON pointer"),
        ("p#/a > ", "is not an MQTT address"),
        ("p" * 65_536 + "#/a", "longer than 65535 bytes"),
    ],
)
def test_what_is_no_address_says_what_would_be(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_mqtt(text)


def test_the_empty_pointer_is_the_whole_document() -> None:
    assert parse_pointer("") == ()


@pytest.mark.parametrize(
    ("topic_filter", "topic", "fits"),
    [
        ("a/b", "a/b", True),
        ("a/+", "a/b", True),
        ("a/+", "a/b/c", False),
        ("a/#", "a/b/c", True),
        ("a/#", "a", True),
        ("#", "a/b", True),
        ("+/b", "a/b", True),
        ("a", "a/b", False),
    ],
)
def test_filters_fit_as_mqtt_says(topic_filter: str, topic: str, fits: bool) -> None:
    assert matches(check_filter(topic_filter), topic) is fits


@pytest.mark.parametrize("text", ["", "a/#/b", "a+/b", "a/b#"])
def test_a_wildcard_stands_alone_in_its_level(text: str) -> None:
    with pytest.raises(ValueError, match="is not a topic filter"):
        check_filter(text)


def test_the_first_rule_that_fits_is_laid_over_what_the_device_says() -> None:
    settings = MqttSettings(
        messages=TopicRule(max_age_s=10.0, time_pointer="/ts", time_format="s", write_topic="{topic}/set"),
        topics=(TopicRule(match="a/#", time_pointer=""), TopicRule(match="a/b", max_age_s=99.0)),
    )
    rule = settings.rule_of("a/b")
    assert (rule.max_age_s, rule.time_pointer, rule.time_format) == (10.0, "", "s")
    assert settings.rule_of("c").time_pointer == "/ts"
    assert settings.command_place(parse_mqtt("c#/x")) == Place("c/set", ("x",))
    assert settings.command_place(parse_mqtt("c#/x > d#")) == Place("d", ())
    assert MqttSettings().command_place(parse_mqtt("c#/x")) is None
