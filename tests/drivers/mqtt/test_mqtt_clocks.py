"""What the times in messages tell about the clocks of those who send them."""

import pytest

from drivers.health import LinkState
from drivers.mqtt.clocks import SenderClocks
from plant_models.mqtt_settings import MqttSettings, TopicRule
from plant_models.tag import DataType
from tests.fakes.mqtt_broker import HostileBroker
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import mqtt_device, small_plant, tag
from tests.fakes.waiting import wait_until

TAGS = [
    tag("FLOW", "B", "river/p1#/flow", DataType.F64, scan="slow"),
    tag("LEVEL", "B", "river/p2#/level", DataType.F64, scan="slow"),
]
TIMED = MqttSettings(tls=False, messages=TopicRule(time_pointer="/at", time_format="s"))
S = 1_000_000


def clocks_after(*ahead_s: float, topic: str = "t") -> SenderClocks:
    clocks = SenderClocks()
    for each in ahead_s:
        clocks.note(topic, round(each * S))
    return clocks


def test_a_message_that_was_held_up_says_nothing_about_a_clock() -> None:
    assert clocks_after(-0.1, -30.0, -0.2, -40.0).news() == ("t", -0.1 * S)


def test_one_message_shows_no_clock() -> None:
    assert clocks_after(-3600.0, -3600.0).news() is None


def test_a_clock_that_was_put_right_is_right_after_a_few_messages() -> None:
    assert clocks_after(60.0, 60.0, 60.0, 0.0, 0.0, 0.0, 0.0, -0.1).news() == ("t", 0.0)


def test_of_many_senders_the_one_that_is_furthest_off_is_shown() -> None:
    clocks = clocks_after(1.0, 1.0, 1.0, topic="early")
    for _ in range(3):
        clocks.note("late", -9 * S)
    assert clocks.news() == ("late", -9 * S)
    assert clocks.news() is None, "nothing new was said"
    clocks.note("late", -S // 2)
    assert clocks.news() == ("early", S)
    clocks.note("early", S)
    clocks.forget()
    assert clocks.news() is None


@pytest.mark.parametrize("ahead_s", [12.0, -12.0])
def test_a_wrong_clock_is_marked_with_its_topic_and_a_retained_message_is_no_clock(ahead_s: float) -> None:
    with (
        HostileBroker() as broker,
        RunningPool(small_plant([mqtt_device("B", broker.port, TIMED)], TAGS)) as pool,
    ):
        now_s = pool.clock.wall_us() / 1e6
        broker.publish("river/p2", f'{{"level": 1.0, "at": {now_s - 3600}}}', retain=True)
        pool.wait_for("B", LinkState.CONNECTED)
        wait_until(lambda: broker.is_anybody_here)

        def is_told() -> bool:
            now_s = pool.clock.wall_us() / 1e6
            broker.publish("river/p1", f'{{"flow": 1.0, "at": {now_s + ahead_s}}}')
            return pool.health("B").is_clock_wrong

        wait_until(is_told)
        health = pool.health("B")
        assert health.clock_skew_s == pytest.approx(ahead_s, abs=3.0)
        assert health.clock_name == "river/p1"
