"""Tags without a device: they are what was written to them."""

from drivers.base import WriteState
from drivers.writes import STOPPING
from plant_models.quality import Quality
from plant_models.tag import Tag
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import small_plant
from tests.fakes.waiting import wait_until


def refuse() -> None:
    raise RuntimeError("on purpose")


def test_a_memory_tag_holds_what_is_written_and_is_unknown_before() -> None:
    with RunningPool(small_plant([], [Tag(name="M", writable=True)])) as pool:
        assert pool.sink.sample("M").quality == Quality.BAD_WAITING_FOR_INITIAL_DATA
        outcome = pool.write("M", 4.5)
        assert (outcome.state, outcome.readback) == (WriteState.VERIFIED, 4.5)
        wait_until(lambda: pool.sink.is_good("M"))
        assert pool.sink.sample("M").value == 4.5


def test_a_write_that_comes_too_late_or_is_held_back_changes_nothing() -> None:
    with RunningPool(small_plant([], [Tag(name="M", writable=True)])) as pool:
        assert pool.write("M", 1.0, valid_s=-1.0).state is WriteState.NOT_SENT
        outcome = pool.send("M", 1.0, on_sent=refuse).result(5)
        assert (outcome.state, outcome.message) == (
            WriteState.NOT_SENT,
            "The command was not released. on purpose",
        )
        assert pool.sink.sample("M").quality == Quality.BAD_WAITING_FOR_INITIAL_DATA
    assert pool.write("M", 1.0).message == STOPPING
