"""The showcase book, built and read back: it shows what the manual says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from conftest import Built
from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.checking.judge import judge

PARTS = "chapters/architectures/"
CHAPTERS = {
    "chapters/introduction/index": 1,
    "chapters/writing-a-chapter/index": 2,
    PARTS + "overview/index": 3,
    PARTS + "image-to-text/index": 4,
    PARTS + "text-to-image/index": 5,
    PARTS + "images-support-language/index": 6,
    PARTS + "text-supports-images/index": 7,
    PARTS + "text-and-image/index": 8,
}
UNNUMBERED = ("preface", "foreword", "epilogue", "acknowledgements", "results", "bibliography")
#: Numbers of sentences that no cell computes: they are chosen.
GIVEN = {"80 percent", "20 percent"}
IRIS = [
    ["(Intercept)", "2.1713", "0.2798", "7.760", "<0.0001"],
    ["Sepal.Width", "0.4959", "0.0861", "5.761", "<0.0001"],
    ["Petal.Length", "0.8292", "0.0685", "12.101", "<0.0001"],
    ["Petal.Width", "−0.3152", "0.1512", "−2.084", "0.0389"],
    ["Speciesversicolor", "−0.7236", "0.2402", "−3.013", "0.0031"],
    ["Speciesvirginica", "−1.0235", "0.3337", "−3.067", "0.0026"],
]


def test_the_checker_finds_nothing_of_any_level() -> None:
    assert judge(load_book(Path(__file__).parent.parent / "book")) == []


def title(soup: BeautifulSoup) -> Tag:
    # The theme has a second heading, for print.
    found = soup.select_one("article h1")
    assert found is not None
    return found


def heading(soup: BeautifulSoup) -> str:
    return " ".join(title(soup).get_text(" ").replace("#", "").split())


def rows(table: Tag) -> list[list[str]]:
    body = table.tbody
    assert body is not None
    return [[cell.get_text().strip() for cell in row.find_all(["td", "th"])] for row in body("tr")]


@pytest.mark.long
def test_it_builds_without_a_warning(showcase: Built) -> None:
    assert showcase.warnings == []
    assert showcase.status == 0


@pytest.mark.long
@pytest.mark.parametrize("page", CHAPTERS)
def test_chapters_number_through_all_parts(showcase: Built, page: str) -> None:
    soup, number = showcase.soup(page), CHAPTERS[page]
    assert heading(soup).startswith(f"{number} ")
    sections = [h.get_text() for h in soup.select("article h2") if h.select(".section-number")]
    assert [text.split()[0] for text in sections] == [
        f"{number}.{n}" for n in range(1, len(sections) + 1)
    ]
    for kind in ("Figure", "Table"):
        captions = [
            c.get_text() for c in soup.select(".caption-number") if c.get_text().startswith(kind)
        ]
        expected = [f"{kind} {number}.{n} " for n in range(1, len(captions) + 1)]
        assert captions == expected
    equations = [e.get_text().replace("#", "") for e in soup.select(".eqno")]
    assert equations == [f"({number}.{n})" for n in range(1, len(equations) + 1)]


@pytest.mark.long
@pytest.mark.parametrize("page", UNNUMBERED)
def test_front_and_back_matter_have_no_numbers(showcase: Built, page: str) -> None:
    assert not re.match(r"\d", heading(showcase.soup(page)))


@pytest.mark.long
@pytest.mark.parametrize("page", CHAPTERS)
def test_every_chapter_has_its_byline_under_the_title(showcase: Built, page: str) -> None:
    soup = showcase.soup(page)
    byline = title(soup).find_next_sibling()
    assert isinstance(byline, Tag)
    assert byline.get_text().strip().startswith("Author")


@pytest.mark.long
@pytest.mark.parametrize("page", [p for p in CHAPTERS if p.startswith(PARTS)])
def test_every_architecture_chapter_computes_and_plots(showcase: Built, page: str) -> None:
    soup = showcase.soup(page)
    assert soup.select(".cell_input")
    assert soup.select(".cell_output figure img, .cell_output img")


@pytest.mark.long
@pytest.mark.parametrize("page", [*CHAPTERS, *UNNUMBERED, "index"])
def test_all_references_lead_somewhere(showcase: Built, page: str) -> None:
    soup = showcase.soup(page)
    article = soup.find("article")
    assert isinstance(article, Tag)
    assert "??" not in article.get_text()
    for link in article.select("a.internal[href]:not(.download)"):
        target, _, anchor = str(link["href"]).partition("#")
        if target and not target.endswith(".html"):
            assert ((showcase.outdir / f"{page}.html").parent / target).is_file()
            continue
        file = (showcase.outdir / f"{page}.html").parent / target if target else None
        other = BeautifulSoup(file.read_text("utf-8"), "html.parser") if file else soup
        assert not anchor or other.find(id=anchor), f"{page}: {link['href']}"


@pytest.mark.long
def test_references_say_the_number_of_what_they_name(showcase: Built) -> None:
    numbers = {}
    for page in CHAPTERS:
        for caption in showcase.soup(page).select(".caption-number"):
            holder = caption.find_parent(["figure", "table"])
            assert isinstance(holder, Tag)
            numbers[str(holder["id"])] = caption.get_text().strip()
    seen = 0
    for page in CHAPTERS:
        for span in showcase.soup(page).select("a.reference.internal > span.std-numref"):
            anchor = str(span.parent["href"]).partition("#")[2]  # type: ignore[index]
            assert span.get_text() == numbers[anchor]
            seen += 1
    assert seen > 20


@pytest.mark.long
@pytest.mark.parametrize("label", ["tbl-iris-csv", "tbl-iris-matrix", "tbl-iris-model"])
def test_the_regression_is_the_same_from_all_formats(showcase: Built, label: str) -> None:
    table = showcase.soup("chapters/writing-a-chapter/index").find("table", id=label)
    assert isinstance(table, Tag)
    assert rows(table) == IRIS


@pytest.mark.long
def test_citations_are_author_and_year(showcase: Built) -> None:
    text = " ".join(
        " ".join(showcase.soup(page).find("article").get_text().split())  # type: ignore[union-attr]
        for page in CHAPTERS
    )
    assert "Lin et al. (2014)" in text
    assert re.search(r"\(\w+ et al\., \d{4}; [\w ]+(et al\.|and \w+), \d{4}\)", text)


@pytest.mark.long
def test_each_work_is_listed_once_and_each_chapter_lists_its_own(showcase: Built) -> None:
    def works(page: str) -> list[str]:
        found = showcase.soup(page).select(".mmbook-references [id^=ref-]")
        return [str(tag["id"]) for tag in found]

    listed = works("bibliography")
    assert len(listed) == len(set(listed)) > 50
    cited = [work for page in CHAPTERS for work in works(page)]
    assert set(cited) <= set(listed)
    assert len(cited) > len(set(cited))  # some works are cited in several chapters
    for page in CHAPTERS:
        soup = showcase.soup(page)
        own = set(works(page))
        links = [str(a["href"]) for a in soup.select("a[href^='#ref-']")]
        assert {link[1:] for link in links} <= own


@pytest.mark.long
def test_it_says_first_that_its_people_are_invented(showcase: Built) -> None:
    first = showcase.soup("preface").select_one("article h1 ~ p")
    assert first is not None
    assert "all people in it are invented" in " ".join(first.get_text().split())
    people = Path(__file__).parent.parent / "book" / "people"
    assert [file.name for file in people.iterdir() if "orcid" in file.read_text("utf-8")] == []


@pytest.mark.long
def test_works_in_proceedings_name_their_series(showcase: Built) -> None:
    listed = showcase.soup("bibliography").select(".mmbook-references [id^=ref-]")
    named = [
        work for work in listed if "(Proceedings of Machine Learning Research, Vol." in work.text
    ]
    assert len(named) >= 9


@pytest.mark.long
@pytest.mark.parametrize(
    ("page", "table", "column", "said"),
    [
        ("text-to-image", "tbl-guidance", 2, "only {}% of the samples are of this kind"),
        ("text-to-image", "tbl-guidance", 3, "still has {}% of its mass there"),
    ],
)
def test_sentences_say_what_the_table_says(
    showcase: Built, page: str, table: str, column: int, said: str
) -> None:
    soup = showcase.soup(f"{PARTS}{page}/index")
    found = soup.find("table", id=table)
    assert isinstance(found, Tag)
    value = float(rows(found)[-1][column])
    assert said.format(round(100 * value)) in " ".join(soup.get_text().split())


def test_no_number_of_a_result_is_typed_into_a_sentence() -> None:
    # What was typed once: each is written by the cell that computes it.
    folder = Path(__file__).parent.parent / "book" / "chapters" / "architectures"
    for page in folder.glob("*/index.md"):
        prose = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
        typed = re.findall(r"\b0\.\d\d\b|\b\d+ percent", re.sub(r"\$[^$]*\$", "", prose))
        assert [number for number in typed if number not in GIVEN] == [], page
