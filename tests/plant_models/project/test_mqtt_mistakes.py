"""Mistakes in what a plant folder says about a broker and its messages."""

import pytest

from plant_models.mqtt_settings import TopicRule
from tests.fakes.plant_folder import PlantFolder

BROKER = """
[[device]]
name = "BR"
protocol = "mqtt"
host = "127.0.0.1"
port = 8883
"""


def with_keys(plant: PlantFolder, *lines: str, device: str = "") -> PlantFolder:
    text = plant.read("devices.toml") + BROKER + device + "[device.mqtt]\n" + "".join(f"{line}\n" for line in lines)
    plant.write("devices.toml", text)
    return plant


def test_a_broker_needs_no_keys_of_its_own(plant: PlantFolder) -> None:
    plant.write("devices.toml", plant.read("devices.toml") + BROKER)
    plant.tag("A", type="f64", device="BR", address="river/p1#/flow")
    assert plant.check() == []
    settings = plant.load().devices["BR"].mqtt
    assert settings is not None
    assert (settings.tls, settings.qos, settings.keep_alive_s) == (True, 1, 10)


def test_topics_have_rules_of_their_own(plant: PlantFolder) -> None:
    lines = ('time_pointer = "/ts"', 'client_id = "cw"', "keep_session = true")
    with_keys(plant, *lines, "[[device.mqtt.topic]]", 'match = "river/+"', "max_age_s = 5.0", 'time_format = "ms"')
    assert plant.check() == []
    settings = plant.load().devices["BR"].mqtt
    assert settings is not None
    assert settings.topics == (TopicRule(match="river/+", max_age_s=5.0, time_format="ms"),)
    assert settings.rule_of("river/p1").time_pointer == "/ts"


@pytest.mark.parametrize(
    ("line", "finding"),
    [
        ("tls = false", "21:1: MQTT without encryption; set tls = true, or insecure_ok = true for the device"),
        ("keep_session = true", "21:1: keep_session without a client_id; give the station a client_id of its own"),
        ('will_payload = "x"', "21:1: will_payload without a will_topic; name the topic, or remove it"),
        ("qos = 2", "21:1: device[3].mqtt.qos can't be 2; it must be 0 or 1"),
        (
            'will_topic = "a/#"',
            "21:1: device[3].mqtt.will_topic: 'a/#' holds a wildcard; name one topic, without + and #",
        ),
        ('time_pointer = "ts"', "21:1: device[3].mqtt.time_pointer: 'ts' is not a JSON pointer; write /flow or"),
        ('password = "secret"', "21:1: unknown key device[3].mqtt.password"),
    ],
)
def test_mistakes_of_a_broker_are_found_at_their_key(plant: PlantFolder, line: str, finding: str) -> None:
    (found,) = with_keys(plant, line).check()
    assert found.startswith(f"devices.toml:{finding}")


def test_plain_mqtt_is_possible_if_the_device_says_so(plant: PlantFolder) -> None:
    assert with_keys(plant, "tls = false", device="insecure_ok = true\n").check() == []


def test_keys_of_mqtt_in_another_device(plant: PlantFolder) -> None:
    plant.write("devices.toml", plant.read("devices.toml") + '[device.mqtt]\nclient_id = "x"\n')
    assert plant.check() == [
        'devices.toml:14:1: [device.mqtt] in a device that speaks opcua; remove it, or write protocol = "mqtt"'
    ]


def test_a_mistake_in_the_topics_of_a_second_broker_is_found_there(plant: PlantFolder) -> None:
    with_keys(plant, "[[device.mqtt.topic]]", 'match = "a"')
    second = BROKER.replace("BR", "BS") + '[[device.mqtt.topic]]\nmatch = "a/#/b"\n'
    plant.write("devices.toml", plant.read("devices.toml") + second)
    (found,) = plant.check()
    assert found.startswith("devices.toml:30:1: device[4].mqtt.topic[1].match: 'a/#/b' is not a topic filter")


def test_an_address_that_is_none(plant: PlantFolder) -> None:
    with_keys(plant)
    plant.tag("A", type="f64", device="BR", address="river/+/p1#/flow")
    assert plant.check() == ["tags.csv:2:15: A: 'river/+/p1' holds a wildcard; name one topic, without + and #"]


def test_the_same_value_twice(plant: PlantFolder) -> None:
    with_keys(plant)
    plant.tag("A", type="f64", device="BR", address="p#/x")
    plant.tag("B", type="f64", device="BR", address="p#/x > p/set#")
    plant.tag("C", type="f64", device="BR", address="p#/y")
    (found,) = plant.check()
    assert "B at p#/x > p/set# overlaps A at p#/x" in found


def test_a_writable_tag_without_a_command_topic(plant: PlantFolder) -> None:
    with_keys(plant)
    plant.tag("A", type="f64", device="BR", address="p#/x", writable="true")
    plant.tag("B", type="f64", device="BR", address="p#/y > p/set#/y", writable="true")
    (found,) = plant.check()
    assert "nothing says where commands go; write p#/x > TOPIC#/POINTER, or give the device a write_topic" in found


def test_a_write_topic_of_the_device_is_enough(plant: PlantFolder) -> None:
    with_keys(plant, 'write_topic = "{topic}/set"')
    plant.tag("A", type="f64", device="BR", address="p#/x", writable="true")
    assert plant.check() == []


def test_members_lie_below_a_topic(plant: PlantFolder) -> None:
    with_keys(plant, 'write_topic = "{topic}/set"')
    plant.add("equipment.csv", name="G1", type="gadget", area="A1", device="BR", address="river/g1#")
    assert plant.check() == []
    addresses = {tag.name: tag.address for tag in plant.load().tags}
    assert addresses["G1.LEVEL"] == "river/g1#/LEVEL"


def test_a_base_that_is_none(plant: PlantFolder) -> None:
    with_keys(plant)
    plant.add("equipment.csv", name="G1", type="gadget", area="A1", device="BR", address="hr:10")
    (found,) = plant.check()
    assert "'hr:10' is no base address for mqtt; write TOPIC#" in found
