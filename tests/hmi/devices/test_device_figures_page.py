"""What the page of devices says of a dead, a slow and a healthy device."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel

from drivers.health import DeviceHealth, ExceptionCount, LinkState
from hmi.devices.page import DevicesPage
from hmi.devices.words import Growth, bytes_text, clock_sentence, skew_text
from hmi.numbers import DASH
from plant_models.message import message
from tests.fakes.desk import Desk, open_desk, visible

NAME = "RPS_PLC"
HOUR_S = 3600.0


def _show(desk: Desk, **health: Any) -> DevicesPage:
    """Show a device that is doing like this."""
    old = desk.station.health
    devices = tuple(replace(each, **health) if each.device == NAME else each for each in old.devices)
    desk.station.health = replace(old, devices=devices)
    desk.window.open_device(NAME)
    desk.tick()
    page = desk.window.area.devices_page
    assert page is not None
    return page


def _figures(page: DevicesPage) -> dict[str, str]:
    return {name: value.text() for name, value in page.details.figures.values.items()}


def test_a_device_that_nobody_asked_yet_has_dashes_and_zeros(desk: Desk) -> None:
    figures = _figures(_show(desk))
    assert {figures[name] for name in ("rate", "p50", "p99", "skew")} == {DASH}
    assert {figures[name] for name in ("timeouts", "errors", "overruns", "restarts", "waiting", "dropped")} == {"0"}


def test_every_figure_of_a_device_is_shown(desk: Desk) -> None:
    page = _show(
        desk,
        identification="WAGO 750-8212",
        requests_per_s=9.94,
        round_trip_p50_ms=1.25,
        round_trip_p99_ms=48.0,
        timeouts=1234,
        errors=7,
        overruns=5,
        reconnects=3,
        restarts=2,
        waiting_writes=4,
        bytes_sent=999,
        bytes_received=12_345_678,
        dropped=6,
        clock_skew_s=-0.26,
    )
    assert _figures(page) == {
        "rate": "9.9",
        "p50": "1.2\u00a0ms",
        "p99": "48\u00a0ms",
        "timeouts": "1\u2009234",
        "errors": "7",
        "overruns": "5",
        "reconnects": "3",
        "restarts": "2",
        "waiting": "4",
        "sent": "999\u00a0B",
        "received": "12.3\u00a0MB",
        "dropped": "6",
        "skew": "−0.3\u00a0s",
    }
    assert page.details.head.address.text().endswith("WAGO 750-8212")
    assert not page.details.head.clock.isVisible()


def test_refusals_are_told_in_words_the_most_frequent_first(desk: Desk) -> None:
    busy = ExceptionCount("6", 3, message("The device is busy (exception 6)"))
    page = _show(desk, exceptions=(busy, ExceptionCount("BadNodeIdUnknown", 1400)))
    told = page.details.head.exceptions
    assert told.isVisible()
    assert told.text() == "Refusals: BadNodeIdUnknown: 1\u2009400 · The device is busy (exception 6): 3"


def test_a_wrong_clock_and_missing_encryption_are_marked_until_they_are_right(desk: Desk) -> None:
    head = _show(desk, clock_skew_s=12.0, is_insecure=True).details.head
    assert head.clock.isVisible()
    assert head.clock.text() == "The device's clock is 12\u00a0s ahead."
    assert head.insecure.isVisible()
    assert "Not encrypted" in head.insecure.text()
    _show(desk, clock_skew_s=4.9, is_insecure=False)
    assert not head.clock.isVisible()
    assert not head.insecure.isVisible()


def test_a_device_that_skips_scans_is_slow_and_one_that_has_stopped_to_do_so_is_not(desk: Desk) -> None:
    page = _show(desk, overruns=10, requests_per_s=1.2, round_trip_p50_ms=700.0)
    row = page.rows[NAME]
    assert (row.skipped, row.text().rpartition(", ")[2]) == (0, "Connected")
    _show(desk, overruns=13)
    assert (row.skipped, row.text().rpartition(", ")[2]) == (3, "Slow")
    assert "Slow: 3 scans were skipped in the last 10 s." in page.details.head.state.text()
    _show(desk, overruns=13, state=LinkState.DOWN)
    assert row.text().endswith("No connection")
    _show(desk, overruns=23, state=LinkState.CONNECTED, round_trip_p50_ms=2.0)
    assert row.text().endswith("Connected"), "it answers at once: the delay is ours"


@pytest.mark.parametrize("language", ["en", "pseudo"])
@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_no_text_about_a_device_in_all_kinds_of_trouble_is_cut(
    qtbot: object, size: tuple[int, int], language: str
) -> None:
    with open_desk(size=size, language=language) as desk:
        page = _show(
            desk,
            address="10.20.4.12:502",
            last_error=message("The device has no such address (exception 2)"),
            exceptions=(ExceptionCount("2", 12_000, message("The device has no such address (exception 2)")),),
            clock_skew_s=7261.0,
            is_insecure=True,
            bytes_received=999_900_000,
            overruns=123_456,
        )
        desk.tick(3)
        head, figures = page.details.head.geometry(), page.details.figures.geometry()
        assert head.bottom() < figures.top()
        assert figures.bottom() < page.details.tabs.geometry().top()
        for each in visible(page.details, QLabel):
            needed = each.heightForWidth(each.width()) if each.wordWrap() else each.sizeHint().height()
            assert each.height() >= needed, each.text()
            assert each.wordWrap() or each.width() >= each.minimumSizeHint().width(), each.text()


@pytest.mark.parametrize(
    ("skew_s", "text", "sentence"),
    [
        (None, DASH, ""),
        (0.02, "0.0\u00a0s", ""),
        (5.0, "+5.0\u00a0s", ""),
        (-5.1, "−5.1\u00a0s", "The device's clock is 5.1\u00a0s behind."),
        (299.0, "+5\u00a0min", "The device's clock is 5\u00a0min ahead."),
        (
            -2 * HOUR_S,
            "−2\u00a0h",
            "The device's clock is 2\u00a0h behind. Its times are replaced by those of the station.",
        ),
    ],
)
def test_how_wrong_a_clock_is(skew_s: float | None, text: str, sentence: str) -> None:
    health = DeviceHealth(device=NAME, state=LinkState.CONNECTED, since_us=0, clock_skew_s=skew_s)
    assert (skew_text(skew_s), clock_sentence(health)) == (text, sentence)


def test_a_broker_names_the_topic_whose_clock_is_wrong() -> None:
    health = DeviceHealth(device=NAME, state=LinkState.CONNECTED, since_us=0, clock_skew_s=9.0, clock_name="river/p1")
    assert clock_sentence(health) == "The clock of river/p1 is 9.0\u00a0s ahead."


def test_bytes_are_told_in_the_unit_in_which_they_read_best() -> None:
    texts = [bytes_text(count).replace("\u00a0", " ") for count in (0, 999, 1000, 1_250_000, 10**13)]
    assert texts == ["0 B", "999 B", "1.0 kB", "1.2 MB", "10.0 TB"]


def test_growth_forgets_what_is_older_than_ten_seconds() -> None:
    growth = Growth()
    seen = [growth.see(round(at_s * 1e9), count) for at_s, count in ((0, 5), (4, 8), (9, 9), (14, 9), (25, 9))]
    assert seen == [0, 3, 4, 1, 0]
