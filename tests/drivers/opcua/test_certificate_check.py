"""Which certificates of servers are accepted, and what is said of each that isn't."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from drivers.opcua.certificate_check import Expected, days_left, judge, time_problem
from drivers.opcua.certificates import split_chain
from drivers.opcua.trust_list import Trust
from plant_models.message import Message
from tests.fakes.certificate_maker import SERVER_URI, Identity, Wish, make, revocations

NOW = datetime.now(UTC)  # noqa: TID251
EXPECTED = Expected("UA", "127.0.0.1", SERVER_URI)


@pytest.fixture(scope="module")
def root() -> Identity:
    return make(Wish(name="Works CA", key_name="root", is_authority=True, path_length=1))


@pytest.fixture(scope="module")
def middle(root: Identity) -> Identity:
    return make(Wish(name="Middle CA", key_name="middle", is_authority=True, issuer=root))


@pytest.fixture(scope="module")
def issued(middle: Identity) -> Identity:
    return make(Wish(issuer=middle))


def trusting(*identities: Identity, lists: tuple[bytes, ...] = ()) -> Trust:
    return Trust(tuple(each.certificate for each in identities), tuple(map(x509.load_der_x509_crl, lists)))


def problems(identity: Identity, trust: Trust | None = None, *more: Identity, host: str = "127.0.0.1") -> list[str]:
    """Return what is said of a certificate, which is trusted unless it is said who is."""
    trust = trusting(identity) if trust is None else trust
    chain = [identity.certificate, *(each.certificate for each in more)]
    told = judge(chain, Expected("UA", host, SERVER_URI), trust, NOW).problems
    assert all(isinstance(words, Message) for words in told)
    return list(told)


def test_a_trusted_certificate_is_good() -> None:
    assert problems(make()) == []


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Wish(begins_in_days=-9, ends_in_days=-2), "The certificate of UA expired on "),
        (Wish(begins_in_days=2), "The certificate of UA is not valid before "),
        (Wish(hosts=()), "is made out to ?, not to 127.0.0.1"),
        (Wish(hosts=("10.0.0.9",)), "is made out to 10.0.0.9, not to 127.0.0.1"),
        (Wish(uri="urn:other"), "belongs to the application urn:other, but the server calls itself urn:test:server"),
        (Wish(bits=1024), "The key of UA is too short: 1024 bits; 2048 are needed"),
        (Wish(usage=ExtendedKeyUsageOID.CLIENT_AUTH), "The certificate of UA is not made for servers"),
    ],
)
def test_a_trusted_certificate_that_is_wrong_is_refused_in_its_own_words(wish: Wish, words: str) -> None:
    (told,) = problems(make(wish))
    assert words in told


def test_everything_that_is_wrong_is_told_at_once() -> None:
    told = problems(make(Wish(ends_in_days=-0.5, hosts=("plc",))), Trust())
    assert len(told) == 3
    assert [word in " ".join(told) for word in ("expired", "made out to plc", "is not trusted")] == [True] * 3


@pytest.mark.parametrize("host", ["plc7.works.example", "PLC7.Works.Example", "fd00::7", "[FD00:0:0::7]", "10.1.2.3"])
def test_a_host_is_found_however_it_is_written(host: str) -> None:
    assert problems(make(Wish(hosts=("plc7.works.example", "fd00::7", "10.1.2.3"))), host=host) == []


@pytest.mark.parametrize("host", ["works.example", "evil-plc7.works.example", "10.1.2.30"])
def test_a_host_that_is_only_like_it_is_refused(host: str) -> None:
    assert len(problems(make(Wish(hosts=("plc7.works.example", "10.1.2.3"))), host=host)) == 1


def test_another_certificate_of_the_same_key_and_name_is_not_trusted() -> None:
    (told,) = problems(make(), trusting(make()))
    assert "is not trusted" in told


def test_what_a_trusted_authority_has_issued_is_good_through_what_the_server_sends(
    root: Identity, middle: Identity, issued: Identity
) -> None:
    assert problems(issued, trusting(root), middle) == []
    assert problems(issued, trusting(root, middle)) == []
    assert problems(issued, trusting(middle)) == []
    assert problems(issued, trusting(issued)) == []


def test_an_authority_that_is_missing_is_named(root: Identity, middle: Identity, issued: Identity) -> None:
    (told,) = problems(issued, trusting(root))
    assert "was issued by CN=Middle CA, which is not trusted" in told
    (told,) = problems(issued, Trust(), middle, root)
    assert "is not trusted" in told


def test_whoever_only_bears_the_name_of_an_authority_issues_nothing(root: Identity) -> None:
    impostor = make(Wish(name="Works CA", key_name="other", is_authority=True))
    forged = make(Wish(issuer=impostor))
    assert len(problems(forged, trusting(root), impostor)) == 1


def test_a_server_is_no_authority_and_a_path_may_not_be_longer_than_allowed(root: Identity, middle: Identity) -> None:
    server = make(Wish(name="Server", key_name="other"))
    assert len(problems(make(Wish(issuer=server)), trusting(server))) == 1
    lower = make(Wish(name="Lower CA", key_name="other", is_authority=True, issuer=middle))
    assert len(problems(make(Wish(issuer=lower)), trusting(root), lower, middle)) == 1


def test_an_authority_that_has_expired_vouches_for_nobody() -> None:
    old = make(Wish(name="Old CA", key_name="root", is_authority=True, begins_in_days=-9, ends_in_days=-1))
    (told,) = problems(make(Wish(issuer=old)), trusting(old))
    assert "The certificate of the authority Old CA is not valid" in told


def test_a_revoked_certificate_is_refused_even_if_it_was_trusted_by_itself(
    root: Identity, middle: Identity, issued: Identity
) -> None:
    words = ["Middle CA has revoked the certificate of Test server"]
    assert problems(issued, trusting(root, lists=(revocations(middle, issued),)), middle) == words
    assert problems(issued, trusting(issued, middle, lists=(revocations(middle, issued),))) == words
    assert problems(issued, trusting(root, lists=(revocations(middle),)), middle) == []
    above = trusting(root, lists=(revocations(root, middle),))
    assert problems(issued, above, middle) == ["Works CA has revoked the certificate of Middle CA"]


def test_a_list_that_the_authority_has_not_signed_revokes_nothing(root: Identity, middle: Identity) -> None:
    issued = make(Wish(issuer=middle))
    forger = Identity(middle.certificate, make(Wish(key_name="other")).key)
    assert problems(issued, trusting(root, lists=(revocations(forger, issued),)), middle) == []


def test_a_chain_is_split_and_nonsense_is_no_chain(middle: Identity, issued: Identity) -> None:
    assert split_chain(issued.der + middle.der) == (issued.certificate, middle.certificate)
    for nonsense in (b"\x30", b"\x30\x80", b"\x30\x82\xff", b"hello", issued.der[:-1], issued.der + b"\x00" * 4):
        with pytest.raises(ValueError, match=r"certificate|parsing"):
            split_chain(nonsense)


@pytest.mark.parametrize(("days", "level"), [(31, None), (29, 30), (6, 7), (0.9, 1)])
def test_who_expires_soon_is_told_in_time(days: float, level: int | None) -> None:
    assert days_left(make(Wish(ends_in_days=days)).certificate, NOW) == level


def test_a_clock_that_is_wrong_is_thought_of() -> None:
    assert "look at its clock" in time_problem(make().certificate, "UA", NOW - timedelta(days=400))
