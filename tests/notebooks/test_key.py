"""What makes a chapter run again: hashes of what it used, observed or declared."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from sphinx_mmbook.core.provenance.opened import ReadLog
from sphinx_mmbook.notebooks import key
from sphinx_mmbook.notebooks.job import Job, Limits
from sphinx_mmbook.notebooks.key import CHANGED, changes, planned, used_by
from sphinx_mmbook.notebooks.pool import LocalExecutor, run_chapters


@pytest.fixture
def job(tmp_path):
    folder = tmp_path / "chapters/a"
    folder.mkdir(parents=True)
    (folder / "x.csv").write_text("a,b\n1,2\n")
    notebook = new_notebook(cells=[new_code_cell("import numpy\n%time open('x.csv')")])
    return Job("a", folder / "index.md", notebook, repository=tmp_path)


def log_of(job, *lines):
    """Write the log of a kernel: kind and path; times and sizes as they are."""
    log = job.root / ".log"
    written = []
    for kind, path in lines:
        found = Path(path).stat() if Path(path).exists() else None
        state = [found.st_mtime_ns, found.st_size] if found else [0, 0]
        written.append(json.dumps([kind, str(path), *state]))
    log.write_text("\n".join(written))
    return log


def used(job, *lines):
    return used_by(job, log_of(job, *lines), planned(job))


def test_a_file_counts_by_its_content(job):
    file = job.folder / "x.csv"
    then = used(job, ("read", file), ("read", job.folder / "none.csv"))
    assert {*then.files} == {"x.csv", "none.csv"}
    assert [*then.packages] == ["numpy"]
    assert changes(then, job) == []
    os.utime(file, (1, 1))
    file.write_bytes(b"a,b\r\n1,2\r\n")  # as Git writes it on Windows
    assert changes(then, job) == []
    file.write_text("a,b\n1,3\n")
    (job.folder / "none.csv").write_text("x")
    assert changes(then, job) == ["none.csv is new", "x.csv has changed"]
    file.unlink()
    assert changes(then, job)[1] == "x.csv is gone"


def test_what_is_made_or_foreign_does_not_count(job):
    made, built = job.folder / "made.csv", job.root / "_build/x"
    for file in (made, built):
        file.parent.mkdir(exist_ok=True)
        file.write_text("1")
    outside = job.folder / "link.csv"
    outside.symlink_to("/etc/hostname")
    lines = [("written", made), ("read", made), ("read", built), ("read", outside)]
    then = used(job, *lines, ("listed", job.folder))
    assert {*then.files} == {"./"}
    made.unlink()
    assert changes(then, job) == []
    (job.folder / "y.csv").write_text("")
    assert changes(then, job) == ["there are other files in ./"]


def test_a_file_that_changed_while_the_chapter_ran_makes_it_run_again(job):
    log = log_of(job, ("read", job.folder / "x.csv"))
    (job.folder / "x.csv").write_text("other and longer")
    then = used_by(job, log, planned(job))
    assert then.files["x.csv"] == CHANGED
    assert changes(then, job) == ["x.csv has changed"]


def test_packages_and_python_count_by_their_versions(job, monkeypatch):
    then = used(job)
    assert changes(replace(then, packages={"numpy": "0.1"}), job)[0].startswith("numpy was 0.1, ")
    gone = changes(replace(then, packages={"no-such-package": "1"}), job)
    assert gone == ["no-such-package was 1, and is not installed"]
    assert changes(replace(then, python="3.1"), job)[0].startswith("Python was 3.1, and is 3.")
    assert planned(replace(job, allow_errors=True)).code != then.code


def test_a_module_of_the_book_counts_by_its_code_and_brings_its_packages(job):
    module = job.root / "lib/helper.py"
    module.parent.mkdir()
    module.write_text("import pandas\n")
    cached = module.parent / "__pycache__/helper.cpython-311.pyc"
    log = job.root / ".log"
    ReadLog(str(job.root), str(log))("open", (str(cached), "r", os.O_RDONLY))
    then = used_by(job, log, planned(job))
    assert {*then.files} == {"../../lib/helper.py"}
    assert {*then.packages} == {"numpy", "pandas"}
    module.write_text("import pandas  # as before\n")
    assert changes(then, job) == []
    module.write_text("import pandas\nx = 1\n")
    assert changes(then, job) == ["../../lib/helper.py has changed"]


def test_declared_patterns_lead_nowhere_out_of_the_repository(job):
    patterns = ("*.csv", "/etc/host*", "../../../beside*", "")
    declared = replace(job, depends=patterns[:3])
    then = used(declared)
    assert changes(then, declared) == []
    (job.root.parent / "beside.txt").write_text("x")
    assert changes(then, declared) == []
    (job.folder / "y.csv").write_text("1")
    assert changes(then, declared) == ["the files '*.csv', under 'depends', have changed"]
    assert changes(then, job) != []


def test_a_large_file_is_not_read_again_if_its_times_are_those_of_the_run(job, monkeypatch):
    monkeypatch.setattr(key, "LARGE", 3)
    then = used(job, ("read", job.folder / "x.csv"))
    assert changes(replace(then, files={"x.csv": "not its hash"}), job) == []
    (job.folder / "x.csv").write_text("a,b\n1,9\n")
    assert changes(then, job) == ["x.csv has changed"]


CODE = """
import os, sys, glob, csv
sys.path.insert(0, os.path.abspath('../../lib'))
import helper
rows = list(csv.reader(open('x.csv')))
glob.glob('data/*')
open('out.txt', 'w').write('1')
import multiprocessing
multiprocessing.get_context('fork').Pool(1).map(helper.read, ['far.csv'])
try: open('none')
except OSError: pass
"""


@pytest.mark.long
@pytest.mark.parametrize("count", [1, 2])
def test_a_kernel_tells_what_it_reads(count, job):
    """One chapter has an ordinary kernel, two have warm ones."""
    lib, data = job.root / "lib", job.folder / "data"
    lib.mkdir()
    data.mkdir()
    (lib / "helper.py").write_text("def read(name):\n    return open(name).read()\n")
    (job.folder / "far.csv").write_text("1")
    notebook = new_notebook(cells=[new_code_cell(CODE)])
    job = replace(job, notebook=notebook, limits=Limits(60))
    for _ in range(2):  # the second time, Python has compiled the module
        with LocalExecutor(2, [job] * count) as executor:
            outcomes = [o for _, o in run_chapters([job] * count, executor, lambda _: None)]
        for outcome in outcomes:
            assert outcome.failure is None
            names = {"x.csv", "far.csv", "none", "../../lib/helper.py", "data/"}
            assert {*outcome.used.files} == names
            assert outcome.used.written == ("out.txt",)
            assert changes(outcome.used, job) == []
    (data / "new.csv").write_text("")
    assert changes(outcome.used, job) == ["there are other files in data/"]
