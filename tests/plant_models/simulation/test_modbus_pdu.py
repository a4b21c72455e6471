"""Requests to a virtual PLC, byte by byte: what it answers and what it refuses."""

import math
from pathlib import Path

import pytest

from plant_models.simulation.address_map import load_map
from plant_models.simulation.modbus_pdu import answer
from plant_models.simulation.plc import Plc
from plant_models.simulation.plc_config import load_plcs
from plant_models.simulation.register_image import RegisterImage
from plant_models.simulation.sensors import Sensors
from tests.fakes.model_folder import write_model
from tests.fakes.process import FakeProcess


class Bench:
    """One of the small plant's PLCs behind its image."""

    def __init__(self, folder: Path, number: int) -> None:
        self.process = FakeProcess()
        self.sensors = Sensors(self.process)
        config = load_plcs(write_model(folder))[number]
        self.plc = Plc(config, self.sensors, self.process.variables)
        self.image = RegisterImage(self.plc, load_map(folder / config.map, "modbus"))
        self.plc.step(0)
        self.image.refresh()

    def ask(self, request: str) -> str:
        return answer(self.image, bytes.fromhex(request)).hex(" ")


@pytest.fixture
def lps(tmp_path: Path) -> Bench:
    return Bench(tmp_path, 0)


@pytest.fixture
def flt(tmp_path: Path) -> Bench:
    return Bench(tmp_path, 1)


def test_holding_registers_are_read(lps: Bench) -> None:
    # TK1.level 50.0 = 0x42480000, start_sp 60.0 = 0x42700000, stop_sp 85.0 = 0x42AA0000
    assert lps.ask("03 0001 0006") == "03 0c 42 48 00 00 42 70 00 00 42 aa 00 00"


def test_input_registers_coils_and_discrete_inputs_are_read(lps: Bench) -> None:
    assert lps.ask("04 0000 0003") == "04 06 04 b0 00 00 00 00"
    assert lps.ask("01 0000 0001") == "01 01 01"
    assert lps.ask("02 0000 0001") == "02 01 00"


def test_bits_of_a_register_show_run_and_fault(lps: Bench) -> None:
    assert lps.ask("03 000c 0001") == "03 02 00 01"
    lps.plc.trip("LPS.P1")
    lps.image.refresh()
    assert lps.ask("03 000c 0001") == "03 02 00 02"


def test_unmapped_registers_inside_the_table_read_0(lps: Bench) -> None:
    assert lps.ask("03 0011 0003") == "03 06 00 00 00 00 00 00"


@pytest.mark.parametrize("request_pdu", ["03 0016 0002", "03 ffff 0002", "04 0003 0001", "01 0001 0001"])
def test_a_read_beyond_the_last_register_is_exception_2(lps: Bench, request_pdu: str) -> None:
    assert lps.ask(request_pdu) == f"{int(request_pdu[:2]) | 0x80:02x} 02"


def test_a_register_is_written_and_read_back_at_once(lps: Bench) -> None:
    assert lps.ask("06 000a 0001") == "06 00 0a 00 01"
    assert lps.ask("03 000a 0001") == "03 02 00 01"


def test_a_start_in_auto_reads_back_as_0_and_one_in_manual_as_1(lps: Bench) -> None:
    lps.ask("06 000b 0001")
    assert lps.ask("03 000b 0001") == "03 02 00 00"
    lps.ask("06 000a 0001")
    lps.ask("06 000b 0001")
    assert lps.ask("03 000b 0001") == "03 02 00 01"


def test_a_stop_in_auto_shows_manual_and_stopped_within_the_same_request(lps: Bench) -> None:
    lps.ask("06 000b 0002")
    assert lps.ask("03 000a 0003") == "03 06 00 01 00 02 00 00"


def test_a_float_is_written_in_one_request(lps: Bench) -> None:
    assert lps.ask("10 0003 0002 04 42200000") == "10 00 03 00 02"
    assert lps.plc.read("LPS.start_sp") == 40.0


def test_half_a_float_is_completed_from_the_image(lps: Bench) -> None:
    assert lps.ask("06 0003 4220") == "06 00 03 42 20"
    assert lps.plc.read("LPS.start_sp") == 40.0


