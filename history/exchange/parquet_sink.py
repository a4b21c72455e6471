"""A Parquet file that an export writes, for programs: values to the bit. Main thread."""

from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from history.exchange.arrow import arrow
from history.exchange.csv_sink import INTERVALS, Piece
from history.exchange.intervals import IntervalPiece
from history.exchange.raw import RawPiece
from plant_models.quality import describe

ROW_GROUP: Final = 2**18
_WORDS: Final = ("tag", "text", "quality_text")
_INTEGERS: Final = {"n": "uint32", "quality": "uint16"}


class ParquetSink:
    """Columns as in a CSV file but for the local time; `text` is null for numbers, `value` for texts."""

    def __init__(self, path: Path, columns: tuple[str, ...]) -> None:
        self._pa, parquet = arrow()
        names = [name for name in columns if not name.endswith("_local")]
        self._schema = self._pa.schema([(name, self._type(name)) for name in names])
        # a dictionary of values would take all NaN for one, and lose their payloads
        self._writer: Any = parquet.ParquetWriter(path, self._schema, compression="zstd", use_dictionary=list(_WORDS))
        self._waiting: list[Any] = []

    def write(self, piece: Piece) -> int:
        """Add a piece."""
        columns = _raw(piece) if isinstance(piece, RawPiece) else _intervals(piece)
        n = len(columns["quality"])
        arrays = [self._array(name, columns.get(name), piece.tag, columns["quality"]) for name in self._schema.names]
        self._waiting.append(self._pa.Table.from_arrays(arrays, schema=self._schema))
        if sum(map(len, self._waiting)) >= ROW_GROUP:
            self._flush()
        return n

    def close(self) -> None:
        """Finish the file."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._waiting:
            self._writer.write_table(self._pa.concat_tables(self._waiting))
            self._waiting.clear()

    def _type(self, name: str) -> Any:
        if name in _WORDS:
            return self._pa.dictionary(self._pa.int32(), self._pa.string())
        if name.endswith("_utc"):
            return self._pa.timestamp("us", tz="UTC")
        return self._pa.type_for_alias(_INTEGERS.get(name, "float64"))

    def _array(self, name: str, column: Any, tag: str, qualities: NDArray[np.uint16]) -> Any:
        if name == "tag":
            codes, words = np.zeros(len(qualities), np.int64), [tag]
        elif name == "text":
            texts = [None] * len(qualities) if column is None else column
            return self._pa.array(texts, self._pa.string()).dictionary_encode()
        elif name == "quality_text":
            found = np.unique(qualities)
            codes = np.searchsorted(found, qualities)
            words = [describe(int(each)) for each in found]
        else:
            return self._pa.array(column, self._schema.field(name).type)
        return self._pa.DictionaryArray.from_arrays(
            self._pa.array(codes.astype(np.int32)), self._pa.array(words, self._pa.string())
        )


def _raw(piece: RawPiece) -> dict[str, Any]:
    values = piece.values if piece.texts is None else [None] * len(piece)
    return {"time_utc": piece.times_us, "value": values, "text": piece.texts, "quality": piece.qualities}


def _intervals(piece: IntervalPiece) -> dict[str, Any]:
    cells = piece.cells
    columns: dict[str, Any] = {name: cells[name] for name in INTERVALS if name in (cells.dtype.names or ())}
    columns |= {"start_utc": piece.edges_us[:-1], "quality": piece.qualities()}
    return columns | {"average": piece.average(), "good_share": piece.good_share()}
