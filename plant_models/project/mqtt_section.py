"""`[device.mqtt]` of `devices.toml`: how the station takes part in a broker. Any thread."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from plant_models.mqtt_address import check_filter, check_topic, parse_pointer
from plant_models.mqtt_settings import MqttSettings, TopicRule
from plant_models.project.schema import Part


def _pointer(text: str) -> str:
    parse_pointer(text)
    return text


def _filter(text: str) -> str:
    return check_filter(text)


def _topic(text: str) -> str:
    return check_topic(text) if text else text


_Pointer = Annotated[str, AfterValidator(_pointer)]
_Topic = Annotated[str, AfterValidator(_topic)]
_Word = Literal["good", "uncertain", "bad"]


class MqttTopicSection(Part):
    """`[[device.mqtt.topic]]`: what differs on some topics."""

    match: Annotated[str, AfterValidator(_filter)]
    """The topics it is for; `+` stands for one level, `#` for all that follow. The first that fits counts."""
    max_age_s: float | None = Field(None, gt=0)
    """As of the device."""
    time_pointer: _Pointer | None = None
    """As of the device; `""`: these messages have no time."""
    time_format: Literal["s", "ms", "iso"] | None = None
    """As of the device."""
    quality_pointer: _Pointer | None = None
    """As of the device; `""`: these messages have no quality."""
    qualities: dict[str, _Word] | None = None
    """As of the device."""
    write_topic: _Topic | None = None
    """As of the device."""

    def rule(self) -> TopicRule:
        return TopicRule(**self.model_dump())


class MqttSection(Part):
    """`[device.mqtt]`."""

    user: str = ""
    """User name; the password is given to the station, not to the plant folder."""
    tls: bool = True
    """Encrypt; without it, the device must say `insecure_ok`."""
    ca_file: str = ""
    """Certificates (PEM) of who vouches for the broker, in the data folder or as a whole path; else the system's."""
    client_id: str = Field("", max_length=200)
    """What the broker knows the station by; needed with `keep_session`, else a new one each time."""
    keep_alive_s: int = Field(10, ge=1, le=3600)
    """Seconds after which a silent connection is given up by the broker; the station asks twice as often."""
    qos: Literal[0, 1] = 1
    """Quality of service of the subscriptions."""
    keep_session: bool = False
    """Let the broker keep messages while the station is away (a persistent session)."""
    will_topic: _Topic = ""
    """Where the broker publishes `will_payload` when the station vanishes."""
    will_payload: str = ""
    """What it publishes then."""
    max_age_s: float | None = Field(None, gt=0)
    """Silence in seconds after which values are uncertain; after three times as long, bad. Three scans if left out."""
    time_pointer: _Pointer = ""
    """Where the time of the values stands in each message; none is the time of arrival."""
    time_format: Literal["s", "ms", "iso"] = "iso"
    """`s`, `ms`: since 1970; `iso`: ISO 8601 with offset."""
    quality_pointer: _Pointer = ""
    """Where the quality of the values stands in each message."""
    qualities: dict[str, _Word] | None = None
    """What each word or number there means: `good`, `uncertain` or `bad`; any other is uncertain."""
    write_topic: _Topic = ""
    """Where commands go whose tag doesn't say; `{topic}` is the topic of the tag, as in `{topic}/set`."""
    topic: tuple[MqttTopicSection, ...] = ()
    """What differs on some topics, below."""

    def settings(self) -> MqttSettings:
        """Return what the section declares."""
        shared = ("max_age_s", "time_pointer", "time_format", "quality_pointer", "qualities", "write_topic")
        fields = self.model_dump(exclude={*shared, "topic"})
        messages = TopicRule(**self.model_dump(include=set(shared)))
        return MqttSettings(**fields, messages=messages, topics=tuple(each.rule() for each in self.topic))


def mqtt_mistakes(
    protocol: str, insecure_ok: bool, section: MqttSection | None
) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield key, problem and remedy of what doesn't fit together in a device of `protocol`."""
    if protocol != "mqtt":
        if section is not None:
            yield (
                ("mqtt",),
                f"[device.mqtt] in a device that speaks {protocol}",
                'remove it, or write protocol = "mqtt"',
            )
        return
    section = section or MqttSection.model_validate({})
    if not section.tls and not insecure_ok:
        yield ("mqtt", "tls"), "MQTT without encryption", "set tls = true, or insecure_ok = true for the device"
    if section.keep_session and not section.client_id:
        yield ("mqtt", "keep_session"), "keep_session without a client_id", "give the station a client_id of its own"
    if section.will_payload and not section.will_topic:
        yield ("mqtt", "will_payload"), "will_payload without a will_topic", "name the topic, or remove it"
