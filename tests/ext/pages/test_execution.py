"""Chapters are run before the pages are read: failures, the cache, parallel builds."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, writes

from conftest import CONF, Book, Built, copied
from patience import has_ended, wait_for

#: Each of them starts kernels.
pytestmark = pytest.mark.long

HEADER = "---\ntitle: {0}\nfile_format: mystnb\nkernelspec:\n  name: {1}\n{2}---\n\n"
CELL = "```{{code-cell}}\n{0}\n```\n\n"


def page(title: str, *cells: str, kernel: str = "python3", more: str = "") -> str:
    text = "".join(CELL.format(cell) for cell in cells)
    return HEADER.format(title, kernel, more) + text


def notebook(*cells: str) -> str:
    code = [new_code_cell(cell) for cell in cells]
    spec = {"name": "python3", "display_name": "Python 3"}
    return writes(
        new_notebook(
            cells=[new_markdown_cell("# A notebook"), *code], metadata={"kernelspec": spec}
        )
    )


def index(*pages: str) -> str:
    return "# Book\n\n```{toctree}\n:numbered:\n" + "\n".join(pages) + "\n```\n"


def lines(built: Built) -> list[str]:
    """The warnings, with paths relative to the book."""
    return [re.sub(r"^\S*/book/", "", line) for line in built.warnings]


#: What is wrong, the name of a page in tests/roots/failing-code, and the one message it gives.
FAULTS = {
    "error": "18: WARNING: code cell 2 fails with ValueError: <b>no;",
    "syntax": "9: WARNING: code cell 1 fails with SyntaxError: invalid syntax;",
    "slow": "11: WARNING: this cell ran longer than 1 s;",
    "dead": "13: WARNING: the kernel d",
    "missing": "9: WARNING: the kernel 'nope'",
    "spec": "1: WARNING: this notebook cannot be read (",
    "header": "3: WARNING: this page has code cells but no notebook header",
    "nested": "14: WARNING: this code cell stands inside another block",
    "empty": "9:11: WARNING: this cell has a caption but shows no figure;",
    "option": "9:4: WARNING: unknown cell option 'lable'; did you mean 'label'?",
}
FIXED = page("Error", "print('mended')\n\n'<i>'")


@pytest.fixture(scope="module")
def faulty(tmp_path_factory) -> tuple[Book, Built]:
    book = copied("failing-code", tmp_path_factory.mktemp("faulty") / "book")
    return book, book.build("-j", "2")


def test_each_fault_is_one_message_with_its_line(faulty):
    found = lines(faulty[1])
    wanted = [f"{name}/index.md:{message}" for name, message in FAULTS.items()]
    wanted.append("nb/index.ipynb:2: WARNING: cell 3, line 2: code cell 2 fails with ZeroDiv")
    for message in wanted:
        assert [line for line in found if line.startswith(message)] != [], message
    assert len(found) == len(wanted), "\n".join(found)
    assert faulty[1].status == 0


def test_the_other_pages_are_built_and_the_failing_ones_show_why(faulty):
    built = faulty[1]
    assert "in good" in built.soup("good/index").get_text()
    text = built.soup("error/index").get_text()
    assert "shown before" in text
    assert "ValueError: <b>no" in text
    assert "This figure is missing" in text
    assert "longer than 1 s" in built.soup("slow/index").get_text()
    assert "kernel died" in built.soup("dead/index").get_text()
    assert "'nope' is not installed" in built.soup("missing/index").get_text()
    assert "cannot be read" in built.soup("spec/index").get_text()
    assert "Figure 1.1" in built.soup("index").get_text()


def test_only_failures_run_again_until_they_are_mended(faulty):
    book, first = faulty
    ran = set(re.findall(r"running (\S+)/index \(\d+ of 10\)", first.out))
    assert ran == {*FAULTS, "good", "nb"} - {"spec", "header"}
    for name in {*FAULTS, "nb"} - {"error"}:
        shutil.rmtree(book.folder / name)
    book.write({"index.md": index("error/index", "good/index")})
    again = book.build("-j", "2")
    assert "running error/index" in again.out
    assert "good/index" not in "".join(re.findall(r"running.*", again.out))
    assert [line[:17] for line in lines(again)] == ["error/index.md:18"]
    book.write({"error/index.md": FIXED})
    mended = book.build()
    assert mended.warnings == []
    assert "mended" in mended.soup("error/index").get_text()
    noop = book.build()
    assert "running" not in noop.out.replace("Running Sphinx", "")
    assert "0 added, 0 changed, 0 removed" in noop.out


def test_serial_and_parallel_builds_are_the_same(tmp_path):
    trees = []
    for options in ([], ["-j", "2"]):
        book = Book(tmp_path / f"{len(options)}" / "book")
        names = [f"c{number}" for number in range(4)]
        book.write({f"{n}.md": page(n, f"print({{'{n}', 'a', 'b'}})") for n in names})
        book.write({"index.md": index(*names)})
        book.write(
            {"conf.py": CONF + 'exclude_patterns = ["_build"]\nhtml_last_updated_fmt = None\n'}
        )
        built = book.build(*options)
        assert (built.status, built.warnings) == (0, [])
        files = sorted(path for path in built.outdir.rglob("*.html"))
        trees.append({path.name: path.read_text("utf-8") for path in files})
    assert trees[0] == trees[1]


def test_ctrl_c_keeps_what_is_done(book):
    # b waits until a is in the cache: both run at the same time.
    slow = "import os, pathlib, time\ncache = pathlib.Path('_build/.jupyter_cache')\n"
    slow += "while not list(cache.glob('executed/*/base.ipynb')): time.sleep(0.1)\n"
    slow += "pathlib.Path('pid').write_text(str(os.getpid()))\ntime.sleep(600)"
    book.write({"index.md": index("a", "b"), "a.md": page("A", "1"), "b.md": page("B", slow)})
    command = [sys.executable, "-m", "sphinx", "-b", "html", str(book.folder)]
    command += [str(book.folder / "_build/html")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    pid = book.folder / "pid"
    wait_for(lambda: pid.exists() and pid.read_text(), process)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate()
    assert process.returncode != 0
    assert {*re.findall(r"running (\w)", out)} == {"a", "b"}
    assert has_ended(int(pid.read_text()))
    book.write({"b.md": page("B", "2")})
    again = book.build()
    assert re.findall(r"running (\S+) \((.*?)\)", again.out) == [("b", "1 of 1")]
    assert again.warnings == []


def test_nothing_runs_before_labels_are_right(book):
    book.write({"index.md": index("a"), "a.md": page("A", "#| label: fig_loss\nprint(1)")})
    built = book.build()
    assert built.status != 0
    assert "running" not in built.out.replace("Running Sphinx", "")
    assert not (book.folder / "_build/.jupyter_cache").exists()


def test_modes_that_run_nothing(book):
    stored = json.loads(notebook("1 + 1"))
    stored["cells"][1]["execution_count"] = 1
    data = {"text/plain": ["stored output"]}
    stored["cells"][1]["outputs"] = [
        {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": data}
    ]
    off = "mystnb:\n  execution_mode: 'off'\n"
    book.write({"index.md": index("a", "b", "old/c"), "a.ipynb": json.dumps(stored)})
    book.write({"b.md": page("B", "1 / 0", more=off), "old/c.md": page("C", "1 / 0")})
    conf = 'nb_execution_excludepatterns = ["old/*"]\nexclude_patterns = ["_build"]\n'
    book.write({"conf.py": CONF + conf})
    built = book.build("-D", "nb_execution_mode=off")
    assert "stored output" in built.soup("a").get_text()
    shutil.rmtree(book.folder / "_build")
    built = book.build()
    assert re.findall(r"running (\S+)", built.out) == ["a"]
    assert Path(book.folder / "_build/.jupyter_cache/global.db").is_file()
