"""A build says again what the one before it warned of, until that is mended."""

from __future__ import annotations

import logging

import pytest

from conftest import Book
from sphinx_mmbook.ext.pages.faulty_pages import FaultyPages

INDEX = "# Book\n\n```{toctree}\na/index\nb/index\nc/index\n```\n"
PAGES = {
    "index.md": INDEX,
    "a/index.md": "# A\n\nSee {ref}`sec-mising`.\n",
    "b/index.md": "# B\n\n{cite:t}`lin2014`\n",
    "b/references.bib": "@article{lin2014,\n title = {T},\n author = {Lin, T},\n year = 2014\n}\n",
    "c/index.md": "# C\n\nText.\n",
}


def about(warnings: list[str]) -> set[str]:
    return {line.rpartition("/book/")[2].partition(":")[0] for line in warnings}


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_second_build_does_not_succeed_over_the_faults_of_the_first(
    book: Book, jobs: str
) -> None:
    # Sphinx reads in parallel from six pages on: in the first build.
    others = {f"d{n}.md": f"---\norphan: true\n---\n# D{n}\n" for n in range(4)}
    book.write({**PAGES, **others} if jobs == "2" else PAGES)
    first = book.build("-W", "--keep-going", "-j", jobs)
    assert first.status == 1
    assert any("sec-mising" in line for line in first.warnings)
    second = book.build("-W", "--keep-going", "-j", jobs)
    assert second.status == 1
    assert sorted(second.warnings) == sorted(first.warnings)
    assert "c/index" not in second.out, "only the pages at fault are read again"
    book.change("a/index.md", "See {ref}`sec-mising`.", "See.")
    book.build("--keep-going")
    book.change("b/references.bib", "title = {T}", "title = {T}, journal = {J}")
    last = book.build("-W", "--keep-going")
    assert (last.status, last.warnings) == (0, [])
    assert not list((book.folder / "_build").rglob("mmbook-faulty.json"))
    assert "0 added, 0 changed, 0 removed" in book.build().out


def test_a_list_that_no_build_of_ours_wrote_stops_none(book: Book) -> None:
    book.write({"index.md": "# Book\n"})
    book.build()
    (doctrees,) = (file.parent for file in (book.folder / "_build").rglob("environment.pickle"))
    (doctrees / "mmbook-faulty.json").write_text("[" * 100_000)
    assert "0 added, 0 changed, 0 removed" in book.build().out


def test_a_page_is_mended_by_a_package_that_is_installed_later(book: Book) -> None:
    shown = "# A\n\n```{eval-rst}\n.. later:: x\n```\n"
    book.write({**PAGES, "index.md": INDEX.replace("b/index\n", ""), "a/index.md": shown,
                "b/index.md": "---\norphan: true\n---\n# B\n"})  # fmt: skip
    assert book.build().warnings
    conf = book.text("conf.py")
    role = (
        "\nfrom docutils.parsers.rst import Directive, directives\n"
        "class Later(Directive):\n    optional_arguments = 1\n    def run(self):\n        return []\n"
        "directives.register_directive('later', Later)\n"
    )
    book.write({"conf.py": conf + role})
    assert book.build("-W").warnings == []


@pytest.mark.parametrize("place", ["", ":3", ":3:14", ":<unknown>"])
def test_a_warning_names_a_page_also_with_line_and_column(place: str) -> None:
    record = logging.makeLogRecord({"location": f"/book/a:1/index.md{place}"})
    faulty = FaultyPages()
    assert faulty.see(record)
    assert faulty.places == {"/book/a:1/index.md"}
