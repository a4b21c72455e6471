"""What is told to whoever exports or imports."""


class ExchangeError(Exception):
    """It can't be done; the argument is a `Message` that says why and what would help."""
