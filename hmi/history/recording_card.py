"""How fast history is recorded, and where every sample went. GUI thread."""

from history.health import HistoryHealth
from hmi.devices.words import rate_text
from hmi.history.card import Advice, Card, Lines
from hmi.history.rates import RateLine, Rates
from hmi.history.words import account, duration_text, missing
from hmi.i18n import tr
from hmi.numbers import number_text
from hmi.widgets import column, hairline, label, row, set_text


class RecordingCard(Card):
    """The rate as a number and as the line of ten minutes; below, how late and what came late."""

    def __init__(self, rates: Rates) -> None:
        super().__init__(tr("Recording"))
        self.rate = label(role="value")
        self.lines = Lines()
        beside = row(spacing=20)
        words = column()
        words.addWidget(label(tr("Samples a second"), "small"))
        words.addWidget(self.rate)
        words.addStretch(1)
        beside.addLayout(words)
        self.line = RateLine(rates)
        beside.addWidget(self.line, 1)
        self.body.addLayout(beside)
        self.body.addWidget(self.lines)

    def show_health(self, health: HistoryHealth) -> None:
        """Show the present figures."""
        set_text(self.rate, rate_text(health.rate))
        self.lines.show_lines(
            [
                (tr("Oldest sample that waits for the disk"), duration_text(health.delay_s)),
                (tr("Came late, into the past"), number_text(health.late, 0)),
                (tr("Marks of history itself"), number_text(health.marks, 0)),
            ]
        )


class AccountCard(Card):
    """received = stored + dropped by reason + waiting, since the start of the station; the sum stands below."""

    def __init__(self) -> None:
        super().__init__(tr("Where the samples went"))
        self.lines, self.sum = Lines(is_right=True), Lines(is_right=True)
        self.advice = Advice()
        self.body.addWidget(label(tr("Since the station started"), "small"))
        self.body.addWidget(self.lines)
        self.body.addWidget(hairline())
        self.body.addWidget(self.sum)
        self.body.addWidget(self.advice)

    def show_health(self, health: HistoryHealth) -> None:
        """Show the present account."""
        self.lines.show_lines([(words, number_text(count, 0)) for words, count in account(health)])
        self.sum.show_lines([(tr("Received"), number_text(health.received, 0))], strong=(0,))
        lost, unknown = health.lost, missing(health)
        told = []
        if unknown:
            told.append(tr("Nobody can say where {count} samples are.").format(count=number_text(unknown, 0)))
        if lost:
            told.append(tr("{count} samples are lost for good.").format(count=number_text(lost, 0)))
        self.advice.say(" ".join(told))
