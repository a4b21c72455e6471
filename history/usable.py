"""Which samples count, and which of their qualities is the worst: one rule for all. Pure functions, any thread."""

import numpy as np
from numpy.typing import NDArray

from plant_models.quality import SEVERITY_SHIFT, Quality, QualityArray, Severity, bad_mask


def usable_mask(values: NDArray[np.float64], qualities: QualityArray) -> NDArray[np.bool_]:
    """Return which samples were measured: finite, not bad, and no last usable value, which stands for none."""
    is_measured: NDArray[np.bool_] = ~bad_mask(qualities) & (qualities != Quality.UNCERTAIN_LAST_USABLE)
    return is_measured & np.isfinite(values)


def badness(qualities: QualityArray) -> NDArray[np.uint32]:
    """Return numbers of which the greatest is the worst: by severity, then by code. The low 16 bits are the quality."""
    severities = np.minimum(qualities >> np.uint16(SEVERITY_SHIFT), np.uint16(Severity.BAD)).astype(np.uint32)
    ranks: NDArray[np.uint32] = severities << np.uint32(16) | qualities
    return ranks
