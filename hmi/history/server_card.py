"""What waits on this machine for the server of history, or that there is none. GUI thread."""

from history.health import HistoryHealth, SpoolHealth
from hmi.context import Context
from hmi.history.card import Advice, Card, Lines
from hmi.history.room_bar import RoomBar
from hmi.history.words import duration_text, room_words
from hmi.i18n import tr
from hmi.numbers import moment_text, number_text
from hmi.widgets import set_text, wrapped


class ServerCard(Card):
    """The room as a bar, and in lines below it what is in it and how fast it goes."""

    def __init__(self, context: Context) -> None:
        super().__init__(tr("Where history stands"))
        self._context = context
        self._none = wrapped(role="text2")
        self.advice = Advice()
        self.room = RoomBar()
        self.lines = Lines()
        for part in (self._none, self.advice, self.room, self.lines):
            self.body.addWidget(part)

    def show_health(self, health: HistoryHealth, folder: str) -> None:
        """Show what waits now; `folder` is where files stand, "" if nobody knows yet."""
        spool = health.spool
        self._none.setVisible(spool is None)
        self.room.setVisible(spool is not None)
        self.lines.setVisible(spool is not None)
        if spool is None:
            where = tr("History stands in files on this machine, in {folder}. No server is asked for in plant.toml.")
            nowhere = tr("History stands in files on this machine. No server is asked for in plant.toml.")
            set_text(self._none, where.format(folder=folder) if folder else nowhere)
            self.advice.say("")
            return
        self.advice.say(_advice(spool))
        self.room.show_share(spool.share)
        self.lines.show_lines(self._lines_of(spool))

    def _lines_of(self, spool: SpoolHealth) -> list[tuple[str, str]]:
        context = self._context
        since = tr("nothing waits")
        if spool.since_us is not None:
            moment = moment_text(spool.since_us, context.clock.wall_us(), context.zone)
            age = duration_text(max(0, context.clock.wall_us() - spool.since_us) / 1e6)
            since = f"{moment} ({age})"
        sent = tr("{samples} samples, {rate} a second")
        lines = [
            (tr("Server"), spool.server),
            (tr("Room"), room_words(spool)),
            (tr("Frames that wait"), number_text(spool.frames, 0)),
            (tr("Oldest of them"), since),
            (tr("Sent"), sent.format(samples=number_text(spool.sent, 0), rate=number_text(spool.rate, 1))),
        ]
        if spool.coarsened or spool.dropped:
            lost = tr("{coarsened} samples thinned out, {dropped} dropped")
            words = lost.format(coarsened=number_text(spool.coarsened, 0), dropped=number_text(spool.dropped, 0))
            lines.append((tr("Lost to a full spool"), words))
        return lines


def _advice(spool: SpoolHealth) -> str:
    """Return why nothing goes to the server, "" if it does."""
    if spool.standing_by:
        return tr("{station} writes to the server.").format(station=spool.standing_by)
    return tr("Can't be reached: {reason}").format(reason=tr(spool.error)) if spool.error else ""
