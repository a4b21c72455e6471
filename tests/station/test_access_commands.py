"""The commands `certificates` and `secret`, as they are typed."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from drivers.device_secrets import secret_of
from drivers.opcua.certificates import FOLDER, thumbprint
from drivers.opcua.trust_list import TrustList
from main import DEMO, app
from station.lock import InstanceLock
from station.store.verify import verify_folder
from tests.fakes.audit_rows import audit_rows
from tests.fakes.certificate_maker import Identity, make


@pytest.fixture
def refused(tmp_path: Path) -> Identity:
    one = make()
    TrustList(tmp_path / FOLDER).reject(one.certificate)
    return one


def call(data: Path, *arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, [*arguments, str(DEMO), "--data", str(data)], input=typed)


def test_a_refused_server_is_listed_trusted_and_rejected(tmp_path: Path, refused: Identity) -> None:
    mark = thumbprint(refused.certificate)
    listed = call(tmp_path, "certificates", "list").output
    assert "rejected: Test server" in listed
    assert mark in listed
    assert "self-signed" in listed
    told = call(tmp_path, "certificates", "trust", mark[:10])
    assert told.stdout == f"Trusted: Test server, thumbprint {mark}\n"
    assert "trusted: Test server" in call(tmp_path, "certificates", "list").output
    assert call(tmp_path, "certificates", "reject", mark).output.startswith("Rejected: Test server")
    assert TrustList(tmp_path / FOLDER).read().certificates == ()


def test_what_is_decided_at_a_terminal_is_recorded_unless_a_station_runs(tmp_path: Path, refused: Identity) -> None:
    mark = thumbprint(refused.certificate)
    call(tmp_path, "certificates", "trust", mark, "--reason", "seen at the panel")
    rows = audit_rows(tmp_path, "certificate")
    assert [(row["reason"], row["state"]) for row in rows] == [
        ("seen at the panel", "sent"), ("seen at the panel", "verified"),
    ]  # fmt: skip
    assert rows[0]["title"].startswith("Trust certificate Test server ")
    assert [row["state"] for row in audit_rows(tmp_path, "stop")] == ["no log-on"]
    assert verify_folder(tmp_path).bad is None
    lock = InstanceLock(tmp_path)
    lock.acquire()
    try:
        told = call(tmp_path, "certificates", "reject", mark)
    finally:
        lock.release()
    assert told.exit_code == 0
    assert "its audit trail doesn't get this" in told.stderr
    assert TrustList(tmp_path / FOLDER).read().certificates == ()
    assert len(audit_rows(tmp_path, "certificate")) == 2


def test_nothing_is_decided_that_cannot_be_recorded(tmp_path: Path, refused: Identity) -> None:
    (tmp_path / "station.sqlite").write_bytes(b"no database at all, but long enough to look at it" * 40)
    told = call(tmp_path, "certificates", "trust", thumbprint(refused.certificate))
    assert told.exit_code == 1
    assert "It can't be recorded" in told.stderr
    assert TrustList(tmp_path / FOLDER).read().certificates == ()


def test_a_thumbprint_of_nobody_is_one_clear_line(tmp_path: Path, refused: Identity) -> None:
    told = call(tmp_path, "certificates", "trust", "nobody")
    assert told.exit_code == 1
    assert told.stderr.startswith("clearwell: 0 certificates in ")


def test_a_password_is_read_without_being_shown_and_forgotten(tmp_path: Path) -> None:
    told = call(tmp_path, "secret", "set", "WTW_UA", typed="sesame\n")
    assert "sesame" not in told.output
    assert secret_of(tmp_path, "WTW_UA") == "sesame"
    assert "Forgotten" in call(tmp_path, "secret", "set", "WTW_UA", typed="\n").output
    assert "There was none" in call(tmp_path, "secret", "set", "WTW_UA", typed="\n").output


def test_a_password_of_no_device_is_not_kept(tmp_path: Path) -> None:
    told = call(tmp_path, "secret", "set", "WTW_UB", typed="sesame\n")
    assert told.exit_code == 1
    assert "'WTW_UB' is no device of" in told.stderr
    assert not (tmp_path / "secrets").exists()
