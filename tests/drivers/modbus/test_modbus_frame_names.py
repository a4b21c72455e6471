"""What the frames of a trace are called, whatever way and in whatever pieces they come."""

import pytest

from drivers.modbus import pdu
from drivers.modbus.crc import crc16
from drivers.modbus.frame_names import FrameNames
from plant_models.address import Table
from plant_models.message import Message

READ = pdu.read(Table.HOLDING, 0, 125)
ANSWER = bytes([3, 250]) + bytes(250)
REQUESTS = [
    (READ, "Read holding registers 0–124"),
    (pdu.read(Table.INPUT, 7, 1), "Read input registers 7"),
    (pdu.read(Table.COIL, 10, 2), "Read coils 10–11"),
    (pdu.read(Table.DISCRETE, 0, 16), "Read discrete inputs 0–15"),
    (pdu.write_coil(3, True), "Write single coil 3: on"),
    (pdu.write_coil(3, False), "Write single coil 3: off"),
    (pdu.write_register(5, 1234), "Write single register 5: 1234"),
    (pdu.write_coils(8, [True, False, True]), "Write coils 8–10"),
    (pdu.write_registers(65534, [1, 2]), "Write registers 65534–65535"),
    (pdu.mask_write(9, 0xFFF7, 0x0008), "Change bits of register 9: and FFF7, or 0008"),
    (pdu.read_write(1, 2, 10, [5]), "Read holding registers 1–2, write 10"),
    (pdu.identify(0), "Read device identification"),
    (bytes([17]), "Function 17"),
]
REPLIES = [
    (ANSWER, "Answer: 125 registers"),
    (bytes([4, 2, 0, 7]), "Answer: 1 registers"),
    (bytes([1, 1, 3]), "Answer: 1 bytes of bits"),
    (bytes([23, 4, 0, 1, 0, 2]), "Answer: 2 registers"),
    (pdu.write_coil(3, True), "Confirmed: Write single coil 3: on"),
    (pdu.write_register(5, 1234), "Confirmed: Write single register 5: 1234"),
    (pdu.write_coils(8, [True, False, True])[:5], "Confirmed: Write coils 8–10"),
    (pdu.mask_write(9, 0xFFF7, 0x0008), "Confirmed: Change bits of register 9: and FFF7, or 0008"),
    (bytes([0x83, 2]), "Exception 2: illegal data address"),
    (bytes([0x86, 99]), "Exception 99"),
    (bytes([43, 14, 1, 1, 0, 0, 1, 0, 1, 65]), "Answer: device identification"),
]


def framed(content: bytes, is_rtu: bool) -> bytes:
    if is_rtu:
        body = b"\x01" + content
        return body + crc16(body)
    return bytes([0, 9, 0, 0, 0, len(content) + 1, 1]) + content


@pytest.mark.parametrize("is_rtu", [False, True])
@pytest.mark.parametrize("is_sent", [False, True])
def test_requests_and_answers_have_names(is_rtu: bool, is_sent: bool) -> None:
    names = FrameNames(is_rtu=is_rtu)
    for content, name in REQUESTS if is_sent else REPLIES:
        said = names(is_sent, framed(content, is_rtu))
        assert (said, type(said)) == (name, Message)


@pytest.mark.parametrize("is_rtu", [False, True])
def test_an_answer_in_pieces_is_named_by_the_last(is_rtu: bool) -> None:
    names, frame = FrameNames(is_rtu=is_rtu), framed(ANSWER, is_rtu)
    said = [names(False, frame[at : at + 1]) for at in range(len(frame))]
    assert set(said[:-1]) == {"Part of an answer"}
    assert said[-1] == "Answer: 125 registers"


def test_a_late_answer_and_the_fresh_one_in_one_piece_are_both_named() -> None:
    both = framed(bytes([0x83, 6]), False) + framed(ANSWER, False)
    assert FrameNames(is_rtu=False)(False, both) == "Exception 6: server device busy. Answer: 125 registers"


def test_a_request_forgets_the_piece_of_an_answer_that_never_came_whole() -> None:
    names = FrameNames(is_rtu=True)
    names(False, framed(ANSWER, True)[:9])
    names(True, framed(READ, True))
    assert names(False, framed(ANSWER, True)) == "Answer: 125 registers"


@pytest.mark.parametrize("is_rtu", [False, True])
@pytest.mark.parametrize("data", [b"HTTP/1.1 400 Bad Request\r\n\r\n", bytes(20)])
def test_what_is_no_modbus_has_no_name(is_rtu: bool, data: bytes) -> None:
    assert FrameNames(is_rtu=is_rtu)(False, data) in ("", "Function 0")
    assert FrameNames(is_rtu=is_rtu)(True, b"") == ""
