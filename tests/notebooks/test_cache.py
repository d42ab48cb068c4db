"""The cache of runs: marks of failures, and what an interrupted build leaves."""

from __future__ import annotations

from copy import deepcopy

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from sphinx_mmbook.notebooks.cache import RunCache, exists
from sphinx_mmbook.notebooks.job import Failure, Outcome

NOTEBOOK = new_notebook(cells=[new_code_cell("1 + 1")])


@pytest.fixture
def cache(tmp_path):
    assert not exists(tmp_path / "cache")
    return RunCache(tmp_path / "cache")


def test_failures_are_found_once_and_then_forgotten(cache, tmp_path):
    done = new_notebook(cells=[new_code_cell("2 + 2")])
    cache.store(tmp_path / "a.md", Outcome(done, 1.0))
    cache.store(tmp_path / "b.md", Outcome(NOTEBOOK, 1.0, Failure("cell-error", "E: x", 0, 1)))
    assert cache.has(NOTEBOOK)
    again = RunCache(tmp_path / "cache")
    again.forget_failures()
    assert not again.has(NOTEBOOK)
    assert again.has(done)


def test_outputs_do_not_count_but_cell_metadata_does(cache, tmp_path):
    cache.store(tmp_path / "a.md", Outcome(NOTEBOOK, 1.0))
    other = deepcopy(NOTEBOOK)
    other.cells[0].execution_count = 3
    assert cache.has(other)
    other.cells[0].metadata["tags"] = ["raises-exception"]
    assert not cache.has(other)


@pytest.mark.parametrize("left", [None, '{"cells": ['])
def test_an_entry_cut_off_is_no_entry(left, cache, tmp_path):
    cache.store(tmp_path / "a.md", Outcome(NOTEBOOK, 1.0))
    (file,) = (tmp_path / "cache").glob("executed/*/base.ipynb")
    file.unlink() if left is None else file.write_text(left)
    assert not cache.has(NOTEBOOK)
    cache.store(tmp_path / "a.md", Outcome(NOTEBOOK, 1.0))
    assert cache.has(NOTEBOOK)


@pytest.mark.parametrize("content", [b"", b"no database at all" * 99])
def test_a_broken_database_is_made_anew(content, tmp_path):
    folder = tmp_path / "cache"
    folder.mkdir()
    (folder / "global.db").write_bytes(content)
    cache = RunCache(folder)
    cache.store(tmp_path / "a.md", Outcome(NOTEBOOK, 1.0))
    assert RunCache(folder).has(NOTEBOOK)
