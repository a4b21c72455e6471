"""What history takes on the disk, month by month, and what is left. GUI thread."""

from history.overview import HistoryOverview, PartState
from hmi.context import Context
from hmi.devices.words import bytes_text
from hmi.history.card import Advice, Card, Lines
from hmi.history.month_bars import MonthBars
from hmi.i18n import tr
from hmi.numbers import DASH, local_time, number_text
from hmi.widgets import set_text, wrapped


class DiskCard(Card):
    """Empty until the answer has come; it says why if none comes."""

    def __init__(self, context: Context) -> None:
        super().__init__(tr("On the disk"))
        self._context = context
        self.advice = Advice()
        self.lines = Lines()
        self.words = wrapped(role="text2")
        self.bars = MonthBars()
        for part in (self.advice, self.lines, self.words, self.bars):
            self.body.addWidget(part)
        self._say(tr("Looking at the files…"))

    def show_overview(self, overview: HistoryOverview, size_bytes: int) -> None:
        """Show what an answer says; `size_bytes` is what is known from elsewhere, should no file be found."""
        oldest = DASH
        if overview.oldest_us is not None:
            oldest = f"{local_time(overview.oldest_us, self._context.zone):%Y-%m-%d %H:%M}"
        free = DASH if overview.free_bytes is None else bytes_text(overview.free_bytes)
        self.lines.show_lines(
            [
                (tr("In all"), bytes_text(overview.size_bytes or size_bytes)),
                (tr("Not packed yet"), bytes_text(overview.newest_bytes)),
                (tr("Oldest hour"), oldest),
                (tr("Free on the disk"), free),
                (tr("Folder"), overview.folder),
            ]
        )
        self.advice.say(_advice(overview))
        self.bars.show_parts(overview.parts)
        self._say("" if overview.parts else tr("No hour has been packed into a month yet."))

    def show_problem(self, problem: str) -> None:
        """Say why there is no answer; the one before stays."""
        self._say(problem)

    def _say(self, words: str) -> None:
        set_text(self.words, words)
        self.words.setVisible(bool(words))


def _advice(overview: HistoryOverview) -> str:
    """Return what can't be read, "" if everything can."""
    damaged = [part for part in overview.parts if part.state is PartState.DAMAGED]
    told = []
    if damaged:
        months = ", ".join(part.month for part in damaged)
        told.append(tr("These months can't be read and were left as they are: {months}.").format(months=months))
    if overview.quarantined:
        count = number_text(overview.quarantined, 0)
        told.append(tr("Pieces that can't be read and were put aside: {count}.").format(count=count))
    return " ".join(told)
