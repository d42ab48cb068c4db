"""R's files, made by R itself: ``tests/fixtures/r/make.R``."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import struct
from pathlib import Path

import pytest

from sphinx_mmbook.core.finding import BookError, Location
from sphinx_mmbook.core.results.fault import ResultFault
from sphinx_mmbook.core.results.layout import Layout
from sphinx_mmbook.core.results.read import Request, read_table
from sphinx_mmbook.core.results.rfile import unpack
from sphinx_mmbook.core.results.table import format_table

FOLDER = Path(__file__).parents[1] / "fixtures" / "r"
EXPECTED = json.loads((FOLDER / "expected.json").read_text("utf-8"))


def read(name, element="", folder=FOLDER, **limits):
    return read_table(Request(folder / name, name, Location("a.md", 3), element, **limits))


def shown(frame, layout=None):
    table = format_table(frame, layout or Layout())
    return [table.header, *table.rows]


#: Objects that hold a promise nobody has kept yet, R's type 252, which rdata 1.1 does not know.
UNREAD = pytest.mark.xfail(reason="rdata knows no UNBOUNDVALUE", raises=BookError, strict=True)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[UNREAD] * name.startswith("glm")) for name in EXPECTED]
)
def test_models_as_r_summarises_them(name):
    frame = read(f"{name}.rds")
    rows = dict(EXPECTED[name])
    assert list(frame.columns) == ["", *rows.pop("")]
    assert frame[""].tolist() == list(rows)
    for row, values in zip(frame.itertuples(index=False), rows.values(), strict=True):
        numbers = [float("nan") if value is None else value for value in values]
        assert list(row)[1:] == pytest.approx(numbers, rel=1e-9, abs=0, nan_ok=True)


def test_an_undetermined_term_is_shown_as_missing():
    assert shown(read("lm-aliased.rds"))[3] == ("twice", "–", "–", "–", "–")


@pytest.mark.parametrize(
    "name",
    ["frame", "frame-v3", "frame-ascii", "frame-xz", "frame-bzip2", "frame-plain"],
)
def test_data_frame(name):
    assert shown(read(f"{name}.rds")) == [
        ("", "id", "count", "share", "group", "good", "day", "time", "text"),
        ("first", "01013500", "1", "0.5", "b", "True", "2024-02-29",
         "1970-01-01 01:00:00.000+01:00", "zürich"),
        ("second", "00042", "–", "–", "a", "False", "–", "1970-01-01 02:00:00.500+01:00", "a,b"),
        ("third", "7", "3", "–", "–", "–", "1969-12-31", "–", "–"),
    ]  # fmt: skip


def test_factors_keep_the_order_of_their_levels():
    assert list(read("frame.rds")["group"].cat.categories) == ["b", "a"]


def test_automatic_row_names_are_not_shown():
    assert shown(read("frame-no-rows.rds")) == [("x",), ("1.5",), ("2.5",)]


def test_compact_vectors():
    frame = read("frame-compact.rds")
    assert frame["n"].tolist() == list(range(1, 1001))
    assert frame["s"].tolist() == [str(number) for number in range(1, 1001)]


def test_other_encodings():
    assert shown(read("latin1.rds"))[1] == ("Müller",)


def test_matrices_and_named_vectors():
    names = [("", "x", "y", "z"), ("a", "1", "3", "5.0"), ("b", "2", "4", "-6.5")]
    assert shown(read("matrix.rds")) == names
    assert shown(read("one.RData")) == names
    assert shown(read("several.Rda", "numbers")) == names
    assert shown(read("matrix-no-names.rds"))[0] == ("V1", "V2", "V3")
    assert shown(read("vector.rds")) == [("", "value"), ("accuracy", "0.50"), ("f1", "0.25")]


@pytest.mark.parametrize(
    ("name", "element", "says"),
    [
        ("several.Rda", "", "has 2 objects ('table', 'numbers'); choose one with ':element:'"),
        ("several.Rda", "number", "has no object 'number'; it has 'table', 'numbers'"),
        ("function.rds", "", "no table"),
        ("list.rds", "", "no table"),
        ("array.rds", "", "3 dimensions"),
        ("frame-nested.rds", "", "column 'b'"),
        ("mlm.rds", "", "class 'mlm'"),
        ("rlm.rds", "", "class 'rlm'"),
    ],
)
def test_what_makes_no_table(name, element, says):
    with pytest.raises(BookError) as caught:
        read(name, element)
    assert says in caught.value.finding.message
    assert caught.value.finding.rule == "result-format"


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_bombs_are_not_unpacked(compress, tmp_path):
    (tmp_path / "bomb.rds").write_bytes(compress(b"X\n" + bytes(20_000_000)))
    with pytest.raises(BookError, match="unpacks to more than") as caught:
        read("bomb.rds", folder=tmp_path)
    assert caught.value.finding.rule == "result-too-large"


def test_members_one_after_another_count_together():
    data = gzip.compress(b"a" * 60) + gzip.compress(b"b" * 60)
    assert unpack(data, 120) == b"a" * 60 + b"b" * 60
    with pytest.raises(ResultFault, match="more than 119 bytes"):
        unpack(data, 119)


def _item(kind, payload):
    header = struct.pack(">iii", 3, 0x40202, 0x30500) + struct.pack(">i", 5) + b"UTF-8"
    return b"X\n" + header + struct.pack(">i", kind) + payload


def _compact(length):
    symbol = struct.pack(">ii", 1, 0x40009) + struct.pack(">i", 14) + b"compact_intseq"
    end = struct.pack(">i", 254)
    state = struct.pack(">ii", 14, 3) + struct.pack(">ddd", length, 1, 1)
    return _item(238, struct.pack(">i", 2) + symbol + end + state + end)


@pytest.mark.parametrize("length", [1e12, float("inf"), -1.0])
def test_compact_vectors_are_not_expanded_without_end(length, tmp_path):
    (tmp_path / "seq.rds").write_bytes(_compact(length))
    with pytest.raises(BookError) as caught:
        read("seq.rds", folder=tmp_path)
    assert caught.value.finding.rule == "result-too-large"


def test_deep_nesting(tmp_path):
    (tmp_path / "deep.rds").write_bytes(
        _item(19, struct.pack(">i", 1) + b"\0\0\0\x13\0\0\0\1" * 9_999)
    )
    with pytest.raises(BookError) as caught:
        read("deep.rds", folder=tmp_path)
    assert caught.value.finding.rule == "result-unreadable"


@pytest.mark.parametrize(
    "data", [b"", b"no R", b"\x1f\x8b", b"RDX3\n", gzip.compress(gzip.compress(b"X"))]
)
def test_broken_files(data, tmp_path):
    (tmp_path / "broken.Rda").write_bytes(data)
    with pytest.raises(BookError) as caught:
        read("broken.Rda", folder=tmp_path)
    assert caught.value.finding.rule == "result-unreadable"


@pytest.mark.parametrize("name", ["matrix.rds", "lm-iris.rds", "several.Rda"])
def test_files_that_are_cut_off(name, tmp_path):
    data = (FOLDER / name).read_bytes()
    for part in (0.2, 0.5, 0.9, 0.99):
        (tmp_path / name).write_bytes(data[: int(len(data) * part)])
        with pytest.raises(BookError):
            read(name, "numbers", folder=tmp_path)


def test_missing_extra(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "rdata.parser", None)
    with pytest.raises(BookError, match=r'pip install "sphinx-mmbook\[r\]"') as caught:
        read("matrix.rds")
    assert caught.value.finding.rule == "result-extra"
