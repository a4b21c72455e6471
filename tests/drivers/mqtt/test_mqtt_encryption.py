"""Encrypted brokers: trusted, unknown, expired, of another host, and those that don't encrypt at all."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from drivers.health import LinkState
from plant_models.mqtt_settings import MqttSettings
from plant_models.tag import DataType
from tests.fakes.certificate_maker import Identity, Wish, make
from tests.fakes.mqtt_broker import HostileBroker
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import mqtt_device, small_plant, tag
from tests.fakes.waiting import wait_until

TAGS = [tag("LEVEL", "B", "level#", DataType.F64, scan="slow")]


@contextmanager
def station(folder: Path, port: int, ca_file: str = "ca.pem") -> Iterator[RunningPool]:
    device = mqtt_device("B", port, MqttSettings(ca_file=ca_file), insecure_ok=False, timeout_s=3.0)
    with RunningPool(small_plant([device], TAGS), folder) as pool:
        yield pool


def context_of(folder: Path, identity: Identity) -> ssl.SSLContext:
    (folder / "broker.pem").write_bytes(identity.key_pem + identity.certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "broker.pem")
    return context


def trusts(folder: Path, identity: Identity) -> None:
    (folder / "ca.pem").write_bytes(identity.certificate.public_bytes(Encoding.PEM))


def test_a_trusted_broker_is_read(tmp_path: Path) -> None:
    identity = make(Wish())
    trusts(tmp_path, identity)
    with HostileBroker(context_of(tmp_path, identity)) as broker, station(tmp_path, broker.port) as pool:
        pool.wait_for("B", LinkState.CONNECTED)
        wait_until(lambda: broker.is_anybody_here)
        broker.publish("level", "1.5")
        pool.wait_good("LEVEL")
        broker.drop()
        pool.wait_bad("LEVEL")
        pool.wait_for("B", LinkState.CONNECTED)


@pytest.mark.parametrize(
    ("wish", "is_known", "words"),
    [
        (Wish(), False, "is not trusted"),
        (Wish(begins_in_days=-9, ends_in_days=-1), True, "expired"),
        (Wish(hosts=("10.0.0.7",)), True, "IP address mismatch"),
    ],
)
def test_a_broker_that_is_not_trusted_is_told_nothing(tmp_path: Path, wish: Wish, is_known: bool, words: str) -> None:
    identity = make(wish)
    trusts(tmp_path, identity if is_known else make(Wish(key_name="other")))
    with HostileBroker(context_of(tmp_path, identity)) as broker, station(tmp_path, broker.port) as pool:
        pool.wait_bad("LEVEL")
        error = pool.health("B").last_error
        assert error.startswith("The certificate of the broker is not trusted")
        assert words in error
        assert broker.hellos == []


def test_a_broker_that_does_not_encrypt(tmp_path: Path) -> None:
    trusts(tmp_path, make(Wish()))
    with HostileBroker() as broker, station(tmp_path, broker.port) as pool:
        pool.wait_bad("LEVEL")
        assert pool.health("B").state is not LinkState.CONNECTED
        assert broker.hellos == []


def test_certificates_that_are_missing_or_none(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("nothing")
    with HostileBroker() as broker:
        for name, words in (("gone.pem", "No such file"), ("empty.pem", "can't be used")):
            with station(tmp_path, broker.port, name) as pool:
                pool.wait_bad("LEVEL")
                assert words in pool.health("B").last_error
