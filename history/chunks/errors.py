"""What can be wrong with a stored blob. Nothing of it is ever given out as samples.

CodecError
├── CorruptBlobError    these bytes are not what was written
└── NewerBlobError      they are whole, but of a format that this Clearwell doesn't know
"""

from history.codec_error import CodecError


class CorruptBlobError(CodecError):
    """Bytes that were damaged, cut off, or written as something else; says what was expected and what is wrong."""


class NewerBlobError(CodecError):
    """A whole blob of a later version; it must be left as it is."""
