"""Projects that gain the extension: what docs/existing-book.md says changes, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from conftest import Book, copied

if TYPE_CHECKING:
    from bs4.element import Tag

# Whole projects, each built six times.
pytestmark = pytest.mark.long

#: The projects, and the pages of each.
PAGES = {
    "plain": ("index", "guide", "old", "api/index"),
    "jupyter-book": ("intro", "a", "b", "c", "c1", "d"),
    "outputs": ("index", "gpu", "text"),
}
#: What the page says changes in texts: the word for figures, no dot after the numbers of sections,
#: how works are cited and listed.
CHANGES = [
    (r"(?<=\d)\.(?=\s+[A-Z])", " "),
    (r"\bFig\. (?=\d)", "Figure "),
    (r"\[\s*Knu84\s*\]", "(Knuth, 1984)"),
]


def added(book: Book) -> None:
    """Add the one line."""
    conf = book.folder / "conf.py"
    conf.write_text(conf.read_text() + 'extensions = ["sphinx_mmbook", *extensions]\n')


@pytest.fixture(scope="module", params=PAGES)
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[Tag]]:
    """Return the pages of a project without and with the extension."""
    # In processes of their own: sphinx_multitoc_numbering changes Sphinx for the rest of one.
    folder = tmp_path_factory.mktemp("existing")
    book = copied(f"existing-{request.param}", folder / "book")
    before = book.build("-W", "--keep-going", out="_build/before", process=True)
    assert before.status == 0, before.err
    added(book)
    after = book.build("-W", "--keep-going", out="_build/after", process=True)
    assert (after.status, after.warnings) == (0, [])
    return {
        name: [article(before.outdir, name), article(after.outdir, name)]
        for name in PAGES[request.param]
    }


def article(folder: Path, name: str) -> Tag:
    soup = BeautifulSoup((folder / f"{name}.html").read_text("utf-8"), "html.parser")
    found = soup.select_one("article.bd-article, div.body")
    assert found is not None
    for tag in found.select(".headerlink, .mmbook-references, .rubric, .citation, .prev-next-area"):
        tag.decompose()
    return found  # type: ignore[return-value]


def outputs(page: Tag) -> list[str]:
    """Return the texts of a page's outputs without blanks; data frames become tables of the book."""
    return ["".join(tag.get_text().split()) for tag in page.select(".cell_output")]


def test_texts_and_numbers_change_only_as_the_page_says(both: dict[str, list[Tag]]) -> None:
    for name, (before, after) in both.items():
        expected = before.get_text(" ")
        for old, new in CHANGES:
            expected = re.sub(old, new, expected)
        assert "".join(after.get_text(" ").split()) == "".join(expected.split()), name


def test_links_and_anchors_stay(both: dict[str, list[Tag]]) -> None:
    for name, (before, after) in both.items():
        ids = {
            tag["id"] for tag in before.select("[id]") if not re.match(r"id\d|bib|code", tag["id"])
        }  # type: ignore[arg-type]
        assert ids <= {tag["id"] for tag in after.select("[id]")}, name
        links = [tag["href"] for tag in before.select("a.internal")]
        assert [link for link in links if "#id" not in link] == [
            tag["href"] for tag in after.select("a.internal") if "#ref-" not in tag["href"]
        ], name


def test_pictures_and_outputs_stay(both: dict[str, list[Tag]]) -> None:
    for name, (before, after) in both.items():
        assert len(before.select("img")) == len(after.select("img")), name
        assert outputs(before) == outputs(after), name
        assert len(before.select("table")) == len(after.select("table")), name


@pytest.mark.parametrize("name", PAGES)
def test_the_other_outputs_are_built_without_warnings(name: str, tmp_path: Path) -> None:
    book = copied(f"existing-{name}", tmp_path / "book")
    added(book)
    for builder in ("latex", "epub"):
        built = book.build("-W", "--keep-going", builder=builder, process=True)
        assert (built.status, built.warnings) == (0, []), builder
