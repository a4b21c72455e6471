"""Who acts, and from where. Until log-on exists it is the operating-system user."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Session:
    """A user at a seat. `is_logged_on` is False for the operating-system user, shown as "no log-on"."""

    user: str
    roles: frozenset[str]
    seat: str
    is_logged_on: bool
