"""Reading a Parquet file that is to be imported. Main thread."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from history.exchange.arrow import arrow
from history.exchange.errors import ExchangeError
from history.exchange.layout import Layout
from history.exchange.pieces import ROWS, TEXT_COLUMN, Mistake, ReadPiece, never_good, no_texts
from history.exchange.times import utc_text
from plant_models.message import message


class ParquetSource:
    """A Parquet file with a row for each sample. "Line" is the number of a row here; none may be after `until_us`."""

    def __init__(self, path: Path, layout: Layout, until_us: int) -> None:
        self._path, self._layout, self._until_us = path, layout, until_us

    def __iter__(self) -> Iterator[ReadPiece]:
        """Yield the file from its beginning.

        Raises:
            ExchangeError: it is no such file, or a column isn't there or of another type.
        """
        pa, parquet = arrow()
        layout, types = self._layout, {}
        types[layout.tag], types[layout.time] = pa.string(), pa.timestamp("us", tz="UTC")
        types[layout.value], types[layout.quality] = pa.float64(), pa.uint16()
        try:
            file = parquet.ParquetFile(self._path)
            absent = sorted(types.keys() - set(file.schema_arrow.names))
            if absent:
                raise ExchangeError(message("{file} has no column {names}", file=str(self._path), names=absent[0]))
            stamp = file.schema_arrow.field(layout.time).type
            if not pa.types.is_timestamp(stamp) or stamp.tz is None:
                raise ExchangeError(message("the column {name} must hold times with a zone", name=layout.time))
            if TEXT_COLUMN in file.schema_arrow.names:
                types[TEXT_COLUMN] = pa.string()
            line = 1
            for batch in file.iter_batches(ROWS, columns=list(types)):
                yield self._piece({name: batch.column(name).cast(type_) for name, type_ in types.items()}, line)
                line += len(batch)
        except pa.ArrowException as error:
            cause = str(error).splitlines()[0]
            raise ExchangeError(message("{file} can't be read: {cause}", file=str(self._path), cause=cause)) from None

    def _piece(self, columns: dict[str, Any], line: int) -> ReadPiece:
        layout, n = self._layout, len(columns[self._layout.tag])
        is_right, mistakes = np.ones(n, np.bool_), list[Mistake]()

        def refuse(rows: NDArray[np.bool_], column: int, problem: str, remedy: str) -> None:
            mistakes.extend(Mistake(line + int(at), column, problem, remedy) for at in np.flatnonzero(rows & is_right))
            is_right[rows] = False

        texts = columns.pop(TEXT_COLUMN, None)
        if texts is not None:
            refuse(texts.is_valid().to_numpy(zero_copy_only=False), len(columns) + 1, *no_texts())
        for number, (name, column) in enumerate(columns.items(), 1):
            if column.null_count:
                empty = column.is_null().to_numpy(zero_copy_only=False)
                refuse(empty, number, message("{name} is empty", name=name), message("every row needs one"))
        times = columns[layout.time].cast("int64").fill_null(0).to_numpy()
        refuse(times < 0, 2, message("a time before 1970"), message("history begins in {year}", year=1970))
        late = message("a time in the future"), message("{now} at most", now=utc_text(self._until_us))
        refuse(times > self._until_us, 2, *late)
        values = columns[layout.value].fill_null(0).to_numpy()
        qualities = never_good(values, columns[layout.quality].fill_null(0).to_numpy())
        words = columns[layout.tag].fill_null("").dictionary_encode()
        names = tuple(layout.renamed.get(name, name) for name in words.dictionary.to_pylist())
        codes = words.indices.to_numpy().astype(np.int64)
        firsts = tuple(line + int(np.argmax(codes == code)) for code in range(len(names)))
        return ReadPiece(names, firsts, codes, times, values, qualities, tuple(mistakes)).take(is_right)
