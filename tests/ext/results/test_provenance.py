"""Where stored results come from, on built pages."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import Book, Built
from sphinx_mmbook.ext.results.source_notes import repository_link

SCRIPT = """\
from sphinx_mmbook import store
store([{"model": "clip", "top1": 0.763}], "results/accuracy.csv", inputs=["data/in.txt"], seed=1)
"""
CHAPTER = """\
# Accuracy

Text.

```{stored-table} results/accuracy.csv
```
"""


@pytest.fixture
def stored(book: Book) -> Book:
    """A book with one chapter that shows one stored result."""
    book.write(
        {
            "index.md": "# Book\n\n```{toctree}\nchapters/a/index\n```\n",
            "chapters/a/index.md": CHAPTER,
            "chapters/a/code/accuracy.py": SCRIPT,
            "chapters/a/data/in.txt": "1 2 3\n",
        }
    )
    run_script(book)
    return book


def run_script(book: Book, chapter: str = "a") -> None:
    script = book.folder / f"chapters/{chapter}/code/accuracy.py"
    subprocess.run([sys.executable, str(script)], check=True)


def note(built: Built, page: str = "chapters/a/index") -> str:
    """Return the text of the note on stale results, empty if there is none."""
    found = built.soup(page).select(".mmbook-stale-note")
    assert len(found) <= 1
    return " ".join(found[0].get_text(" ", strip=True).split()) if found else ""


def test_what_changed_is_named_on_the_page_until_the_result_is_made_again(stored: Book) -> None:
    built = stored.build("-W")
    assert built.status == 0, built.err
    assert note(built) == ""
    stored.write({"chapters/a/code/accuracy.py": SCRIPT.replace("0.763", "0.80")})
    built = stored.build("-W")
    assert built.status == 0, built.err
    assert note(built) == (
        "Results that are not up to date results/accuracy.csv : "
        "stale: code/accuracy.py has changed since it was made"
    )
    run_script(stored)
    built = stored.build("-W")
    assert note(built) == ""
    assert "0.8" in built.soup("chapters/a/index").get_text()


def test_a_cause_is_told_once_for_all_results_that_it_concerns(stored: Book) -> None:
    again = (
        SCRIPT.rstrip() + "\nstore([{'x': 1}], 'results/b.csv', inputs=['data/in.txt'], seed=1)\n"
    )
    table = "\n```{stored-table} results/b.csv\n:caption: B\n```\n"
    page = (stored.folder / "chapters/a/index.md").read_text()
    stored.write({"chapters/a/code/accuracy.py": again, "chapters/a/index.md": page + table})
    run_script(stored)
    stored.write({"chapters/a/data/in.txt": "4\n"})
    text = note(stored.build("-W"))
    assert "results/accuracy.csv , results/b.csv :" in text
    assert text.count("data/in.txt") == 1


def test_the_source_line_names_the_data(stored: Book) -> None:
    page = (stored.folder / "chapters/a/index.md").read_text()
    shown = "\n```{stored-table} results/accuracy.csv\n:caption: Again\n:source:\n```\n"
    stored.write({"chapters/a/index.md": page + shown})
    built = stored.build("-W")
    line = built.soup("chapters/a/index").select_one(".mmbook-source")
    assert line is not None
    assert "code/accuracy.py, data data/in.txt, " in " ".join(line.get_text().split())


def test_a_changed_input_and_a_result_changed_by_hand_are_named(stored: Book) -> None:
    stored.write(
        {
            "chapters/a/data/in.txt": "4\n",
            "chapters/a/results/accuracy.csv": "model,top1\nclip,0.99\n",
        }
    )
    text = note(stored.build("-W", "-D", "language=de"))
    assert "data/in.txt wurde seitdem geändert" in text
    assert "von Hand geändert" in text


def test_a_build_without_changes_reads_nothing(stored: Book) -> None:
    stored.write({"list.md": "---\norphan: true\n---\n# Results\n\n```{results}\n```\n"})
    (stored.folder / "chapters/a/data/in.txt").unlink()  # data that are not shared
    assert note(stored.build("-W")) == ""
    assert "0 added, 0 changed, 0 removed" in stored.build().out


def test_a_page_is_read_again_when_its_result_gets_provenance(stored: Book) -> None:
    sidecar = stored.folder / "chapters/a/results/accuracy.csv.prov.json"
    text = sidecar.read_text()
    sidecar.unlink()
    assert note(stored.build("-W")) == ""
    sidecar.write_text(text.replace('"script_sha256": "', '"script_sha256": "0'))
    assert "stale" in note(stored.build("-W"))


def test_a_figure_that_is_stale_is_named(stored: Book) -> None:
    stored.write(
        {
            "chapters/b/index.md": "# B\n\n```{figure} results/plot.png\n:alt: a plot\n\nText.\n```\n",
            "chapters/b/code/accuracy.py": textwrap.dedent("""\
                import matplotlib
                matplotlib.use("agg")
                import matplotlib.pyplot as plt
                from sphinx_mmbook import store
                fig, ax = plt.subplots(figsize=(1, 1))
                store(fig, "results/plot.png")
                """),
            "index.md": "# Book\n\n```{toctree}\nchapters/a/index\nchapters/b/index\n```\n",
        }
    )
    run_script(stored, "b")
    assert note(stored.build("-W"), "chapters/b/index") == ""
    with (stored.folder / "chapters/b/code/accuracy.py").open("a") as file:
        file.write("print()\n")
    assert "code/accuracy.py" in note(stored.build("-W"), "chapters/b/index")


def test_the_list_shows_all_results_with_their_state(stored: Book) -> None:
    stored.write(
        {
            "list.md": "---\norphan: true\n---\n# Results\n\n```{results}\n```\n",
            "chapters/a/results/old.csv": "a\n1\n",
        }
    )
    built = stored.build("-W")
    assert built.status == 0, built.err
    rows = list_rows(built)
    assert rows == [
        ["Accuracy"],
        ["results/accuracy.csv", "current", "code/accuracy.py", date.today().isoformat()],
        ["results/old.csv", "no provenance", "", ""],
    ]
    link = built.soup("list").select_one("table.mmbook-results td a")
    assert link is not None and link["href"] == "chapters/a/index.html"
    with (stored.folder / "chapters/a/code/accuracy.py").open("a") as file:
        file.write("print()\n")
    assert list_rows(stored.build("-W"))[1][1] == (
        "stale: code/accuracy.py has changed since it was made"
    )


def list_rows(built: Built) -> list[list[str]]:
    """Return the texts of the cells of the list."""
    return [
        [" ".join(cell.get_text().split()) for cell in row.select("td")]
        for row in built.soup("list").select("table.mmbook-results tbody tr")
    ]


def test_an_interrupted_result_is_put_in_place_before_pages_are_read(stored: Book) -> None:
    results = stored.folder / "chapters/a/results"
    ready = results / ".accuracy.csv.ready"
    ready.mkdir()
    (ready / ".gone").write_text("")
    (ready / "accuracy.csv").write_text("model,top1\nclip,0.999\n")
    built = stored.build()
    assert "0.999" in built.soup("chapters/a/index").get_text()
    assert not ready.exists()


DIES = """\
---
file_format: mystnb
kernelspec: {name: python3, display_name: Python}
---
# Dies

