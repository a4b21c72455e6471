"""What devices.toml may say of encryption and users, and what it may not."""

import pytest

from tests.fakes.plant_folder import PlantFolder


def declare(plant: PlantFolder, *lines: str) -> list[str]:
    plant.replace("devices.toml", "port = 4840", "\n".join(("port = 4840", *lines)))
    return plant.check()


def test_everything_that_can_be_said_together(plant: PlantFolder) -> None:
    lines = 'security = "Basic256Sha256"', "host_check = false", 'user = "op"'
    assert declare(plant, *lines) == []
    device = plant.load().devices["UA"]
    assert (device.security, device.security_mode, device.host_check, device.user) == (
        "Basic256Sha256",
        "SignAndEncrypt",
        False,
        "op",
    )


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (
            ('security = "None"',),
            "14:1: without encryption everybody can read and change what is sent; add insecure_ok = true",
        ),
        (
            ('security_mode = "Sign"', 'user = "op"'),
            "14:1: the password of op could be read on its way; use SignAndEncrypt",
        ),
        (
            ('security = "None"', "insecure_ok = true", 'user = "op"'),
            "16:1: nobody logs in over a connection without encryption; remove it, or remove security",
        ),
        (
            ('user = "op"', 'user_certificate = "a.der"', 'user_key = "a.pem"'),
            "15:1: there can be one user only; remove user or user_certificate",
        ),
        (('user_certificate = "a.der"',), "14:1: a certificate without its key can't log in; add user_key"),
        (('user_key = "a.pem"',), "14:1: a key without its certificate can't log in; add user_certificate"),
    ],
)
def test_what_would_be_refused_or_give_a_password_away(plant: PlantFolder, lines: tuple[str, ...], words: str) -> None:
    assert declare(plant, *lines) == [f"devices.toml:{words}"]


def test_a_policy_that_is_not_spoken(plant: PlantFolder) -> None:
    (told,) = declare(plant, 'security = "Basic128Rsa15"')
    assert told.startswith("devices.toml:14:1: ")
    assert "Basic256Sha256" in told


def test_a_password_has_no_place_in_a_plant_folder(plant: PlantFolder) -> None:
    assert "unknown key" in declare(plant, 'password = "sesame"')[0]
