"""Runs of real kernels: outcomes, failures, and what is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from patience import has_ended, wait_for
from sphinx_mmbook.notebooks.bounded_client import BoundedClient
from sphinx_mmbook.notebooks.job import Job, Limits
from sphinx_mmbook.notebooks.kernel import last_words
from sphinx_mmbook.notebooks.run import error_line, run

if TYPE_CHECKING:
    from nbformat import NotebookNode


def notebook(*sources: str, kernel: str = "python3") -> NotebookNode:
    metadata = {"kernelspec": {"name": kernel, "display_name": kernel}}
    return new_notebook(cells=[new_code_cell(text) for text in sources], metadata=metadata)


def job(given: NotebookNode, folder: Path, **limits: int) -> Job:
    return Job("chapter", folder / "index.ipynb", given, Limits(**limits))


def test_a_run_in_the_chapters_folder(tmp_path, monkeypatch):
    # A wrong python3 of the user's, and a shell that hides figures, change nothing.
    spec = tmp_path / "jupyter/kernels/python3/kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text(json.dumps({"argv": ["no-such-python"], "display_name": "x", "language": "x"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("MPLBACKEND", "agg")
    source = "import os, sys\nprint(os.getcwd(), sys.executable, os.environ['MPLBACKEND'])"
    given = notebook(source, "1 / 0", "6 * 7")
    given.cells[1].metadata["tags"] = ["raises-exception"]
    outcome = run(job(given, tmp_path))
    assert outcome.failure is None
    cells = outcome.notebook.cells
    folder, python, backend = cells[0].outputs[0].text.split()
    assert Path(folder).samefile(tmp_path)
    assert Path(python) == Path(sys.executable)
    assert "inline" in backend
    assert cells[1].outputs[0].ename == "ZeroDivisionError"
    assert cells[2].outputs[0].data["text/plain"] == "42"
    assert given.cells[0].outputs == []


def test_an_error_has_cell_and_line(tmp_path):
    given = notebook("def f():\n    return 1 / 0", "print('before')\n\nf()", "print('never')")
    given.cells.insert(0, new_markdown_cell("# Title"))
    outcome = run(job(given, tmp_path))
    failure = outcome.failure
    assert (failure.rule, failure.cell, failure.line) == ("cell-error", 2, 3)
    assert failure.message == "ZeroDivisionError: division by zero"
    kinds = [output.output_type for output in outcome.notebook.cells[2].outputs]
    assert kinds == ["stream", "error"]
    assert outcome.notebook.cells[3].outputs == []


@pytest.mark.parametrize(
    ("source", "timeout", "rule", "words"),
    [
        ("import os; os._exit(3)", 0, "kernel-died", "died"),
        ("import time\ntime.sleep(600)", 3, "cell-timeout", "3 s;"),
    ],
)
def test_a_kernel_that_stops(source, timeout, rule, words, tmp_path, capfd):
    outcome = run(job(notebook("1 + 1", source), tmp_path, cell_seconds=timeout))
    assert (outcome.failure.rule, outcome.failure.cell) == (rule, 1)
    assert words in outcome.failure.message
    shown = outcome.notebook.cells[1].outputs[-1]
    assert shown.traceback == [outcome.failure.message]
    # One message for a failure: Jupyter says nothing itself.
    assert capfd.readouterr() == ("", "")


@pytest.mark.long
@pytest.mark.parametrize(("patience", "rule"), [(120, ""), (1, "cell-output")])
def test_a_busy_machine_loses_no_output_in_silence(patience, rule, tmp_path, monkeypatch):
    process = BoundedClient.process_message

    def slowly(self, msg, cell, cell_index):
        time.sleep(0.05)
        return process(self, msg, cell, cell_index)

    monkeypatch.setattr(BoundedClient, "process_message", slowly)
    monkeypatch.setattr("sphinx_mmbook.notebooks.run.ARRIVAL_TIMEOUT", patience)
    given = notebook("for number in range(120): print(number, flush=True)", "1")
    outcome = run(job(given, tmp_path))
    assert (outcome.failure.rule if outcome.failure else "") == rule
    shown = outcome.notebook.cells[0].outputs[0].text.split()
    assert (len(shown) == 120) == (not rule)


def test_kernels_that_are_missing_or_never_start(tmp_path, monkeypatch, capfd):
    for name, argv in {
        "gone": ["/no/such/program", "{connection_file}"],
        "dies": [sys.executable, "-c", "raise SystemExit('LibraryError: no libfoo')"],
    }.items():
        spec = tmp_path / f"kernels/{name}/kernel.json"
        spec.parent.mkdir(parents=True)
        spec.write_text(json.dumps({"argv": argv, "display_name": name, "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    good = job(notebook("1"), tmp_path)
    missing = run(replace(good, notebook=notebook("1", kernel="ir-4"))).failure
    assert (missing.rule, missing.cell) == ("kernel-missing", -1)
    assert "'ir-4'" in missing.message
    gone = run(replace(good, notebook=notebook("1", kernel="gone"))).failure
    assert gone.rule == "kernel-start"
    dies = run(replace(good, notebook=notebook("1", kernel="dies")))
    assert dies.failure.rule == "kernel-start"
    assert "no libfoo" in dies.failure.message
    assert dies.notebook.metadata.language_info.name == "text"
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_ctrl_c_ends_the_kernel(tmp_path):
    script = f"""
