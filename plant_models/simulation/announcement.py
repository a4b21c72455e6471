"""What a virtual plant says once it listens: one line of JSON between its process and the one that started it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from plant_models.device import Endpoint


@dataclass(frozen=True, slots=True)
class Announcement:
    """Where a running virtual plant is reached: PLCs by device name, the control port and its token."""

    endpoints: Mapping[str, Endpoint]
    control: Endpoint
    token: str

    def to_line(self) -> str:
        """Return it as one line of JSON, without the line end."""
        endpoints = {name: _to_json(endpoint) for name, endpoint in self.endpoints.items()}
        return json.dumps({"endpoints": endpoints, "control": _to_json(self.control), "token": self.token})

    @classmethod
    def from_line(cls, line: str) -> "Announcement":
        """Read it back.

        Raises:
            ValueError: the line is no announcement.
        """
        try:
            data = json.loads(line)
            endpoints = {str(name): _from_json(each) for name, each in data["endpoints"].items()}
            return cls(endpoints, _from_json(data["control"]), str(data["token"]))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"no announcement of a virtual plant: {line[:200]!r}") from error


def _to_json(endpoint: Endpoint) -> dict[str, Any]:
    return {"host": endpoint.host, "port": endpoint.port}


def _from_json(data: Mapping[str, Any]) -> Endpoint:
    return Endpoint(str(data["host"]), int(data["port"]))
