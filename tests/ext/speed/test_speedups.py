"""The pages are the same with the speed-ups and without, whatever stands in the side bar."""

from __future__ import annotations

import gc
import re
from typing import TYPE_CHECKING

import pytest

from sphinx_mmbook.ext.speed.sidebar import read_outline

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Book

CONF = """\
project = "Speed"
author = copyright = "The seminar"
extensions = ["sphinx_mmbook"]
html_theme = "{theme}"
"""
INDEX = """\
# The book

```{toctree}
:caption: First & foremost
:numbered:

one/index
two & more/index
Elsewhere <https://example.org/a#b>
self
```

```{toctree}
:caption: Second
three
```
"""
CHAPTER = """\
# {name} & *more*

See {{numref}}`fig-{name}`, {{numref}}`Picture %s <fig-{other}>`, {{numref}}`sec-{other}`,
{{numref}}`Part {{number}}, {{name}} <sec-{other}>`, [](#fig-{other}) and {{numref}}`code-{name}`.

(sec-{name})=
## A section

```{{figure}} {up}pixel.png
:name: fig-{name}
:alt: A pixel

A pixel of {name}
```

```{{code-block}} python
:name: code-{name}
:caption: A listing

pass
```
"""
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080000000003a7e9550000000a49444154789c6360"
    "000000020001e221bc330000000049454e44ae426082"
)


def fill(book: Book, theme: str) -> None:
    """Write a book with parts, nested pages, odd names and links of all kinds."""
    names = {"one/index": "three", "one/sub": "one", "two & more/index": "sub", "three": "two"}
    files: dict[str, str | bytes] = {"conf.py": CONF.format(theme=theme), "index.md": INDEX}
    files["pixel.png"] = PIXEL
    short = {"one/index": "one", "one/sub": "sub", "two & more/index": "two", "three": "three"}
    for path, other in names.items():
        up = "../" * path.count("/")
        files[f"{path}.md"] = CHAPTER.format(name=short[path], other=other, up=up)
    files["one/index.md"] += "\n```{toctree}\nsub\n```\n"  # type: ignore[operator]
    book.write(files)


def pages(folder: Path) -> dict[str, bytes]:
    """Return what a builder wrote, without its own records."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in (".html", ".js", ".tex", ".xhtml", ".inv")
    }


@pytest.mark.long
@pytest.mark.parametrize(
    ("theme", "builder", "options"),
    [
        ("sphinx_book_theme", "html", ()),
        ("sphinx_book_theme", "html", ("-j", "2")),
        ("sphinx_book_theme", "dirhtml", ()),
        ("pydata_sphinx_theme", "html", ()),
        ("alabaster", "html", ()),
        ("sphinx_book_theme", "latex", ()),
    ],
)
def test_pages_are_the_same_with_and_without(
    book: Book, theme: str, builder: str, options: tuple[str, ...]
) -> None:
    fill(book, theme)
    fast = book.build(*options, builder=builder, out="fast")
    slow = book.build(*options, "-D", "mmbook_speedups=0", builder=builder, out="slow")
    assert fast.status == slow.status == 0
    assert fast.err.replace("fast", "") == slow.err.replace("slow", "")
    assert pages(fast.outdir)
    assert pages(fast.outdir) == pages(slow.outdir)


def test_a_side_bar_with_a_page_twice_is_left_to_the_theme() -> None:
    bar = '<ul class="nav"><li class="toctree-l1"><a class="r" href="a.html">A</a></li>{}</ul>'
    assert read_outline(bar.format(""), "b.html", 1)
    twice = '<li class="toctree-l1"><a class="r" href="a.html">B</a></li>'
    assert read_outline(bar.format(twice), "b.html", 1) is None


def test_an_outline_marks_the_page_and_all_above_it() -> None:
    bar = (
        '<ul class="nav"><li class="toctree-l1 has-children"><a class="r" href="a/index.html">A</a>'
        '<details><ul><li class="toctree-l2"><a class="r" href="a/b.html">B</a></li></ul></details>'
        "</li></ul>"
    )
    outline = read_outline(bar, "index.html", 0)
    assert outline is not None
    assert outline.on("index.html") == bar
    assert outline.on("a/b.html") == (
        '<ul class="current nav"><li class="toctree-l1 current active has-children">'
        '<a class="r" href="index.html">A</a><details open="open"><ul class="current">'
        '<li class="toctree-l2 current active"><a class="current r" href="#">B</a></li></ul>'
        "</details></li></ul>"
    )


@pytest.mark.parametrize("on", [True, False])
def test_the_garbage_collector_is_asked_less_often_only_with_speedups(book: Book, on: bool) -> None:
    fill(book, "alabaster")
    tell = "\nimport gc\ndef setup(app):\n    app.connect('env-updated', lambda *_: print(gc.get_threshold()))\n"
    book.write({"conf.py": CONF.format(theme="alabaster") + tell})
    before = gc.get_threshold()
    gc.set_threshold(701, 11, 11)  # whatever another test of this process has left
    try:
        built = book.build("-D", f"mmbook_speedups={int(on)}")
        assert ("(701, 11, 11)" in built.out) is not on
        assert gc.get_threshold() == (701, 11, 11)
    finally:
        gc.set_threshold(*before)


COUNTED = """
import gc

