"""Columns: whole numbers stay exact, truth values stay such, and the rest what it is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sphinx_mmbook.core.results.values.cell_values import item
from sphinx_mmbook.core.results.values.frames import column, frame


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([True, False], "boolean"),
        ([True, None], "boolean"),
        ([True, 1], "object"),
        ([1, 2], "Int64"),
        ([1, None], "Int64"),
        ([2**63 - 1], "Int64"),
        ([-(2**63) + 1], "Int64"),
        ([2**63], "object"),
        ([1.5, None], "float64"),
        ([1.5, 2**53], "float64"),
        ([1.5, 2**53 + 1], "object"),
        ([1.5, True], "object"),
        (["a", 1], "object"),
        ([None], "object"),
        ([], "object"),
    ],
)
def test_a_column_has_the_type_that_keeps_its_values(values: list[object], dtype: str) -> None:
    made = column(values)
    assert str(made.dtype) == dtype
    assert [None if value is None or value != value else value for value in made.dropna()] == [
        value for value in values if value is not None
    ]


def test_names_may_stand_twice_and_have_levels() -> None:
    table = frame(["a", "a", ("b", "c")], [column([1]), column([2]), column([3])])
    assert list(table.columns) == ["a", "a", ("b", "c")]
    assert table.iloc[0].tolist() == [1, 2, 3]
    assert frame([], []).shape == (0, 0)


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (np.int64(3), 3), (np.float32(0.5), 0.5), (np.bool_(True), True), (np.str_("a"), "a"),
        (np.array(7), 7), (np.float64("nan"), None), (pd.NA, None), (pd.NaT, None), ("", ""),
    ],
)  # fmt: skip
def test_cells_of_numpy_and_pandas_are_plain_values(value, plain):
    assert item(value) == plain
    assert type(item(value)) is type(plain)


def test_an_array_in_a_cell_stays_what_it_is():
    values = np.array([1, 2])
    assert item(values) is values
