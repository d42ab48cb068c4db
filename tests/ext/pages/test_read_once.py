"""What is read once: a result that several pages show, and a page that did not change."""

from __future__ import annotations

import pytest

from conftest import CONF, Book

COUNT = """
from pathlib import Path
import sphinx_mmbook.core.results.cache as cache
original = cache.read_bytes
def counted(request):
    with Path(__file__).with_name("reads.log").open("a") as log:
        log.write(request.path.name + "\\n")
    return original(request)
cache.read_bytes = counted
"""
PAGE = (
    "# Page {0}\n\n```{{stored-table}} /a/results/x.csv\n```\n\n{{stored}}`/a/results/x.csv#1,b`\n"
)


@pytest.mark.long
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_result_is_read_once_however_many_pages_show_it(book: Book, jobs: str) -> None:
    pages = {f"page-{n}.md": PAGE.format(n) for n in range(8)}
    index = "# Book\n\n```{toctree}\n:glob:\n\npage-*\n```\n"
    book.write(
        {"conf.py": CONF + COUNT, "index.md": index, "a/results/x.csv": "a,b\n1,2\n", **pages}
    )
    built = book.build("-W", "-j", jobs, process=True)
    assert built.warnings == []
    assert all("2" in built.soup(f"page-{n}").td.find_next("td").text for n in range(8))
    assert (book.folder / "reads.log").read_text().splitlines() == ["x.csv"]


JUDGED = """
from sphinx_mmbook.core.checking.judge import judge

def setup(app):
    def tell(app, book):
        judge(book)
        print("looked into", sorted(book.others.pages))
    app.connect("mmbook-book-judged", tell)
"""


def test_all_rules_judge_a_saved_page_without_a_look_into_the_others(book: Book) -> None:
    figure = "# A\n\n```{figure} x.png\n:name: fig-a\n\nA caption.\n```\n"
    works = "@misc{lin2014,\n title = {T},\n author = {Lin, Ann},\n year = 2014\n}\n"
    index = "# Book\n\n```{toctree}\na\nb\nc\n```\n"
    terms = "# C\n\n```{glossary}\nloss\n  It falls.\n```\n"
    book.write({"conf.py": CONF + JUDGED, "index.md": index, "references.bib": works})
    book.write({"a.md": figure, "b.md": "# B\n\nText.\n", "c.md": terms})
    assert "looked into ['a', 'b', 'c', 'index']" in book.build().out
    book.write({"a.md": f"{figure}\nMore text, {{term}}`loss` and {{any}}`loss`.\n"})
    out = book.build().out
    assert "looked into ['a']" in out, out
