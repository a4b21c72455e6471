"""Sentences that remember what they were made from."""

import copy
import json
import pickle

import orjson
import pytest

from database.errors import DatabaseError
from plant_models.message import Message, joined, message, words_of

COLD = message("{tag} is below {limit:.1f} {unit}", tag="T1", limit=3.14159, unit="°C")


def test_a_message_is_its_english_sentence() -> None:
    assert COLD == "T1 is below 3.1 °C"
    assert hash(COLD) == hash("T1 is below 3.1 °C")
    assert f"{COLD}!" == "T1 is below 3.1 °C!"
    assert {COLD: 1}["T1 is below 3.1 °C"] == 1


def test_a_message_goes_into_json_as_its_words() -> None:
    assert json.loads(json.dumps({"message": COLD})) == orjson.loads(orjson.dumps({"message": COLD}))


def test_a_message_remembers_its_template_and_values() -> None:
    assert COLD.template == "{tag} is below {limit:.1f} {unit}"
    assert COLD.values == {"tag": "T1", "limit": 3.14159, "unit": "°C"}


def test_a_message_can_not_be_changed() -> None:
    with pytest.raises(AttributeError, match="a message can't be changed: template"):
        COLD.template = "{tag} is hot"
    with pytest.raises(TypeError, match="does not support item assignment"):
        COLD.values["tag"] = "T2"  # type: ignore[index]


@pytest.mark.parametrize("again", [copy.copy(COLD), copy.deepcopy(COLD), pickle.loads(pickle.dumps(COLD))])
def test_a_copy_is_a_message_too(again: object) -> None:
    assert isinstance(again, Message)
    assert (again, again.template, again.values) == (COLD, COLD.template, COLD.values)


def test_what_str_makes_of_a_message_is_plain() -> None:
    assert type(str(COLD)) is str
    assert type(COLD.upper()) is str


def test_without_values_a_text_stays_as_it_is_with_its_braces() -> None:
    assert message("The set {1, 2} is closed") == "The set {1, 2} is closed"


def test_a_placeholder_without_a_value_is_an_error_at_once() -> None:
    with pytest.raises(KeyError, match="why"):
        message("{tag} is not known ({why})", tag="T1")


def test_a_message_may_hold_messages() -> None:
    nested = message("{tag} is not known ({why})", tag="T1", why=message("time-out"))
    assert nested == "T1 is not known (time-out)"
    assert isinstance(nested.values["why"], Message)


def test_sentences_are_joined_and_stay_messages() -> None:
    whole = joined(("A is off", "", COLD, message("C is closed")))
    assert whole == "A is off. T1 is below 3.1 °C. C is closed"
    assert isinstance(whole, Message)
    assert whole.template == "{first}. {rest}"
    assert all(isinstance(value, Message) for value in whole.values.values())


def test_one_sentence_is_joined_to_itself_and_none_to_nothing() -> None:
    assert joined(("", COLD)) is COLD
    assert joined(()) == ""


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError(COLD), "T1 is below 3.1 °C"),
        (ValueError("plain"), "plain"),
        (OSError(13, "Permission denied"), "[Errno 13] Permission denied"),
        (ZeroDivisionError(), "ZeroDivisionError"),
    ],
)
def test_the_words_of_an_exception(error: Exception, words: str) -> None:
    assert words_of(error) == words


def test_an_exception_with_a_message_gives_it_back() -> None:
    assert words_of(ValueError(COLD)) is COLD


def test_a_database_error_becomes_a_message() -> None:
    words = words_of(DatabaseError("{file} is locked by {who}", file="a.sqlite", who="sqlitebrowser"))
    assert isinstance(words, Message)
    assert (words, words.template) == ("a.sqlite is locked by sqlitebrowser", "{file} is locked by {who}")