def test_a_scaled_setpoint_is_limited_and_the_limit_is_read_back(lps: Bench) -> None:
    assert lps.ask("06 000f 2328") == "06 00 0f 23 28"  # 90.00 Hz
    assert lps.ask("03 000f 0001") == "03 02 13 88"  # 50.00 Hz


def test_a_refused_setpoint_reads_back_as_it_was(lps: Bench) -> None:
    lps.ask("10 0003 0002 04 42b40000")  # start 90 above stop 85
    assert lps.ask("03 0003 0002") == "03 04 42 70 00 00"


def test_coils_are_written_one_and_many(lps: Bench) -> None:
    assert lps.ask("05 0000 0000") == "05 00 00 00 00"
    assert lps.plc.read("CV1.position_sp") == 0
    assert lps.ask("0f 0000 0001 01 01") == "0f 00 00 00 01"
    assert lps.plc.read("CV1.position_sp") == 1


@pytest.mark.parametrize(
    "request_pdu",
    [
        "06 0000 0007",  # read-only
        "06 0009 0007",  # a hole
        "06 0063 0007",  # beyond the table
        "06 000c 0001",  # only read-only bits
        "10 0009 0002 04 00000001",  # a hole and a writable one
        "05 0001 ff00",
    ],
)
def test_a_write_to_a_register_that_cannot_be_written_is_exception_2(lps: Bench, request_pdu: str) -> None:
    before = lps.ask("03 0000 0017")
    assert lps.ask(request_pdu) == f"{int(request_pdu[:2], 16) | 0x80:02x} 02"
    assert lps.ask("03 0000 0017") == before


@pytest.mark.parametrize(
    "request_pdu",
    [
        "10 0003 0002 04 7fc00000",  # NaN
        "10 0003 0002 04 7f800000",  # infinity
        "06 000a ffff",  # the u16 that means no value
        "05 0000 1234",
        "03 0000 0000",
        "03 0000 007e",
        "01 0000 07d1",
        "10 0003 0002 03 422000",
        "0f 0000 0001 02 01",
        "06 000a",
        "10 0003",
        "03",
    ],
)
def test_a_value_or_count_that_makes_no_sense_is_exception_3(lps: Bench, request_pdu: str) -> None:
    assert lps.ask(request_pdu) == f"{int(request_pdu[:2], 16) | 0x80:02x} 03"


@pytest.mark.parametrize("function", ["00", "07", "16", "2b", "7f"])
def test_an_unknown_function_is_exception_1(lps: Bench, function: str) -> None:
    assert lps.ask(function + "0000") == f"{int(function, 16) | 0x80:02x} 01"


def test_only_the_bits_that_changed_count_as_written(flt: Bench) -> None:
    flt.ask("06 0078 0001")
    assert [flt.plc.read(f"FLT.F{n}.cmd") for n in (2, 3)] == [1, 0]
    flt.plc.step(1)
    flt.ask("06 0078 0003")
    assert [flt.plc.read(f"FLT.F{n}.cmd") for n in (2, 3)] == [1, 1]
    assert flt.plc.read("FLT.F3.waiting") == 1


def test_another_byte_order_swaps_the_words(flt: Bench) -> None:
    assert flt.ask("03 006e 0002") == "03 04 00 00 40 40"  # 3.0 bar = 0x40400000
    flt.ask("10 006e 0002 04 00004080")
    assert flt.plc.read("PRV1.pressure_sp") == 4.0


def test_a_dead_sensor_is_nan_in_a_float_and_no_value_in_an_integer(lps: Bench) -> None:
    for variable in ("TK1.level", "CV1.flow", "CV1.closed"):
        lps.sensors.fail(variable, "nan", 0, 0)
    lps.image.refresh()
    assert math.isnan(lps.plc.read("TK1.level"))
    assert lps.ask("03 0001 0002") == "03 04 7f c0 00 00"
    assert lps.ask("04 0000 0001") == "04 02 80 00"
    assert lps.ask("02 0000 0001") == "02 01 00"
