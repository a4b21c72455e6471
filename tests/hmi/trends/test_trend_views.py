"""What a trend looks at: presets, pan, zoom, box, live and paused, and the way back."""

import pytest

from hmi.trends.view import LONGEST_US, SECOND_US, SHORTEST_US, View, Views

NOW = 1_700_000_000 * SECOND_US
HOUR = 3600 * SECOND_US


def test_a_live_view_ends_with_the_present() -> None:
    assert View(HOUR).window(NOW) == (NOW - HOUR, NOW)
    assert View(HOUR).window(NOW + 5) == (NOW + 5 - HOUR, NOW + 5)


def test_a_paused_view_stands_while_time_goes_on() -> None:
    paused = View(HOUR).paused(NOW)
    assert not paused.is_live
    assert paused.window(NOW + HOUR) == (NOW - HOUR, NOW)
    assert paused.live().window(NOW + HOUR)[1] == NOW + HOUR


def test_a_step_goes_half_a_window_and_never_into_the_future() -> None:
    back = View(HOUR).stepped(-1, NOW)
    assert back.window(NOW) == (NOW - HOUR - HOUR // 2, NOW - HOUR // 2)
    assert back.stepped(1, NOW).stepped(1, NOW).window(NOW)[1] == NOW


def test_zooming_keeps_the_time_under_the_pointer_in_its_place() -> None:
    paused = View(HOUR, end_us=NOW)
    start, end = paused.zoomed(0.5, NOW - HOUR // 4, NOW + HOUR).window(NOW + HOUR)
    assert (start, end) == (NOW - 5 * HOUR // 8, NOW - HOUR // 8)


def test_zooming_while_live_keeps_the_present() -> None:
    zoomed = View(HOUR).zoomed(2.0, NOW - HOUR, NOW)
    assert zoomed.is_live
    assert zoomed.window(NOW) == (NOW - 2 * HOUR, NOW)


@pytest.mark.parametrize(("factor", "span"), [(1e-9, SHORTEST_US), (1e9, LONGEST_US)])
def test_a_view_is_neither_endlessly_short_nor_long(factor: float, span: int) -> None:
    assert View(HOUR, end_us=NOW).zoomed(factor, NOW, NOW).span_us == span


def test_the_height_is_stretched_around_the_pointer_within_the_scale() -> None:
    view = View(HOUR).stretched(0.5, 0.8)
    assert (view.bottom, view.top) == pytest.approx((0.4, 0.9))
    assert view.stretched(10.0, 0.8).top == 1.0
    assert view.stretched(10.0, 0.8).bottom == 0.0


def test_a_box_takes_time_and_height() -> None:
    view = View(HOUR).boxed(NOW - HOUR // 2, NOW - HOUR // 4, 0.2, 0.6)
    assert view.window(NOW) == (NOW - HOUR // 2, NOW - HOUR // 4)
    assert (view.bottom, view.top) == (0.2, 0.6)
    assert view.fitted(True).top == 1.0


def test_a_removed_pen_is_no_longer_hidden() -> None:
    view = View(HOUR, pens=("A", "B")).with_hidden("A", True)
    assert view.hidden == {"A"}
    assert view.with_pens(("B",)).hidden == frozenset()
    assert view.with_hidden("A", False).hidden == frozenset()


def test_undo_and_redo_go_through_the_views() -> None:
    views = Views(View(HOUR))
    views.change(View(2 * HOUR))
    views.change(View(3 * HOUR))
    views.undo()
    views.undo()
    assert views.present == View(HOUR)
    assert not views.can_undo
    views.redo()
    assert views.present == View(2 * HOUR)
    assert views.can_redo
    views.change(View(5 * HOUR))
    assert not views.can_redo


def test_a_turning_wheel_is_one_step_back() -> None:
    views = Views(View(HOUR))
    for hours in (2, 3, 4):
        views.change(View(hours * HOUR), "time")
    views.undo()
    assert views.present == View(HOUR)


def test_the_same_view_again_is_no_step() -> None:
    views = Views(View(HOUR))
    views.change(View(HOUR))
    assert not views.can_undo


def test_very_many_steps_are_forgotten_from_the_oldest() -> None:
    views = Views(View(HOUR))
    for second in range(300):
        views.change(View(HOUR + second))
    for _ in range(300):
        views.undo()
    assert views.present.span_us > HOUR
