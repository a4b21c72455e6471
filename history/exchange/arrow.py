"""pyarrow, which not everybody needs: asked for only where a Parquet file is written or read."""

from types import ModuleType

from history.exchange.errors import ExchangeError
from plant_models.message import message


def arrow() -> tuple[ModuleType, ModuleType]:
    """Return pyarrow and pyarrow.parquet.

    Raises:
        ExchangeError: they aren't installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise ExchangeError(
            message("Parquet needs pyarrow, which isn't installed; type: pip install pyarrow, or take a .csv file")
        ) from None
    return pyarrow, pyarrow.parquet
