"""A sentence with values in it that can still be translated when it reaches a screen. Immutable, any thread.

Rooms without Qt say what they have to say in English, for logs and the audit. A `Message` is that English sentence and
remembers the template and the values that it was made from, so that `hmi.i18n.tr` can say it in another language.
"""

from collections.abc import Iterable, Mapping
from functools import reduce
from types import MappingProxyType
from typing import Any, NoReturn


class Message(str):
    """A text that is equal to, hashed and written as its English words.

    `template` has placeholders, `{limit:g}`, for `values`; a value that is a Message is translated too. Without values
    the template is the text as it stands, braces included. What is made from a Message by methods of `str` is plain.
    """

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, values: Mapping[str, object]) -> "Message":
        made = super().__new__(cls, template.format(**values) if values else template)
        object.__setattr__(made, "template", str(template))
        object.__setattr__(made, "values", MappingProxyType(dict(values)))
        return made

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a message can't be changed: {name}")

    def __reduce__(self) -> tuple[Any, ...]:
        return Message, (self.template, dict(self.values))


def message(template: str, /, **values: object) -> Message:
    """Return a sentence: a template for translators, with values for its placeholders.

    A template of more than data is a literal at the call, since that is where `hmi.texts` looks for it.

    Raises:
        KeyError, ValueError: a placeholder has no value, or the value doesn't fit its format.
    """
    return Message(template, values)


def joined(sentences: Iterable[str]) -> str:
    """Return sentences, Messages or plain, as one: "A. B. C"; empty ones are left out."""
    parts = [part if isinstance(part, Message) else message(part) for part in sentences if part]
    return reduce(lambda first, rest: message("{first}. {rest}", first=first, rest=rest), parts) if parts else ""


def words_of(error: BaseException) -> str:
    """Return what an exception says: the Message it was raised with, else its text, else its kind; never empty.

    An exception may also bring `template` and `values` of its own, as those of `database` do.
    """
    if len(error.args) == 1 and isinstance(error.args[0], Message):
        return error.args[0]
    if hasattr(error, "template") and hasattr(error, "values"):
        return Message(error.template, error.values)
    return str(error) or type(error).__name__
