"""Chapters are run before the pages are read: failures, the cache, parallel builds."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

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
    "package": "9: WARNING: code cell 1 fails with ModuleNotFoundError: No module named "
    "'nobody_has_this_package'; add its package to the book's pyproject.toml",
    "slow": "11: WARNING: this cell ran longer than 1 s;",
    "dead": "13: WARNING: the kernel d",
    "missing": "9: WARNING: the kernel 'nope'",
    "spec": "3:1: WARNING: this notebook cannot be read (",
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
    wanted.append("index.md:20:14: WARNING: cell 'fig-lost' has no number")
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
    ran = set(re.findall(r"running (\S+)/index \(\d+ of \d+\)", first.out))
    # The code of "option" is that of "empty", and has been run with it.
    assert ran == {*FAULTS, "good", "nb"} - {"spec", "header", "option"}
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


COUNT = "import pathlib\nwith pathlib.Path('../runs.txt').open('a') as f:\n    f.write('x')\n"


def runs_of(book: Book) -> int:
    """How often chapters have run that count themselves, outside of what they read."""
    file = book.folder / "runs.txt"
    return len(file.read_text()) if file.exists() else 0


@pytest.fixture
def counting(book: Book) -> Book:
    reads = "#| echo: true\n" + COUNT + "# Caption {0}\nprint(open('x.csv').read())"
    spec = "kernelspec:\n  name: python3"
    files = {"index.md": index("a/index", "b/index"), "a/x.csv": "one\n"}
    files |= {"a/index.md": page("A", reads.format("Caption")), "b/index.md": page("B", COUNT)}
    book.write(files)
    assert spec in files["a/index.md"]
    return book


@pytest.mark.long
def test_a_chapter_runs_again_if_and_only_if_what_it_used_has_changed(counting: Book) -> None:
    first = counting.build()
    assert (first.warnings, runs_of(counting)) == ([], 2)
    text = (counting.folder / "a/index.md").read_text().replace("Caption", "Another")
    counting.write({"a/index.md": text + "\nProse.\n", "a/x.csv": "one\n"})
    edited = counting.build()
    assert runs_of(counting) == 2
    assert "one" in edited.soup("a/index").get_text()
    assert "Another" in edited.soup("a/index").get_text()
    counting.write({"a/x.csv": "two\n"})
    changed = counting.build()
    assert "running a/index (1 of 1) ... x.csv has changed" in changed.out
    assert runs_of(counting) == 3
    assert "two" in changed.soup("a/index").get_text()


@pytest.mark.long
def test_a_clone_with_a_restored_cache_runs_nothing(counting: Book, tmp_path: Path) -> None:
    counting.build()
    clone = Book(tmp_path / "elsewhere/clone")
    left_out = shutil.ignore_patterns("html", "doctrees")
    shutil.copytree(counting.folder, clone.folder, ignore=left_out, dirs_exist_ok=True)
    for file in clone.folder.rglob("*"):
        if "_build" not in file.parts:
            file.touch()
    built = clone.build()
    assert "running" not in built.out.replace("Running Sphinx", "")
    assert runs_of(clone) == 2
    assert "one" in built.soup("a/index").get_text()


@pytest.mark.long
def test_chapters_with_the_same_code_run_once_unless_their_files_differ(book: Book) -> None:
    reads = COUNT + "print(open('x.csv').read())"
    names = [f"c{number}/index" for number in range(3)]
    book.write({f"{name}.md": page("Same", reads) for name in names})
    book.write(
        {"index.md": index(*names), "c0/x.csv": "same", "c1/x.csv": "same", "c2/x.csv": "two"}
    )
    built = book.build("-j", "2")
    assert runs_of(book) == 2
    for name, shown in zip(names, ("same", "same", "two"), strict=True):
        assert shown in built.soup(name).get_text()


@pytest.mark.long
def test_the_command_runs_chapters_and_says_why(counting: Book) -> None:
    def mmbook(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "sphinx_mmbook.cli", "run", *words]
        return subprocess.run(
            command, cwd=counting.folder, capture_output=True, text=True, check=False
        )

    why = mmbook("--why", "a")
    assert (why.returncode, why.stdout) == (1, "a/index.md: it has never run\n")
    ran = mmbook()
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.endswith("2 chapters run; 0 up to date, 0 failed\n")
    assert mmbook("--why").stdout == "a/index.md: up to date\nb/index.md: up to date\n"
    assert mmbook("--why", "index.md").stdout == "index.md: no code that is run\n"
    built = counting.build()
    assert ("running" in built.out.replace("Running Sphinx", ""), runs_of(counting)) == (False, 2)
    counting.write({"a/x.csv": "two"})
    assert mmbook("--why", "a").stdout == "a/index.md: x.csv has changed\n"
    assert "1 chapter run" in mmbook("--again", "b").stdout
    assert mmbook("a").stdout.endswith("1 chapter run; 0 up to date, 0 failed\n")
    assert "two" in counting.build().soup("a/index").get_text()
    assert mmbook("nowhere").returncode == 2
    counting.write({"b/index.md": page("B", "1 / 0")})
    failed = mmbook("b")
    assert failed.returncode == 1
    assert "fails with ZeroDivisionError" in failed.stderr


def install(folder: Path, version: str) -> None:
    """Install a package in a folder, from a wheel, by pip."""
    name, info = f"gauge-{version}-py3-none-any.whl", f"gauge-{version}.dist-info"
    files = {
        "gauge.py": f"VALUE = {version}",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: gauge\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{file},,\n" for file in [*files, f"{info}/RECORD"])
    with ZipFile(folder.parent / name, "w") as wheel:
        for file, text in files.items():
            wheel.writestr(file, text)
    # With --target, pip keeps the description of the old version.
    shutil.rmtree(folder, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps"]
    words = [*pip, "--target", str(folder), str(folder.parent / name)]
    subprocess.run(words, check=True, capture_output=True)


def test_an_upgraded_package_runs_the_chapters_that_import_it_and_no_other(book: Book, tmp_path):
    site = tmp_path / "site"
    book.write(
        {
            "index.md": index("own/index", "helped/index", "other/index"),
            "own/index.md": page("Own", "import gauge\nprint('value', gauge.VALUE)"),
            "helped/index.md": page("Helped", "import helper\nprint('value', helper.VALUE)"),
            "helped/helper.py": "from gauge import VALUE",
            "other/index.md": page("Other", "print('nothing')"),
        }
    )
    words = ["-b", "html", str(book.folder), str(book.folder / "_build/html")]

    def ran() -> list[str]:
        process = subprocess.run(
            [sys.executable, "-m", "sphinx", *words],
            env=os.environ | {"PYTHONPATH": os.pathsep.join([str(site), *sys.path])},
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        return sorted(re.findall(r"^running (\w+)/index \(.*?\) \.\.\. (.*)", process.stdout, re.M))

    def shown(name: str) -> str:
        text = (book.folder / f"_build/html/{name}/index.html").read_text()
        return re.findall(r"value (\S+)", text)[0]

    install(site, "1.5")
    assert [name for name, _ in ran()] == ["helped", "other", "own"]
    assert (shown("own"), shown("helped")) == ("1.5", "1.5")
    install(site, "2.5")
    why = "gauge was 1.5, and is 2.5"
    assert ran() == [("helped", why), ("own", why)]
    assert (shown("own"), shown("helped")) == ("2.5", "2.5")
    assert ran() == []