def setup(app):
    counts = []
    def count(*_):
        counts.append(gc.get_stats()[2]["collections"])
    def end(app, error):
        app.env.apply_post_transforms(app.env.get_doctree("index"), "index")
        print("counts", len(counts), sum(after - before for before, after in zip(counts[::2], counts[1::2])))
    app.connect("doctree-resolved", count, priority=499)
    app.connect("doctree-resolved", count, priority=501)
    app.connect("build-finished", end, priority=999)
"""


def test_few_pages_and_those_after_the_build_cost_no_look_at_all_there_is(book: Book) -> None:
    conf = CONF.format(theme="basic") + COUNTED
    built = book.write({"conf.py": conf, "index.md": "# A book\n\nWithout faults.\n"}).build()
    assert "counts 4 0" in built.out


def test_sphinx_counts_figures_of_pages_as_we_do(book: Book) -> None:
    fill(book, "basic")
    compare = """
def setup(app):
    def compare(app, env):
        from sphinx.environment.collectors.toctree import TocTreeCollector
        sphinx, raw = TocTreeCollector(), env.get_domain("mmbook").data["numbers"]
        ours = env.toc_secnumbers, env.toc_fignumbers
        sphinx.assign_section_numbers(env)
        sphinx.assign_figure_numbers(env)
        theirs = env.toc_secnumbers, env.toc_fignumbers
        count = sum(len(found) for _, kinds in raw.values() for found in kinds.values())
        same = all((theirs[0].get(p, {}), theirs[1].get(p, {})) == raw[p] for p in raw)
        print("figures:", count, "the same:", same)
        env.toc_secnumbers, env.toc_fignumbers = ours
    app.connect("env-check-consistency", compare)
"""
    built = book.write({"conf.py": CONF.format(theme="basic") + compare}).build()
    assert re.findall("figures: .*", built.out) == ["figures: 8 the same: True"]


def test_a_static_file_is_copied_by_a_build_that_changes_no_page(book: Book) -> None:
    conf = CONF.format(theme="basic") + "html_static_path = ['own']\n"
    book.write({"conf.py": conf, "own/a.txt": "1", "index.md": "# A book\n\nWithout faults.\n"})
    book.build()
    book.write({"own/a.txt": "2"})
    again = book.build()
    assert "no targets are out of date" in again.out
    assert (again.outdir / "_static/a.txt").read_text() == "2"


def test_a_page_that_is_gone_is_no_longer_found(book: Book) -> None:
    fill(book, "basic")
    book.write({"alone.md": "---\norphan: true\n---\n# Lonesome\n\nQuokka.\n"})
    index = book.build().outdir / "searchindex.js"
    assert '"alone"' in index.read_text()
    (book.folder / "alone.md").unlink()
    book.build()
    assert '"alone"' not in index.read_text()


KEPT = """
import gc
import os
import weakref

trees = []

def setup(app):
    app.connect("doctree-read", lambda app, tree: trees.append(weakref.ref(tree)))
    app.connect("env-check-consistency", lambda *_: note("reading"), priority=999)
    app.connect("build-finished", lambda *_: note("end"), priority=999)

def note(when):
    gc.unfreeze()
    gc.collect()
    alive = sum(tree() is not None for tree in trees)
    print(when, alive, os.environ.get("NBFORMAT_VALIDATOR"))
"""


@pytest.mark.parametrize(("on", "kept"), [(1, "reading [01] jsonschema"), (0, "reading 5 None")])
def test_no_page_is_kept_in_memory_until_it_is_written(book: Book, on: int, kept: str) -> None:
    fill(book, "alabaster")
    book.write({"conf.py": CONF.format(theme="alabaster") + KEPT})
    built = book.build("-D", f"mmbook_speedups={on}", "-D", "nb_execution_mode=off")
    assert re.search(kept, built.out)
    assert re.search("end . None", built.out)


JUDGED = """
import gc
import weakref

pages = []