```{code-cell} python
import os, pathlib, signal
from sphinx_mmbook import store
pathlib.Path.replace = lambda *words: os.kill(os.getpid(), signal.SIGKILL)
store([{"model": "clip", "top1": 0.999}], "results/own.csv")
```

```{stored-table} results/own.csv
```
"""


def test_a_kernel_that_dies_while_it_stores_leaves_the_new_result(stored: Book) -> None:
    stored.write(
        {
            "chapters/a/results/own.csv": "model,top1\nclip,0.1\n",
            "chapters/a/dies.md": DIES,
            "index.md": "# Book\n\n```{toctree}\nchapters/a/index\nchapters/a/dies\n```\n",
        }
    )
    built = stored.build()
    assert "kernel" in built.err
    assert "0.999" in built.soup("chapters/a/dies").select_one("table.stored-table").get_text()
    assert list((stored.folder / "chapters/a/results").glob(".*")) == []


@pytest.mark.long
def test_a_parallel_build_says_the_same(stored: Book) -> None:
    for number in range(5):  # Sphinx reads in parallel from six pages on
        stored.write({f"page{number}.md": f"---\norphan: true\n---\n# Page {number}\n"})
    stored.write({"chapters/a/code/accuracy.py": SCRIPT + "print()\n"})
    built = stored.build("-W", "-j", "2")
    assert built.status == 0, built.err
    assert "stale" in note(built)


SOURCE = """\
from pathlib import Path
from docutils.parsers.rst import Directive
from sphinx.util.docutils import SphinxDirective
from sphinx_mmbook.ext.results.source_notes import source_line

