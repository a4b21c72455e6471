"""What drivers say about connections that can't be made and commands that can't be followed."""

import errno
import socket

import pytest

from drivers.connect_problem import connect_problem
from drivers.write_words import not_connected, not_released, unread
from plant_models.message import Message, message

WHERE = "10.0.0.7:502"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TimeoutError(), "No answer from 10.0.0.7:502"),
        (
            ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"),
            "The connection was refused: no server listens at 10.0.0.7:502",
        ),
        (
            ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"),
            "The connection to 10.0.0.7:502 was lost",
        ),
        (socket.gaierror(-2, "Name or service not known"), "The network doesn't know the name in 10.0.0.7:502"),
        (OSError(errno.EHOSTUNREACH, "No route to host"), "The network has no way to 10.0.0.7:502"),
        (OSError(errno.EMFILE, "Too many open files"), "Can't connect to 10.0.0.7:502: Too many open files"),
        (OSError("odd"), "Can't connect to 10.0.0.7:502: odd"),
    ],
)
def test_an_error_of_the_operating_system_is_told_in_words(error: OSError, words: str) -> None:
    told = connect_problem(error, WHERE)
    assert told == words
    assert isinstance(told, Message)


def test_a_command_to_a_device_without_a_connection_says_why_if_that_is_known() -> None:
    assert not_connected("PLC", "") == "PLC is not connected"
    assert not_connected("PLC", message("No answer")) == "PLC is not connected. No answer"


def test_a_command_that_its_sender_held_back_says_why() -> None:
    assert not_released(TimeoutError(message("It expired"))) == "The command was not released. It expired"


@pytest.mark.parametrize(
    ("doubt", "problem", "words"),
    [
        ("", "", "The command was sent. The value can't be read back"),
        ("", "No answer", "The command was sent. The value can't be read back. No answer"),
        ("It was sent late", "No answer", "It was sent late. The value can't be read back. No answer"),
    ],
)
def test_a_command_that_can_not_be_read_back_says_what_is_known(doubt: str, problem: str, words: str) -> None:
    assert unread(doubt, problem) == words
