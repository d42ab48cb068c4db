"""What a build keeps for the next: compiled templates, side bars, labels of works, static files."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from jinja2 import DictLoader
from jinja2.sandbox import SandboxedEnvironment

from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.ext.speed.compiled_templates import KeptTemplates, is_as_sphinx_makes_it

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Book

CONF = """\
project = "Kept"
extensions = ["sphinx_mmbook"]
html_theme = "sphinx_book_theme"
"""
INDEX = "# The book\n\n```{toctree}\none\ntwo\nthree\n```\n"
BAR = "_build/doctrees/mmbook-sidebar.json"
CONTENTS = "_build/doctrees/one.contents.json"


def environment(folder: Path, **settings: object) -> SandboxedEnvironment:
    made = SandboxedEnvironment(
        loader=DictLoader({"a.html": "{{ 1 + 1 }} {{ word }}"}),
        extensions=["jinja2.ext.i18n"],
        **settings,  # type: ignore[arg-type]
    )
    made.bytecode_cache = KeptTemplates(str(folder))
    return made


def test_a_template_is_compiled_once_and_again_where_what_is_kept_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[object] = []
    compile_ = SandboxedEnvironment.compile
    monkeypatch.setattr(
        SandboxedEnvironment,
        "compile",
        lambda self, *a, **k: compiled.append(a) or compile_(self, *a, **k),
    )
    for times in (1, 1):
        assert environment(tmp_path).get_template("a.html").render(word="so") == "2 so"
        assert len(compiled) == times
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    for count, damaged in enumerate((b"", whole[:12], whole[:-9], b"x" * 99), 2):
        kept.write_bytes(damaged)
        assert environment(tmp_path).get_template("a.html").render(word="so") == "2 so"
        assert len(compiled) == count


def test_a_template_is_used_where_none_can_be_kept(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    assert environment(gone).get_template("a.html").render(word="so") == "2 so"
    assert not gone.exists()


def test_templates_of_an_environment_with_other_settings_are_not_kept(tmp_path: Path) -> None:
    plain = environment(tmp_path)
    assert not is_as_sphinx_makes_it(plain)  # it has a cache already
    plain.bytecode_cache = None
    assert is_as_sphinx_makes_it(plain)
    for settings in ({"autoescape": True}, {"finalize": str}):
        other = environment(tmp_path, **settings)
        other.bytecode_cache = None
        assert not is_as_sphinx_makes_it(other)
    plain.add_extension("jinja2.ext.do")
    assert not is_as_sphinx_makes_it(plain)


@pytest.mark.long
def test_a_build_keeps_its_templates_among_the_caches_of_the_user(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    book.write({"conf.py": CONF, "index.md": "# A book\n\nWithout faults.\n"})
    first = book.build(process=True)
    page = (first.outdir / "index.html").read_bytes()
    kept = sorted((tmp_path / "caches/mmbook/templates").iterdir())
    assert len(kept) > 20
    again = book.build("-E", "-a", process=True)
    assert (again.outdir / "index.html").read_bytes() == page
    assert sorted((tmp_path / "caches/mmbook/templates").iterdir()) == kept


def filled(book: Book) -> Book:
    book.write({"conf.py": CONF, "index.md": INDEX})
    return book.write(
        {f"{name}.md": f"# {name.title()}\n\nText.\n" for name in ("one", "two", "three")}
    )


def site(book: Book) -> dict[str, bytes]:
    files = (path for path in (book.folder / "_build/html").rglob("*") if path.is_file())
    return {
        str(path): path.read_bytes() for path in files if path.suffix in (".html", ".js", ".css")
    }


def test_the_side_bar_of_the_last_build_is_taken_over(book: Book) -> None:
    filled(book).build()
    bars = book.text(BAR)
    book.write({BAR: bars.replace("Three", "Dreizehn"), "one.md": "# One\n\nOther text.\n"})
    book.build()
    assert "Dreizehn" in book.text("_build/html/one.html")
    assert "Dreizehn" not in book.text("_build/html/two.html")


@pytest.mark.long
@pytest.mark.parametrize("damaged", ["", "[]", '{"state": 1', '{"bars": {"x": [1, 2]}}', "\0" * 9])
def test_a_damaged_side_bar_is_made_again(book: Book, damaged: str) -> None:
    filled(book).build()
    whole = book.text(BAR)
    if damaged.endswith("}}"):
        damaged = json.dumps({**json.loads(whole), **json.loads(damaged)})
    book.write({BAR: damaged, "one.md": "# One\n\nOther text.\n"})
    assert book.build().status == 0
    before = site(book)
    book.build("-E", "-a")
    assert site(book) == before


@pytest.mark.long
@pytest.mark.parametrize(
    "change",
    [
        {"two.md": "# Two more\n\nText.\n"},
        {"two.md": "# *Two*\n\nText.\n"},
        {"one.md": "# One\n\n```{toctree}\nfour\n```\n", "four.md": "# Four\n\nText.\n"},
        {"index.md": INDEX.replace("one\ntwo", "two\none")},
        {"index.md": INDEX.replace("}\n", "}\n:caption: Part one\n")},
        {"index.md": INDEX.replace("}\n", "}\n:numbered:\n")},
        {"conf.py": CONF + "html_theme_options = {'show_navbar_depth': 2}\n"},
        {"conf.py": CONF + "html_static_path = ['own']\n", "own/a.css": "a {}"},
    ],
)
def test_after_a_change_of_what_side_bars_show_the_site_equals_a_clean_one(
    book: Book, change: dict[str, str]
) -> None:
    filled(book).build()
    book.write(change).build()
    before = site(book)
    book.build("-E", "-a")
    assert site(book) == before


def test_the_contents_of_a_page_are_taken_over_until_its_headings_change(book: Book) -> None:
    text = "# One\n\n## First\n\nText.\n\n## Second\n\nText.\n"
    filled(book).write({"one.md": text}).build()
    kept = book.text(CONTENTS)
    assert "toc-h2 nav-item" in kept
    book.write(
        {CONTENTS: kept.replace(">First<", ">Dreizehn<"), "one.md": text + "More.\n"}
    ).build()
    assert "Dreizehn" in book.text("_build/html/one.html")
    book.write({"one.md": text.replace("First", "Third")}).build()
    once = site(book)
    assert "Dreizehn" not in book.text("_build/html/one.html")
    for damaged in ("", "[]", '{"state": 1', "\0" * 9):
        book.write({CONTENTS: damaged, "one.md": text.replace("First", "Third") + "\n"}).build()
        assert site(book) == once


def test_an_edit_copies_no_static_file_unless_one_is_newer(book: Book) -> None:
    conf = CONF + "html_static_path = ['own']\n"
    filled(book).write({"conf.py": conf, "own/a.txt": "1"}).build()
    copied = book.folder / "_build/html/_static/a.txt"
    os.utime(copied, (1, 1))
    book.write({"one.md": "# One\n\nOther text.\n"}).build()
    assert copied.stat().st_mtime == 1
    book.write({"own/a.txt": "2", "one.md": "# One\n\nText again.\n"}).build()
    assert copied.read_text() == "2"


WORK = "@book{{a2020, author = {{{name}}}, title = {{A work}}, year = 2020, publisher = {{P}}}}\n"


def test_labels_of_works_are_found_again_when_a_bibliography_or_what_is_cited_changes(
    book: Book,
) -> None:
    filled(book).write({"b.bib": WORK.format(name="Ann Able")})
    book.write({"one.md": "# One\n\n{cite:t}`a2020` says so.\n"}).build()
    assert "Able (2020)" in book.text("_build/html/one.html").replace("</a>", "")
    book.write({"two.md": "# Two\n\nSo says {cite:t}`a2020`.\n"}).build()
    assert "Able" in book.text("_build/html/two.html")
    book.write({"b.bib": WORK.format(name="Bo Baker")}).build()
    for page in ("one", "two"):
        assert "Able" not in book.text(f"_build/html/{page}.html")
        assert "Baker" in book.text(f"_build/html/{page}.html")
    before = site(book)
    book.build("-E", "-a")
    assert site(book) == before


CODE = "_build/doctrees/one.code.json"
BLOCKS = "# One\n\n```python\nx = 1\n```\n\n```{code-block} r\n:linenos:\n\ny <- 2\n```\n"


def test_code_looks_as_it_did_until_it_changes(book: Book) -> None:
    filled(book).write({"one.md": BLOCKS}).build()
    kept = book.text(CODE)
    assert kept.count("highlight") == 1  # that with numbers of lines is set anew
    book.write({CODE: kept.replace("x", "dreizehn"), "one.md": BLOCKS + "\nMore.\n"}).build()
    assert "dreizehn" in book.text("_build/html/one.html")
    for damaged in ("", "[]", '{"state": 1', "\\0" * 9, kept.replace("x", "dreizehn")):
        book.write({CODE: damaged, "one.md": BLOCKS.replace("= 1", "= 3")}).build()
        assert "dreizehn" not in book.text("_build/html/one.html")
        before = site(book)
        book.build("-E", "-a", "-D", "mmbook_speedups=0")
        assert site(book) == before


LEXER = """
from pygments.lexer import RegexLexer
from pygments.token import Keyword

