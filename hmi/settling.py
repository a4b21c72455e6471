"""When a screen is worth a picture: its values have come, and the plant isn't in the middle of a start. GUI thread."""

import asyncio
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hmi.context import Context
from plant_models.quality import bad_mask

LIVE_WITHIN_S: Final = 20.0
SETTLED_WITHIN_S: Final = 20.0
STILL_S: Final = 2.0
STILL_SHARE: Final = 0.02
"""Of a tag's range; a value that moves less within STILL_S is at rest."""


async def until_live(context: Context, within_s: float = LIVE_WITHIN_S) -> tuple[str, ...]:
    """Wait until no tag on any display is bad, at most `within_s`; return the tags that still are."""
    table, rows = context.station.table, shown_rows(context)

    def bad_rows() -> NDArray[np.intp]:
        return rows[bad_mask(table.read(rows).qualities)]

    await until_true(context, lambda: bad_rows().size == 0, within_s)
    return tuple(table.tags[row].name for row in bad_rows())


async def until_settled(context: Context, within_s: float = SETTLED_WITHIN_S) -> bool:
    """Wait until no value on any display leaves STILL_SHARE of its range for STILL_S; return whether it came true."""
    table, rows = context.station.table, shown_rows(context)
    reach = np.array([_range(table.tags[row].low, table.tags[row].high) for row in rows]) * STILL_SHARE
    since_ns, before = context.clock.mono_ns(), table.read(rows).values

    def is_settled() -> bool:
        nonlocal since_ns, before
        now_ns, values = context.clock.mono_ns(), table.read(rows).values
        if (np.abs(values - before) > reach).any():  # false for NaN: a value that isn't there doesn't move
            since_ns, before = now_ns, values
        return now_ns - since_ns >= STILL_S * 1e9

    return await until_true(context, is_settled, within_s)


def shown_rows(context: Context) -> NDArray[np.intp]:
    """Return the rows of the tags that stand on any display."""
    index = context.station.table.index
    items = (item for display in context.plant.displays.values() for item in display.layout.items)
    return np.array(sorted({index[item.tag] for item in items if item.tag in index}), np.intp)


async def until_true(context: Context, condition: Callable[[], bool], within_s: float | None) -> bool:
    """Wait until `condition()` holds at a tick, at most `within_s` (None: for ever); return whether it came true."""
    is_true = asyncio.Event()

    def check() -> None:
        if condition():
            is_true.set()

    context.ticker.tick.connect(check)
    try:
        async with asyncio.timeout(within_s):
            await is_true.wait()
    except TimeoutError:
        return False
    finally:
        context.ticker.tick.disconnect(check)
    return True


def _range(low: float | None, high: float | None) -> float:
    return np.inf if low is None or high is None else high - low
