"""The cache of runs: which outputs are used again, and what an interrupted build leaves."""

from __future__ import annotations

import signal
from copy import deepcopy
from dataclasses import replace

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from sphinx_mmbook.notebooks.cache import RunCache, exists
from sphinx_mmbook.notebooks.executed import PAGE
from sphinx_mmbook.notebooks.job import Failure, Job, Outcome
from sphinx_mmbook.notebooks.key import planned


def chapter(folder, source="1 + 1", page="a.md", **more):
    kernel = {"name": "python3", "display_name": "", PAGE: page}
    notebook = new_notebook(cells=[new_code_cell(source)], metadata={"kernelspec": kernel})
    return Job(page, folder / page, notebook, repository=folder, **more)


def ran(job, failure=None, **used):
    done = deepcopy(job.notebook)
    done.cells[0].outputs = [new_output("stream", text=f"of {job.name}")]
    return Outcome(done, 1.5, failure, replace(planned(job), **used))


@pytest.fixture
def cache(tmp_path):
    assert not exists(tmp_path / "cache")
    return RunCache(tmp_path / "cache")


def test_a_run_is_used_again_until_its_code_changes(cache, tmp_path):
    job = chapter(tmp_path)
    assert cache.reuse(job) == ["it has never run"]
    cache.store(job.file, ran(job))
    assert RunCache(tmp_path / "cache").reuse(job) == []
    assert cache.times() == {"a.md": 1.5}
    assert cache.reuse(chapter(tmp_path, "1 + 2")) == ["its code has changed"]


def test_ctrl_c_while_a_run_is_stored_comes_when_it_is(cache, tmp_path):
    class Interrupted:
        def __getattr__(self, name):
            if name == "notebook":
                signal.raise_signal(signal.SIGINT)
            return getattr(ran(job), name)

    job = chapter(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        cache.store(job.file, Interrupted())
    assert not cache.reuse(job)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_failed_run_is_no_run(cache, tmp_path):
    job = chapter(tmp_path)
    cache.store(job.file, ran(job, Failure("cell-error", "E: x", 0, 1)))
    assert cache.has(job.notebook)  # MyST-NB shows it
    assert cache.reuse(job) == ["its last run failed"]
    assert cache.outputs(job) is None


def test_captions_tags_and_comments_do_not_count_but_outputs_are_found_with_them(cache, tmp_path):
    job = chapter(tmp_path)
    cache.store(job.file, ran(job))
    other = chapter(tmp_path, "#| fig-cap: A caption\n1 + 1  # the sum")
    other.notebook.cells[0].metadata["tags"] = ["hide-input"]
    assert not cache.has(other.notebook)
    assert cache.reuse(other) == []
    assert cache.has(other.notebook)
    found = cache.outputs(other).cells[0]
    assert found.outputs[0].text == "of a.md"
    assert found.source == other.notebook.cells[0].source
    other.notebook.cells[0].metadata["tags"] = ["raises-exception"]
    assert cache.reuse(other) == ["its code has changed"]
    assert cache.reuse(job) == []


def test_a_chapter_with_the_same_code_uses_a_run_only_if_its_files_are_the_same(cache, tmp_path):
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.csv").write_text("other" if name == "c" else "same")
    first, second, third = (chapter(tmp_path, page=f"{name}/index.md") for name in "abc")
    digest = planned(replace(first, depends=("x.csv",)))
    assert digest.declared
    from sphinx_mmbook.core.provenance.hashing import source_digest

    files = {"x.csv": source_digest(tmp_path / "a/x.csv")}
    cache.store(first.file, ran(first, files=files))
    assert cache.reuse(second) == []
    assert cache.outputs(second).cells[0].outputs[0].text == "of a/index.md"
    assert cache.reuse(third) == ["it has never run"]
    (tmp_path / "b/x.csv").write_text("new")
    assert cache.stale(tmp_path) == {"b/index.md": ["x.csv has changed"]}


@pytest.mark.parametrize("left", [None, '{"cells": ['])
def test_an_entry_cut_off_is_no_entry(left, cache, tmp_path):
    job = chapter(tmp_path)
    cache.store(job.file, ran(job))
    (file,) = (tmp_path / "cache").glob("executed/*/base.ipynb")
    file.unlink() if left is None else file.write_text(left)
    assert cache.reuse(job) == ["its outputs were lost"]
    cache.store(job.file, ran(job))
    assert cache.reuse(job) == []


@pytest.mark.parametrize("content", [b"", b"no database at all" * 99])
def test_a_broken_database_is_made_anew(content, tmp_path):
    folder = tmp_path / "cache"
    folder.mkdir()
    (folder / "global.db").write_bytes(content)
    job = chapter(tmp_path)
    RunCache(folder).store(job.file, ran(job))
    assert RunCache(folder).reuse(job) == []
