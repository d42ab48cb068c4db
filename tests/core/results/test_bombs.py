"""Small files that unpack to gigabytes are refused, in a process that has not got the memory."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import struct
import zipfile
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import feather

from limits import limited
from sphinx_mmbook.core.finding import Location
from sphinx_mmbook.core.results.readers.arrow import _order, meant_bytes, unpacked_size
from sphinx_mmbook.core.results.request import Request, read_table

if TYPE_CHECKING:
    from pathlib import Path

READ = """
import json, sys
from pathlib import Path
from sphinx_mmbook.core.finding import BookError, Location
from sphinx_mmbook.core.results.request import Request, read_table
try:
    path = Path(sys.argv[1])
    frame = read_table(Request(path, path.name, Location("a.md", 1), "", 10_000_000, 1))
except BookError as error:
    print(json.dumps([error.finding.rule, error.finding.message]))
else:
    print(json.dumps(["read", len(frame)]))
"""
TEXT = "x" * 1_000_000
DICTIONARY = pa.DictionaryArray.from_arrays(pa.array([0] * 1500, "i4"), pa.array([TEXT]))


def parquet(values: Any, **options: Any) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table({"a": values}), file, compression="zstd", **options)
    return file.getvalue()


def lying(data: bytes) -> bytes:
    """Let the footer say that the column unpacks to 5 bytes, in as many bytes as it had."""
    column = pq.ParquetFile(io.BytesIO(data)).metadata.row_group(0).column(0)
    said = varint(2 * column.total_uncompressed_size)
    footer = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    at = data.index(said, footer)
    changed = data[:at] + varint(10, len(said)) + data[at + len(said) :]
    assert (
        pq.ParquetFile(io.BytesIO(changed)).metadata.row_group(0).column(0).total_uncompressed_size
        == 5
    )
    return changed


def varint(value: int, length: int = 0) -> bytes:
    out = bytearray()
    while value or len(out) < max(length, 1):
        out.append((value & 127) | 128)
        value >>= 7
    out[-1] &= 127
    return bytes(out)


def feathered(values: Any) -> bytes:
    file = io.BytesIO()
    feather.write_feather(pa.table({"a": values}), file, compression="zstd")
    return file.getvalue()


def gigabytes(module: Any, head: bytes = b"") -> bytes:
    """Return a head and two gigabytes of zeros, as many compressed parts, one after the other."""
    return bytes(module.compress(head)) + bytes(module.compress(bytes(100_000_000))) * 20


def zipped(**members: bytes) -> bytes:
    """Return a ZIP file whose members each go on with two gigabytes of blanks."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, head in members.items():
            with archive.open(name, "w", force_zip64=True) as member:
                member.write(head)
                for _ in range(100 if name.startswith("x") else 0):
                    member.write(b" " * 20_000_000)
    return file.getvalue()


def workbook() -> bytes:
    """Return a workbook whose only sheet unpacks to two gigabytes."""
    file, bomb = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(file)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            with new.open(name, "w", force_zip64=True) as member:
                data = old.read(name)
                start = data.index(b"<sheetData") if "sheet1" in name else len(data)
                member.write(data[:start])
                for _ in range(100 if "sheet1" in name else 0):
                    member.write(b" " * 20_000_000)
                member.write(data[start:])
    return bomb.getvalue()


def header(shape: tuple[int, ...], order: str = "<f8") -> bytes:
    """Return the beginning of a NumPy file of a shape, without its numbers."""
    file = io.BytesIO()
    fields = {"descr": order, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, fields)
    return file.getvalue()


