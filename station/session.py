"""Who acts, and from where. Until log-on exists it is the operating-system user. Any thread."""

import getpass
import platform
from dataclasses import dataclass
from typing import Final

ROLES: Final = frozenset({"viewer", "operator", "supervisor", "engineer", "administrator"})
"""Every role there is."""
ENGINEERS: Final = frozenset({"engineer", "administrator"})
"""The roles that may write to an address, past all permissives, and add tags to the plant folder."""
TRUSTERS: Final = ENGINEERS | {"supervisor"}
"""The roles that may say whom the station trusts."""


@dataclass(frozen=True, slots=True)
class Session:
    """A user at a seat. `is_logged_on` is False for the operating-system user, shown as "no log-on"."""

    user: str
    roles: frozenset[str]
    seat: str
    is_logged_on: bool


def operating_system_session() -> Session:
    """Return the session of the account that runs the program, at this computer, with every role."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):  # a container may run under a number that has no account
        user = "unknown account"
    return Session(user=user, roles=ROLES, seat=platform.node() or "unknown computer", is_logged_on=False)
