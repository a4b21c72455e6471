"""The last frames of a device, kept while somebody wants to see them."""

from drivers.frames import FRAMES_KEPT, FrameTrace
from tests.fakes.clock import ManualClock


def test_a_trace_that_is_off_keeps_nothing(clock: ManualClock) -> None:
    trace = FrameTrace(clock)
    trace.add(True, b"12")
    assert trace.view().frames == ()


def test_the_last_two_hundred_frames_are_kept_with_number_time_and_direction(clock: ManualClock) -> None:
    trace, start_us = FrameTrace(clock), clock.wall_us()
    trace.switch(True)
    for number in range(FRAMES_KEPT + 5):
        clock.advance(0.001)
        trace.add(number % 2 == 0, bytes([number % 256]), "text")
    view = trace.view()
    assert [frame.number for frame in view.frames] == list(range(6, FRAMES_KEPT + 6))
    last = view.frames[-1]
    assert (last.at_us, last.is_sent, last.data, last.text) == (start_us + 205_000, True, bytes([204]), "text")
    assert trace.view(after=204).frames == (last,)


def test_a_frame_is_kept_as_it_was_even_if_its_buffer_is_used_again(clock: ManualClock) -> None:
    trace, buffer = FrameTrace(clock), bytearray(b"ab")
    trace.switch(True)
    trace.add(False, buffer)
    buffer[:] = b"zz"
    assert trace.view().frames[0].data == b"ab"


def test_switching_off_keeps_what_was_seen_and_switching_on_begins_anew(clock: ManualClock) -> None:
    trace = FrameTrace(clock)
    trace.switch(True)
    trace.add(True, b"1")
    trace.switch(True)
    trace.switch(False)
    assert [frame.data for frame in trace.view().frames] == [b"1"]
    trace.switch(True)
    assert trace.view().frames == ()
    trace.add(True, b"2")
    assert [frame.number for frame in trace.view().frames] == [2], "numbers go on: who asks for newer ones misses none"
