"""What may stand in a cell: a number, a text, a truth value, a date, or nothing."""

from __future__ import annotations

import math
import re
from contextlib import suppress
from decimal import Decimal
from typing import Any

from sphinx_mmbook.storing.caller import StoreError

#: An integer with more bits is not a result, and Python refuses to write it.
MOST_BITS = 10_000
_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]+")


def cell_value(value: Any) -> Any:
    """Return a number, text, truth value or None for what stands in a cell.

    :raises StoreError: if it is something else.
    """
    if type(value) is float:  # most are, in a large table
        return value
    if isinstance(value, str):
        return clean(value)
    if value is None or isinstance(value, bool | int | float | Decimal):
        return _number(value)
    if type(value).__name__ in ("NAType", "NaTType", "MaskedConstant"):
        return None
    if hasattr(value, "detach"):
        value = as_array(value)
    if hasattr(value, "item"):  # a scalar of NumPy, or an array of one
        with suppress(ValueError, TypeError, RuntimeError):
            return cell_value(_item(as_float64(value)))
    if hasattr(value, "total_seconds"):
        return str(value)
    if hasattr(value, "isoformat"):  # a date or time
        return value.isoformat()
    if type(value).__name__ == "Fraction":
        return float(value)
    if type(value).__name__ in ("Interval", "Period"):
        return str(value)
    raise StoreError(
        f"a value of type {type(value).__name__} is not a number, text or date; "
        "convert it before you store it"
    )


def as_cell(value: Any) -> Any:
    """Return a plain value; of a list, a dictionary or an estimator the text that Python prints.

    :raises StoreError: if that text would be another in each run.
    """
    if type(value) is float:
        return value
    if isinstance(value, list | tuple | dict) or hasattr(value, "get_params"):
        text = str(value)
        if not _ADDRESS.search(text):
            return clean(text)
    return cell_value(value)


def clean(text: str) -> str:
    """Return a text with the line ends of Unix: a table's rows end where others stand.

    :raises StoreError: if no text file can hold it.
    """
    if "\0" in text or not _is_whole(text):
        raise StoreError(
            f"the text {text[:40]!r} holds a NUL or half a character; clean it before you store it"
        )
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else str(text)


def items(values: Any) -> list[Any]:
    """Return the values of a list, an array or a column of pandas; dates and durations as text."""
    if hasattr(values, "detach"):
        values = as_array(values)
    kind = getattr(getattr(values, "dtype", None), "kind", "")
    if kind in "mM" and kind:
        return _times(values.astype(str).tolist())
    if kind == "f" and hasattr(values, "to_numpy"):
        values = values.to_numpy(na_value=math.nan)
    found: list[Any] = as_float64(values).tolist() if hasattr(values, "tolist") else list(values)
    return found


def _times(texts: list[Any]) -> list[Any]:
    """Return times as text, in rows if they are; what is missing as None."""
    return [
        _times(text)
        if isinstance(text, list)
        else text
        if isinstance(text, str) and text != "NaT"
        else None
        for text in texts
    ]


def as_float64(array: Any) -> Any:
    """Return floats of other than 64 bits as those of 64 bits that are written the same."""
    dtype = getattr(array, "dtype", None)
    if getattr(dtype, "kind", "") != "f" or getattr(dtype, "itemsize", 8) == 8:
        return array
    wide = array.astype(str).astype("float64")
    if hasattr(array, "mask"):
        wide.mask = array.mask
    return wide


def as_array(tensor: Any) -> Any:
    """Return a tensor of torch as an array."""
    tensor = tensor.detach().cpu()
    try:
        return tensor.numpy()
    except TypeError:  # of a kind that NumPy does not have, as bfloat16
        return tensor.double().numpy()


def _number(value: Any) -> Any:
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        raise StoreError("a number of thousands of digits is not a result; store its logarithm")
    if isinstance(value, float) or (isinstance(value, Decimal) and not value.is_finite()):
        return float(value)
    return value


def _item(scalar: Any) -> Any:
    """Return a scalar of NumPy as Python's; times in nanoseconds have none."""
    value = scalar.item()
    kind = getattr(getattr(scalar, "dtype", None), "kind", "")
    if kind in ("m", "M") and isinstance(value, int):
        return scalar.astype(f"{kind}8[us]").item()
    return value


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
