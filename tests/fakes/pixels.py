"""The pixels of a widget as numbers, and how much of them is coloured."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

COLOURED: Final = 0.35
"""HSV saturation above which a pixel counts as coloured."""


def pixels_of(widget: QWidget) -> NDArray[np.float64]:
    """Return height × width × RGB, each 0 to 255, as the widget is drawn now with everything in it."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    flat = np.array(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return flat[:, : image.width() * 3].reshape(image.height(), image.width(), 3).astype(np.float64)


def saturated_share(pixels: NDArray[np.float64]) -> float:
    """Return which part of the pixels is coloured."""
    high, low = pixels.max(axis=2), pixels.min(axis=2)
    saturation = np.divide(high - low, high, out=np.zeros_like(high), where=high > 0)
    return float((saturation > COLOURED).mean())
