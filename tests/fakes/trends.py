"""A desk whose trend has eight hours of past, for the tests of trends."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from hmi.trends.page import TrendPage
from hmi.trends.view import SECOND_US
from plant_models.quality import Quality
from tests.fakes.desk import Desk, open_desk, take_focus

FLOW, PRESSURE, LEVEL, RUN = "RPS.P1.FLOW", "RPS.DISCHARGE", "TK1.LEVEL", "RPS.P1.RUN"
HOUR_US = 3600 * SECOND_US
Trend = tuple[Desk, TrendPage, int]
"""A desk, the page of its trend, and when its past ends (µs UTC)."""
STEP_S = 5
GAP_S = (10_000, 11_200)
"""From when to when, in s after the beginning of the past, the flow has no communication."""


@contextmanager
def open_trend_desk(
    *, size: tuple[int, int] = (1920, 1080), language: str = "en", tags: tuple[str, ...] = (FLOW, PRESSURE, LEVEL, RUN)
) -> Iterator[tuple[Desk, TrendPage, int]]:
    """Give a desk, the page of its trend with pens, and the time (µs UTC) at which its past of eight hours ends."""
    with open_desk(size=size, language=language) as desk:
        now_us = desk.station.clock.wall_us()
        put_past(desk, now_us)
        desk.window.open_trend(tags)
        page = desk.window.area.trend_page
        assert page is not None
        page.model.change(lambda view: view.with_span(8 * HOUR_US))
        desk.settle()
        desk.tick(6)
        take_focus(desk.window)  # making the past took long enough for another window to get it
        yield desk, page, now_us


def put_past(desk: Desk, now_us: int) -> None:
    """Write the past of four tags, a sample every 5 s: flow with a gap and a spike, falling level, a pump started."""
    n = 8 * 3600 // STEP_S
    times = now_us - np.arange(n, 0, -1) * STEP_S * SECOND_US
    share = np.linspace(0.0, 1.0, n)
    flow = 2500 + 400 * np.sin(share * 6)
    flow[n * 2 // 3] = 3900.0
    put = desk.station.past.put_past
    begin, end = (at_s // STEP_S for at_s in GAP_S)
    put(FLOW, times[:begin].tolist(), flow[:begin].tolist())
    put(FLOW, times[begin:end].tolist(), [float("nan")] * (end - begin), int(Quality.BAD_NO_COMMUNICATION))
    put(FLOW, times[end:].tolist(), flow[end:].tolist())
    put(PRESSURE, times.tolist(), (4.5 + 0.3 * np.sin(share * 20)).tolist())
    put(LEVEL, times.tolist(), (62 - 12 * share).tolist())
    put(RUN, times.tolist(), (share > 0.3).astype(float).tolist())
    desk.station.put({FLOW: 2388.0, PRESSURE: 4.8, LEVEL: 50.0, RUN: 1.0})
