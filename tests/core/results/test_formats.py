"""Feather, Excel, NumPy and NetCDF: tables as they are, and files that lie."""

from __future__ import annotations

import io
import struct
import sys
import tracemalloc
import zipfile
from datetime import datetime

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import feather
from scipy.io import netcdf_file

from sphinx_mmbook.core.finding import BookError, Location
from sphinx_mmbook.core.results.cache import ResultCache, show_table
from sphinx_mmbook.core.results.request import Request

AT = Location("ch/index.md", 4)


def show(folder, name, data, *, element="", header_rows=1, max_bytes=1_000_000, **options):
    (folder / name).write_bytes(data)
    asked = Request(folder / name, name, AT, element, max_bytes, header_rows)
    table = show_table(asked, options, ResultCache())
    return [*[tuple(cell.text for cell in row) for row in table.head], *table.rows]


def fault(folder, name, data, **more):
    with pytest.raises(BookError) as caught:
        show(folder, name, data, **more)
    return caught.value.finding


def saved(write):
    buffer = io.BytesIO()
    write(buffer)
    return buffer.getvalue()


def workbook(*rows, **sheets):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name, content in sheets.items():
        sheet = book.create_sheet(name)
        for row in content:
            sheet.append(row)
    return saved(book.save)


def repacked(data, **changes):
    """A zip archive with some members replaced; the names' dots are written as two underlines."""
    result = io.BytesIO()
    new = {name.replace("__", ".").replace("_S_", "/"): text for name, text in changes.items()}
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as out,
    ):
        for name in old.namelist():
            out.writestr(name, new.get(name, old.read(name)))
    return result.getvalue()


FRAME = pd.DataFrame({"id": ["007", "8"], "x": [0.5, None], "n": [1, 2]}, index=["a", "b"])
TABLE = [("", "id", "x", "n"), ("a", "007", "0.5", "1"), ("b", "8", "–", "2")]


@pytest.mark.parametrize("compression", ["uncompressed", "lz4", "zstd"])
def test_feather(tmp_path, compression):
    data = saved(lambda file: feather.write_feather(FRAME, file, compression=compression))
    assert show(tmp_path, "a.feather", data) == TABLE


def test_feather_with_categories_in_batches(tmp_path):
    frame = pd.DataFrame({"c": pd.Categorical(["b", "a"] * 20), "n": range(40)})
    data = saved(lambda file: feather.write_feather(frame, file, chunksize=7))
    assert show(tmp_path, "a.feather", data)[1:4] == [("b", "0"), ("a", "1"), ("b", "2")]


def test_a_feather_bomb_is_not_unpacked(tmp_path):
    frame = pd.DataFrame({"x": np.zeros(2_000_000)})
    data = saved(lambda file: feather.write_feather(frame, file, compression="zstd"))
    assert len(data) < 100_000
    before = pa.total_allocated_bytes()
    found = fault(tmp_path, "a.feather", data)
    assert found.rule == "result-too-large" and "unpacks to more" in found.message
    assert pa.total_allocated_bytes() - before < 1_000_000


def test_a_feather_buffer_that_lies(tmp_path):
    data = bytearray(saved(lambda file: feather.write_feather(FRAME, file, compression="zstd")))
    position = bytes(data).index(struct.pack("<q", 16))
    data[position : position + 8] = struct.pack("<q", 2**40)
    assert fault(tmp_path, "a.feather", bytes(data)).rule == "result-too-large"
    assert fault(tmp_path, "a.feather", b"ARROW1\0\0" + b"\xff" * 40).rule == "result-unreadable"
    assert "version 2" in fault(tmp_path, "a.feather", b"FEA1").message


