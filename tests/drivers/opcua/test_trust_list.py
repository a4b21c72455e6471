"""Folders of trusted and rejected certificates, which people fill too."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from drivers.opcua.certificates import thumbprint
from drivers.opcua.trust_list import TrustList, certificates_in
from plant_models.message import Message
from tests.fakes.certificate_maker import Identity, Wish, make, revocations


@pytest.fixture
def lists(tmp_path: Path) -> TrustList:
    made = TrustList(tmp_path / "certificates")
    made.make_folders()
    return made


def test_nobody_is_trusted_before_there_are_folders(tmp_path: Path) -> None:
    lists = TrustList(tmp_path / "nowhere")
    assert lists.read().certificates == ()
    assert lists.stamp() == 0


def test_der_and_pem_are_read_and_other_files_passed_over(lists: TrustList) -> None:
    der, pem = make(), make()
    (lists.trusted / "a.crt").write_bytes(der.der)
    (lists.trusted / "b.pem").write_bytes(pem.certificate.public_bytes(Encoding.PEM))
    (lists.trusted / "c.der").write_bytes(b"nonsense")
    (lists.trusted / "d.crl").write_bytes(b"nonsense")
    (lists.trusted / "notes.txt").write_text("ask Ann")
    assert lists.read().certificates == (der.certificate, pem.certificate)
    authority = make(Wish(name="CA", key_name="root", is_authority=True))
    (lists.trusted / "e.crl").write_bytes(revocations(authority, der))
    assert [len(each) for each in lists.read().revocations] == [1]


def test_what_was_refused_is_trusted_and_refused_again(lists: TrustList) -> None:
    one = make().certificate
    path = lists.reject(one)
    assert lists.reject(one) == path
    before = lists.stamp()
    assert lists.move(thumbprint(one).lower(), is_trusted=True) == one
    assert lists.stamp() != before
    assert lists.read().certificates == (one,)
    assert list(certificates_in(lists.rejected)) == []
    lists.move(":".join(thumbprint(one)[at : at + 2] for at in range(0, 40, 2)), is_trusted=False)
    assert lists.read().certificates == ()


@pytest.mark.parametrize("mark", ["", "XYZ"])
def test_a_thumbprint_that_names_none_changes_nothing(lists: TrustList, mark: str) -> None:
    lists.reject(make().certificate)
    with pytest.raises(LookupError) as error:
        lists.move(mark, is_trusted=True)
    assert isinstance(error.value.args[0], Message)
    assert lists.read().certificates == ()


def test_a_beginning_that_fits_two_is_not_enough(lists: TrustList) -> None:
    found: dict[str, Identity] = {}
    while (one := make()) and (first := thumbprint(one.certificate)[0]) not in found:
        found[first] = one
    for each in (one, found[first]):
        lists.reject(each.certificate)
    with pytest.raises(LookupError, match=f"2 certificates in .* begin with {first}"):
        lists.move(first, is_trusted=True)


def test_a_name_of_a_certificate_is_no_path(lists: TrustList) -> None:
    path = lists.reject(make(Wish(name="../../etc/passwd \n")).certificate)
    assert path.parent == lists.rejected
    assert path.exists()


def test_rejected_certificates_can_not_fill_the_disk(lists: TrustList, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drivers.opcua.trust_list._MOST_REJECTED", 3)
    for _ in range(6):
        newest = lists.reject(make().certificate)
    kept = [path for path, _ in certificates_in(lists.rejected)]
    assert len(kept) == 3
    assert newest in kept
