"""The error of whatever bytes of history can't be read; its kinds are in `history.chunks.errors`. Any thread."""


class CodecError(ValueError):
    """Bytes that no frame or blob of a known format can be; says what is wrong with them."""