def test_several_levels_of_names(tmp_path):
    frame = pd.DataFrame(
        [[0.5, 1.5, 2.0]],
        columns=pd.MultiIndex.from_tuples([("test", "top1"), ("test", "top5"), ("val", "top1")]),
        index=pd.MultiIndex.from_tuples([("clip", "b32")], names=["model", "size"]),
    )
    wanted = [
        ("", "", "test", "val"),
        ("model", "size", "top1", "top5", "top1"),
        ("clip", "b32", "0.5", "1.5", "2"),
    ]
    assert show(tmp_path, "a.parquet", saved(frame.to_parquet)) == wanted
    plain = frame.reset_index(drop=True)
    table = frame.to_csv().encode()
    # pandas writes the names of the row levels in a line of their own.
    lines = table.decode().splitlines()
    csv = "\n".join([lines[0], lines[1].replace(",,", "model,size,", 1), lines[3]]).encode()
    assert show(tmp_path, "a.csv", csv, header_rows=2) == wanted
    split = plain.to_json(orient="split").encode()
    assert show(tmp_path, "a.json", split)[0] == ("test", "val")
    assert show(tmp_path, "a.csv", csv, header_rows=2, columns="test top5=Five") == [
        ("Five",),
        ("1.5",),
    ]


def test_excel(tmp_path):
    rows = [
        ["id", "x", "day", "ok"],
        ["007", 0.5, datetime(2024, 2, 29), True],
        ["8", None, None, False],
    ]
    wanted = [
        ("id", "x", "day", "ok"),
        ("007", "0.5", "2024-02-29", "True"),
        ("8", "–", "–", "False"),
    ]
    assert show(tmp_path, "a.xlsx", workbook(*rows)) == wanted
    both = workbook(["y"], [1], Other=rows)
    assert show(tmp_path, "a.xlsx", both, element="Other") == wanted
    assert (
        "no sheet 'other'; it has 'Sheet', 'Other'"
        in fault(tmp_path, "a.xlsx", both, element="other").message
    )


def test_a_merged_cell_of_excel_names_the_columns_below_it(tmp_path):
    data = workbook(["run", "test", None], ["", "top1", "top5"], ["clip", 0.5, 1.5])
    assert show(tmp_path, "a.xlsx", data, header_rows=2) == [
        ("run", "test"),
        ("", "top1", "top5"),
        ("clip", "0.5", "1.5"),
    ]


def test_formulas_of_excel_are_not_computed(tmp_path):
    data = workbook(["x", "y"], [1, '=HYPERLINK("http://x.example","click")'], [2, "#DIV/0!"])
    assert show(tmp_path, "a.xlsx", data) == [("x", "y"), ("1", "–"), ("2", "–")]


def test_excel_files_that_lie(tmp_path):
    data = workbook(["x"], [1])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    path = "xl_S_worksheets_S_sheet1__xml"
    bomb = sheet.replace(b"<sheetData>", b"<sheetData>" + b" " * 20_000_000)
    assert fault(tmp_path, "a.xlsx", repacked(data, **{path: bomb})).rule == "result-too-large"
    kinds = b'<!DOCTYPE worksheet [<!ENTITY a "b">]>'
    for before in (b"", b" " * 5_000, b"<!-- " + b"x" * 5_000 + b" -->"):
        entity = before + kinds + sheet[sheet.index(b"<worksheet") :]
        found = fault(tmp_path, "a.xlsx", repacked(data, **{path: entity}))
        assert "not a workbook that Excel wrote" in found.message
    wide = sheet.replace(b'r="A1"', b'r="XFD1"')
    assert fault(tmp_path, "a.xlsx", repacked(data, **{path: wide})).rule == "result-too-large"
    far = sheet.replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"')
    assert show(tmp_path, "a.xlsx", repacked(data, **{path: far})) == [("x",), ("1",)]
    assert fault(tmp_path, "a.xlsx", b"PK\3\4").rule == "result-unreadable"


def test_arrays_of_numpy(tmp_path):
    def npy(values):
        return saved(lambda file: np.save(file, values))

    assert show(tmp_path, "a.npy", npy(np.array([0.5, np.nan]))) == [("value",), ("0.5",), ("–",)]
    assert show(tmp_path, "a.npy", npy(np.arange(4).reshape(2, 2))) == [
        ("1", "2"),
        ("0", "1"),
        ("2", "3"),
    ]
    records = np.array([("a", 0.5)], dtype=[("name", "U3"), ("x", "f8")])
    assert show(tmp_path, "a.npy", npy(records)) == [("name", "x"), ("a", "0.5")]
    assert show(tmp_path, "a.npy", npy(np.float64(0.25)))[1] == ("0.25",)
    archive = saved(lambda file: np.savez_compressed(file, a=np.arange(2), b=np.ones(3)))
    assert show(tmp_path, "a.npz", archive, element="a") == [("value",), ("0",), ("1",)]
    assert "has 2 arrays ('a', 'b')" in fault(tmp_path, "a.npz", archive).message
    assert "3 dimensions" in fault(tmp_path, "a.npy", npy(np.ones((2, 2, 2)))).message
    assert "complex" in fault(tmp_path, "a.npy", npy(np.ones(2, complex))).message


