"""Any bytes under any name: a table or one finding, nothing else."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import feather

from sphinx_mmbook.core.finding import BookError, Location
from sphinx_mmbook.core.results.cache import ResultCache, show_table
from sphinx_mmbook.core.results.request import READERS, Request

FIXTURES = Path(__file__).parents[2] / "fixtures" / "r"
SOUND = [
    (FIXTURES / name).read_bytes() for name in ("frame-plain.rds", "frame-ascii.rds", "several.Rda")
]
SOUND += [
    gzip.decompress((FIXTURES / name).read_bytes())
    for name in ("matrix.rds", "lm-exact.rds", "glm-counts.rds", "workspace.RData")
]
TABLE = pa.table({"id": ["007", None] * 9, "x": [0.5, None] * 9, "n": range(18)})
FEATHERS = [
    (feather.write_feather(TABLE, sink := io.BytesIO(), compression=name), sink.getvalue())[1]
    for name in ("uncompressed", "lz4", "zstd")
]
RULES = {"result-format", "result-unreadable", "result-too-large", "result-option"}
TEXT = st.text(alphabet=st.sampled_from(list('ab,;\t"\n\r 01.-eNA=\u202e\ud800{}[]:'))).map(
    lambda text: text.encode("utf-8", "surrogatepass")
)


@st.composite
def damaged(draw):
    """A sound file of R with some bytes changed."""
    data = bytearray(draw(st.sampled_from(SOUND)))
    for position in draw(st.lists(st.integers(0, len(data) - 1), min_size=1, max_size=8)):
        data[position] = draw(st.integers(0, 255))
    return bytes(data)


OPTIONS = st.sampled_from([
    {}, {}, {"sort": "-#1"}, {"where": "`#1` > 0 or `#1` is missing"}, {"where": '`#1` < "b"'},
    {"percent": "#1", "best": "#1", "align": "d"}, {"transpose": ""}, {"group-by": "#1"},
    {"significant": "2", "thousands": ""}, {"rows": "1-2"}, {"stars": ""},
])  # fmt: skip


def check(folder, suffix, data, options=None):
    path = folder / f"a{suffix}"
    path.write_bytes(data)
    try:
        table = show_table(
            Request(path, path.name, Location("a.md", 1), "table", 100_000), {}, ResultCache()
        )
    except BookError as error:
        assert error.finding.rule in RULES
        assert len(error.finding.message) < 500 and "\n" not in error.finding.message
    else:
        for row in (*table.head, *table.body):
            assert sum(cell.width for cell in row) == len(table.align)
        "".join(cell for row in table.rows for cell in row).encode()


@pytest.mark.parametrize("suffix", READERS)
@given(data=st.binary() | TEXT, options=OPTIONS)
def test_any_bytes(tmp_path, suffix, data, options):
    check(tmp_path, suffix, data, options)


@given(data=TEXT, options=OPTIONS)
def test_large_text_files(tmp_path, data, options):
    check(tmp_path, ".csv", data + b"\n" * 100_000, options)


@given(data=damaged())
def test_damaged_files_of_r(tmp_path, data):
    check(tmp_path, ".rds", data)


@given(data=st.binary())
def test_any_bytes_that_begin_as_files_of_r(tmp_path, data):
    header = b"X\n\0\0\0\2\0\4\2\2\0\2\3\0"
    check(tmp_path, ".rds", header + data)
    check(tmp_path, ".rda", gzip.compress(b"RDX2\n" + header + data))


@st.composite
def damaged_arrow(draw):
    """A sound Feather file with some bytes changed."""
    data = bytearray(draw(st.sampled_from(FEATHERS)))
    for position in draw(st.lists(st.integers(0, len(data) - 1), min_size=1, max_size=6)):
        data[position] = draw(st.integers(0, 255))
    return bytes(data)


@given(data=damaged_arrow())
def test_damaged_feather_files(tmp_path, data):
    check(tmp_path, ".feather", data)
