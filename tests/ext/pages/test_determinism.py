"""``mmbook run --check-determinism``, kernels other than Python's, and both kinds of notebooks."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from ext.pages.test_execution import index, notebook, page

from conftest import Book
from sphinx_mmbook.cli import main

pytestmark = pytest.mark.long


def test_a_cell_that_puts_out_something_else_each_time_is_a_finding(
    book: Book, capfd: pytest.CaptureFixture[str]
) -> None:
    dice = "import random\nprint(random.random())"
    book.write({"index.md": index("a", "b", "c")})
    book.write(
        {"a.md": page("A", "print('same')", dice), "b.md": page("B", "print({'x', 'y', 'z'})")}
    )
    book.write({"c.ipynb": notebook("1 + 1", "import time\ntime.time_ns()")})
    assert main(["run", "--check-determinism", "--book", str(book.folder)]) == 1
    said = capfd.readouterr()
    found = re.findall(
        r"/(\w\.\w+:\d+): WARNING: (cell \d+)?.*\[mmbook\.outputs-differ\]", said.err
    )
    assert found == [("a.md:13", ""), ("c.ipynb:1", "cell 3")], said.err
    assert "3 chapters run twice; 2 cells put out something else" in said.out
    assert main(["run", "--check-determinism", "b", "--book", str(book.folder)]) == 0


def test_another_kernel_runs_like_that_of_the_book(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = tmp_path / "kernels/other/kernel.json"
    spec.parent.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    described = {
        "argv": argv,
        "display_name": "Other",
        "language": "python",
        "env": {"WHO": "other"},
    }
    spec.write_text(json.dumps(described))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    who = "import os\nprint('run by', os.environ.get('WHO'))"
    book.write({"index.md": index("a", "b", "c")})
    book.write({"a.md": page("A", who, kernel="other"), "b.md": page("B", who)})
    book.write({"c.ipynb": notebook(who).replace('"name": "python3"', '"name": "other"')})
    built = book.build()
    assert built.warnings == []
    for name, kernel in {"a": "other", "b": "None", "c": "other"}.items():
        assert f"run by {kernel}" in built.soup(name).get_text(), name
    assert not re.findall(r"running \w \(", book.build().out)


@pytest.mark.parametrize(
    "words", [("run", "--executor", "dask"), ("results", "run", "--executor", "dask")]
)
def test_a_cluster_without_address_is_refused(
    words: tuple[str, ...], book: Book, capsys: pytest.CaptureFixture[str]
) -> None:
    book.write({"index.md": "# Book\n"})
    assert main([*words, "--book", str(book.folder)]) == 2
    assert "name the Dask scheduler: --scheduler" in capsys.readouterr().err
