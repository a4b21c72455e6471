"""When history was last backed up, and how to do it. GUI thread."""

from typing import Final

from history.health import BackupNote
from hmi.alarms.words import age_text
from hmi.context import Context
from hmi.devices.words import bytes_text
from hmi.history.card import Advice, Card, Lines, command
from hmi.history.words import backup_problem
from hmi.i18n import tr
from hmi.numbers import local_time
from hmi.widgets import label

_COMMANDS: Final = ("main.py history backup FOLDER --plant PLANT", "main.py history verify PLANT")


class BackupCard(Card):
    """An old backup, or none, is said in a quiet way: it is for who keeps history, not for who operates."""

    def __init__(self, context: Context) -> None:
        super().__init__(tr("Backup"))
        self._context = context
        self.advice = Advice()
        self.lines = Lines()
        self.body.addWidget(self.advice)
        self.body.addWidget(self.lines)
        self.body.addWidget(label(tr("In a terminal, beside the running station:"), "small"))
        for words in _COMMANDS:
            self.body.addWidget(command(words))

    def show_backup(self, backup: BackupNote | None) -> None:
        """Show the newest backup that was read back."""
        now_us = self._context.clock.wall_us()
        self.advice.say(backup_problem(backup, now_us))
        self.lines.setVisible(backup is not None)
        if backup is not None:
            at = f"{local_time(backup.at_us, self._context.zone):%Y-%m-%d %H:%M}"
            self.lines.show_lines(
                [
                    (tr("Last"), tr("{time}, {age} ago").format(time=at, age=age_text(backup.at_us, now_us))),
                    (tr("Where"), backup.folder),
                    (tr("Size"), bytes_text(backup.size_bytes)),
                ]
            )
