"""Where the password of a device comes from, and how it is kept."""

import os
import stat
from pathlib import Path

import pytest

from drivers.device_secrets import SecretError, forget_secret, keep_secret, secret_of, variable_of
from plant_models.message import Message


def test_a_password_is_kept_for_its_owner_only_and_forgotten(tmp_path: Path) -> None:
    keep_secret(tmp_path, "WTW-UA", "old")
    path = keep_secret(tmp_path, "WTW-UA", "schlüssel ")
    assert secret_of(tmp_path, "WTW-UA") == "schlüssel "
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["WTW-UA"]
    assert forget_secret(tmp_path, "WTW-UA")
    assert not forget_secret(tmp_path, "WTW-UA")


def test_the_environment_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_secret(tmp_path, "WTW-UA", "of the file")
    assert variable_of("WTW-ua") == "CLEARWELL_SECRET_WTW_UA"
    monkeypatch.setenv("CLEARWELL_SECRET_WTW_UA", "of the environment")
    assert secret_of(tmp_path, "WTW-UA") == "of the environment"
    assert secret_of(None, "WTW-UA") == "of the environment"


@pytest.mark.parametrize("has_folder", [True, False])
def test_a_password_that_nobody_has_given_is_told_with_the_remedy(tmp_path: Path, has_folder: bool) -> None:
    with pytest.raises(SecretError, match=r"main\.py secret set UA, or in CLEARWELL_SECRET_UA") as error:
        secret_of(tmp_path if has_folder else None, "UA")
    assert isinstance(error.value.args[0], Message)


def test_a_password_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    os.chmod(keep_secret(tmp_path, "UA", "open"), 0o644)
    with pytest.raises(SecretError, match=r"Others can read the password in .*UA; chmod 600 it"):
        secret_of(tmp_path, "UA")


def test_a_file_that_holds_no_text_is_told(tmp_path: Path) -> None:
    keep_secret(tmp_path, "UA", "").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(SecretError, match="can't be read"):
        secret_of(tmp_path, "UA")
