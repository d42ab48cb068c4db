"""HTML of a cell that would keep a build busy for minutes, or take all memory: it is not a table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from limits import limited
from sphinx_mmbook.ext.cells.cell_tables import find_table, html_paragraphs

if TYPE_CHECKING:
    from pathlib import Path

FRAME = '<table class="dataframe">'
ROW = "<tr><td>1</td></tr>"
HOSTILE = {
    "rows in rows": FRAME + "<tr><th>a<" * 20_000,
    "cells in cells": FRAME + "<tr>" + "<td>a" * 20_000,
    "paragraphs in paragraphs": f"{FRAME}{ROW}</table>" + "<p>a" * 20_000,
    "a deep note": f"{FRAME}{ROW}</table>" + "<b>" * 20_000 + "<p>a</p>" * 20_000,
    "wide cells": FRAME + "<tr>" + '<td rowspan="1000" colspan="1000">a</td>' * 2_000 + ROW * 2_000,
    "many tags": FRAME + ROW * 900_000,
    "many cells": FRAME + ROW * 100_001,
}
READ = """
import json, sys
from sphinx_mmbook.ext.cells.cell_tables import find_table, html_paragraphs
for html in json.load(open("html.json")):
    assert find_table(html) is None
    html_paragraphs(html)
html_paragraphs("<p>a</p>" * 50_000)
"""


@pytest.mark.long
def test_hostile_html_is_no_table_and_takes_no_time(tmp_path: Path) -> None:
    """A notebook with rows in rows took a build of twelve seconds, and the square of its length."""
    (tmp_path / "html.json").write_text(json.dumps([*HOSTILE.values()]), "utf-8")
    run = limited("-c", READ, cwd=tmp_path, seconds=60)
    assert run.returncode == 0, run.stderr


def test_html_that_is_too_deep_is_no_table() -> None:
    assert find_table(FRAME + "<tr><th>a<" * 100) is None
    assert html_paragraphs("<p>a" * 100) == []


def test_paragraphs_are_what_stands_in_blocks() -> None:
    html = "<style>b</style><div>a <b>b</b><p>c<br>d</p></div>e<!-- f --><svg><text>g</text></svg>"
    assert html_paragraphs(html) == ["a bc", "d", "e"]


def test_a_frame_of_many_rows_is_a_table() -> None:
    grid = find_table(FRAME + ROW * 2_000)
    assert grid and (grid.columns, len(grid.body)) == (1, 2_000)
