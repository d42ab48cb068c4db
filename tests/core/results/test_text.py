"""CSV and TSV: dialects, identifiers, missing values."""

from __future__ import annotations

import pytest

from sphinx_mmbook.core.results.readers.csv_text import read_text
from sphinx_mmbook.core.results.tables.layout import Layout
from sphinx_mmbook.core.results.tables.table_text import format_table
from sphinx_mmbook.core.results.values.fault import ResultFault


def cells(text, layout=None, **options):
    data = text if isinstance(text, bytes) else text.encode()
    table = format_table(read_text(data, **options), layout or Layout())
    return [table.header, *table.rows]


def test_identifiers_keep_their_leading_zeros():
    assert cells("gauge,flow\n01013500,1.5\n12345678,2.5\n")[1:] == [
        ("01013500", "1.5"),
        ("12345678", "2.5"),
    ]


@pytest.mark.parametrize("cell", ["+4989123", "007", "1_000", "0x10", "1e", "-", "12:30", "١٢"])
def test_what_is_no_number_stays_text(cell):
    frame = read_text(f"x\n{cell}\n".encode())
    assert frame.iloc[:, 0].tolist() == [cell]


@pytest.mark.parametrize(
    ("cell", "number"),
    [("0", 0), ("-7", -7), ("0.5", 0.5), (".5", 0.5), ("5.", 5.0), ("1e-3", 0.001), ("-0", 0)],
)
def test_numbers(cell, number):
    value = read_text(f"x\n{cell}\n".encode()).iloc[0, 0]
    assert value == number and isinstance(value, float) == isinstance(number, float)


def test_very_large_integers_stay_exact():
    assert cells("n,m\n9007199254740993,123456789012345678901234567890\n,5\n")[1:] == [
        ("9007199254740993", "123456789012345678901234567890"),
        ("–", "5"),
    ]


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_dialects(bom, end, separator):
    rows = [["name", "x"], ['"a b"', "1.5"], ['"say ""hi"""', "2"]]
    text = end.join(separator.join(row) for row in rows)
    assert cells(bom + text.encode()) == [("name", "x"), ("a b", "1.5"), ('say "hi"', "2.0")]


def test_decimal_comma_between_semicolons():
    assert cells("a;b\n1,5;-2\n1000,25;3\n") == [("a", "b"), ("1.50", "-2"), ("1000.25", "3")]
    assert cells("a;b\n1,5;1e3\n2,5;2e3\n")[1:] == [("1.5", "1000"), ("2.5", "2000")]


def test_a_point_anywhere_makes_commas_text():
    assert cells("a;b\n1,5;2.5\n")[1] == ("1,5", "2.5")


def test_decimal_comma_needs_another_separator():
    assert cells('a,b\n"1,5",2\n')[1] == ("1,5", "2")


def test_separator_inside_quotes_does_not_count():
    assert cells('a;b\n"x,y,z";1\n"u,v,w";2\n')[0] == ("a", "b")


def test_quoted_cells_over_several_lines():
    assert cells('"a\nname",b\n"two\r\nlines",1\n') == [("a name", "b"), ("two  lines", "1")]


def test_missing_values_in_numbers_and_in_words():
    assert cells("x,word\n1.5,None\nNA,NA\n,\nNaN,null\n")[1:] == [
        ("1.5", "None"),
        ("–", "–"),
        ("–", ""),
        ("–", "null"),
    ]


def test_a_column_without_any_value_is_no_number():
    table = format_table(read_text(b"a,b\n1,\n2,NA\n"), Layout())
    assert table.align == ("right", "left") and table.rows == (("1", ""), ("2", "–"))


def test_a_column_of_empty_cells_has_no_values():
    table = read_text(b"a,b\n1,\n2, \n")
    assert table["b"].isna().all()


def test_row_names_as_r_writes_them():
    csv = cells('"","x"\n"first",1\n"second",2\n')
    table = cells('"x" "y"\n"first" 1 2\n'.replace(" ", "\t"), separators="\t")
    assert csv == [("", "x"), ("first", "1"), ("second", "2")]
    assert table == [("", "x", "y"), ("first", "1", "2")]