class Source(SphinxDirective):
    required_arguments = 1
    def run(self):
        return source_line(self.env, Path(self.env.srcdir, self.arguments[0]))

def setup(app):
    app.add_directive("source-of", Source)
"""


def test_the_source_line_names_script_commit_and_date(stored: Book) -> None:
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(stored.folder)]
    subprocess.run([*git, "init", "-q"], check=True)
    conf = (stored.folder / "conf.py").read_text()
    stored.write(
        {
            "conf.py": conf
            + "import pathlib, sys; sys.path.insert(0, str(pathlib.Path(__file__).parent))\n"
            + 'extensions.append("source")\n'
            + 'html_theme = "sphinx_book_theme"\nhtml_theme_options = {"repository_url": '
            '"https://github.com/example/book", "path_to_docs": "book"}\n',
            "source.py": SOURCE,
            "chapters/a/index.md": CHAPTER
            + "\n```{source-of} chapters/a/results/accuracy.csv\n```\n",
        }
    )
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "one"], check=True)
    commit = subprocess.run(
        [*git, "rev-parse", "HEAD"], capture_output=True, text=True
    ).stdout.strip()
    (stored.folder / "chapters/a/results/accuracy.csv.prov.json").unlink()
    run_script(stored)
    built = stored.build("-W")
    assert built.status == 0, built.err
    soup = built.soup("chapters/a/index")
    line = soup.select_one("p.mmbook-source")
    assert line is not None
    text = line.get_text()
    assert "code/accuracy.py" in text and f"commit {commit[:7]}" in text
    link = line.select_one("a")
    assert link is not None
    assert link["href"] == (
        f"https://github.com/example/book/blob/{commit}/book/chapters/a/code/accuracy.py"
    )


@pytest.mark.parametrize(
    ("path", "commit", "end"),
    [
        ("a/code/x.py", "", "/blob/main/book/a/code/x.py"),
        ("a/code/my run #1?.py", "ab12", "/blob/ab12/book/a/code/my%20run%20%231%3F.py"),
        ("a/code/x.py", "../../../evil/repo/blob/x", "/blob/..%2F..%2F..%2Fevil%2Frepo%2Fblob%2Fx/book/a/code/x.py"),
        ('a/"><script>.py', "", "/blob/main/book/a/%22%3E%3Cscript%3E.py"),
    ],
)  # fmt: skip
def test_links_to_programs_lead_to_files_of_the_repository(
    path: str, commit: str, end: str
) -> None:
    options = {"repository_url": "https://github.com/example/book/", "path_to_docs": "book"}
    config: Any = SimpleNamespace(html_theme_options=options)
    assert repository_link(config, path, commit) == f"https://github.com/example/book{end}"


def test_hostile_sidecars_reach_no_file_outside_and_no_page(stored: Book) -> None:
    text = (stored.folder / "chapters/a/results/accuracy.csv.prov.json").read_text()
    hostile = (
        text.replace('"code/accuracy.py"', '"../../../../../etc/passwd"'),
        text.replace('"code/accuracy.py"', '"<script>alert(1)</script>"'),
        text.replace('"accuracy.csv":', '"../accuracy.csv":'),
        "[" * 20000,
        "",
    )
    for number, sidecar in enumerate(hostile):
        name = f"chapters/a/results/r{number}.csv"
        stored.write(
            {name: "a\n1\n", f"{name}.prov.json": sidecar.replace("accuracy.csv", f"r{number}.csv")}
        )
    tables = [f"```{{stored-table}} results/r{number}.csv\n```\n\n" for number in range(5)]
    stored.write({"chapters/a/index.md": "# A\n\n" + "".join(tables)})
    built = stored.build("-W")
    assert built.status == 0, built.err
    assert "<script>alert" not in (built.outdir / "chapters/a/index.html").read_text()
    text = note(built)
    assert text.count("its provenance cannot be read") == 4
    assert "stale: <script>alert(1)</script> has changed" in text
