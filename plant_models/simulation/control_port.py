"""The back door of the virtual plant for tests and teaching: one JSON object per line over loopback TCP, never HTTP.

Each request carries the token made for this run and a `command`; each answer is one line with `ok` and either results
or `error`. Without the right token, with a line over 64 kB, or with anything that isn't such a line (an HTTP request
from a browser, say) the port answers one error line and hangs up. Loop thread only. docs/reference/control-port.md
lists the commands.
"""

import asyncio
import hmac
import json
from typing import Any, Final

from plant_models.device import Endpoint
from plant_models.simulation.control_commands import CommandError, ControlCommands
from plant_models.simulation.front import Front

MAX_LINE: Final = 65536


class ControlPort:
    """Hands requests that carry `token` to `commands`; `port` 0 is any free one."""

    def __init__(self, commands: ControlCommands, token: str, port: int = 0) -> None:
        self._commands = commands
        self._token = token.encode()
        self._front = Front("the control port", self._serve, port)

    @property
    def endpoint(self) -> Endpoint:
        """Where it listens, once started."""
        return self._front.endpoint

    async def start(self) -> None:
        await self._front.open()

    async def stop(self) -> None:
        await self._front.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                line = await reader.readuntil(b"\n")
            except asyncio.LimitOverrunError:
                await _send(writer, {"ok": False, "error": f"a request has at most {MAX_LINE} bytes"})
                return
            request = _parse(line)
            if request is None:
                await _send(
                    writer, {"ok": False, "error": "a request is one line with one JSON object; this isn't HTTP"}
                )
                return
            if not self._is_allowed(request.pop("token", None)):
                await _send(writer, {"ok": False, "error": "the token is missing or wrong"})
                return
            await _send(writer, await self._answer(request))

    def _is_allowed(self, token: object) -> bool:
        return isinstance(token, str) and hmac.compare_digest(token.encode("utf-8", "replace"), self._token)

    async def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            return {"ok": True, **await self._commands.execute(request)}
        except CommandError as error:
            return {"ok": False, "error": str(error)}


def _parse(line: bytes) -> dict[str, Any] | None:
    """Return the object of a request line, or None if it isn't one."""
    if len(line) > MAX_LINE or not line.lstrip().startswith(b"{"):
        return None
    try:
        request = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return request if isinstance(request, dict) else None


async def _send(writer: asyncio.StreamWriter, answer: dict[str, Any]) -> None:
    writer.write(json.dumps(answer, allow_nan=False).encode() + b"\n")
    await writer.drain()
