"""What became of a command, in words. Pure; GUI thread."""

from dataclasses import dataclass
from typing import Final

from hmi.i18n import tr
from hmi.numbers import amount_text
from plant_models.message import joined, message
from plant_models.tag import Tag
from station.protocol import CommandState, CommandStatus

_WORDS: Final = {
    CommandState.PENDING: message("Pending"),
    CommandState.SENT: message("Sent, not read back yet"),
    CommandState.VERIFIED: message("Verified"),
    CommandState.MISMATCH: message("Not accepted"),
    CommandState.UNKNOWN: message("Outcome unknown"),
    CommandState.REJECTED: message("Refused"),
    CommandState.NOT_SENT: message("Not sent"),
}
_ADVICE: Final = message("It may have been carried out. Look at the present value before you try again.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """`headline` says what happened, `detail` what was found or what to do ("" if nothing)."""

    is_success: bool
    headline: str
    detail: str = ""


def state_word(state: CommandState) -> str:
    """Return the state of a command in a few words."""
    return tr(_WORDS[state])


def outcome(status: CommandStatus, tag: Tag) -> Outcome:
    """Return the end of a command to `tag` in words. Only a value read back from the device counts as success."""
    wanted = amount_text(status.request.value, tag)
    words = tr(status.message)
    match status.state:
        case CommandState.VERIFIED:
            return Outcome(True, tr("Written and read back {value}").format(value=_found(status, tag)))
        case CommandState.MISMATCH:
            found = tr("The device holds {value}, not {wanted}.").format(value=_found(status, tag), wanted=wanted)
            return Outcome(False, tr("The device did not accept {wanted}").format(wanted=wanted), words or found)
        case CommandState.UNKNOWN:
            return Outcome(False, tr("The outcome is unknown"), tr(joined((status.message, _ADVICE))))
        case CommandState.REJECTED:
            return Outcome(False, tr("Refused, nothing was sent"), words)
        case CommandState.NOT_SENT:
            return Outcome(False, tr("Nothing was sent"), words)
        case _:
            return Outcome(False, state_word(status.state), words)


def _found(status: CommandStatus, tag: Tag) -> str:
    value = status.request.value if status.readback is None else status.readback
    return amount_text(value, tag)
