"""Back and forward behave as in a browser."""

from hmi.shell.visits import Visits


def test_back_and_forward_walk_the_line() -> None:
    visits = Visits()
    for page in ("a", "b", "c"):
        visits.visit(page)
    assert (visits.back(), visits.back(), visits.back()) == ("b", "a", None)
    assert (visits.forward(), visits.forward(), visits.forward()) == ("b", "c", None)


def test_a_new_page_forgets_what_lay_ahead() -> None:
    visits = Visits()
    for page in ("a", "b"):
        visits.visit(page)
    visits.back()
    visits.visit("c")
    assert not visits.can_go_forward
    assert visits.back() == "a"


def test_the_present_page_again_is_no_visit() -> None:
    visits = Visits()
    visits.visit("a")
    visits.visit("a")
    assert not visits.can_go_back


def test_a_long_shift_does_not_grow_the_line_without_end() -> None:
    visits = Visits()
    for number in range(1000):
        visits.visit(str(number))
    steps = 0
    while visits.back() is not None:
        steps += 1
    assert steps == 99
