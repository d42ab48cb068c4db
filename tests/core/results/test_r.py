"""R's files, made by R itself: ``tests/fixtures/r/make.R``."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import struct
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from sphinx_mmbook.core.finding import BookError, Location
from sphinx_mmbook.core.results.fitted_model import read_model
from sphinx_mmbook.core.results.readers.r.container import choose, read_objects, unpack
from sphinx_mmbook.core.results.readers.r.models import coefficients, fit_of
from sphinx_mmbook.core.results.readers.r.objects import RValue
from sphinx_mmbook.core.results.readers.r.serialization import MAX_DEPTH, MAX_OBJECTS
from sphinx_mmbook.core.results.readers.r.stream import NA
from sphinx_mmbook.core.results.readers.r.tables import names_of, to_frame
from sphinx_mmbook.core.results.request import Request, read_table
from sphinx_mmbook.core.results.tables.layout import Layout, parse_layout
from sphinx_mmbook.core.results.tables.table_text import format_table
from sphinx_mmbook.core.results.value_lookup import RowIndex, parse_reference, value_text
from sphinx_mmbook.core.results.values.fault import ResultFault
from sphinx_mmbook.core.results.values.frames import column, frame

FOLDER = Path(__file__).parents[2] / "fixtures" / "r"
EXPECTED = json.loads((FOLDER / "expected.json").read_text("utf-8"))
FITS = json.loads((FOLDER / "fits.json").read_text("utf-8"))


def read(name, element="", folder=FOLDER, **limits):
    return read_table(Request(folder / name, name, Location("a.md", 3), element, **limits))


def shown(frame, layout=None):
    table = format_table(frame, layout or Layout())
    return [table.header, *table.rows]


@pytest.mark.parametrize("name", EXPECTED)
def test_models_as_r_summarises_them(name):
    model = choose(read_objects((FOLDER / f"{name}.rds").read_bytes(), 10**7), "")
    frame = coefficients(model)
    assert name == "aov" or read(f"{name}.rds").equals(frame)
    rows = dict(EXPECTED[name])
    assert list(frame.columns) == ["", *rows.pop("")]
    assert frame[""].tolist() == list(rows)
    for row, values in zip(frame.itertuples(index=False), rows.values(), strict=True):
        numbers = [float("nan") if value is None else value for value in values]
        assert list(row)[1:] == pytest.approx(numbers, rel=1e-9, abs=0, nan_ok=True)


@pytest.mark.parametrize("name", sorted(set(FITS) - {"lm-exact"}))
def test_goodness_of_fit_as_r_computes_it(name):
    model = choose(read_objects((FOLDER / f"{name}.rds").read_bytes(), 10**7), "")
    found = fit_of(model)
    assert list(found) == list(FITS[name])
    for key, value in FITS[name].items():
        assert found[key] == (None if value is None else pytest.approx(value, rel=1e-9, abs=1e-12))


def test_a_fit_without_freedom_has_no_statistics():
    fit = fit_of(choose(read_objects((FOLDER / "lm-exact.rds").read_bytes(), 10**7), ""))
    assert (fit["nobs"], fit["adj.r.squared"], fit["df.residual"]) == (2, None, 0)


def test_an_undetermined_term_is_shown_as_missing():
    assert shown(read("lm-aliased.rds"))[3] == ("twice", "–", "–", "–", "–")


@pytest.mark.parametrize(
    "name",
    [
        "frame",
        "frame-v3",
        "frame-ascii",
        "frame-xz",
        "frame-bzip2",
        "frame-plain",
        "frame-hex",
        "frame-native",
    ],
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


def test_numbers_that_r_has_not_yet_made_strings():
    texts = ["1", "0.1", "1e+05", "123456", "1e-20", "0.333333333333333", "-2.5e+10", "–", "Inf"]
    assert [row[0] for row in shown(read("frame-deferred.rds"))[1:]] == texts


@pytest.mark.parametrize("name", ["workspace.RData", "workspace-ascii.RData"])
def test_what_makes_no_table_is_read_past(name):
    assert shown(read(name, "numbers"))[0] == ("", "x", "y", "z")
    with pytest.raises(BookError, match="class 'Thing'"):
        read(name, "thing")


def test_elements_of_lists():
    assert shown(read("elements.rds", "scores")) == shown(read("frame.rds"))
    assert shown(read("elements.rds", "best")) == [("value",), ("0.5",)]
    assert shown(read("elements.rds", "model"))[0][1] == "Estimate"
    with pytest.raises(BookError, match="a list of 'scores', 'model', 'best'; choose one"):
        read("elements.rds")
    with pytest.raises(BookError, match="no object 'worst'; it has 'scores'"):
        read("elements.rds", "worst")
    with pytest.raises(BookError, match="no element 'x'; leave"):
        read("elements.rds", "best$x")


def test_tables_and_factors():
    assert shown(read("table-one.rds")) == [("cyl", "value"), ("4", "11"), ("6", "7"), ("8", "14")]
    table = format_table(read("table-two.rds"), parse_layout({}))
    assert [[cell.text for cell in row] for row in table.head] == [
        ["", "gear"],
        ["cyl", "3", "4", "5"],
    ]
    assert table.rows[0] == ("4", "1", "8", "2")
    index = RowIndex(read("table-two.rds"))
    for keys in ("4,4", "4,gear 4"):  # a level alone is enough
        assert value_text(index, parse_reference(f"a.rds#{keys}")) == "8"


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("months", [("time", "value"), ("1949-11", "112"), ("1949-12", "118"), ("1950-01", "132")]),
        ("quarters", [("time", "value"), ("2020 Q4", "1.5"), ("2021 Q1", "2.5")]),
        ("years", [("time", "value"), ("1999", "1"), ("2000", "2"), ("2001", "3")]),
        ("between", [("time", "value"), ("1965.10", "1.5"), ("1965.35", "2.5")]),  # R says so, too
        ("two", [("time", "a", "b"), ("1949-12", "1", "3"), ("1950-01", "2", "4")]),
    ],
)
def test_a_time_series_says_its_times(name, rows):
    assert shown(read(f"series-{name}.rds")) == rows


def test_differences_in_time_say_their_unit():
    assert shown(read("difference.rds")) == [("value (mins)",), ("5.0",), ("90.5",)]
    frame = read("difference-frame.rds")
    assert shown(frame) == [("run", "took (mins)"), ("1", "5.0"), ("2", "90.5")]
    assert value_text(RowIndex(frame), parse_reference("a.rds#2,took")) == "90.5"


def test_an_analysis_of_variance_is_shown_as_r_calls_it():
    assert shown(read("anova.rds")) == [
        ("", "Df", "Sum Sq", "Mean Sq", "F value", "Pr(>F)"),
        ("wt", "1", "847.73", "847.73", "126.04", "<0.001"),
        ("hp", "1", "83.27", "83.27", "12.38", "0.001"),
        ("Residuals", "29", "195.05", "6.73", "–", "–"),
    ]


def test_an_aov_object_is_shown_as_its_summary():
    rows = shown(read("aov.rds"))
    assert rows[0] == ("", "Df", "Sum Sq", "Mean Sq", "F value", "Pr(>F)")
    assert rows[1] == ("block", "5", "343.30", "68.66", "4.45", "0.016")
    assert rows[2] == ("N", "1", "189.28", "189.28", "12.26", "0.004")
    assert rows[-1] == ("Residuals", "12", "185.29", "15.44", "–", "–")
    # Digits of R's summary(aov(yield ~ block + N * P * K, npk)).
    table = read("aov.rds")
    assert table.iloc[0].tolist()[1:] == pytest.approx(
        [5, 343.295, 68.659, 4.4466664268, 0.0159387902082], rel=1e-9
    )
    models = read_model(Request(FOLDER / "aov.rds", "aov.rds", Location("a.md")), table)
    assert "(Intercept)" in models.terms  # side by side with others it is its coefficients


def test_the_limits_of_one_interval_have_the_same_digits():
    assert shown(read("confint.rds")) == [
        ("", "2.5 %", "97.5 %"),
        ("(Intercept)", "33.96", "40.50"),
        ("wt", "-5.17", "-2.58"),
        ("hp", "-0.05", "-0.01"),
    ]
    limits = frame(["low", "x", "high"], [column([0.5, 1.0]), column([1, 2]), column([10.25, 2.0])])
    assert shown(limits) == [("low", "x", "high"), ("0.50", "1", "10.25"), ("1.00", "2", "2.00")]


def test_a_list_of_names_and_values_formats_each_for_itself():
    names = ["nobs", "r.squared", "AIC", "p.value"]
    values = frame(["", "value"], [column(names), column([100.0, 0.7783, 1234.5678, 1e-20])])
    assert [row[1] for row in shown(values)[1:]] == ["100", "0.7783", "1234.57", "<0.001"]
    fixed = shown(values, parse_layout({"digits": "1"}))
    assert [row[1] for row in fixed[1:]] == ["100", "0.8", "1234.6", "<0.001"]
    assert shown(read("factor.rds")) == [("value",), ("b",), ("a",), ("b",)]


def test_other_encodings():
    assert shown(read("latin1.rds"))[1:] == [("Müller",), ("Ã¼",)]


def test_matrices_and_named_vectors():
    names = [("", "x", "y", "z"), ("a", "1", "3", "5.0"), ("b", "2", "4", "-6.5")]
    assert shown(read("matrix.rds")) == names
    assert shown(read("one.RData")) == names
    assert shown(read("several.Rda", "numbers")) == names
    assert shown(read("matrix-no-names.rds"))[0] == ("V1", "V2", "V3")
    assert shown(read("vector.rds")) == [("", "value"), ("accuracy", "0.5"), ("f1", "0.25")]


@pytest.mark.parametrize(
    ("name", "element", "says"),
    [
        ("several.Rda", "", "has 2 objects ('table', 'numbers'); choose one with ':element:'"),
        ("several.Rda", "number", "has no object 'number'; it has 'table', 'numbers'"),
        ("function.rds", "", "a function, which makes no table"),
        ("list.rds", "", "a list of 'a', 'b'; choose one"),
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


def test_a_workspace_without_objects_says_so():
    with pytest.raises(ResultFault, match="holds no object; store the result again"):
        choose({}, "")


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_bombs_are_not_unpacked(compress, tmp_path):
    (tmp_path / "bomb.rds").write_bytes(compress(b"X\n" + bytes(20_000_000)))
    with pytest.raises(BookError, match="unpacks to more than") as caught:
        read("bomb.rds", folder=tmp_path)
    assert caught.value.finding.rule == "result-too-large"
    assert "or raise 'mmbook_result_max_bytes' in conf.py" in caught.value.finding.message


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


def broken(folder, data):
    (folder / "a.rds").write_bytes(data)
    with pytest.raises(BookError) as caught:
        read("a.rds", folder=folder)
    return caught.value.finding


def test_deep_nesting(tmp_path):
    def nested(depth):
        return _item(19, struct.pack(">i", 1) + b"\0\0\0\x13\0\0\0\1" * depth + b"\0\0\0\xfe")

    assert "nested too deeply" in broken(tmp_path, nested(MAX_DEPTH)).message
    assert "makes no table" in broken(tmp_path, nested(MAX_DEPTH - 10)).message


def test_too_many_parts(tmp_path):
    count = MAX_OBJECTS + 1
    data = _item(19, struct.pack(">i", count) + b"\0\0\0\xfe" * count)
    assert broken(tmp_path, data).rule == "result-too-large"


@pytest.fixture
def peak():
    """How many bytes Python has allocated since the test began."""
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


@pytest.mark.parametrize("kind", [10, 13, 14, 15, 16, 19, 20, 24, 9, 8])
@pytest.mark.parametrize("length", [2**31 - 1, -2, -(2**31)])
def test_lengths_that_lie_allocate_nothing(tmp_path, peak, kind, length):
    found = broken(tmp_path, _item(kind, struct.pack(">i", length) + bytes(100)))
    assert peak() < 12_000_000  # ten of them for the file
    assert found.rule == "result-unreadable"


@pytest.mark.parametrize(
    ("kind", "says"), [(99, "unknown type 99"), (0x1FF, "refers to what"), (18, "unknown type 18")]
)
def test_objects_that_are_none(tmp_path, kind, says):
    assert says in broken(tmp_path, _item(kind, bytes(8))).message


def test_formats_of_the_future(tmp_path):
    assert "format 4" in broken(tmp_path, b"X\n" + struct.pack(">iii", 4, 0, 0)).message


@pytest.mark.parametrize(
    "data",
    [b"", b"no R", b"\x1f\x8b", b"RDX3\n", gzip.compress(gzip.compress(b"X", mtime=0), mtime=0)],
)  # without the time, which would name the test: each of two processes collects its own
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
    monkeypatch.setitem(sys.modules, "scipy.special", None)
    with pytest.raises(BookError, match=r'pip install "sphinx-mmbook\[r\]"') as caught:
        read("lm-iris.rds")
    assert caught.value.finding.rule == "result-extra"
    assert shown(read("matrix.rds"))  # needs nothing


def test_signs_that_r_writes_with_a_backslash_are_read_in_files_of_text():
    text = rb"a\nb\t\"c\"\\d\303\244\?"
    length = len('a\nb\t"c"\\dä?'.encode())
    # saveRDS("…", ascii = TRUE): a vector of one text, in version 2 of the format.
    data = b"A\n2\n263168\n131840\n16\n1\n262153\n%d\n%s\n" % (length, text)
    assert choose(read_objects(data, 10**7), "").data == ['a\nb\t"c"\\dä?']


def test_rows_are_called_by_the_words_of_a_factor_also_where_some_are_missing():
    def text(*words):
        return RValue("STR", list(words))

    words = {"class": text("factor"), "levels": text("clip", "vit")}
    factor = RValue("INT", np.array([2, NA, 1], dtype=np.int32), words)
    table = RValue("VEC", [factor], {"class": text("data.frame"), "names": text("model")})
    assert names_of(table) == (["model"], ["vit", "", "clip"])


def test_an_empty_vector_is_read_in_files_of_text():
    assert choose(read_objects(b"A\n2\n263168\n131840\n14\n0\n", 10**7), "").values() == []
    with pytest.raises(ResultFault, match="cut off"):
        read_objects(b"A\n2\n263168\n131840\n14\n-2\n", 10**7)


def test_columns_of_a_time_series_without_names_are_called_as_r_prints_them():
    def numbers(*values):
        return RValue("REAL", np.array(values, dtype=float))

    about = {"dim": RValue("INT", np.array([2, 2], dtype=np.int32)), "tsp": numbers(2001, 2002, 1)}
    shown = to_frame(RValue("REAL", np.array([1.0, 2.0, 3.0, 4.0]), about))
    assert list(shown.columns) == ["time", "V1", "V2"]
    assert shown["V2"].tolist() == [3, 4]
