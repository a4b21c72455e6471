"""Leased scan classes over OPC UA: nodes that nobody looks at are sampled at their period at rest, others at their own.

Only the sampling intervals of the items change (OPC UA Part 4, 5.12.3, ModifyMonitoredItems). The subscription stays as
it is, so queues, message numbers and keep-alives are the same in both periods, and no value is lost, doubled or
overtaken on the way from one to the other. All items begin fast. Runs on the OPC UA thread, beside the watchdog.
"""

import asyncio
import logging
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, Final

import numpy as np
from asyncua import ua
from asyncua.ua.uaerrors import UaError, UaStatusCodeError
from numpy.typing import NDArray

from drivers.connection import DriverContext
from drivers.counters import Counters
from drivers.opcua.monitoring import Watched, in_calls, parameters_of
from drivers.opcua.session import Session
from drivers.opcua.writer import status_name
from plant_models import leases
from plant_models.message import message
from plant_models.tag import Tag

_log = logging.getLogger(__name__)
_LOOK_S: Final = 0.25
_TRIES: Final = 3


class Resting:
    """The leased tags of a server, over all its sessions; `scan_s` gives the fast period of each scan class in s.

    What may have become slow counts as slow until the server says otherwise. A server that once refuses to change its
    intervals is not asked again, and samples everything fast from the next session on.
    """

    def __init__(self, tags: Mapping[int, Tag], context: DriverContext, counters: Counters) -> None:
        self._leases = context.leases
        self._scan_s = {row: context.scan_s[tag.scan] for row, tag in tags.items() if self._leases.rest_ns(row)}
        self._clock = context.clock
        self._counters = counters
        self._session: Any = None
        self._watched: tuple[Watched, ...] = ()
        self._is_slow: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._failures = 0
        self._is_refused = False
        self.problem = ""
        """Why the session is of no more use: what somebody looks at may still be sampled slowly. Else an empty text."""

    def begin(self, session: Session) -> Coroutine[Any, Any, None]:
        """Forget the session before; return what follows the leases over this one until cancelled."""
        self._session = session.client.uaclient.session
        self._watched = tuple(each for each in session.watched() if each.item.row in self._scan_s)
        self._is_slow = np.zeros(len(self._watched), np.bool_)
        self._failures = 0
        self.problem = ""
        return self._run()

    async def _run(self) -> None:
        rows = np.array([each.item.row for each in self._watched], np.intp)
        await asyncio.sleep(leases.LEASE_S)  # first values come at the fast period
        while len(rows) and not self.problem and not (self._is_refused and not self._is_slow.any()):
            await self._follow(self._leases.held(rows, self._clock.mono_ns()))
            await asyncio.sleep(_LOOK_S)

    async def _follow(self, is_held: NDArray[np.bool_]) -> None:
        to_wake = np.flatnonzero(self._is_slow & (is_held | self._is_refused))
        try:
            await self._change(to_wake, is_slow=False)
            if not self._is_refused:
                await self._change(np.flatnonzero(~self._is_slow & ~is_held), is_slow=True)
        except (UaError, OSError, TimeoutError) as error:
            if isinstance(error, UaStatusCodeError):
                self._refused(status_name(error))
        except Exception as error:  # noqa: BLE001 - the border: logged with its traceback, the session ends
            _log.exception("sampling intervals could not be changed")
            self.problem = message("Internal error: {error}", error=str(error))
        self._failures = self._failures + 1 if self._is_slow[to_wake].any() else 0
        if self._failures >= _TRIES:
            self.problem = self.problem or message("The server doesn't sample faster what somebody looks at")

    async def _change(self, places: NDArray[np.intp], *, is_slow: bool) -> None:
        """Have items sampled at their period, or at that of their rest.

        Raises:
            UaError, OSError, TimeoutError: the server refuses a call, or doesn't answer it.
        """

        async def ask(part: Sequence[int]) -> Sequence[ua.MonitoredItemModifyResult]:
            self._is_slow[part] = True  # until the answer is here
            try:
                results = await self._modify([self._watched[place] for place in part], is_slow)
            except UaStatusCodeError:
                self._is_slow[part] = not is_slow  # a call that is refused changes nothing
                raise
            for place, result in zip(part, results, strict=True):
                self._is_slow[place] = is_slow == result.StatusCode.is_good()
                if not result.StatusCode.is_good():
                    self._refused(result.StatusCode.name)
            return results

        for number in dict.fromkeys(self._watched[place].subscription for place in places.tolist()):
            group = [place for place in places.tolist() if self._watched[place].subscription == number]
            async for _ in in_calls(ask, group):
                pass

    async def _modify(self, part: Sequence[Watched], is_slow: bool) -> Sequence[ua.MonitoredItemModifyResult]:
        requests = []
        for each in part:
            row = each.item.row
            period_s = self._leases.rest_ns(row) / 1e9 if is_slow else self._scan_s[row]
            requests.append(ua.MonitoredItemModifyRequest(each.number, parameters_of(each.item, period_s)))
        parameters = ua.ModifyMonitoredItemsParameters(
            part[0].subscription, ua.TimestampsToReturn.Both, ItemsToModify=requests
        )
        results: Sequence[ua.MonitoredItemModifyResult] = await self._session.modify_monitored_items(parameters)
        return results

    def _refused(self, status: str) -> None:
        if not self._is_refused:
            self._is_refused = True
            words = message("The server doesn't change how often it samples ({status})", status=status)
            self._counters.failed(words, status)
