"""Why no connection is made that would not be safe, in words for people. Any thread."""


class SecurityError(Exception):
    """A server, a certificate or a user that can't be accepted; the text is a Message that says what to do.

    `is_user`: the server refused who we say we are. Asking again and again could lock that user out.
    """

    def __init__(self, words: str, is_user: bool = False) -> None:
        super().__init__(words)
        self.words = words
        self.is_user = is_user
