"""What an OPC UA message is, told from its first bytes: enough to follow a conversation, whoever it is with.

From OPC UA Part 6: message header 7.1.2.2, secure conversation 6.7.2, NodeIds of encodings 5.2.2.9. Pure, any thread.
"""

from typing import Final

from asyncua import ua

from plant_models.message import message

_HEADER: Final = 8
_TYPE_AT: Final = 24
"""Where the body begins: after channel, token, sequence number and request id."""
_FOUR_BYTES: Final = 1
_CONNECTING: Final = {b"HEL": "Hello", b"ACK": "Acknowledge", b"ERR": "Error", b"OPN": "OpenSecureChannel"}
_SUFFIX: Final = "_Encoding_DefaultBinary"


def message_name(data: bytes) -> str:
    """Return the name of the service whose message begins in `data`; what is encrypted or continued says so."""
    kind = data[:3]
    if kind in _CONNECTING:
        return _CONNECTING[kind]
    if kind == b"CLO":
        return "CloseSecureChannel"
    if kind != b"MSG" or len(data) < _HEADER:
        return message("Continued")
    if len(data) < _TYPE_AT + 4 or data[_TYPE_AT] != _FOUR_BYTES or data[_TYPE_AT + 1]:
        return message("Encrypted")
    number = int.from_bytes(data[_TYPE_AT + 2 : _TYPE_AT + 4], "little")
    name = str(ua.object_ids.ObjectIdNames.get(number, ""))
    return name.removesuffix(_SUFFIX) if name.endswith(_SUFFIX) else message("Encrypted")
