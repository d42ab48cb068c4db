"""Results that are recorded by themselves: what their programs read, import and are told."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from limits import limited
from sphinx_mmbook.cli import main
from sphinx_mmbook.core.book.book import list_files
from sphinx_mmbook.core.files.patterns import excluder
from sphinx_mmbook.core.provenance.hashing import digest, source_digest
from sphinx_mmbook.core.provenance.r_code import files_read, packages_of, r_words
from sphinx_mmbook.core.provenance.state import Results

READING = """\
import csv, yaml
from sphinx_mmbook import store
import helping
from shared import tools

rows = list(csv.reader(open("data/in.csv")))
settings = yaml.safe_load(open("settings.yml", encoding="utf-8"))
with open("data/scratch.txt", "w") as file:
    file.write("own")
text = open("data/scratch.txt").read()
store({"rows": len(rows), "k": settings["k"], "v": helping.VALUE}, "results/x.json")
open("data/late.csv").read()
store({"a": 1}, "results/y.json")
"""
ALL = ["code/helping.py", "code/shared/tools.py", "data/in.csv", "settings.yml"]


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (time.time() - 10,) * 2)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book whose program reads a table, settings and modules, as it is after the program ran."""
    book = tmp_path_factory.mktemp("made") / "book"
    write(book, {
        "conf.py": "", "index.md": "# Book", "chapters/a/index.md": "# A\n",
        "chapters/a/code/x.py": READING, "chapters/a/code/helping.py": "VALUE = 1\n",
        "chapters/a/code/shared/tools.py": "", "chapters/a/code/unused.py": "",
        "chapters/a/data/in.csv": "a\n1\n", "chapters/a/data/other.csv": "b\n",
        "chapters/a/data/late.csv": "c\n", "chapters/a/settings.yml": "k: 2\n",
    })  # fmt: skip
    run(book, "code/x.py")
    return book


@pytest.fixture
def book(made: Path, tmp_path: Path) -> Path:
    """A copy of that book."""
    return Path(shutil.copytree(made, tmp_path / "book"))


