"""Messages of a subscription that didn't arrive, sent by the server once more. Runs on the OPC UA thread.

Source: OPC UA Part 4, 5.14.6 (Republish).
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from asyncua.ua.uaerrors import UaError

from drivers.opcua.channel import Channel, number_of

_MOST: Final = 20
"""A longer gap is not asked for message by message."""


async def are_sent_again(
    session: Any, channel: Channel, missing: range, notice: Callable[[Sequence[Any]], None]
) -> bool:
    """Have lost messages sent again and give what they notify of to `notice`, in order; False if one is gone."""
    if len(missing) > _MOST:
        return False
    for position in missing:
        try:
            sent = await session.republish(channel.number, number_of(position))
        except UaError:
            return False
        notice(sent.NotificationData or ())
    return True
