"""Data frames from plain values, without a reader's guesses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.results.values.fault import too_large

if TYPE_CHECKING:
    from collections.abc import Sequence, Set

    from pandas import DataFrame, Series

#: Cells a result may have in memory. A file of ten megabytes can claim a billion.
MAX_CELLS = 5_000_000
MAX_COLUMNS = 2_000


def check_size(rows: int, columns: int) -> None:
    """Refuse a table that would fill the memory, before it is built.

    :raises ResultFault: by ``result-too-large``.
    """
    if columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
        raise too_large(
            f"has {rows:,} rows and {columns:,} columns, more than a book can read; "
            "store a summary instead"
        )


def dtype_of(kinds: Set[type], largest: int) -> str:
    """Return the type of a column that holds values of these kinds.

    ``largest`` is the largest integer among them, without its sign. Integers stay exact, also large
    ones and beside missing values.
    """
    if kinds == {bool}:
        return "boolean"
    if kinds == {int} and largest < 2**63:
        return "Int64"
    # Up to here all integers are the same as floats.
    return "float64" if float in kinds and kinds <= {int, float} and largest <= 2**53 else "object"


def column(values: Sequence[Any], dtype: str = "") -> Series[Any]:
    """Return ``values`` as a column; ``None`` is a missing value.

    Without a ``dtype`` numbers are a number column, truth values a boolean one, and everything else
    stays the objects that it is.
    """
    import pandas as pd  # noqa: PLC0415 -- half a second that the command line does not need

    if not dtype:
        kinds = {type(value) for value in values if value is not None}
        dtype = dtype_of(kinds, max((abs(n) for n in values if type(n) is int), default=0))
    return pd.Series(values, dtype=dtype)


def frame(names: Sequence[str | tuple[str, ...]], columns: Sequence[Any]) -> DataFrame:
    """Return the columns side by side; two may have the same name, and a name several levels."""
    import pandas as pd  # noqa: PLC0415 -- see above

    rows = len(columns[0]) if columns else 0
    check_size(rows, len(columns))
    table = pd.DataFrame(dict(enumerate(columns)), index=pd.RangeIndex(rows))
    table.columns = pd.Index(list(names), dtype="object", tupleize_cols=False)
    return table