def run(book: Path, script: str, *arguments: str, cwd: str = "chapters/a") -> None:
    command = [
        sys.executable,
        os.path.relpath(book / "chapters/a" / script, book / cwd),
        *arguments,
    ]
    done = subprocess.run(command, cwd=book / cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def sidecar(book: Path, name: str) -> Any:
    return json.loads((book / f"chapters/a/results/{name}.prov.json").read_text())


def states(book: Path) -> dict[str, str]:
    found = Results(book).all(list_files(book, excluder(())))
    return {Path(stored.path).name: stored.state for stored in found}


def test_the_files_that_a_program_opened_and_its_modules_are_noted(book: Path) -> None:
    assert sorted(sidecar(book, "x.json")["inputs"]) == ALL
    assert sorted(sidecar(book, "y.json")["inputs"]) == sorted([*ALL, "data/late.csv"])


@pytest.mark.parametrize("name", [*ALL, "code/x.py"])
def test_a_change_of_what_it_read_makes_the_result_stale(book: Path, name: str) -> None:
    file = book / "chapters/a" / name
    file.write_text(file.read_text() + ("print(2)\n" if name.endswith(".py") else "more: 3\n"))
    assert states(book) == {"x.json": "stale", "y.json": "stale"}


def test_a_change_of_what_it_did_not_read_does_not(book: Path) -> None:
    for name in ("code/unused.py", "data/other.csv", "data/scratch.txt", "index.md"):
        (book / "chapters/a" / name).write_text("changed = 1\n")
    assert states(book) == {"x.json": "current", "y.json": "current"}
    (book / "chapters/a/data/late.csv").write_text("d\n")
    assert states(book) == {"x.json": "current", "y.json": "stale"}


def test_a_comment_a_docstring_or_a_formatter_makes_nothing_stale(book: Path) -> None:
    code = book / "chapters/a/code"
    text = (code / "x.py").read_text()
    text = text.replace('"data/in.csv"', "'data/in.csv'").replace(
        "len(rows),", "len( rows ),  # so many\n"
    )
    (code / "x.py").write_text('"""What it does."""\n\n' + text)
    (code / "helping.py").write_text("# One.\n\nVALUE = (1)\n")
    assert states(book) == {"x.json": "current", "y.json": "current"}


def test_what_a_second_run_reads_of_its_own_results_is_no_input(book: Path) -> None:
    text = READING + 'print(open("results/x.json").read())\nstore({"b": 1}, "results/z.json")\n'
    write(book, {"chapters/a/code/x.py": text})
    for _ in range(2):
        run(book, "code/x.py")
        assert sorted(sidecar(book, "z.json")["inputs"]) == sorted([*ALL, "data/late.csv"])
    assert set(states(book).values()) == {"current"}


def test_of_a_folder_with_many_files_that_were_read_the_folder_is_noted(book: Path) -> None:
    write(book, {f"chapters/a/data/many/{number}.txt": "1" for number in range(60)})
    code = (
        "from sphinx_mmbook import store\nfrom pathlib import Path\n"
        'n = sum(len(file.read_text()) for file in Path("data/many").iterdir())\n'
        'store({"n": n}, "results/many.json")\n'
    )
    write(book, {"chapters/a/code/many.py": code})
    run(book, "code/many.py")
    assert list(sidecar(book, "many.json")["inputs"]) == ["data/many"]


TAKING = """\
import sys
from sphinx_mmbook import store
store({"k": sys.argv[1:]} if False else {"k": len(sys.argv)}, f"results/{sys.argv[1]}.json")
"""


def test_arguments_are_noted_and_used_again(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(book, {"chapters/a/code/train.py": TAKING})
    run(book, "code/train.py", "one", "--data=../data/in.csv", cwd="chapters/a/code")
    run(book, "code/train.py", "two", "data/in.csv", "-v")
    assert sidecar(book, "one.json")["arguments"] == ["one", "--data=data/in.csv"]
    assert sidecar(book, "two.json")["arguments"] == ["two", "data/in.csv", "-v"]
    write(book, {"chapters/a/code/train.py": TAKING.replace("len(sys.argv)", "-len(sys.argv)")})
    assert main(["results", "run", "--book", str(book)]) == 0
    out = capsys.readouterr().out
    assert "chapters/a/code/train.py one --data=data/in.csv ..." in out
    assert "chapters/a/code/train.py two data/in.csv -v ..." in out
    results = book / "chapters/a/results"
    assert json.loads((results / "one.json").read_text()) == {"k": -3}
    assert json.loads((results / "two.json").read_text()) == {"k": -4}
    assert set(states(book).values()) == {"current"}


def test_arguments_that_only_one_computer_understands_are_refused(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(book, {"chapters/a/code/train.py": TAKING})
    run(book, "code/train.py", "one", f"--out={tmp_path}")
    write(book, {"chapters/a/code/train.py": TAKING + "print(1)\n"})
    assert main(["results", "run", "--book", str(book)]) == 1
    assert (
        f"was run with the argument '--out={tmp_path}', a path of one computer"
        in capsys.readouterr().out
    )


def test_record_keeps_what_the_sidecar_knew(book: Path) -> None:
    before = sidecar(book, "x.json")
    before["seed"], before["packages"] = 7, {"numpy": "2.0"}
    (book / "chapters/a/results/x.json.prov.json").write_text(json.dumps(before))
    (book / "chapters/a/results/x.json").write_text('{"rows": 5}\n')
    assert states(book)["x.json"] == "edited"
    assert main(["results", "record", str(book / "chapters/a/code/x.py")]) == 0
    after = sidecar(book, "x.json")
    for name in ("inputs", "seed", "packages", "script"):
        assert after[name] == before[name]
    assert states(book)["x.json"] == "current"


# R

R_PROGRAM = """\
# mmbook-results: results/fit.csv
library(stats); requireNamespace("utils")
source("code/helpers.R")  # 'data/comment.csv'
data <- utils::read.csv(file.path("data", "iris.csv"), sep = ",")
more <- readRDS(file = 'data/more.rds')
write.csv(data.frame(n = nrow(data)), "results/fit.csv", row.names = FALSE)
again <- read.csv("results/fit.csv")
"""


def r_book(book: Path) -> Path:
    write(book, {
        "chapters/a/code/fit.R": R_PROGRAM,
        "chapters/a/code/helpers.R": 'extra <- readLines("data/extra.txt")\n',
        "chapters/a/data/iris.csv": "a\n1\n", "chapters/a/data/more.rds": "x",
        "chapters/a/data/extra.txt": "1", "chapters/a/data/comment.csv": "no",
        "chapters/a/results/fit.csv": "n\n1\n",
    })  # fmt: skip
    assert main(["results", "record", str(book / "chapters/a/code/fit.R")]) == 0
    return book / "chapters/a"


def test_what_a_program_in_r_reads_is_noted_from_its_calls(book: Path) -> None:
    chapter = r_book(book)
    assert sorted(sidecar(book, "fit.csv")["inputs"]) == [
        "code/helpers.R", "data/extra.txt", "data/iris.csv", "data/more.rds",
    ]  # fmt: skip
    assert states(book)["fit.csv"] == "current"
    (chapter / "data/comment.csv").write_text("changed")
    assert states(book)["fit.csv"] == "current"
    (chapter / "code/helpers.R").write_text('# new\nextra<-readLines( "data/extra.txt" )\n')
    assert states(book)["fit.csv"] == "current"
    (chapter / "code/helpers.R").write_text('extra <- readLines("data/extra.txt", 5)\n')
    assert states(book)["fit.csv"] == "stale"


def test_comments_blanks_and_quotes_in_r_make_nothing_stale_but_code_does(book: Path) -> None:
    chapter = r_book(book)
    text = R_PROGRAM.replace("data <- ", "# why\n\ndata<-").replace(
        "'data/more.rds'", '"data/more.rds"'
    )
    (chapter / "code/fit.R").write_text(text.replace('sep = ","', 'sep=","'))
    assert states(book)["fit.csv"] == "current"
    (chapter / "code/fit.R").write_text(text.replace("data<-", "data < -"))
    assert states(book)["fit.csv"] == "stale"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x<-1", "x < -1"), ("a\n-b", "a - b"), ('"a # b"', '"a"'), ("f(a)\n(b)", "f(a)(b)"),
        ('r"(a # b)"', 'r"(a)"'), ("x %in% y", "x %o% y"), ("`a b`", "`a  b`"), ('"a  b"', '"a b"'),
        ("{a\nb}", "{a b}"), (f'r"({"a" * 999}#b)"', f'r"({"a" * 999}#c)"'),
        (f'R"--[{"]" * 999}#b]--"', f'R"--[{"]" * 999}#c]--"'),
    ],
)  # fmt: skip
def test_programs_in_r_that_differ(one: str, other: str) -> None:
    assert r_words(one) != r_words(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("f(a,b)", "f(a,\n  b) # c"), ("x<-1\n\n\ny", "x <- 1\ny\n"), ("'a'", '"a"'),
        ("f(function(x) {\n  x\n})", "f( function(x) {\n x\n} )"),
    ],
)  # fmt: skip
def test_programs_in_r_that_are_the_same(one: str, other: str) -> None:
    assert r_words(one) == r_words(other)


