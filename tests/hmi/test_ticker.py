"""The central ticker: 10 Hz, and a blink of 1 Hz derived from it."""

from pytestqt.qtbot import QtBot

from hmi.ticker import Ticker


def test_ten_ticks_hold_one_blink_on_and_off(qtbot: QtBot) -> None:
    ticker = Ticker()
    ticker.stop()
    ticks, blinks = [], []
    ticker.tick.connect(lambda: ticks.append(ticker.is_lit))
    ticker.blink.connect(blinks.append)
    for _ in range(20):
        ticker.advance()
    assert len(ticks) == 20
    assert blinks == [False, True, False, True]
    assert ticks.count(True) == 10


def test_it_ticks_by_itself_until_stopped(qtbot: QtBot) -> None:
    ticker = Ticker()
    with qtbot.waitSignals([ticker.tick] * 2, timeout=5000):
        pass
    ticker.stop()
    counted = []
    ticker.tick.connect(lambda: counted.append(1))
    qtbot.wait(250)
    assert counted == []