class Evil:
    def __reduce__(self):
        return (sys.exit, (7,))


def test_arrays_of_objects_are_not_unpickled(tmp_path):
    data = saved(lambda file: np.save(file, np.array([Evil()]), allow_pickle=True))
    found = fault(tmp_path, "a.npy", data)
    assert found.rule == "result-format" and "can run code" in found.message
    archive = saved(lambda file: np.savez(file, a=np.array([Evil()])))
    assert "can run code" in fault(tmp_path, "a.npz", archive).message
    # An object hidden inside of records.
    records = np.array([(Evil(),)], dtype=[("x", "O")])
    assert "can run code" in fault(tmp_path, "a.npy", saved(lambda f: np.save(f, records))).message


@pytest.fixture
def peak():
    """How many bytes Python has allocated since the test began."""
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


def test_arrays_that_lie_allocate_nothing(tmp_path, peak):
    def claims(shape):
        header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
        return b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header + bytes(80)

    assert show(tmp_path, "a.npy", claims("(10,)"))[1:] == [("0",)] * 10
    for shape in ("(11,)", "(1000000,)", "(1000000000000,)", "(1000000, 1000000)"):
        assert "cut off" in fault(tmp_path, "a.npy", claims(shape)).message
    assert fault(tmp_path, "a.npy", claims("(-1,)")).rule == "result-unreadable"
    assert peak() < 5_000_000
    bomb = saved(lambda file: np.savez_compressed(file, a=np.zeros(2_000_000)))
    assert fault(tmp_path, "a.npz", bomb).rule == "result-too-large"


def netcdf(folder, fill):
    with netcdf_file(folder / "made.nc", "w") as file:
        fill(file)
    return (folder / "made.nc").read_bytes()


def temperatures(file):
    file.createDimension("year", 2)
    file.createDimension("station", 2)
    file.createVariable("year", "i4", ("year",))[:] = [1990, 2020]
    file.createVariable("temperature", "f8", ("year", "station"))[:] = [[9.5, 10.25], [11, 12]]
    file.createVariable("mean", "f8", ("year",))[:] = [9.9, 11.5]


def test_netcdf(tmp_path):
    data = netcdf(tmp_path, temperatures)
    assert show(tmp_path, "a.nc", data, element="temperature") == [
        ("year", "1", "2"), ("1990", "9.5", "10.25"), ("2020", "11.0", "12.00"),
    ]  # fmt: skip
    assert show(tmp_path, "a.nc", data, element="mean") == [
        ("year", "value"),
        ("1990", "9.9"),
        ("2020", "11.5"),
    ]
    assert "has 2 arrays ('temperature', 'mean')" in fault(tmp_path, "a.nc", data).message
    assert "NETCDF3_CLASSIC" in fault(tmp_path, "a.nc", b"\x89HDF\r\n").message
    for end in (10, 100, len(data) - 60):
        assert fault(tmp_path, "a.nc", data[:end], element="mean").rule == "result-unreadable"


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [
        ("a.xlsx", "openpyxl", "excel"),
        ("a.nc", "scipy.io", "netcdf"),
        ("a.feather", "pyarrow", "parquet"),
    ],
)
def test_missing_extras(tmp_path, monkeypatch, name, module, extra):
    monkeypatch.setitem(sys.modules, module, None)
    found = fault(tmp_path, name, b"CDF\1")
    assert found.rule == "result-extra" and f"sphinx-mmbook[{extra}]" in found.message


def test_a_workbook_may_have_pictures(tmp_path):
    data = io.BytesIO(workbook(["x"], [1]))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("xl/media/image1.png", b"\x89PNG\r\n\x1a\n")
    assert show(tmp_path, "a.xlsx", data.getvalue()) == [("x",), ("1",)]
