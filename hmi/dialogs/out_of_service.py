"""Asks under which work order, until when and why alarms are taken out of service. GUI thread."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from PySide6.QtWidgets import QLineEdit

from alarms.handling import AlarmAct, AlarmRequest
from alarms.snapshot import AlarmRow
from hmi.alarms.model import seen_of
from hmi.alarms.rights import service_refusal
from hmi.context import Context
from hmi.dialogs.alarm_act import AlarmActDialog, whose
from hmi.dialogs.date_field import DateField
from hmi.dialogs.recent_reasons import PickedReason
from hmi.dialogs.titled import titled
from hmi.i18n import tr
from hmi.numbers import local_time, number_text
from hmi.widgets import row, set_text, wrapped
from plant_models.message import message

_USUAL_DAYS: Final = 14
_REVIEW_HOUR: Final = 8
_LONGEST: Final = 40
_MEANING: Final = message(
    "Nobody is called by it any more until somebody puts it back; it stays in the list of those out of service."
)
_MEANINGS: Final = message(
    "Nobody is called by them any more until somebody puts them back; they stay in the list of those out of service."
)


class OutOfServiceDialog(AlarmActDialog):
    """They stay away until somebody puts them back; the review date is when that is asked for."""

    def __init__(self, context: Context, rows: Sequence[AlarmRow]) -> None:
        refused = {row.name: service_refusal(context.station, row, context.session) for row in rows}
        known = {name: why for name, why in refused.items() if why}
        super().__init__(context, tr("Take out of service"), whose(rows), rows, known)
        self._today = local_time(context.clock.wall_us(), context.zone).date()
        self.work_order = QLineEdit()
        self.review = DateField(tr("To be reviewed on"), self._today)
        self.reason = PickedReason(context, tr("Reason, kept in the journal"))
        self.problem = wrapped(role="problem")
        self._build()
        self.review.show_day(self._today + timedelta(days=_USUAL_DAYS))
        self.refresh()

    def first_focus(self) -> QLineEdit:
        return self.work_order

    def make_request(self) -> AlarmRequest | None:
        if self._problem() or not self._is_complete:
            return None
        return AlarmRequest(
            act=AlarmAct.OUT_OF_SERVICE,
            seen=tuple(seen_of(row) for row in self.allowed),
            comment=self.reason.text(),
            work_order=self.work_order.text().strip(),
            review_us=self._review_us(),
        )

    def done_words(self) -> str:
        count = len(self.allowed)
        many = tr("{count} alarms are out of service").format(count=number_text(count, 0))
        return tr("The alarm is out of service") if count == 1 else many

    def refresh(self) -> None:
        problem = self._problem()
        set_text(self.problem, problem)
        self.problem.setVisible(bool(problem))
        count = len(self.allowed)
        many = tr("Take {count} alarms out of service").format(count=number_text(count, 0))
        set_text(self.confirm_button, many if count > 1 else tr("Take out of service"))
        self.confirm_button.setEnabled(self._is_complete and not problem)

    def lock(self) -> None:
        self.reason.lock()
        for each in (self.work_order, self.review):
            each.setEnabled(False)

    @property
    def _is_complete(self) -> bool:
        return bool(self.allowed and self.work_order.text().strip() and self.reason.text())

    def _problem(self) -> str:
        day = self.review.day
        if day is None:
            return tr("Type the review date like {example}").format(example=f"{self._today:%Y-%m-%d}")
        return "" if day > self._today else tr("The review date must lie in the future")

    def _review_us(self) -> int:
        return moment_of(self.review.day or self._today, self._context)

    def _build(self) -> None:
        self.body.addWidget(wrapped(tr(_MEANING if len(self.rows) == 1 else _MEANINGS), "text2"))
        self.body.addWidget(self.list)
        fields = row(spacing=20)
        self.work_order.setMaxLength(_LONGEST)
        self.work_order.setPlaceholderText(tr("Needed"))
        fields.addLayout(titled(tr("Number of the work order"), self.work_order), 1)
        fields.addLayout(titled(tr("To be reviewed on"), self.review), 1)
        self.body.addLayout(fields)
        self.body.addWidget(self.problem)
        self.body.addWidget(self.reason)
        self.work_order.textChanged.connect(self.refresh)
        for each in (self.review, self.reason):
            each.edited.connect(self.refresh)


def moment_of(day: date, context: Context) -> int:
    """Return the morning of a day at the site, in µs UTC."""
    return round(datetime.combine(day, time(_REVIEW_HOUR), context.zone).timestamp()) * 1_000_000
