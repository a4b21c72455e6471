"""Plays with the first player that works, and says when none does. GUI thread."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import structlog
from PySide6.QtCore import QObject, Signal

from hmi.i18n import tr
from hmi.sound.beep_player import BeepPlayer
from hmi.sound.effect_player import effect_player
from hmi.sound.player import Player
from hmi.sound.program_player import program_players
from hmi.sound.tones import make_tones
from plant_models.clock import Clock

AGAIN_NS: Final = 300_000_000_000
"""After so long the players that failed are tried again, monotonic: a sound server may have come back."""
_LOG: Final = structlog.get_logger(__name__)


class Speaker(QObject):
    """`changed` is emitted when another player is used, or none is left; `problem` says so in words, "" if all is well.

    A player that fails hands the tone that it owes to the next one.
    """

    changed = Signal()

    def __init__(self, players: Sequence[Player], clock: Clock, reason: str = "") -> None:
        super().__init__()
        self._players, self._clock = tuple(players), clock
        self._at = 0
        self._number = 0
        self._failed_ns = 0
        self._reasons: dict[str, str] = {"": reason} if reason else {}

    @property
    def title(self) -> str:
        """What the player that is used is known by, "" if none is left."""
        return self._players[self._at].title if self._at < len(self._players) else ""

    @property
    def problem(self) -> str:
        reasons = "; ".join(f"{name}: {why}" if name else why for name, why in self._reasons.items())
        if self._at >= len(self._players):
            words = tr("No sound is possible on this computer")
        elif not self._players[self._at].is_certain:
            words = tr("Only the computer's own beep is left, and nobody knows whether it can be heard")
        else:
            return ""
        return f"{words}: {reasons}" if reasons else words

    def play(self, priority: int, volume: str) -> None:
        """Begin the tone of a priority, in place of one that still sounds."""
        self.stop()
        if self._at and self._clock.mono_ns() - self._failed_ns >= AGAIN_NS:
            self._use(0)
        self._play(priority, volume)

    def stop(self) -> None:
        """End what sounds."""
        self._number += 1
        for player in self._players:
            player.stop()

    def close(self) -> None:
        """End everything, for good."""
        self._number += 1
        for player in self._players:
            player.close()

    def _play(self, priority: int, volume: str) -> None:
        if self._at >= len(self._players):
            return
        self._number += 1
        number, player = self._number, self._players[self._at]

        def told(reason: str) -> None:
            if number != self._number:
                return
            if reason:
                self._give_up(player, reason)
                self._play(priority, volume)
            elif self._reasons.pop(player.title, None) is not None:
                self.changed.emit()

        player.play(priority, volume, told)

    def _give_up(self, player: Player, reason: str) -> None:
        _LOG.warning("alarm sound failed", player=player.title, reason=reason)
        self._reasons[player.title] = reason
        self._failed_ns = self._clock.mono_ns()
        self._use(self._at + 1)

    def _use(self, at: int) -> None:
        self._at = at
        self.changed.emit()


def make_speaker(folder: Path | None, clock: Clock) -> Speaker:
    """Return what this computer can play with; the tones are made in `folder`, None if nothing may be kept.

    At the start, before there is a window: it may write files.
    """
    reason = ""
    players: list[Player] = []
    if folder is not None:
        try:
            make_tones(folder)
            effects = effect_player(folder)
            players = [*([effects] if effects is not None else []), *program_players(folder)]
        except OSError as error:
            reason = tr("the tones can't be kept: {reason}").format(reason=error.strerror or str(error))
            _LOG.warning("alarm tones not written", folder=str(folder), error=str(error))
    return Speaker([*players, BeepPlayer()], clock, reason or ("" if players else tr("no program plays sound here")))
