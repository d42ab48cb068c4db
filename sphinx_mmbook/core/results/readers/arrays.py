"""Arrays of NumPy, and NetCDF in its classic format, of one or two dimensions.

Arrays of Python objects are pickles, and never read.
"""

from __future__ import annotations

import math
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.results.values.fault import (
    missing_extra,
    unfit,
    unpacks_to_more,
    unreadable,
)
from sphinx_mmbook.core.results.values.frames import check_size, column, frame
from sphinx_mmbook.core.suggestions import did_you_mean_of, quoted_list

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas import DataFrame

    Array = NDArray[Any]

#: How files in NetCDF's classic format begin, with small and large offsets.
CLASSIC = (b"CDF\x01", b"CDF\x02")


def read_npy(data: bytes) -> DataFrame:
    """Return the array that ``numpy.save`` wrote.

    :raises ResultFault: if it has objects, more than two dimensions, or fewer values than it says.
    """
    return array_frame(_array(data))


def read_npz(data: bytes, element: str, max_bytes: int) -> DataFrame:
    """Return one of the arrays that ``numpy.savez`` wrote.

    :raises ResultFault: as :func:`read_npy`, and if there is no such array.
    """
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except zipfile.BadZipFile:
        raise unreadable("is not an archive of arrays; store the result again") from None
    members = {name.removesuffix(".npy"): name for name in archive.namelist()}
    with archive.open(members[_chosen(element, list(members))]) as file:
        inner = file.read(max_bytes + 1)
    if len(inner) > max_bytes:
        raise unpacks_to_more(max_bytes)
    return array_frame(_array(inner))


def read_netcdf(data: bytes, element: str) -> DataFrame:
    """Return a variable of a file in NetCDF's classic format, with its coordinates.

    :raises ResultFault: if it is in another format, or there is no such variable.
    """
    if data.startswith(b"\x89HDF"):
        raise unfit(
            "is in the format NetCDF-4, which is not read; write the table as CSV, or with xarray "
            "by to_netcdf(…, format='NETCDF3_CLASSIC')"
        )
    if not data.startswith(CLASSIC):
        raise unreadable("is not a file of NetCDF's classic format; store the table as CSV")
    try:
        from scipy.io import netcdf_file  # noqa: PLC0415 -- an extra
    except ImportError:
        raise missing_extra("scipy", "netcdf") from None
    with netcdf_file(BytesIO(data), "r", mmap=False, maskandscale=True) as file:
        coordinates = set(file.dimensions)
        values = [name for name in file.variables if name not in coordinates]
        variable = file.variables[_chosen(element, values or list(file.variables))]
        table = _plain_array(variable[:])
        sides = [
            _plain_array(file.variables[name][:]).tolist() if name in file.variables else None
            for name in variable.dimensions
        ]
        return array_frame(table, *zip(variable.dimensions, sides, strict=True))


def array_frame(array: Array, *sides: tuple[str, list[Any] | None]) -> DataFrame:
    """Return an array as a table. ``sides`` are names and coordinates of its dimensions.

    :raises ResultFault: if it has more than two dimensions, or values that are not cells.
    """
    if array.dtype.names:
        if array.ndim > 1 or any(array.dtype[name].shape for name in array.dtype.names):
            raise unfit("holds records that make no table; store a data frame")
        return frame(list(array.dtype.names),
                     [column(array[name].tolist()) for name in array.dtype.names])  # fmt: skip
    if array.dtype.kind not in "biufUSmM":
        raise unfit(f"holds values of type {array.dtype}, which make no table; store a data frame")
    if array.ndim > 2:
        raise unfit(f"holds an array of {array.ndim} dimensions; store a table")
    rows, names = (*(side for side in sides), ("", None), ("", None))[:2]
    if array.ndim < 2:
        array = array.reshape(-1, 1)
        names = ("", ["value"])
    check_size(*array.shape)
    titles = names[1] or [str(position + 1) for position in range(array.shape[1])]
    columns = [column(array[:, position].tolist()) for position in range(array.shape[1])]
    if rows[1]:
        return frame([rows[0], *map(str, titles)], [column(rows[1]), *columns])
    return frame([str(title) for title in titles], columns)


def _array(data: bytes) -> Array:
    """Return the array in a file; its header is judged first."""
    import numpy as np  # noqa: PLC0415 -- the command line does not need it
    from numpy.lib import format as npy  # noqa: PLC0415 -- see above

    stream = BytesIO(data)
    version = npy.read_magic(stream)
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, _, dtype = read(stream)
    if dtype.hasobject:
        raise unfit(
            "holds Python objects, which can run code on whoever reads them; store numbers or text"
        )
    # NumPy allocates what the header says before it looks at the rest.
    if dtype.itemsize * math.prod(shape) > len(data) - stream.tell():
        raise unreadable("is cut off; store the result again")
    stream.seek(0)
    array: Array = np.load(stream, allow_pickle=False)
    return array


def _plain_array(array: Any) -> Array:
    """Return an array of scipy with missing values as NaN, and letters as words."""
    import numpy as np  # noqa: PLC0415 -- see above

    if isinstance(array, np.ma.MaskedArray):
        masked: Any = array
        array = masked.astype(float).filled(np.nan) if masked.mask.any() else masked.data
    found = np.array(array)
    if found.dtype.kind == "S" and found.ndim > 0:  # NetCDF has no strings, only letters
        joined = [b"".join(row.ravel().tolist()) for row in found.reshape(-1, found.shape[-1])]
        return np.array([word.decode("utf-8", "replace").strip("\0 ") for word in joined])
    return found


def _chosen(element: str, names: list[str]) -> str:
    if element in names:
        return element
    if element:
        raise unfit(f"has no '{element}'; {did_you_mean_of(element, names)}")
    if not names:
        raise unfit("holds no array; store the result again")
    if len(names) != 1:
        raise unfit(f"has {len(names)} arrays ({quoted_list(names)}); choose one with ':element:'")
    return names[0]