def setup(app):
    app.connect("mmbook-book-judged", lambda app, book: pages.extend(map(weakref.ref, book.pages.values())))
    app.connect("env-check-consistency", lambda *_: note())

def note():
    gc.collect()
    print("judged", len(pages), "alive", sum(page() is not None for page in pages))
"""


def test_pages_that_were_judged_are_not_kept_while_others_read(book: Book) -> None:
    fill(book, "alabaster")
    book.write({"conf.py": CONF.format(theme="alabaster") + JUDGED})
    assert "judged 5 alive 0" in book.build("-j", "2", "-D", "nb_execution_mode=off").out


@pytest.mark.parametrize("mode", ["off", "cache"])
def test_a_schema_is_compiled_where_notebooks_have_outputs(book: Book, mode: str) -> None:
    fill(book, "alabaster")
    written = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    book.write({"conf.py": CONF.format(theme="alabaster") + KEPT})
    if mode == "off":
        book.write({"three.md": "", "three.ipynb": written})
        (book.folder / "three.md").unlink()
    built = book.build("-D", f"nb_execution_mode={mode}")
    assert re.search("reading . None", built.out)


TOLD = """
import gc
import os
from sphinx.util import logging

def setup(app):
    here = os.getpid()
    def tell(what):
        with open(os.path.join(app.confdir, "told.log"), "a") as told:
            told.write(f"{what} {'here' if os.getpid() == here else 'elsewhere'}\\n")
    def bars(app, page, template, context, tree):
        made = context.get("generate_toctree_html")
        def make(kind, **options):
            tell(f"bar of {page}") if kind == "sidebar" and tree else None
            return made(kind, **options)
        context["generate_toctree_html"] = make
    def end(app, error):
        bibliography = app.env.get_domain("cite").bibdata.data
        tell(f"kept {len(app.env._pickled_doctree_cache)} parsed {'entries' in vars(bibliography)}")
    def pace(*_):
        tell(f"pace {gc.get_threshold()[0]}, set aside {gc.get_freeze_count() > 10_000}")
    app.connect("html-page-context", bars, priority=492)
    for event in ("source-read", "env-merge-info", "doctree-resolved", "html-page-context"):
        app.connect(event, pace, priority=600)
    app.connect("build-finished", end)
"""


@pytest.mark.long
def test_what_processes_share_is_made_before_they_are_forked(book: Book) -> None:
    fill(book, "sphinx_book_theme")
    book.write({"conf.py": CONF.format(theme="sphinx_book_theme") + TOLD})
    book.build("-j", "2")
    told = (book.folder / "told.log").read_text()
    # The root page, which the bar leads to here, is the second of its kind.
    assert re.findall("bar of (.*) here", told) == ["one/index", "index"]
    assert not re.findall("bar of .* elsewhere", told)
    assert "kept 0 parsed False" in told
    assert set(re.findall("pace .*", told)) == {
        "pace 0, set aside True here",
        "pace 2000, set aside True here",
        "pace 2000, set aside True elsewhere",
    }


@pytest.mark.long
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_bibliography_is_parsed_again_for_footnotes_alone_and_once(book: Book, jobs: str) -> None:
    fill(book, "alabaster")
    work = "@misc{a2020, author = {Ann Able}, title = {A work}, year = 2020}\n"
    cites = "# Three\n\nA {footcite:p}`a2020`.\n\n```{footbibliography}\n```\n"
    book.write({"conf.py": CONF.format(theme="alabaster") + TOLD})
    book.write({"three.bib": work, "one/sub.md": cites, "three.md": cites})
    built = book.build("-j", jobs)
    assert "kept 0 parsed True" in (book.folder / "told.log").read_text()
    assert built.out.count("parsed 1 entries") == 1
    assert "Able" in (built.outdir / "three.html").read_text()


@pytest.mark.parametrize(("levels", "is_open"), [(1, False), (2, True)])
def test_an_outline_that_was_read_on_a_chapter_with_pages_below_it_is_that_of_others(
    levels: int, is_open: bool
) -> None:
    bar = (
        '<ul class="{0}nav"><li class="toctree-l1{1} has-children"><a class="{0}r" href="{2}">A</a>'
        '<details{3}><ul><li class="toctree-l2"><a class="r" href="{4}b.html">B</a></li></ul>'
        "</details></li></ul>"
    )
    opened = ' open="open"'
    on_chapter = bar.format("current ", " current active", "#", opened, "")
    elsewhere = bar.format("", "", "a/index.html", opened * is_open, "a/")
    outline = read_outline(on_chapter, "a/index.html", levels)
    assert outline is not None
    assert outline.on("index.html") == elsewhere
    assert outline.on("a/index.html") == on_chapter
