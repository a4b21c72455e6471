"""A bank of three filters and its one backwash at a time."""

import pytest

from plant_models.simulation.drive import Mode
from plant_models.simulation.filter_program import FilterBank, FilterCommand
from plant_models.simulation.plc_config import FilterBankConfig
from tests.fakes.plant_io import FakePlantIO, write

FILTERS = ("F1", "F2", "F3")


@pytest.fixture
def bank() -> FilterBank:
    return FilterBank(FilterBankConfig(name="B", filters=FILTERS, headloss=2.0, hours=48, backwash_s=900))


@pytest.fixture
def plant() -> FakePlantIO:
    values = {"headloss": 0.5, "run_hours": 5.0, "state": 0.0}
    return FakePlantIO({f"{each}.{name}": value for each in FILTERS for name, value in values.items()})


def washed(plant: FakePlantIO) -> list[str]:
    return [each for each in FILTERS if plant.orders[f"{each}.backwash"]]


def test_clean_filters_stay_in_service(bank: FilterBank, plant: FakePlantIO) -> None:
    bank.step(1, plant)
    assert [plant.orders[f"{each}.in_service"] for each in FILTERS] == [1, 1, 1]
    assert washed(plant) == []


@pytest.mark.parametrize(("name", "value"), [("headloss", 2.0), ("run_hours", 48.0)])
def test_head_loss_or_hours_start_a_backwash(bank: FilterBank, plant: FakePlantIO, name: str, value: float) -> None:
    plant.values[f"F2.{name}"] = value
    bank.step(1, plant)
    assert washed(plant) == ["F2"]
    assert (bank.variables()["B.washing"].value, bank.variables()["F2.run"].value) == (2, 0)


def test_a_filter_in_manual_is_washed_only_on_command(bank: FilterBank, plant: FakePlantIO) -> None:
    write(bank, "F2.mode", Mode.MANUAL)
    plant.values["F2.headloss"] = 3.0
    bank.step(1, plant)
    assert washed(plant) == []
    assert write(bank, "F2.cmd", FilterCommand.BACKWASH) == FilterCommand.BACKWASH
    bank.step(1, plant)
    assert washed(plant) == ["F2"]


def test_a_second_filter_waits_for_the_first(bank: FilterBank, plant: FakePlantIO) -> None:
    for each in ("F3", "F1"):
        write(bank, f"{each}.cmd", FilterCommand.BACKWASH)
        bank.step(1, plant)
    assert washed(plant) == ["F3"]
    assert bank.variables()["F1.waiting"].value == 1
    assert list(bank.remarks()) == ["F1 waits for its backwash", "F3 in backwash"]
    plant.values["F3.state"] = 1.0
    bank.step(1, plant)
    plant.values["F3.state"] = 0.0
    bank.step(1, plant)
    assert washed(plant) == ["F1"]
    assert bank.variables()["F1.waiting"].value == 0


def test_a_backwash_that_the_process_does_not_end_is_ended_at_its_longest_time(
    bank: FilterBank, plant: FakePlantIO
) -> None:
    write(bank, "F1.cmd", FilterCommand.BACKWASH)
    bank.step(1, plant)
    bank.step(899, plant)
    assert washed(plant) == ["F1"]
    bank.step(1, plant)
    assert washed(plant) == []


def test_a_backwash_and_a_wait_can_be_ended_by_command(bank: FilterBank, plant: FakePlantIO) -> None:
    for each in ("F1", "F2"):
        write(bank, f"{each}.cmd", FilterCommand.BACKWASH)
    bank.step(1, plant)
    assert write(bank, "F2.cmd", FilterCommand.END) == FilterCommand.END
    assert write(bank, "F1.cmd", FilterCommand.END) == FilterCommand.END
    bank.step(1, plant)
    assert washed(plant) == []


def test_a_request_that_makes_no_sense_goes_back_to_0(bank: FilterBank, plant: FakePlantIO) -> None:
    assert write(bank, "F1.cmd", FilterCommand.END) == 0
    write(bank, "F1.cmd", FilterCommand.BACKWASH)
    assert write(bank, "F1.cmd", FilterCommand.BACKWASH) == 0
    write(bank, "F2.mode", Mode.OFF)
    assert write(bank, "F2.cmd", FilterCommand.BACKWASH) == 0
    assert write(bank, "F3.cmd", 9) == 0
    bank.step(1, plant)
    assert washed(plant) == ["F1"]


def test_off_takes_a_filter_out_of_service_and_ends_its_backwash(bank: FilterBank, plant: FakePlantIO) -> None:
    write(bank, "F1.cmd", FilterCommand.BACKWASH)
    bank.step(1, plant)
    assert write(bank, "F1.mode", Mode.OFF) == Mode.OFF
    assert write(bank, "F1.mode", 7) == Mode.OFF
    bank.step(1, plant)
    assert (plant.orders["F1.in_service"], washed(plant)) == (0, [])
    assert not bank.trip("F1")
