"""Why there is no connection, in words for operators. Pure, any thread."""

import errno
import socket
from typing import Final

from plant_models.message import message

NO_TAG: Final = message("No tag is read from this device")
_UNREACHABLE = (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN)


def connect_problem(error: OSError, where: str) -> str:
    """Return what an error of the operating system means for a connection to `where`, such as 10.0.0.7:502."""
    if isinstance(error, TimeoutError):
        return message("No answer from {where}", where=where)
    if isinstance(error, ConnectionRefusedError):
        return message("The connection was refused: no server listens at {where}", where=where)
    if isinstance(error, ConnectionError):
        return message("The connection to {where} was lost", where=where)
    if isinstance(error, socket.gaierror):
        return message("The network doesn't know the name in {where}", where=where)
    if error.errno in _UNREACHABLE:
        return message("The network has no way to {where}", where=where)
    return message("Can't connect to {where}: {cause}", where=where, cause=error.strerror or str(error))
