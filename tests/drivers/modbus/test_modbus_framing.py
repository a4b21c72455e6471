"""Frames byte by byte: the examples of the specifications, and everything that is no reply to the request."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.modbus.client import ModbusClient
from drivers.modbus.crc import crc16
from drivers.modbus.errors import BadReply, Doubtful, HalfWritten, ModbusError, NoReply, Refused, WrongLength
from drivers.modbus.manners import Manners
from drivers.modbus.mbap import MbapFraming
from drivers.modbus.rtu import RtuFraming, frame_size
from plant_models.address import Table
from tests.fakes.scripted_link import ScriptedLink

Action = Callable[[ModbusClient], object]
UNIT = 0x11

# MODBUS Application Protocol Specification V1.1b3, the examples of sections 6.1 to 6.21: request, reply, result.
EXAMPLES: list[tuple[str, Action, str, str, object]] = [
    ("1", lambda c: c.read(UNIT, Table.COIL, 0x13, 19), "01 0013 0013", "01 03 CD 6B 05", b"\xcd\x6b\x05"),
    ("2", lambda c: c.read(UNIT, Table.DISCRETE, 0xC4, 22), "02 00C4 0016", "02 03 AC DB 35", b"\xac\xdb\x35"),
    (
        "3",
        lambda c: c.read(UNIT, Table.HOLDING, 0x6B, 3),
        "03 006B 0003",
        "03 06 022B 0000 0064",
        b"\x02\x2b\0\0\0\x64",
    ),
    ("4", lambda c: c.read(UNIT, Table.INPUT, 8, 1), "04 0008 0001", "04 02 000A", b"\0\x0a"),
    ("5", lambda c: c.write(UNIT, Table.COIL, 0xAC, (1,)), "05 00AC FF00", "05 00AC FF00", None),
    ("6", lambda c: c.write(UNIT, Table.HOLDING, 1, (3,)), "06 0001 0003", "06 0001 0003", None),
    (
        "15",
        lambda c: c.write(UNIT, Table.COIL, 0x13, (1, 0, 1, 1, 0, 0, 1, 1, 1, 0)),
        "0F 0013 000A 02 CD 01",
        "0F 0013 000A",
        None,
    ),
    (
        "16",
        lambda c: c.write(UNIT, Table.HOLDING, 1, (10, 0x102)),
        "10 0001 0002 04 000A 0102",
        "10 0001 0002",
        None,
    ),
    ("22", lambda c: c.mask_write(UNIT, 4, 0xF2, 0x25), "16 0004 00F2 0025", "16 0004 00F2 0025", None),
    (
        "23",
        lambda c: c.read_write(UNIT, (3, 6), 0xE, (0xFF, 0xFF, 0xFF)),
        "17 0003 0006 000E 0003 06 00FF 00FF 00FF",
        "17 0C 00FE 0ACD 0001 0003 000D 00FF",
        bytes.fromhex("00FE 0ACD 0001 0003 000D 00FF"),
    ),
    (
        "43",
        lambda c: c.identify(UNIT),
        "2B 0E 01 00",
        "2B 0E 01 01 00 00 03 00 16"
        + b"Company identification".hex()
        + "01 0F"
        + b"Product code XX".hex()
        + "02 05"
        # the text's own example counts the product code's letters wrongly
        + b"V2.11".hex(),
        "Company identification Product code XX V2.11",
    ),
]


def client_on(link: ScriptedLink, is_rtu: bool, **manners: object) -> ModbusClient:
    clock = link.clock
    framing = RtuFraming(clock) if is_rtu else MbapFraming(clock)
    units = {unit: Manners(timeout_s=1.0, **manners) for unit in (1, UNIT)}
    return ModbusClient(link, framing, units, clock)


def rtu(pdu: str, unit: int = UNIT) -> bytes:
    body = bytes([unit]) + bytes.fromhex(pdu)
    return body + crc16(body)


def mbap(pdu: str, number: int = 1, unit: int = UNIT) -> bytes:
    body = bytes([unit]) + bytes.fromhex(pdu)
    return number.to_bytes(2, "big") + b"\0\0" + len(body).to_bytes(2, "big") + body


@pytest.mark.parametrize(("data", "crc"), [(b"\x02\x07", "4112"), (b"123456789", "374B")])
def test_the_crc_is_that_of_the_specification(data: bytes, crc: str) -> None:
    """MODBUS over Serial Line V1.02, section 6.2.2; and the check value that catalogues of CRCs give."""
    assert crc16(data) == bytes.fromhex(crc)


def test_a_whole_rtu_frame_is_known_by_heart() -> None:
    assert rtu("03 006B 0003") == bytes.fromhex("11 03 006B 0003 7687")


@pytest.mark.parametrize("is_rtu", [False, True], ids=["tcp", "rtu"])
@pytest.mark.parametrize(("action", "request_", "reply", "result"), [row[1:] for row in EXAMPLES], ids=lambda _: "")
def test_the_examples_of_the_specification(
    action: Action, request_: str, reply: str, result: object, is_rtu: bool
) -> None:
    framed = rtu if is_rtu else mbap
    link = ScriptedLink(framed(reply))
    assert action(client_on(link, is_rtu)) == result
    assert link.sent == [framed(request_)]


@pytest.mark.parametrize("is_rtu", [False, True], ids=["tcp", "rtu"])
@pytest.mark.parametrize(
    ("action", "reply"),
    [
        (lambda c: c.write(UNIT, Table.COIL, 5, (1,)), "05 0005 0000"),
        (lambda c: c.write(UNIT, Table.HOLDING, 5, (3,)), "06 0005 0004"),
        (lambda c: c.write(UNIT, Table.HOLDING, 5, (3,)), "06 0006 0003"),
        (lambda c: c.write(UNIT, Table.HOLDING, 5, (3, 4)), "10 0005 0001"),
        (lambda c: c.write(UNIT, Table.COIL, 5, (1, 0)), "0F 0005 0003"),
        (lambda c: c.mask_write(UNIT, 5, 1, 2), "16 0005 0001 0003"),
        (lambda c: c.read(UNIT, Table.HOLDING, 0, 1), "04 02 0001"),
        (lambda c: c.read(UNIT, Table.HOLDING, 0, 1), "84 02"),
    ],
)
def test_what_confirms_another_request_is_no_reply(action: Action, reply: str, is_rtu: bool) -> None:
    framed = rtu if is_rtu else mbap
    with pytest.raises(BadReply):
        action(client_on(ScriptedLink(framed(reply)), is_rtu))


@pytest.mark.parametrize("is_rtu", [False, True], ids=["tcp", "rtu"])
@pytest.mark.parametrize("reply", ["03 04 0001 0002", "03 02 0001", "03 08 0001 0002 0003 0004"])
def test_a_read_of_three_registers_takes_three(reply: str, is_rtu: bool) -> None:
    framed = rtu if is_rtu else mbap
    with pytest.raises(WrongLength):
        client_on(ScriptedLink(framed(reply)), is_rtu).read(UNIT, Table.HOLDING, 0, 3)


@pytest.mark.parametrize(
    "reply",
    [
        rtu("03 02 0001")[:-1] + b"\0",
        rtu("03 02 0001", unit=0x12),
        rtu("03 02 0001")[:-2],
        rtu("63 02 0001"),
        b"\x11",
        b"HTTP/1.1 400",
    ],
    ids=["crc", "unit", "cut off", "function", "one byte", "garbage"],
)
def test_bytes_that_are_no_rtu_reply(reply: bytes) -> None:
    with pytest.raises(BadReply):
        client_on(ScriptedLink(reply), is_rtu=True).read(UNIT, Table.HOLDING, 0, 1)


def test_an_rtu_unit_that_was_silent_is_not_asked_before_its_late_reply_is_over() -> None:
    link = ScriptedLink(b"", rtu("03 02 0002"))
    client = client_on(link, is_rtu=True)
    begun_ns = link.clock.mono_ns()
    with pytest.raises(NoReply):
        client.read(UNIT, Table.HOLDING, 0, 1)
    link.come(rtu("03 02 0001"))
    assert client.read(UNIT, Table.HOLDING, 0, 1) == b"\0\2"
    assert client.late == 1
    assert link.clock.mono_ns() - begun_ns >= 2_000_000_000


def test_a_late_rtu_reply_of_another_unit_is_passed_over() -> None:
    link = ScriptedLink(b"", rtu("03 02 0001", unit=1) + rtu("03 02 0002"))
    client = client_on(link, is_rtu=True)
    with pytest.raises(NoReply):
        client.read(1, Table.HOLDING, 0, 1)
    assert client.read(UNIT, Table.HOLDING, 0, 1) == b"\0\2"
    assert client.late == 1


def test_rubbish_on_the_line_is_thrown_away_before_a_request() -> None:
    link = ScriptedLink(rtu("03 02 0002"), unasked=rtu("03 02 0001"))
    assert client_on(link, is_rtu=True).read(UNIT, Table.HOLDING, 0, 1) == b"\0\2"


def test_a_late_tcp_reply_in_front_of_the_fresh_one_is_passed_over() -> None:
    link = ScriptedLink(b"", mbap("03 02 0001", 1) + mbap("03 02 0002", 2), mbap("03 02 0003", 3))
    client = client_on(link, is_rtu=False)
    with pytest.raises(NoReply):
        client.read(UNIT, Table.HOLDING, 0, 1)
    assert client.read(UNIT, Table.HOLDING, 0, 1) == b"\0\2"
    assert client.read(UNIT, Table.HOLDING, 0, 1) == b"\0\3"
    assert client.late == 1


def test_a_tcp_reply_that_comes_twice_spoils_the_connection() -> None:
    link = ScriptedLink(2 * mbap("03 02 0001", 1), mbap("03 02 0002", 2))
    client = client_on(link, is_rtu=False)
    assert client.read(UNIT, Table.HOLDING, 0, 1) == b"\0\1"
    with pytest.raises(BadReply):
        client.read(UNIT, Table.HOLDING, 0, 1)


def test_a_new_connection_owes_nothing_to_the_old_one() -> None:
    link = ScriptedLink(2 * mbap("03 02 0001", 1), mbap("03 02 0002", 2))
    client = client_on(link, is_rtu=False)
    client.read(UNIT, Table.HOLDING, 0, 1)
    client.close()
    client.open()
    assert client.read(UNIT, Table.HOLDING, 0, 1) == b"\0\2"


@pytest.mark.parametrize("code", range(1, 14))
def test_only_an_exception_that_rules_out_a_write_refuses_it(code: int) -> None:
    """4, 5, 8 and 11 may come after it was carried out, codes without a meaning as well."""
    kind = Refused if code in (1, 2, 3, 6, 7, 10) else Doubtful
    for action, function in (
        (lambda c: c.write(UNIT, Table.HOLDING, 1, (3,)), 0x86),
        (lambda c: c.write(UNIT, Table.COIL, 1, (1,)), 0x85),
        (lambda c: c.mask_write(UNIT, 1, 1, 1), 0x96),
        (lambda c: c.read_write(UNIT, (1, 1), 1, (3,)), 0x97),
    ):
        with pytest.raises(kind):
            action(client_on(ScriptedLink(mbap(f"{function:02X} {code:02X}")), is_rtu=False))


def test_a_device_of_single_writes_gets_one_frame_for_each_register() -> None:
    link = ScriptedLink(mbap("06 0001 0003"), mbap("06 0002 0004", 2))
    client_on(link, is_rtu=False, single_writes=True).write(UNIT, Table.HOLDING, 1, (3, 4))
    assert link.sent == [mbap("06 0001 0003"), mbap("06 0002 0004", 2)]


def test_single_writes_that_break_off_are_no_refusal_unless_nothing_was_written() -> None:
    link = ScriptedLink(mbap("06 0001 0003"), mbap("86 03", 2))
    with pytest.raises(HalfWritten, match="Only 1 of 2 registers"):
        client_on(link, is_rtu=False, single_writes=True).write(UNIT, Table.HOLDING, 1, (3, 4))
    with pytest.raises(Refused):
        client_on(ScriptedLink(mbap("86 03")), is_rtu=False, single_writes=True).write(UNIT, Table.HOLDING, 1, (3, 4))


def test_an_identification_in_parts_is_asked_for_until_it_is_whole() -> None:
    link = ScriptedLink(mbap("2B 0E 01 01 FF 01 01 00 01 41"), mbap("2B 0E 01 01 00 00 02 01 01 42 02 01 43", 2))
    assert client_on(link, is_rtu=False).identify(UNIT) == "A B C"
    assert link.sent[1] == mbap("2B 0E 01 01", 2)


@pytest.mark.parametrize(
    "reply",
    [
        "2B 0E",
        "2B 0D 01 01 00 00 00",
        "2B 0E 01 01 00 00 01 00 09 41",
        "2B 0E 01 01 00 00 02 00 01 41",
        "2B 0E 01 01 00 00 01 00 01 41 42",
        "2B 0E 01 01 FF 00 01 00 01 41",
    ],
    ids=["short", "other kind", "cut off", "one missing", "too long", "without end"],
)
def test_an_identification_that_is_none(reply: str) -> None:
    with pytest.raises(WrongLength):
        client_on(ScriptedLink(mbap(reply)), is_rtu=False).identify(UNIT)


@given(data=st.binary(max_size=300), is_rtu=st.booleans())
def test_any_bytes_end_in_data_or_an_error_of_its_kind(data: bytes, is_rtu: bool) -> None:
    client = client_on(ScriptedLink(data), is_rtu)
    for action in (lambda: client.read(UNIT, Table.HOLDING, 0, 3), lambda: client.identify(UNIT)):
        try:
            assert len(action()) >= 0
        except ModbusError:
            client.close()
            client.open()


@given(data=st.binary(max_size=300))
def test_the_size_of_a_frame_never_shrinks_while_it_grows(data: bytes) -> None:
    sizes = []
    for end in range(len(data) + 1):
        try:
            sizes.append(frame_size(data[:end]))
        except BadReply:
            break
        if end >= sizes[-1]:
            break
    assert sizes == sorted(sizes)
