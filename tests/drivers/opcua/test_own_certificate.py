"""The station's own certificate: made once, private, renewed in time, and never made over what people put there."""

import os
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from drivers.opcua import own_certificate as module
from drivers.opcua.own_certificate import OwnCertificate, own_certificate
from drivers.opcua.security_error import SecurityError
from tests.fakes.certificate_maker import Wish, key, make

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    once = key("own")
    monkeypatch.setattr(module.rsa, "generate_private_key", lambda *_: once)
    return tmp_path / "certificates"


def names(own: OwnCertificate) -> x509.SubjectAlternativeName:
    return own.certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value


def test_it_is_made_once_as_the_specification_wants_it(folder: Path) -> None:
    own = own_certificate(folder, NOW)
    again = own_certificate(folder, NOW + timedelta(days=3000))
    assert again.certificate == own.certificate
    assert names(own).get_values_for_type(x509.UniformResourceIdentifier) == [own.application_uri]
    assert own.application_uri.startswith("urn:")
    assert own.key.key_size == 2048
    assert own.certificate.signature_hash_algorithm is not None
    assert own.certificate.signature_hash_algorithm.name == "sha256"
    usage = own.certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert usage.content_commitment
    assert usage.key_encipherment
    assert usage.data_encipherment


def test_its_files_are_private(folder: Path) -> None:
    own_certificate(folder, NOW)
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {
        "own.der": 0o600,
        "own_key.pem": 0o600,
    }


def test_many_servers_at_once_get_the_same(folder: Path) -> None:
    found: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: found.append(own_certificate(folder, NOW).certificate.tbs_certificate_bytes))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_it_is_renewed_on_its_last_day_with_the_same_key_and_name(folder: Path) -> None:
    own = own_certificate(folder, NOW)
    end = own.certificate.not_valid_after_utc
    assert own_certificate(folder, end - timedelta(days=2)).certificate == own.certificate
    later = own_certificate(folder, end - timedelta(hours=20))
    assert later.certificate.not_valid_after_utc > end + timedelta(days=3000)
    assert later.key.private_numbers() == own.key.private_numbers()
    assert later.application_uri == own.application_uri


def test_one_that_an_authority_has_issued_is_used_and_never_replaced(folder: Path) -> None:
    authority = make(Wish(name="Works CA", key_name="root", is_authority=True))
    issued = make(Wish(name="Station", uri="urn:works:station", key_name="own", issuer=authority))
    own_certificate(folder, NOW)
    (folder / "own.der").write_bytes(issued.der)
    begun = issued.certificate.not_valid_before_utc
    assert own_certificate(folder, begun).application_uri == "urn:works:station"
    with pytest.raises(SecurityError, match="expires or has expired; replace it"):
        own_certificate(folder, issued.certificate.not_valid_after_utc)
    assert (folder / "own.der").read_bytes() == issued.der


def test_a_key_that_others_can_read_is_not_used(folder: Path) -> None:
    own_certificate(folder, NOW)
    os.chmod(folder / "own_key.pem", 0o640)
    with pytest.raises(SecurityError, match=r"Others can read the key .*own_key\.pem; chmod 600 it"):
        own_certificate(folder, NOW)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("own_key.pem", b"nonsense", "The key .* can't be read"),
        ("own.der", b"nonsense", "The certificate .* can't be read"),
        ("own.der", make(Wish(key_name="other")).der, "doesn't belong to the key beside it"),
    ],
)
def test_damaged_files_are_told_and_left_as_they_are(folder: Path, name: str, content: bytes, words: str) -> None:
    own_certificate(folder, NOW)
    (folder / name).write_bytes(content)
    with pytest.raises(SecurityError, match=words):
        own_certificate(folder, NOW)
    assert (folder / name).read_bytes() == content


def test_a_folder_that_can_not_be_written_is_told(folder: Path) -> None:
    folder.write_text("a file in its place")
    with pytest.raises(SecurityError, match="The station's own certificate can't be kept in"):
        own_certificate(folder, NOW)
