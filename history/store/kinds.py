"""Whether a series holds numbers or texts, as `hist_tag` says it. Import only, any thread."""

from typing import Final

NUMBER: Final = "number"
TEXT: Final = "text"