def test_one_column_and_blank_lines():
    assert cells("\nx\n\n1\n\n2\n\n") == [("x",), ("1",), ("2",)]


def test_only_a_header():
    assert cells("a,b\n") == [("a", "b")]


def test_columns_of_one_name():
    assert cells("a,a\n1,2\n") == [("a", "a"), ("1", "2")]


def test_a_short_record_has_no_text_at_its_end():
    assert cells("a,b\nx,1\ny\n")[1:] == [("x", "1"), ("y", "–")]


def test_formulas_and_html_are_text():
    assert cells('a,b\n"=HYPERLINK(""x"")",<b>\n')[1] == ('=HYPERLINK("x")', "<b>")


@pytest.mark.parametrize(
    ("data", "rule", "says"),
    [
        (b"", "result-format", "is empty"),
        (b" \n\n", "result-format", "is empty"),
        ("a\nMüller\n".encode("latin-1"), "result-unreadable", "UTF-8"),
        (b"a\xff,\n", "result-unreadable", "UTF-8"),
        (b"a,b\n\0,1\n", "result-unreadable", "not text"),
        (b'a,b\n"x,1\n', "result-unreadable", "not a CSV"),
        (b"a,b\n1,2\n1,2,3\n", "result-unreadable", "3"),
        (b"a,b\n1,2,3,4\n", "result-unreadable", "2 names above 4 columns"),
        (b"," * 3_000 + b"\n1", "result-too-large", "3,001 columns"),
        (b"," * 1_000 + b"\n" + b"x\n" * 6_000, "result-too-large", "store a summary"),
    ],
)
def test_faults(data, rule, says):
    with pytest.raises(ResultFault, match=says) as caught:
        read_text(data)
    assert caught.value.rule == rule


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_byte_order_marks(encoding):
    frame = read_text("größe,x\nä,1\n".encode(encoding))
    assert list(frame.columns) == ["größe", "x"] and frame["x"].tolist() == [1]


def test_several_rows_of_names():
    frame = read_text(b",a,,b\n,x,y,x\nr,1,2,3\n", header_rows=2)
    assert list(frame.columns) == [("", ""), ("a", "x"), ("a", "y"), ("b", "x")]


def test_names_of_an_index_in_a_row_of_their_own_as_pandas_writes_them():
    text = b",,acc,acc,f1\n,,a,b,a\nm,n,,,\nr,1,2,3,4\n"
    names = [("", "m"), ("", "n"), ("acc", "a"), ("acc", "b"), ("f1", "a")]
    frame = read_text(text, header_rows=3)
    assert list(frame.columns) == names and frame.shape == (1, 5)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_remarks_above_the_header_are_left_out(end):
    text = end.join(["# made by train.py, seed 1, today", "#", "epoch;loss", "1;0,5", "2;0,25", ""])
    assert cells(text) == [("epoch", "loss"), ("1", "0.50"), ("2", "0.25")]
    assert cells("# no rows\n") == [("# no rows",)]


def test_the_line_that_tells_excel_the_separator_is_no_header():
    assert cells("sep=;\r\na;b\r\n1;2\r\n") == [("a", "b"), ("1", "2")]


def test_infinity_as_java_writes_it():
    assert cells("x\nInfinity\n-Infinity\n1.5\n")[1:] == [("Inf",), ("-Inf",), ("1.5",)]


def test_a_header_may_begin_with_the_sign_of_remarks():
    assert cells("# epoch,loss\n1,2\n")[0] == ("# epoch", "loss")
    assert cells("# by x\n#,loss\n1,2\n")[0] == ("#", "loss")


def test_an_integer_of_thousands_of_digits_is_not_infinite():
    digits = "9" * 9_000
    assert cells(f"n\n{digits}\n1\n")[1:] == [("1.000e+9000",), ("1.000e+00",)]
    assert cells(f"n\n{'7' * 200}\n")[1] == ("7.778e+199",)


def test_more_rows_of_names_than_there_are_rows():
    with pytest.raises(ResultFault, match=r"has fewer rows \(2\) than ':header-rows: 3'"):
        read_text(b"a,b\n1,2\n", header_rows=3)
