"""Which devices don't answer: a new connection is no answer, and none is waited for without an end."""

import pytest

from drivers.health import DeviceHealth, LinkState
from station.away_devices import LONGEST_NS, Away, AwayDevices

PLC = frozenset({"PLC"})
SILENT, OFF, CONNECTING, HERE = Away(silent=PLC), Away(switched_off=PLC), Away(connecting=PLC), Away()


def looked(devices: AwayDevices, state: LinkState, now_ns: int = 0) -> Away:
    return devices.look([DeviceHealth(device="PLC", state=state, since_us=0)], now_ns)


@pytest.mark.parametrize(
    ("states", "away"),
    [
        (["connecting"], CONNECTING),
        (["down"], SILENT),
        (["disabled"], OFF),
        (["connected"], HERE),
        (["down", "connecting"], SILENT),  # its driver was started anew
        (["down", "connecting", "connecting"], SILENT),
        (["down", "connected", "connecting"], CONNECTING),
        (["down", "disabled", "connecting"], CONNECTING),
    ],
)
def test_a_new_connection_is_no_answer(states: list[str], away: Away) -> None:
    devices = AwayDevices()
    assert [looked(devices, LinkState(state)) for state in states][-1] == away


def test_one_that_is_connected_to_for_too_long_does_not_answer() -> None:
    devices = AwayDevices()
    assert looked(devices, LinkState.CONNECTING, 5) == CONNECTING
    assert looked(devices, LinkState.CONNECTING, 5 + LONGEST_NS) == CONNECTING
    assert looked(devices, LinkState.CONNECTING, 6 + LONGEST_NS) == SILENT
    assert looked(devices, LinkState.CONNECTED, 7 + LONGEST_NS) == HERE
    assert looked(devices, LinkState.CONNECTING, 8 + LONGEST_NS) == CONNECTING


def test_a_device_that_is_no_longer_there_is_not_away() -> None:
    devices = AwayDevices()
    looked(devices, LinkState.DOWN)
    assert devices.look([], 1) == HERE
    assert looked(devices, LinkState.CONNECTING, 2) == CONNECTING
