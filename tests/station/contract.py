"""What every fulfilment of `station.protocol.Station` must do. Subclasses give the `bench` fixture."""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass

from drivers.health import LinkState
from plant_models.message import Message
from plant_models.quality import Quality
from station.protocol import CommandRequest, CommandState, Station
from station.session import Session
from tests.fakes.waiting import wait_until

OPERATOR = Session(user="ada", roles=frozenset({"operator"}), seat="desk 1", is_logged_on=True)


@dataclass(frozen=True, slots=True)
class Bench:
    """A running station of the pump plant, and what a test does to the plant behind it.

    `put` returns when the table shows the values. `refuse` makes commands to a tag fail a check. `hold` makes the
    device of the plant wait before it answers, `let_go` lets it answer.
    """

    station: Station
    put: Callable[[dict[str, float], int], None]
    put_link: Callable[[str, LinkState], None]
    refuse: Callable[[str], None]
    hold: Callable[[], None]
    let_go: Callable[[], None]


class StationContract:
    """Inherit, and give the fixture `bench`."""

    def test_table_is_of_the_plant(self, bench: Bench) -> None:
        assert bench.station.table.tags == bench.station.plant.tags

    def test_nothing_is_good_before_its_first_sample(self, bench: Bench) -> None:
        sample = bench.station.table.sample("LEVEL")
        assert math.isnan(sample.value)
        assert sample.quality == Quality.BAD_WAITING_FOR_INITIAL_DATA

    def test_values_come_with_quality(self, bench: Bench) -> None:
        bench.put({"LEVEL": 3.5}, Quality.UNCERTAIN)
        sample = bench.station.table.sample("LEVEL")
        assert (sample.value, sample.quality) == (3.5, Quality.UNCERTAIN)

    def test_health_names_every_device(self, bench: Bench) -> None:
        bench.put_link("PLC", LinkState.DOWN)
        assert [(health.device, health.state) for health in bench.station.health.devices] == [("PLC", LinkState.DOWN)]
        assert bench.station.health.is_evaluated

    def test_no_command_yet(self, bench: Bench) -> None:
        assert bench.station.last_command("P1.SPEED_SP") is None

    async def test_a_command_ends_verified_and_is_remembered(self, bench: Bench) -> None:
        bench.put({"P1.SPEED_SP": 30.0}, Quality.GOOD)
        request = CommandRequest(tag="P1.SPEED_SP", value=45.0)
        assert bench.station.refusals(request, OPERATOR) == ()
        status = await bench.station.command(request, OPERATOR)
        assert (status.state, status.readback, status.user) == (CommandState.VERIFIED, 45.0, "ada")
        assert status.request == request
        assert bench.station.last_command("P1.SPEED_SP") == status

    async def test_a_refusal_is_a_result_with_the_same_words(self, bench: Bench) -> None:
        bench.put({"P1.SPEED_SP": 30.0}, Quality.GOOD)
        bench.refuse("P1.SPEED_SP")
        request = CommandRequest(tag="P1.SPEED_SP", value=45.0)
        reasons = bench.station.refusals(request, OPERATOR)
        status = await bench.station.command(request, OPERATOR)
        assert status.state is CommandState.REJECTED
        assert reasons
        assert isinstance(status.message, Message)
        assert all(reason in status.message for reason in reasons)

    async def test_an_unknown_tag_is_a_refusal_too(self, bench: Bench) -> None:
        request = CommandRequest(tag="NOWHERE", value=1.0)
        assert "NOWHERE" in bench.station.refusals(request, OPERATOR)[0]
        status = await bench.station.command(request, OPERATOR)
        assert (status.state, status.readback) == (CommandState.REJECTED, None)
        assert "NOWHERE" in status.message

    async def test_a_command_under_way_blocks_nobody_and_can_be_seen(self, bench: Bench) -> None:
        bench.put({"P1.SPEED_SP": 30.0}, Quality.GOOD)
        bench.hold()
        running = asyncio.ensure_future(bench.station.command(CommandRequest(tag="P1.SPEED_SP", value=45.0), OPERATOR))
        await asyncio.to_thread(wait_until, lambda: bench.station.last_command("P1.SPEED_SP"))
        seen = bench.station.last_command("P1.SPEED_SP")
        assert seen is not None
        assert not seen.state.is_end
        assert not running.done()
        bench.let_go()
        assert (await running).state is CommandState.VERIFIED
