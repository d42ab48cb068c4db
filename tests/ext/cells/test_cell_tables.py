"""HTML tables become docutils tables, whatever the HTML."""

from __future__ import annotations

import pandas as pd
import pytest
from docutils import nodes
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sphinx_mmbook.ext.cells.cell_tables import find_table, numeric_columns, table_nodes

CELLS = st.tuples(
    st.sampled_from(["td", "th"]),
    st.sampled_from(["", "0", "1", "2", "3", "-1", "9", "x"]),
    st.sampled_from(["", "0", "1", "2", "3", "9"]),
    st.sampled_from(["", "1.5", "a<b", "<b>x</b>"]),
)

#: Any more than one or two of these in a table takes seconds to count.
HUGE = ("td", "99999999", "99999999", "x")


def covered(part: nodes.Element, columns: int) -> list[list[int]]:
    """Count how many entries cover each place of the grid, as Sphinx's writers do."""
    rows = list(part.findall(nodes.row))
    counts = [[0] * columns for _ in rows]
    for number, row in enumerate(rows):
        column = 0
        for entry in row:
            while counts[number][column]:
                column += 1
            for down in range(entry.get("morerows", 0) + 1):
                for step in range(entry.get("morecols", 0) + 1):
                    counts[number + down][column + step] += 1
    return counts


@settings(max_examples=150)
@given(st.lists(st.lists(CELLS, max_size=4), max_size=4), st.integers(0, 2))
@example([[HUGE], [HUGE]], 0)
@example([[HUGE], [HUGE]], 1)
@example([[HUGE, ("td", "2", "2", "")], [("td", "", "", "1.5")]], 0)
def test_any_spans_give_a_grid_without_holes(rows, head):
    lines = [
        "<tr>" + "".join(f'<{t} colspan="{c}" rowspan="{r}">{x}</{t}>' for t, c, r, x in row)
        for row in rows
    ]
    html = f"<table class='dataframe'><thead>{''.join(lines[:head])}</thead>{''.join(lines[head:])}"
    grid = find_table(html)
    if grid is None:
        return
    table = table_nodes(grid)[1]
    for part in table.findall(lambda node: isinstance(node, nodes.thead | nodes.tbody)):
        for row in covered(part, grid.columns):
            assert set(row) == {1}


def test_a_cell_of_the_head_that_hangs_down_leaves_no_hole():
    head = "<tr><td></td><td rowspan=2></td></tr><tr><td>1.5</td><td></td></tr>"
    table = table_nodes(find_table(f"<table class=dataframe><thead>{head}</thead><tr></tr>"))[1]
    for part in table.findall(lambda node: isinstance(node, nodes.thead | nodes.tbody)):
        assert {count for row in covered(part, 3) for count in row} <= {0, 1}


@pytest.mark.parametrize(
    ("values", "numeric"),
    [
        ([1, 2.5, -3e-10], True),
        ([1, None], True),
        (["1,000", "12 %", "\u22122"], True),
        (["2020-01-01", "1"], False),
        (["a", 1], False),
        ([None, None], False),
    ],
)
def test_which_columns_are_numbers(values, numeric):
    grid = find_table(pd.DataFrame({"x": pd.Series(values, dtype=object)}).to_html())
    assert (1 in numeric_columns(grid)) is numeric


def test_only_data_frames_unless_asked():
    html = "<table><tr><td>1</td></tr></table>"
    assert find_table(html) is None
    assert find_table(html, any_table=True).columns == 1
    assert find_table("<table class='dataframe'></table>") is None
    assert find_table("<table class='dataframe'><tr><td>1</table><script>1</script>") is None


def test_only_text_comes_through():
    frame = pd.DataFrame({"a": ['<a href="javascript:x">link</a><br>more']})
    table = table_nodes(find_table(frame.to_html(escape=False)))[1]
    assert table.astext().split()[-2:] == ["link", "more"]
    assert not list(table.findall(nodes.raw))


def test_long_columns_may_break_in_latex():
    frame = pd.DataFrame({"text": ["word " * 20], "n": [1]})
    spec = table_nodes(find_table(frame.to_html()))[0][0]
    assert spec["spec"] == "lLr"
    spec = table_nodes(find_table(pd.concat([frame] * 40).to_html()))[0][0]
    assert spec["spec"] == r"l\X{101}{107}r"