class Own(RegexLexer):
    tokens = {"root": [(r".", Keyword)]}

def setup(app):
    app.add_lexer("own", Own)
"""


def test_code_that_pygments_does_not_know_or_finds_faulty_is_told_on_each_build(book: Book) -> None:
    blocks = "# One\n\n```{code-block} nosuch\na\n```\n\n```python\n¤ = $\n```\n\n```own\na\n```\n"
    filled(book).write({"conf.py": CONF + LEXER, "one.md": blocks})

    def told() -> list[str]:
        lines = book.build().out.splitlines()
        return [line for line in lines if "Pygments lexer" in line or "Lexing" in line]

    first = told()
    assert len(first) == 2
    for _ in range(2):
        book.write({"one.md": book.text("one.md") + "\nMore.\n"})
        assert told() == first
    assert not (book.folder / CODE).exists()


ENDS = ("genindex.html", "search.html", "objects.inv")


def written_again(book: Book, change: dict[str, str]) -> list[str]:
    """Build after a change; return which of the last files of a site were written again."""
    files = [book.folder / "_build/html" / name for name in ENDS]
    texts = [file.read_bytes() for file in files]
    for file in files:
        file.write_bytes(file.read_bytes() + b" ")
    book.write(change).build()
    again = [file for file in files if not file.read_bytes().endswith(b" ")]
    for file, text in zip(files, texts, strict=True):
        file.write_bytes(text if file not in again else file.read_bytes())
    before = site(book)
    book.build("-E", "-a")
    assert site(book) == before
    return [file.name for file in again]


@pytest.mark.parametrize(
    "change",
    [
        {"two.md": "# Two more\n\nText.\n"},
        {"two.md": "# Two\n\n(a-label)=\n## A section\n"},
        {"two.md": "# Two\n\n{index}`a word`\n"},
        {"two.md": ""},
        {"conf.py": CONF + "html_title = 'Another'\n"},
    ],
)
def test_index_search_page_and_inventory_are_written_again_when_they_say_something_else(
    book: Book, change: dict[str, str]
) -> None:
    filled(book).build()
    assert written_again(book, {"one.md": "# One\n\nOther text.\n"}) == []
    assert written_again(book, change) == [*ENDS]


def test_what_an_unfinished_build_was_to_write_at_its_end_is_written_by_the_next(
    book: Book,
) -> None:
    dies = "def die(*_):\n    raise SystemExit(1)\n"
    dies += "def setup(app):\n    app.connect('html-collect-pages', die)\n"
    text = "# One\n\n{index}`a word`\n"
    filled(book).build()
    book.write({"own.py": dies})
    path = 'import sys\nsys.path.insert(0, ".")\nextensions += ["own"]\n'
    book.write({"conf.py": CONF + path, "one.md": text}).build()
    book.write({"conf.py": CONF, "one.md": "# One\n\nText.\n"}).build()
    assert "a word" not in book.text("_build/html/genindex.html")


def test_what_goes_with_events_of_ours_has_no_long_form(book: Book) -> None:
    filled(book).write({"one.md": "# One\n\nA sentence.\n"})
    read = load_book(book.folder)
    assert len(repr((read, *read.pages.values()))) < 1000


def test_after_an_edit_of_one_page_the_garbage_collector_is_not_asked(book: Book) -> None:
    tell = "\nimport gc\ndef setup(app):\n    app.connect('env-updated', lambda *_: print('pace', gc.get_threshold()[0]))\n"
    filled(book).write({"conf.py": CONF + tell})
    assert "pace 2000" in book.build().out
    book.write({"one.md": "# One\n\nOther text.\n"})
    assert "pace 0" in book.build().out
