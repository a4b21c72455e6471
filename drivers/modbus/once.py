"""Any register or coil read or written once. Runs on the worker's thread, between commands and polls.

A frame is never repeated. The address is read before and after: if the reply is lost, the value that was there before
tells whether the one that is there now can be a proof.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from drivers.modbus.codec import bits_of, decode, decode_bits, registers_of
from drivers.modbus.errors import ModbusError, NoConnection, Refused
from drivers.modbus.once_words import words_of_write
from drivers.modbus.unit import Unit
from drivers.modbus.wire import Wire
from drivers.once import AddressQuestion, OnceAnswer, OnceRequest, OnceState, Questions, unanswered
from drivers.release import release
from drivers.write_words import NO_PROOF, OTHER_VALUE, not_connected, unread
from plant_models.address import ModbusAddress, parse_modbus
from plant_models.clock import Clock
from plant_models.message import joined, message, words_of
from plant_models.tag import DataType

_DONE: Final = OnceState.DONE


class Once:
    """Answers the questions to the units (by name) of one connection."""

    def __init__(
        self, questions: Questions[AddressQuestion], units: Mapping[str, Unit], wire: Wire, clock: Clock
    ) -> None:
        self._questions = questions
        self._units = units
        self._wire = wire
        self._clock = clock

    def step(self) -> bool:
        """Answer one question, if there is one; True if something was done."""
        question = self._questions.take()
        if question is None:
            return False
        request = question.request
        try:
            question.finish(self._answer(request, self._units[request.device]))
        except ValueError as error:
            question.not_sent(words_of(error))
        except NoConnection as error:
            question.not_sent(not_connected(request.device, error.words))
        except Refused as refusal:
            question.finish(OnceAnswer(OnceState.REFUSED, message=refusal.words))
        except ModbusError as error:
            question.finish(unanswered(request, error.words))
        finally:  # whatever breaks down: the worker's border shows it, and nobody waits for ever
            question.finish(OnceAnswer(OnceState.UNKNOWN, message=message("The driver broke down")))
        return True

    def _answer(self, request: OnceRequest, unit: Unit) -> OnceAnswer:
        if request.type is DataType.TEXT:
            raise ValueError(message("Texts can't be tested this way; read their registers as u16"))
        address = parse_modbus(request.address, request.type)
        asked = replace(request, byte_order=request.byte_order or unit.device.byte_order)
        if request.value is None:
            return self._read(asked, unit, address)
        return self._write(asked, unit, address, words_of_write(asked, address))

    def _read(self, request: OnceRequest, unit: Unit, address: ModbusAddress) -> OnceAnswer:
        values = 1 + len(request.more)
        count = address.count * values
        reply = self._wire.read(unit.device.unit_id, unit.counters, address.table, address.offset, count)
        if address.table.is_bits:
            bits = bits_of(reply.payload)[:count].tolist()
            return _read_as(tuple(map(int, bits)), bits)
        registers = registers_of(reply.payload)
        raw = tuple(registers.tolist())
        if address.bit is not None:
            return _read_as(raw, decode_bits(registers, registers * 0 + address.bit, request.byte_order).tolist())
        return _read_as(raw, decode(registers.reshape(values, -1), request.type, request.byte_order).tolist())

    def _write(self, request: OnceRequest, unit: Unit, address: ModbusAddress, words: tuple[int, ...]) -> OnceAnswer:
        before = self._before(request, unit, address)
        self._wire.prepare(unit.device.unit_id)
        release(request, self._clock)
        doubt = ""
        try:
            doubt = self._send(request, unit, address, words)
        except Refused:
            raise
        except ModbusError as error:
            doubt = message("The command was sent. {why}", why=error.words)
        try:
            after = self._read(request, unit, address)
        except ModbusError as error:
            return OnceAnswer(OnceState.UNKNOWN, message=unread(doubt, error.words))
        return _judged(after, after.raw == words, doubt, before in (None, words))

    def _send(self, request: OnceRequest, unit: Unit, address: ModbusAddress, words: tuple[int, ...]) -> str:
        """Send the one frame; return what is strange about what it has read, or an empty text."""
        if not request.reads_along:
            self._wire.write(unit.device.unit_id, unit.counters, address.table, address.offset, words)
            return ""
        payload = self._wire.read_write(unit.device.unit_id, unit.counters, address.offset, words)
        found = registers_of(payload).tolist()
        return "" if found == list(words) else message("In the same frame it read {found}", found=found)

    def _before(self, request: OnceRequest, unit: Unit, address: ModbusAddress) -> tuple[int, ...] | None:
        """Return what stands there before a write, None if it can only be written."""
        try:
            return self._read(request, unit, address).raw
        except Refused:
            return None


def _judged(after: OnceAnswer, is_equal: bool, doubt: str, was_equal: bool) -> OnceAnswer:
    """Return what a readback proves."""
    if is_equal and doubt and was_equal:
        return replace(after, state=OnceState.UNKNOWN, message=joined((doubt, NO_PROOF)))
    if is_equal:
        return replace(after, message=doubt)
    if doubt:
        return replace(after, state=OnceState.UNKNOWN, message=joined((doubt, OTHER_VALUE)))
    return replace(after, state=OnceState.MISMATCH, message=OTHER_VALUE)


def _read_as(raw: tuple[int, ...], values: Sequence[float]) -> OnceAnswer:
    first, *more = map(float, values)
    return OnceAnswer(_DONE, raw, first, more=tuple(more))
