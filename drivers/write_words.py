"""What drivers of every protocol say about a device and about the end of a command. Pure, any thread."""

from typing import Final

from plant_models.message import joined, message, words_of

SWITCHED_OFF: Final = message("Switched off in the plant folder")
NOT_STARTED: Final = message("The drivers have not started yet")
TAKEN_OUT: Final = message("Taken out of service")
TOO_LATE: Final = message("Too late: the command waited longer than allowed")
WRONG_ADDRESS: Final = message("The address of this tag is wrong; it can't be written")
OTHER_VALUE: Final = message("The device shows another value")
NO_PROOF: Final = message("The device held this value before, so it doesn't show whether the command arrived")
OVERTAKEN: Final = message("Overtaken by a newer command for the same tag before it could be sent")
SET_BACK: Final = message("The device confirmed the order and shows 0 again; what it did shows in its other values")
NO_TRACE: Final = message("The device shows 0; either it has set the order back already, or it never got it")
STILL_SET: Final = message("The device hasn't set back the order before; a new one would have no effect")
_UNREAD: Final = message("The value can't be read back")


def not_connected(device: str, why: str) -> str:
    """Return that a command can't leave since there is no connection; `why` is empty before the first answer."""
    return joined((message("{device} is not connected", device=device), why))


def not_released(error: BaseException) -> str:
    """Return that the sender itself held a command back at the last moment."""
    return joined((message("The command was not released"), words_of(error)))


def no_order(tag: str) -> str:
    """Return that a pulse can't be 0."""
    return message("Zero is no order; the device sets {tag} back itself", tag=tag)


def not_looked_up(why: str) -> str:
    """Return that a command that depends on the present value can't leave, since that can't be read."""
    return joined((message("The present value can't be read, so nothing was sent"), why))


def unread(doubt: str, problem: str) -> str:
    """Return that nobody knows what a command has done; `problem` is why it can't be read back."""
    return joined((doubt or message("The command was sent"), _UNREAD, problem))
