"""What the plant folder says about an MQTT broker and the messages on its topics. Immutable, any thread."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from plant_models.mqtt_address import MqttAddress, Place, matches


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRule:
    """How messages are read whose topic fits `match`; None is what the device says.

    `time_format` is "s" or "ms" since 1970, or "iso" (ISO 8601 with offset). `qualities` maps what stands at
    `quality_pointer`, as text, to "good", "uncertain" or "bad". `{topic}` in `write_topic` stands for the tag's topic.
    """

    match: str = "#"
    max_age_s: float | None = None
    time_pointer: str | None = None
    time_format: str | None = None
    quality_pointer: str | None = None
    qualities: Mapping[str, str] | None = None
    write_topic: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MqttSettings:
    """A broker and how this station takes part. The password is a secret of the station, never of the plant folder."""

    user: str = ""
    tls: bool = True
    ca_file: str = ""
    client_id: str = ""
    keep_alive_s: int = 10
    qos: int = 1
    keep_session: bool = False
    will_topic: str = ""
    will_payload: str = ""
    messages: TopicRule = field(default_factory=TopicRule)
    topics: tuple[TopicRule, ...] = ()

    def rule_of(self, topic: str) -> TopicRule:
        """Return how the messages of a topic are read: its first rule that fits, over what the device says."""
        rule = next((rule for rule in self.topics if matches(rule.match, topic)), self.messages)
        return TopicRule(
            match=topic,
            **{
                name: getattr(self.messages if getattr(rule, name) is None else rule, name)
                for name in TopicRule.__slots__
                if name != "match"
            },
        )

    def command_place(self, address: MqttAddress) -> Place | None:
        """Return where the commands of a tag are published to; None if nothing says so."""
        pattern = self.rule_of(address.read.topic).write_topic
        if address.command is not None or not pattern:
            return address.command
        return Place(pattern.replace("{topic}", address.read.topic), address.read.pointer)
