"""A test tool: any address of a device read once, or written once after a question. GUI thread."""

from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QScrollArea, QWidget

from drivers.once import OnceAnswer
from hmi.context import Context
from hmi.devices.answer_words import raw_words, read_problem, typed_numbers, value_words
from hmi.dialogs.address_write import AddressWriteDialog
from hmi.dialogs.sheet import Sheet
from hmi.drop_list import DropList
from hmi.i18n import tr
from hmi.numbers import DASH, clock_text
from hmi.widgets import button, column, hairline, label, row, set_text, wrapped
from plant_models.tag import DataType
from station.protocol import AddressRequest
from station.session import ENGINEERS

_PADDING: Final = 20
_MODBUS: Final = "modbus"
_ORDERS: Final = ("", "ABCD", "CDAB", "BADC", "DCBA")
_TITLE: Final = 104


class AddressTab(QScrollArea):
    """What was read stays until something else is asked; `sheet_wanted` carries the question before a write."""

    sheet_wanted = Signal(Sheet)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._device, self._is_modbus = "", True
        self._answer: OnceAnswer | None = None
        self._asked: AddressRequest | None = None
        self.address, self.value = QLineEdit(), QLineEdit()
        self.type, self.order, self.way = DropList(), DropList(), DropList()
        self.read = button(tr("Read once"))
        self.write = button(tr("Write once…"))
        self.found, self.raw, self.time = wrapped(role="strong"), wrapped(), label(role="text2")
        self.problem, self.rule = wrapped(role="problem"), wrapped(role="text2")
        self._may_write = bool(context.session.roles & ENGINEERS)
        self._build()
        self.address.returnPressed.connect(self._on_read)
        self.address.textChanged.connect(self._refresh)
        self.value.textChanged.connect(self._refresh)
        self.read.clicked.connect(self._on_read)
        self.write.clicked.connect(self._on_write)

    def show_device(self, name: str) -> None:
        """Ask another device from now on."""
        self._device = name
        self._is_modbus = self._context.plant.devices[name].protocol == _MODBUS
        self.address.setPlaceholderText("hr:100" if self._is_modbus else "ns=2;s=NAME")
        for each in (self.type, self.order, self.way):
            each.setVisible(self._is_modbus)
        self.value.setPlaceholderText(tr("New value, or several: 1; 2; 3") if self._is_modbus else tr("New value"))
        self._forget()

    def _request(self) -> AddressRequest:
        order = self.order.currentData() if self._is_modbus else ""
        kind = DataType(self.type.currentData()) if self._is_modbus else DataType.F64
        return AddressRequest(device=self._device, address=self.address.text().strip(), type=kind, byte_order=order)

    def _on_read(self) -> None:
        if self.address.text().strip():
            self.read.setEnabled(False)
            self._context.tasks.start(self._ask(self._request()))

    async def _ask(self, request: AddressRequest) -> None:
        try:
            answer = await self._context.station.ask_address(request, self._context.session)
        finally:
            self._refresh()
        if request.device == self._device:
            self._asked = request
            self._show(answer)

    def _on_write(self) -> None:
        first, *more = typed_numbers(self.value.text())
        asked = self._request()
        reads_along = self._is_modbus and bool(self.way.currentData())
        request = replace(asked, value=first, more=tuple(more), reads_along=reads_along)
        present = self._answer if self._asked == asked else None
        sheet = AddressWriteDialog(self._context, request, present)
        sheet.answered.connect(self._on_written)
        self._asked = asked
        self.sheet_wanted.emit(sheet)

    def _on_written(self, answer: OnceAnswer) -> None:
        if self._asked is not None and self._asked.device == self._device:
            self._show(answer)

    def _show(self, answer: OnceAnswer) -> None:
        self._answer = answer
        set_text(self.found, value_words(answer) or DASH)
        set_text(self.raw, raw_words(answer) or DASH)
        set_text(self.time, clock_text(self._context.clock.wall_us(), self._context.zone))
        set_text(self.problem, read_problem(answer))
        self._refresh()

    def _forget(self) -> None:
        self._answer = self._asked = None
        for each in (self.found, self.raw, self.time):
            set_text(each, DASH)
        set_text(self.problem, "")
        self.address.clear()
        self.value.clear()
        self._refresh()

    def _refresh(self) -> None:
        has_address = bool(self.address.text().strip())
        self.read.setEnabled(has_address)
        self.value.setEnabled(self._may_write)
        self.write.setEnabled(self._may_write and has_address and self._is_value_typed())
        self.problem.setVisible(bool(self.problem.text()))

    def _is_value_typed(self) -> bool:
        typed = typed_numbers(self.value.text())
        return bool(typed) and (self._is_modbus or len(typed) == 1)

    def _build(self) -> None:
        for kind in DataType:
            if kind is not DataType.TEXT:
                self.type.addItem(kind.value, kind)
        self.type.setCurrentIndex(self.type.findData(DataType.U16))
        for order in _ORDERS:
            self.order.addItem(order or tr("Its byte order"), order)
        for text, reads_along in ((tr("Read afterwards"), False), (tr("Read in the same frame (23)"), True)):
            self.way.addItem(text, reads_along)
        self.way.setAccessibleName(tr("How it is read back"))
        for field, name in ((self.address, tr("Address")), (self.value, tr("New value"))):
            field.setAccessibleName(name)
        self.type.setAccessibleName(tr("Type"))
        self.order.setAccessibleName(tr("Byte order"))
        body = QWidget()
        body.setAutoFillBackground(False)
        self.setWidgetResizable(True)
        self.viewport().setAutoFillBackground(False)
        layout = column(body, spacing=10)
        layout.setContentsMargins(_PADDING, 10, _PADDING, 10)
        asking = row(spacing=8)
        asking.addWidget(self.address, 1)
        for each in (self.type, self.order, self.read):
            asking.addWidget(each)
        layout.addLayout(asking)
        layout.addLayout(self._make_answer())
        layout.addWidget(self.problem)
        layout.addWidget(hairline())
        writing = row(spacing=8)
        writing.addWidget(self.value, 1)
        writing.addWidget(self.way)
        writing.addWidget(self.write)
        layout.addLayout(writing)
        may = tr("Written as it is, unscaled. Where a tag can be commanded, nothing is written: command it instead.")
        self.rule.setText(
            may if self._may_write else tr("Only an engineer or an administrator may write to an address.")
        )
        layout.addWidget(self.rule)
        layout.addStretch(1)
        self.setWidget(body)
        body.setAutoFillBackground(False)

    def _make_answer(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(2)
        grid.setColumnMinimumWidth(0, _TITLE)
        grid.setColumnStretch(1, 1)
        lines: tuple[tuple[str, QLabel], ...] = (
            (tr("Value"), self.found), (tr("Registers"), self.raw), (tr("Read at"), self.time),
        )  # fmt: skip
        for at, (title, text) in enumerate(lines):
            grid.addWidget(label(title, "text2"), at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(text, at, 1)
        return grid
