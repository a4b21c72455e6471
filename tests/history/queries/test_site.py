"""A site's calendar and tags come from its plant folder."""

from dataclasses import replace
from datetime import time

import numpy as np

from history.aggregates.buckets import Period
from history.queries.intervals import Intervals
from history.queries.site import site_of
from plant_models.history_settings import HistorySettings
from tests.fakes.gappy_year import utc
from tests.fakes.pump_plant import pump_plant


def test_days_are_those_of_the_plant_folder() -> None:
    plant = replace(pump_plant(), time_zone="Europe/Berlin", history=HistorySettings(day_starts=time(6)))
    site = site_of(plant)
    assert site.tags["LEVEL"].unit == "m"
    edges = Intervals(utc(2023, 3, 25, 12), utc(2023, 3, 26, 12), period=Period.DAY).edges_us(site)
    assert edges.tolist() == [utc(2023, 3, 25, 5), utc(2023, 3, 26, 4), utc(2023, 3, 27, 4)]
    assert (np.diff(edges) / 3.6e9).tolist() == [23, 24]


def test_an_hour_is_cut_where_the_clock_of_the_site_says() -> None:
    site = site_of(replace(pump_plant(), time_zone="Asia/Kolkata"))
    edges = Intervals(utc(2023, 3, 25, 12), utc(2023, 3, 25, 13), period=Period.HOUR).edges_us(site)
    assert edges.tolist() == [utc(2023, 3, 25, hour, 30) for hour in (11, 12, 13)]
