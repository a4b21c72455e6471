"""Packets of MQTT 3.1.1, cut from a stream in any portions; examples from the standard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.mqtt import packets
from drivers.mqtt.packets import MAX_BODY, Hello, Packet, PacketError, Parser


def stream_of(head: int, body: bytes) -> bytes:
    length, encoded = len(body), bytearray()
    while length > 127:
        encoded.append(length % 128 | 128)
        length //= 128
    return bytes([head, *encoded, length]) + body


HEADS = st.sampled_from([0x20, 0x30, 0x31, 0x32, 0x3A, 0x90, 0xD0])
BODIES = st.one_of(st.binary(max_size=300), st.integers(0, 20_000).map(bytes))


@given(st.lists(st.tuples(HEADS, BODIES), max_size=6), st.lists(st.integers(1, 500), min_size=1))
def test_packets_are_the_same_however_the_stream_is_cut(sent: list[tuple[int, bytes]], cuts: list[int]) -> None:
    stream = b"".join(stream_of(head, body) for head, body in sent)
    parser, found, position, turn = Parser(), [], 0, 0
    while position < len(stream):
        size = cuts[turn % len(cuts)]
        found += parser.feed(stream[position : position + size])
        position, turn = position + size, turn + 1
    assert found == [Packet(head, body) for head, body in sent]


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_no_bytes_break_the_parser(portions: list[bytes]) -> None:
    parser, count = Parser(), 0
    try:
        for portion in portions:
            for packet in parser.feed(portion):
                count += 1
                if packet.kind == packets.PUBLISH:
                    assert packets.published(packet).number >= 0
    except PacketError:
        count += 1
    assert count >= 0


def test_a_length_of_more_than_four_bytes_is_no_mqtt() -> None:
    with pytest.raises(PacketError, match="length of more than four bytes"):
        Parser().feed(b"\x30\xff\xff\xff\xff\x01")


@pytest.mark.parametrize("portion", [65_536, 1_000_003])
def test_of_a_packet_that_is_too_long_only_the_beginning_is_kept(portion: int) -> None:
    stream = stream_of(0x32, b"\x00\x01a\x00\x07" + bytes(3 * MAX_BODY)) + stream_of(0x30, b"\x00\x01b!")
    parser = Parser()
    found = [
        packet for start in range(0, len(stream), portion) for packet in parser.feed(stream[start : start + portion])
    ]
    assert [packets.published(packet) for packet in found] == [("a", None, 7, False), ("b", b"!", 0, False)]
    assert len(found[0].body) < 70_000


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (0x30, b""),
        (0x30, b"\x00\x05ab"),
        (0x32, b"\x00\x01a\x00"),
        (0x32, b"\x00\x01a\x00\x00!"),
        (0x34, b"\x00\x01a\x00\x01!"),
        (0x36, b"\x00\x01a\x00\x01!"),
        (0x30, b"\x00\x02\xff\xfe!"),
    ],
)
def test_a_publish_that_no_broker_may_send_is_refused(head: int, body: bytes) -> None:
    with pytest.raises(PacketError):
        packets.published(Packet(head, body))


def test_a_connect_says_what_the_standard_wants() -> None:
    hello = Hello(
        client_id="cw", keep_alive_s=10, is_clean=True, user="u", password="p", will_topic="w", will_payload="x"
    )
    flags = 0b1100_1110
    wanted = b"\x00\x04MQTT\x04" + bytes([flags, 0, 10]) + b"\x00\x02cw\x00\x01w\x00\x01x\x00\x01u\x00\x01p"
    assert packets.connect(hello) == bytes([0x10, len(wanted)]) + wanted


def test_requests_and_acknowledgements() -> None:
    assert packets.subscribe(3, ["a/b", "c"], 1) == b"\x82\x0c\x00\x03\x00\x03a/b\x01\x00\x01c\x01"
    assert packets.publish("a", b"7") == b"\x30\x04\x00\x01a7"
    assert packets.acknowledge(258) == b"\x40\x02\x01\x02"
    assert packets.suback(Packet(0x90, b"\x00\x03\x01\x80")) == (3, b"\x01\x80")
    with pytest.raises(PacketError):
        packets.suback(Packet(0x90, b"\x00"))
