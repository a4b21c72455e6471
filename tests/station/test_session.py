"""Who acts while there is no log-on."""

import getpass
import platform

import pytest

from station.session import ROLES, operating_system_session


def test_the_session_is_that_of_the_account_and_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "ada")
    monkeypatch.setattr(platform, "node", lambda: "desk1")
    session = operating_system_session()
    assert (session.user, session.seat, session.roles, session.is_logged_on) == ("ada", "desk1", ROLES, False)


@pytest.mark.parametrize("error", [OSError("no user"), KeyError("uid 1234")])
def test_an_account_without_a_name(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail() -> str:
        raise error

    monkeypatch.setattr(getpass, "getuser", fail)
    monkeypatch.setattr(platform, "node", lambda: "")
    session = operating_system_session()
    assert (session.user, session.seat) == ("unknown account", "unknown computer")
