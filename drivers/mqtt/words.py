"""What a broker's answers and broken connections mean, in words for operators. Pure, any thread."""

import ssl
from typing import Final

from drivers.connect_problem import connect_problem
from drivers.mqtt.packets import PacketError
from plant_models.message import message, words_of

MUTE: Final = message("The broker does not answer")
LOST: Final = message("The connection was lost")
NO_ENCRYPTION: Final = message(
    "The plant folder asks for a connection without encryption, and does not allow that for this device "
    "(insecure_ok = true would)"
)
_REFUSALS: Final = {
    1: message("The broker does not speak MQTT 3.1.1"),
    2: message("The broker refuses the client_id"),
    3: message("The broker is not available"),
    4: message("The broker refuses user or password"),
    5: message("The broker does not allow this station in: check user, password and the broker's rules"),
}
"""MQTT 3.1.1, table 3.1."""


class LinkError(Exception):
    """Why a connection can't be made or goes on no more; the text is a Message."""


def refusal(code: int) -> str:
    """Return what the return code of a CONNACK means."""
    return _REFUSALS.get(code) or message("The broker refuses the connection with code {code}", code=code)


def link_words(error: Exception, where: str) -> str:
    """Return what ended a connection to `where`, such as 10.0.0.7:8883."""
    if isinstance(error, LinkError):
        return words_of(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        cause = error.verify_message or str(error)
        return message("The certificate of the broker is not trusted: {cause}", cause=cause)
    if isinstance(error, ssl.SSLError):
        return message("No encrypted connection comes about: {cause}", cause=error.reason or str(error))
    if isinstance(error, PacketError):
        return message("The broker does not keep to MQTT: {cause}", cause=str(error))
    if isinstance(error, OSError):
        return connect_problem(error, where)
    return message("Internal error: {error}", error=str(error))