def test_a_raw_string_that_is_never_closed_is_none() -> None:
    assert r_words('x <- r"(a # b') == r_words('x<-r"(a')
    assert r_words("r\"-(a)\" # b\n'c'") == ["r", '"-(a)"', "\n", '"c"']


OPENINGS = ['("a"', 'r"(', "R'-[", '\\"', "\\'", '"', "`", "%", 'r"---', "# ", "r'"]


def test_words_of_a_program_in_r_take_the_time_that_it_is_long(tmp_path: Path) -> None:
    code = (
        "from sphinx_mmbook.core.provenance.r_code import _names, r_words\n"
        f"for text in {OPENINGS}:\n"
        "    r_words('\"' + text * (10**5 // len(text)))\n"
        "    list(_names(r_words('x' + text * 9999)))"
    )
    # It takes a second; the square of the length takes minutes.
    run = limited("-c", code, cwd=tmp_path, seconds=30)
    assert run.returncode == 0, run.stderr


def test_files_and_packages_of_a_program_in_r(tmp_path: Path) -> None:
    write(tmp_path, {
        "a.R": 'load(here::here("d", "x.rda")); readr::read_csv("none.csv"); source("a.R")\n'
               'vroom("d/y.csv"); write.csv(1, "d/z.csv"); require(lme4)\n',
        "d/x.rda": "", "d/y.csv": "", "d/z.csv": "",
    })  # fmt: skip
    found = files_read(tmp_path / "a.R", [tmp_path])
    assert sorted(path.name for path in found) == ["x.rda", "y.csv"]
    assert packages_of((tmp_path / "a.R").read_text()) == ["here", "lme4", "readr"]


def test_files_are_found_whose_names_stand_in_variables_and_not_those_that_are_written(
    tmp_path: Path,
) -> None:
    write(tmp_path, {
        "a.R": 'infile <- "d/x.csv"\nd <- read.csv(infile)\nbase <- file.path("d", "y.csv")\n'
               'saveRDS(lm(a ~ b, read.csv("d/u.csv")), "d/z.rds")\n'
               'svg("d/p.svg"); write.csv(d, file.path("d", "w.csv"))\nout <- "no.csv"\n',
        **{f"d/{name}": "" for name in ("x.csv", "y.csv", "u.csv", "z.rds", "p.svg", "w.csv")},
    })  # fmt: skip
    found = files_read(tmp_path / "a.R", [tmp_path])
    assert sorted(path.name for path in found) == ["u.csv", "x.csv", "y.csv"]


# Other computers


def git(folder: Path, *words: str) -> None:
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *words]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


