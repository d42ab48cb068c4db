"""The one way in: formats, limits, files that are refused."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal

import pandas as pd
import pytest

from sphinx_mmbook.core.finding import BookError, Location
from sphinx_mmbook.core.results.cache import ResultCache
from sphinx_mmbook.core.results.cache import show_table as show
from sphinx_mmbook.core.results.request import EXECUTABLE, Request, read_table

AT = Location("chapters/a/index.md", 7)


def show_table(asked, options):
    return show(asked, options, ResultCache())


def request(folder, name, data=None, **more):
    if data is not None:
        (folder / name).write_bytes(data)
    return Request(folder / name, f"results/{name}", AT, **more)


def finding(asked, **options):
    with pytest.raises(BookError) as caught:
        show_table(asked, options)
    return caught.value.finding


def parquet(frame):
    buffer = io.BytesIO()
    frame.to_parquet(buffer)
    return buffer.getvalue()


def test_a_finding_names_file_place_and_repair(tmp_path):
    found = finding(request(tmp_path, "a.csv", b""))
    assert found.location == AT and found.rule == "result-format"
    assert found.message == "'results/a.csv' is empty; store the result again"


@pytest.mark.parametrize("suffix", sorted(EXECUTABLE))
def test_what_can_run_code_is_not_opened(tmp_path, suffix):
    # The file is not even there: nobody may look into it.
    found = finding(request(tmp_path, f"model{suffix}"))
    assert found.rule == "result-format"
    assert "can run code" in found.message and "to_csv" in found.message


def test_a_pickle_by_another_name_runs_nothing(tmp_path):
    payload = b"cbuiltins\nexec\n(S'raise SystemExit(7)'\ntR."
    for name in ("a.csv", "a.json", "a.rds", "a.parquet", "a.tsv"):
        try:
            read_table(request(tmp_path, name, payload))
        except BookError:
            continue


@pytest.mark.parametrize("name", ["a.xls", "a", "a.txt", "a.csv.gz"])
def test_other_formats_name_those_that_are_read(tmp_path, name):
    found = finding(request(tmp_path, name, b"x"))
    assert found.rule == "result-format" and ".csv, .tsv, .json" in found.message


def test_suffixes_in_upper_case(tmp_path):
    assert show_table(request(tmp_path, "A.CSV", b"x\n1"), {}).rows == (("1",),)


def test_size_limit(tmp_path):
    assert read_table(request(tmp_path, "a.csv", b"x\n123", max_bytes=5)).shape == (1, 1)
    found = finding(request(tmp_path, "a.csv", b"x\n1234", max_bytes=5))
    assert found.rule == "result-too-large" and "mmbook_result_max_bytes" in found.message


def test_rows_that_no_page_shows(tmp_path):
    found = finding(request(tmp_path, "a.csv", b"x\n" + b"1\n" * 200_000))
    assert found.rule == "result-too-large" and "200,000 rows" in found.message


def test_a_file_that_cannot_be_opened(tmp_path):
    (tmp_path / "a.csv").mkdir()
    assert finding(request(tmp_path, "a.csv")).rule == "result-unreadable"


def test_parquet(tmp_path):
    frame = pd.DataFrame(
        {
            "id": ["007", None],
            "n": pd.array([2**60 + 1, None], dtype="Int64"),
            "x": [0.25, float("nan")],
            "d": [Decimal("1.10"), Decimal("-2.25")],
            "ok": [True, False],
            "t": [datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, 12, 30, tzinfo=UTC)],
            "c": pd.Categorical(["b", "a"]),
        },
        index=pd.Index(["first", "second"], name=None),
    )
    table = show_table(request(tmp_path, "a.parquet", parquet(frame)), {})
    assert table.header == ("", "id", "n", "x", "d", "ok", "t", "c")
    assert table.rows == (
        (
            "first",
            "007",
            "1152921504606846977",
            "0.25",
            "1.10",
            "True",
            "2024-01-01 00:00+00:00",
            "b",
        ),
        ("second", "–", "–", "–", "-2.25", "False", "2024-01-01 12:30+00:00", "a"),
    )


@pytest.mark.parametrize("values", [[[1], [2]], [{"a": 1}, {"a": 2}]])
def test_parquet_with_nested_cells(tmp_path, values):
    found = finding(request(tmp_path, "a.parquet", parquet(pd.DataFrame({"x": values}))))
    assert found.rule == "result-format" and "column 'x'" in found.message


def test_parquet_with_bytes(tmp_path):
    found = finding(request(tmp_path, "a.parquet", parquet(pd.DataFrame({"x": [b"\0"]}))))
    assert found.rule == "result-format" and "column 'x'" in found.message


@pytest.mark.parametrize(("rows", "says"), [(6_000_000, "rows"), (3_000_000, "bytes of data")])
def test_parquet_bombs(tmp_path, rows, says):
    data = parquet(pd.DataFrame({"x": pd.Series(0, index=range(rows), dtype="int64")}))
    assert len(data) < 100_000
    found = finding(request(tmp_path, "a.parquet", data))
    assert found.rule == "result-too-large" and says in found.message


def test_a_lying_parquet_footer(tmp_path):
    data = bytearray(parquet(pd.DataFrame({"x": range(100)})))
    data[-8:-4] = (0x7FFFFFFF).to_bytes(4, "little")
    assert finding(request(tmp_path, "a.parquet", bytes(data))).rule == "result-unreadable"


def test_missing_parquet_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    found = finding(request(tmp_path, "a.parquet", b""))
    assert found.rule == "result-extra"
    assert found.message.endswith('pip install "sphinx-mmbook[parquet]"')


def test_importing_the_readers_imports_no_library():
    code = (
        "import sys, sphinx_mmbook.core.results.cache\n"
        "bad = {'pandas', 'numpy', 'pyarrow', 'rdata', 'scipy', 'sphinx', 'docutils'}\n"
        "sys.exit(', '.join(bad & set(sys.modules)) or 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
