"""Where a tag lies in the messages of an MQTT broker, parsed from the text of the plant folder.

`plant/river/p1#/flow` is the value at the JSON pointer `/flow` (RFC 6901) of what is published to `plant/river/p1`;
`plant/river/p1#` is the whole payload. After ` > ` follows, in the same notation, where commands are published to:
`plant/river/p1#/speed > plant/river/p1/set#/speed`. Pure functions, any thread.
"""

import re
from dataclasses import dataclass
from typing import Final

from plant_models.message import message

Pointer = tuple[str, ...]
"""The keys of a JSON pointer from the outside in; an empty one is the whole document."""

MAX_TOPIC_BYTES: Final = 65_535
"""MQTT 3.1.1, 1.5.3: the longest text."""
_COMMAND: Final = re.compile(r"\s+>(?:\s+|$)")
_BAD_ESCAPE: Final = re.compile(r"~(?![01])")


@dataclass(frozen=True, slots=True)
class Place:
    """A value in the messages of one topic."""

    topic: str
    pointer: Pointer


@dataclass(frozen=True, slots=True)
class MqttAddress:
    """Where a tag is read, and where its commands go; None if the address doesn't say."""

    read: Place
    command: Place | None = None


def parse_mqtt(text: str) -> MqttAddress:
    """Return the address that a text of the plant folder means.

    Raises:
        ValueError: it is none; the message says what would be right.
    """
    read, *command = _COMMAND.split(text.strip(), maxsplit=1)
    return MqttAddress(_place(read), _place(command[0]) if command else None)


def parse_pointer(text: str) -> Pointer:
    """Return the keys of a JSON pointer (RFC 6901, section 3).

    Raises:
        ValueError: it is none; the message says what would be right.
    """
    if not text:
        return ()
    if not text.startswith("/") or _BAD_ESCAPE.search(text):
        raise ValueError(
            message("{text!r} is not a JSON pointer; write /flow or /pump/flow, ~1 for a / and ~0 for a ~", text=text)
        )
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in text[1:].split("/"))


def check_topic(text: str) -> str:
    """Return the name of a topic unchanged (MQTT 3.1.1, 4.7).

    Raises:
        ValueError: it can't be published to; the message says what would be right.
    """
    if not text:
        raise ValueError(message("the topic is missing; write TOPIC#/POINTER, such as plant/river/p1#/flow"))
    if "+" in text or "#" in text:
        raise ValueError(message("{text!r} holds a wildcard; name one topic, without + and #", text=text))
    if len(text.encode()) > MAX_TOPIC_BYTES:
        raise ValueError(message("the topic is longer than {limit} bytes; shorten it", limit=MAX_TOPIC_BYTES))
    return text


def check_filter(text: str) -> str:
    """Return a topic filter unchanged: a topic in which `+` stands for one level and `#` for all that follow.

    Raises:
        ValueError: a wildcard stands where it can't.
    """
    levels = text.split("/")
    if not text or any(("+" in level or "#" in level) and len(level) > 1 for level in levels) or "#" in levels[:-1]:
        raise ValueError(
            message("{text!r} is not a topic filter; + stands for one level, # for all levels at the end", text=text)
        )
    return text


def matches(topic_filter: str, topic: str) -> bool:
    """Tell whether a filter fits a topic (MQTT 3.1.1, 4.7.1)."""
    wanted, levels = topic_filter.split("/"), topic.split("/")
    if wanted[-1] == "#":
        wanted.pop()
        levels = levels[: len(wanted)]
    return len(wanted) == len(levels) and all(one in ("+", level) for one, level in zip(wanted, levels, strict=True))


def _place(text: str) -> Place:
    topic, separator, pointer = text.strip().partition("#")
    if not separator:
        raise ValueError(
            message("{text!r} is not an MQTT address; write TOPIC#/POINTER, such as plant/river/p1#/flow", text=text)
        )
    if pointer and not pointer.startswith("/"):
        raise ValueError(message("{text!r} holds a wildcard or no pointer; write TOPIC#/POINTER", text=text))
    return Place(check_topic(topic), parse_pointer(pointer))