from pathlib import Path
from nbformat.v4 import new_code_cell, new_notebook
from sphinx_mmbook.notebooks.job import Job, Limits
from sphinx_mmbook.notebooks.run import run
code = "import os, pathlib, time; pathlib.Path('pid').write_text(str(os.getpid())); time.sleep(600)"
notebook = new_notebook(cells=[new_code_cell(code)])
run(Job("a", Path({str(tmp_path / "index.md")!r}), notebook, Limits(cell_seconds=0)))
"""
    process = subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE, text=True)
    pid = tmp_path / "pid"
    wait_for(lambda: pid.exists() and pid.read_text(), process)
    kernel = int(pid.read_text())
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert "KeyboardInterrupt" in err
    assert process.returncode != 0
    assert has_ended(kernel)


def test_line_of_an_error_without_a_frame():
    cell = new_code_cell("x", execution_count=2)
    assert error_line(cell) == 0
    cell.outputs = [new_output("error", ename="E", evalue="", traceback=["Cell In[1], line 7"])]
    assert error_line(cell) == 0


def test_last_words(tmp_path):
    log = tmp_path / "log"
    assert last_words(log) == ""
    log.write_text("starting\nImportError: no x\nbye\n\n")
    assert last_words(log) == "ImportError: no x"


def test_a_cell_that_prints_without_end_is_cut(tmp_path):
    source = "for _ in range(200):\n    print('x' * 999_999)"
    outcome = run(job(notebook(source, "6 * 7"), tmp_path, output_bytes=1_000_000))
    failure = outcome.failure
    assert (failure.rule, failure.cell) == ("cell-output", 0)
    assert "limits: {output_mb: …}" in failure.message
    first, second = outcome.notebook.cells
    assert sum(len(output.get("text", "")) for output in first.outputs) == 100_000
    assert first.outputs[-1].traceback == [failure.message]
    assert second.outputs[0].data["text/plain"] == "42"


def test_what_is_printed_in_one_go_is_one_output(tmp_path):
    code = "import sys\nfor n in range(3): print(n, flush=True)\ndisplay(5)\nprint('6', flush=True)\nprint('7', file=sys.stderr, flush=True)\nprint('8', flush=True)\nprint('9', flush=True)"
    outputs = run(job(notebook(code), tmp_path)).notebook.cells[0].outputs
    said = [one.get("text") or one.data["text/plain"] for one in outputs]
    assert said == ["0\n1\n2\n", "5", "6\n", "7\n", "8\n9\n"]


def test_figures_that_are_too_many_are_cut_and_can_be_allowed(tmp_path):
    source = "from IPython.display import HTML, display\nfor _ in range(9):\n    display(HTML('x' * 40_000))"
    cut = run(job(notebook(source), tmp_path, output_bytes=100_000))
    assert cut.failure.rule == "cell-output"
    shown = [output for output in cut.notebook.cells[0].outputs if "data" in output]
    assert len(shown) == 2
    whole = run(job(notebook(source), tmp_path, output_bytes=0))
    assert whole.failure is None and len(whole.notebook.cells[0].outputs) == 9
