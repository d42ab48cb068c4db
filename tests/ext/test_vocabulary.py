"""The table of directives and roles is what is registered; labels; what a build leaves."""

from __future__ import annotations

import importlib.util
import json
import shutil
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.version import Version

from building import own_defaults
from conftest import Book
from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.book.vocabulary import FILE
from sphinx_mmbook.core.checking.judge import judge

ROOT = Path(__file__).parent.parent.parent
_SPEC = importlib.util.spec_from_file_location("make_vocabulary", ROOT / "docs/make_vocabulary.py")
make_vocabulary = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(make_vocabulary)


#: The table is made with the locked versions. What older ones lack, a book is not told to lack.
IS_OLDER = Version(version("docutils")) < Version("0.22")


def names(table: dict[str, dict[str, object]]) -> set[str]:
    return {name for kind in ("directives", "roles") for name in table[kind]}


def test_the_table_of_directives_and_roles_is_what_is_registered() -> None:
    table, registered = json.loads(FILE.read_text("utf-8"))["book"], make_vocabulary.words("en")
    if IS_OLDER:
        assert names(registered) <= names(table)
    else:
        assert table == registered


@pytest.mark.long  # a dozen applications
@pytest.mark.skipif(IS_OLDER, reason="the table of all extensions is that of the locked versions")
def test_the_table_of_all_extensions_is_current() -> None:
    # Themes change lists that Sphinx has as defaults.
    with own_defaults():
        text = make_vocabulary.text()
    assert FILE.read_text("utf-8") == text


@pytest.mark.parametrize("option", ["label", "name"])
def test_label_and_name_mean_the_same_in_every_directive(option: str, book: Book) -> None:
    page = "# Book\n"
    bodies = {
        "figure a.png": "The loss falls.", "table Loss": "| a |\n| - |\n| 1 |", "image a.png": "",
        "list-table Loss": "* - A", "csv-table Loss": "1,2", "code-block python": "x = 1",
        "note": "Text.", "admonition Note": "Text.", "topic Note": "Text.", "sidebar Note": "Text.",
        "math": "a", "rubric Note": "", "container": "Text.",
        "literalinclude a.py": "", "epigraph": "",
    }  # fmt: skip
    names = []
    for number, (head, body) in enumerate(bodies.items()):
        if head != "epigraph":
            extra = ":caption: Code\n" if "code-block" in head or "literal" in head else ""
            page += f"\n```{{{head.partition(' ')[0]}}} {head.partition(' ')[2]}\n"
            page += f":{option}: box-{number}\n{extra}\n{body}\n```\n"
            names.append(f"box-{number}")
    page += "\n```{eval-rst}\n.. note::\n   :" + option + ": box-rst\n\n   Text\n```\n"
    book.write({"index.md": page, "a.png": b"\x89PNG\r\n\x1a\n", "a.py": "x = 1\n"})
    built = book.build("-W", "--keep-going")
    html = (built.outdir / "index.html").read_text("utf-8")
    missing = [name for name in (*names, "box-rst") if f'id="{name}"' not in html
               and f'id="equation-{name}"' not in html]  # fmt: skip
    assert missing == []


def test_a_build_leaves_what_the_check_does_not_know(book: Book) -> None:
    book.write(
        {
            "conf.py": "import os, sys\nsys.path.insert(0, os.path.dirname(__file__))\nextensions = ['sphinx_mmbook', 'mine']\n",
            "mine.py": "from docutils.parsers.rst import Directive\n\nclass Box(Directive):\n"
            "    has_content = True\n    def run(self):\n        return []\n\n"
            "def setup(app):\n    app.add_directive('box', Box)\n",
            "index.md": "# Book\n\n```{box}\nText\n```\n\n```{bocks}\nText\n```\n",
        }
    )
    assert judge(load_book(book.folder))[0].rule == "extension-unknown"
    built = book.build(builder="dummy")
    assert len(built.warnings) == 1
    assert "there is no directive '{bocks}', so its content is lost" in built.err
    shutil.rmtree(book.folder / "__pycache__", ignore_errors=True)  # of mine.py
    assert [f.rule for f in judge(load_book(book.folder))] == ["directive-unknown"]