#: An R vector of numbers that says it has 250 million of them: 2 GB.
R_VECTOR = b"X\n" + bytes.fromhex("00000003 00040300 00030500 00000005") + b"UTF-8"
R_VECTOR += bytes.fromhex("0000000e 0ee6b280")
NETCDF = b"CDF\x01" + bytes.fromhex(
    "00000000 0000000a 00000001 00000001 78000000 0ee6b280 00000000 00000000"
    "0000000b 00000001 00000001 76000000 00000001 00000000 00000000 00000000 00000006 77359400 00000060"
)
BOMBS = {
    "gzip.rds": lambda: gigabytes(gzip, R_VECTOR),
    "bzip2.rds": lambda: gigabytes(bz2, R_VECTOR),
    "xz.rds": lambda: gigabytes(lzma, R_VECTOR),
    "gzip.Rda": lambda: gigabytes(gzip, b"RDX3\n" + R_VECTOR),
    "says.rds": lambda: R_VECTOR,
    "sheet.xlsx": workbook,
    "array.npz": lambda: zipped(**{"x.npy": header((250_000_000,))}),
    "says.npz": lambda: zipped(**{"a.npy": header((250_000_000, 1))}),
    "says.npy": lambda: header((250_000_000,)),
    "wide.npy": lambda: header((1,), "<U500000000"),
    "says.nc": lambda: NETCDF,
    "deep.json": lambda: b"[" * 9_000_000,
    "long.csv": lambda: b"a\n" + b'"' * 9_999_000,
    "wide.csv": lambda: b"," * 9_999_000,
    "dictionary.parquet": lambda: parquet(pa.array([TEXT] * 300)),
    "categories.parquet": lambda: parquet(DICTIONARY),
    "plain.parquet": lambda: parquet(pa.array([TEXT * 300]), use_dictionary=False),
    "liar.parquet": lambda: lying(parquet(pa.array([TEXT * 300]), use_dictionary=False)),
    "prefixes.parquet": lambda: parquet(
        pa.array([TEXT] * 300), use_dictionary=False, column_encoding={"a": "DELTA_BYTE_ARRAY"}
    ),
    "old.parquet": lambda: parquet(pa.array([TEXT] * 300), data_page_version="2.0"),
    "categories.feather": lambda: feathered(DICTIONARY),
    "views.feather": lambda: feathered(DICTIONARY.cast(pa.string()).cast(pa.string_view())),
    "runs.feather": lambda: feathered(
        pa.RunEndEncodedArray.from_arrays(pa.array([1500], "i4"), pa.array([TEXT]))
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused(tmp_path: Path, name: str) -> None:
    data = BOMBS[name]()
    (tmp_path / name).write_bytes(data)
    run = limited("-c", READ, name, cwd=tmp_path, seconds=30)
    assert run.returncode == 0, run.stderr
    rule, message = json.loads(run.stdout)
    assert rule in ("result-too-large", "result-format", "result-unreadable"), message
    assert "fit into memory" not in message


@pytest.mark.parametrize("version", ["1.0", "2.6"])
@pytest.mark.parametrize("page", ["1.0", "2.0"])
@pytest.mark.parametrize("compression", ["none", "snappy", "zstd", "gzip"])
def test_honest_files_are_read(tmp_path: Path, version: str, page: str, compression: str) -> None:
    words = [f"word {number % 7}" if number % 5 else None for number in range(20_000)]
    table = pa.table({"a": words, "b": range(20_000), "c": [0.5] * 20_000})
    pq.write_table(
        table, tmp_path / "a.parquet", version=version, data_page_version=page,
        compression=compression, row_group_size=5_000, data_page_size=2_000,
    )  # fmt: skip
    path = tmp_path / "a.parquet"
    asked = Request(path, path.name, Location("a.md", 1), "", 10_000_000, 1)
    assert len(read_table(asked)) == 20_000


def test_a_batch_without_buffers_unpacks_to_nothing() -> None:
    # A message, a flatbuffer by hand: what it is (3, a batch), and the batch: a table without fields.
    fields = struct.pack("<HHHHHH", 10, 12, 0, 4, 8, 0)
    message = struct.pack("<iB3xI", len(fields), 3, 8)
    batch = struct.pack("<HHi", 4, 4, 4)
    header = struct.pack("<I", 4 + len(fields)) + fields + message + batch
    assert unpacked_size(header, b"") == 0
    assert unpacked_size(header.replace(b"\x03\0\0\0", b"\x01\0\0\0"), b"") == 0


def test_the_texts_of_categories_count_by_what_they_claim_to_unpack_to() -> None:
    data = feathered(pa.array(["x" * 5_000, "y" * 5_000]).dictionary_encode())
    stream = pa.py_buffer(data).slice(8)
    sizes = {
        message.type: unpacked_size(message.metadata.to_pybytes(), message.body.to_pybytes())
        for message in pa.ipc.MessageReader.open_stream(pa.BufferReader(stream))
    }
    assert sizes["schema"] == 0
    assert 10_000 < sizes["dictionary"] < 10_100
    assert 0 < sizes["record batch"] < 100


def test_categories_that_are_all_missing_count_no_byte_of_text() -> None:
    missing = pa.array([None, None], pa.string()).dictionary_encode()
    assert meant_bytes(missing) == missing.indices.nbytes


def test_a_file_with_very_many_columns_is_asked_for_their_names_once() -> None:
    """20,000 columns took a minute, since Arrow makes its list of names anew each time."""
    asked = []

    class Schema:
        pandas_metadata: ClassVar[dict[str, list[str]]] = {"index_columns": ["b"]}

        @property
        def names(self) -> list[str]:
            asked.append(1)
            return ["a", "b"]

    assert _order(Schema()) == [1, 0]
    assert len(asked) == 1