@pytest.mark.parametrize("way", ["clone", "autocrlf", "shallow", "no git"])
def test_in_a_fresh_copy_the_results_are_current(book: Path, tmp_path: Path, way: str) -> None:
    r_book(book)
    git(book, "init", "-q")
    git(book, "add", ".")
    git(book, "commit", "-qm", "one")
    words = {"autocrlf": ["-c", "core.autocrlf=true"], "shallow": ["--depth", "1"]}.get(way, [])
    git(tmp_path, "clone", "-q", *words, f"file://{book}", "copy")
    if way == "no git":
        shutil.rmtree(tmp_path / "copy/.git")
    if way == "autocrlf":
        assert b"\r\n" in (tmp_path / "copy/chapters/a/code/x.py").read_bytes()
    assert states(tmp_path / "copy") == {
        "x.json": "current",
        "y.json": "current",
        "fit.csv": "current",
    }


def test_a_file_that_git_lfs_has_not_fetched_is_known_by_its_id(book: Path) -> None:
    for name in ("data/in.csv", "results/x.json"):
        file = book / "chapters/a" / name
        pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest(file)}\nsize 4\n"
        file.write_text(pointer)
    assert states(book) == {"x.json": "current", "y.json": "current"}


# Folders


def test_folders_ignore_what_git_ignores_and_what_systems_leave(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    write(tmp_path, {"data/a.csv": "1", "data/sub/b.csv": "2", ".gitignore": "*.tmp\nlarge/\n"})
    before = digest(folder)
    write(tmp_path, {"data/__pycache__/a.pyc": "", "data/Thumbs.db": "", "data/sub/desktop.ini": "", "data/.x": ""})  # fmt: skip
    assert digest(folder) == before
    write(tmp_path, {"data/c.tmp": ""})
    assert digest(folder) != before
    git(tmp_path, "init", "-q")
    assert digest(folder) == before
    write(tmp_path, {"data/large/a.bin": "1"})
    assert digest(folder) == before
    whole = digest(folder / "large")  # of what is ignored as a whole, all counts
    write(tmp_path, {"data/large/a.bin": "2"})
    assert digest(folder / "large") != whole


def test_programs_that_cannot_be_read_are_hashed_as_they_are(tmp_path: Path) -> None:
    write(
        tmp_path, {"a.py": "%matplotlib inline\nx = 1\n", "b.py": "+" * 100_000, "c.py": "x = '\0'"}
    )
    hashes = {source_digest(tmp_path / f"{name}.py") for name in "abc"}
    assert len(hashes) == 3


def test_after_a_merge_that_broke_a_sidecar_run_makes_the_result_again(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = book / "chapters/a/results/x.json.prov.json"
    lines = file.read_text().split("\n")
    ours, theirs = "\n".join(lines[3:6]), "\n".join(lines[3:6])
    broken = f"<<<<<<< HEAD\n{ours}\n=======\n{theirs}\n>>>>>>> other"
    file.write_text("\n".join([*lines[:3], broken, *lines[6:]]))
    assert states(book)["x.json"] == "broken"
    assert main(["results", "run", "--book", str(book)]) == 0
    assert "chapters/a/code/x.py ..." in capsys.readouterr().out
    assert states(book) == {"x.json": "current", "y.json": "current"}


def test_figures_have_no_blanks_at_line_ends_which_hooks_would_take_away(book: Path) -> None:
    code = (
        "import matplotlib; matplotlib.use('agg')\nfrom matplotlib import pyplot\n"
        "from sphinx_mmbook import store\nfig, ax = pyplot.subplots()\nax.plot([1, 2])\n"
        "ax.legend(['a'])\nstore(fig, 'results/fig.svg')\n"
    )
    write(book, {"chapters/a/code/fig.py": code})
    run(book, "code/fig.py")
    data = (book / "chapters/a/results/fig.svg").read_bytes()
    assert data.startswith(b"<?xml") and data.endswith(b">\n")
    assert not [line for line in data.split(b"\n") if line != line.rstrip()]
    assert states(book)["fig.svg"] == "current"


@pytest.mark.skipif(os.name == "nt", reason="needs links")
def test_a_link_to_itself_that_was_opened_stops_no_storing(tmp_path: Path) -> None:
    code = (
        "from contextlib import suppress\nfrom sphinx_mmbook import store\n"
        "with suppress(OSError):\n    open('data/loop.csv')\nstore(1, 'results/x.json')\n"
    )
    write(tmp_path, {"conf.py": "", "chapters/a/index.md": "# A\n", "chapters/a/code/x.py": code})
    (tmp_path / "chapters/a/data").mkdir()
    (tmp_path / "chapters/a/data/loop.csv").symlink_to("loop.csv")
    run(tmp_path, "code/x.py")
    assert (tmp_path / "chapters/a/results/x.json").is_file()
