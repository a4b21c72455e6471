"""Columns of numbers as Qt's points. Pure, GUI thread."""

import struct

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QDataStream
from PySide6.QtGui import QPolygonF


def polygon(xs: NDArray[np.float64], ys: NDArray[np.float64]) -> QPolygonF:
    """Return points as a polygon; Qt reads them from bytes, a hundred times as fast as one by one."""
    points = np.column_stack((xs, ys)).astype(">f8")
    stream = QDataStream(QByteArray(struct.pack(">I", len(points)) + points.tobytes()))
    made = QPolygonF()
    stream >> made
    return made
