"""The near end of the control port, for tests, benchmarks and teaching. Any thread; a connection per request."""

import json
import socket
from typing import Any, Final

from plant_models.device import Endpoint

_TIMEOUT_S: Final = 10.0


class ControlError(RuntimeError):
    """The virtual plant refused a request or didn't answer it; the message says why."""


class ControlClient:
    """Speaks to the control port at `endpoint` with the token of this run."""

    def __init__(self, endpoint: Endpoint, token: str) -> None:
        self.endpoint, self.token = endpoint, token

    def request(self, command: str, **arguments: float | str) -> dict[str, Any]:
        """Send one command and return its results.

        Raises:
            ControlError: refused, or no answer within 10 s.
        """
        line = json.dumps({"token": self.token, "command": command, **arguments}) + "\n"
        try:
            with socket.create_connection((self.endpoint.host, self.endpoint.port), _TIMEOUT_S) as connection:
                connection.sendall(line.encode())
                with connection.makefile("r", encoding="utf-8") as replies:
                    answer = replies.readline()
        except OSError as error:
            raise ControlError(f"{command}: the control port doesn't answer ({error})") from error
        if not answer:
            raise ControlError(f"{command}: the control port hung up")
        results: dict[str, Any] = json.loads(answer)
        if not results.pop("ok"):
            raise ControlError(f"{command}: {results['error']}")
        return results
