"""What the benchmark of the drivers measures with: its server, and how late reads are against their schedule."""

import socket
import struct

import numpy as np
import pytest

from benchmarks.drivers_many import PERIOD_S, schedule_errors
from benchmarks.modbus_peer import REPLY_BYTES, ModbusPeer, raw_reads
from benchmarks.raw_modbus_server import COUNT

PERIOD_NS = round(PERIOD_S * 1e9)


def test_the_server_answers_notes_when_it_was_asked_and_can_be_mute() -> None:
    with ModbusPeer(2) as peer:
        reads = raw_reads(peer.ports[1], 0.1)
        silent, asked = peer.take_times()
        assert (silent, len(asked)) == ([], reads)
        assert asked == sorted(asked)
        peer.mute(1)
        assert raw_reads(peer.ports[1], 0.05) > 0
        with socket.create_connection(("127.0.0.1", peer.ports[0]), 5.0) as link:
            link.settimeout(0.2)
            link.sendall(request(1))
            with pytest.raises(TimeoutError):
                link.recv(1)
        assert len(peer.take_times()[0]) == 1


def test_each_of_several_requests_at_once_gets_the_reply_with_its_number() -> None:
    with ModbusPeer(1) as peer, socket.create_connection(("127.0.0.1", peer.ports[0]), 5.0) as link:
        link.sendall(request(7) + request(8))
        replies = link.recv(2 * REPLY_BYTES, socket.MSG_WAITALL)
        for number, reply in zip((7, 8), (replies[:REPLY_BYTES], replies[REPLY_BYTES:]), strict=True):
            assert struct.unpack(">HHHBBB", reply[:9]) == (number, 0, 3 + 2 * COUNT, 1, 3, 2 * COUNT)


def test_a_read_on_its_grid_has_no_error_and_a_late_one_what_it_is_late() -> None:
    times = [at * PERIOD_NS for at in range(10)]
    assert schedule_errors(times).tolist() == pytest.approx([0.0] * 10)
    times[4] += PERIOD_NS // 10
    assert schedule_errors(times)[4] == pytest.approx(0.1)
    assert np.delete(schedule_errors(times), 4).tolist() == pytest.approx([0.0] * 9)


def test_the_first_read_may_be_the_late_one() -> None:
    times = [at * PERIOD_NS for at in range(1, 10)]
    assert schedule_errors([PERIOD_NS // 20, *times])[0] == pytest.approx(0.05)


def test_a_read_that_is_missing_is_late_by_a_whole_period() -> None:
    times = [at * PERIOD_NS for at in range(10) if at != 5]
    assert sorted(schedule_errors(times).tolist()) == pytest.approx([0.0] * 9 + [1.0])


def request(number: int) -> bytes:
    return struct.pack(">HHHBBHH", number, 0, 6, 1, 3, 0, COUNT)
