"""What rules look things up in: prose with places, the book's order, files, names, Git's index."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.book.toctree import headings, toctrees, tree_of
from sphinx_mmbook.core.checking.judge import judge
from sphinx_mmbook.core.files.git import tracked_files
from sphinx_mmbook.core.files.lookup import is_url, lookup_of, path_from, relative
from sphinx_mmbook.core.pages.page import Page
from sphinx_mmbook.core.pages.scanner import scan
from sphinx_mmbook.core.pages.source import source_from
from sphinx_mmbook.core.references.numbered_objects import numbered_objects_of
from sphinx_mmbook.core.rules.book.bylines import person_key
from sphinx_mmbook.core.suggestions import Nearest


def page(text: str, path: str = "index.md") -> Page:
    return scan(source_from(path, text))


@pytest.mark.parametrize(
    ("text", "word", "line", "column"),
    [
        ("One *two* three", "three", 1, 11),
        ("One\n  two `x` three", "three", 2, 11),
        (r"Costs \$5 and \$6 three", "three", 1, 19),
        (r"Costs \$5 and \$6 three", "$6", 1, 15),
        (r"\#three", "#three", 1, 1),
        ("a &amp; b\nthree", "three", 2, 1),
        ("# Head\n\n> - three", "three", 3, 5),
        ("| a | three |\n|---|---|\n| b | c |", "three", 1, 7),
        ("```{figure} a.png\n:name: a\n\nOne three\n```", "three", 4, 5),
        ("a a a a three", "three", 1, 9),
        ("{ref}`three` three", "three", 1, 14),
        ("[one](three.md) two three", "three", 1, 21),
        (r"[one](https://example.org/three) (two) \@ three", "three", 1, 43),
        (r"[one](three.md) \@ [two](three.md) (\@) three", "three", 1, 41),
    ],
)
def test_words_of_the_prose_have_their_place(text: str, word: str, line: int, column: int) -> None:
    prose = page(text).prose
    at = prose.at(prose.text.index(word))
    assert (at.line, at.column) == (line, column)


def test_prose_is_what_a_reader_reads() -> None:
    text = "# A\n\nb `c` $d$\ne {ref}`f`[g](h)\n\n```\ni\n```\n\n% j\n\n<!-- k -->\n"
    assert page(text).prose.text == "A\n\nb \ufffc \ufffc\ne \ufffcg"


@given(st.text(alphabet="ab \\$*_`[]()#\n&;", max_size=60))
def test_each_place_of_the_prose_is_on_the_page(text: str) -> None:
    places_are_on_the_page(text)


def test_what_lies_between_two_paragraphs_has_a_place() -> None:
    places_are_on_the_page(";\n\n;")


def places_are_on_the_page(text: str) -> None:
    found = page(text)
    for offset in range(len(found.prose.text)):
        at = found.prose.at(offset)
        assert 1 <= at.line <= text.count("\n") + 1


TOC = "# B\n\n```{{toctree}}\n{}\n```\n"


def pages(**texts: str) -> dict[str, Page]:
    return {
        n: page(t, f"{n}.md") for n, t in {k.replace("_", "/"): v for k, v in texts.items()}.items()
    }


def test_the_order_is_that_of_the_toctrees() -> None:
    book = pages(
        index=TOC.format(":caption: One\n\nb\nTitle <a>\nself\nhttps://example.org")
        + TOC.format(":glob:\n:numbered:\n\npart/z\npart/*\ngone"),
        a="# A", b=TOC.format("c"), c="# C", part_x="# X", part_y="# Y", part_z="# Z", lost="# L",
    )  # fmt: skip
    tree = tree_of({name: toctrees(page) for name, page in book.items()})
    assert tree.order == ("index", "b", "c", "a", "part/z", "part/x", "part/y")
    assert tree.chapters == {"part/z": 1, "part/x": 2, "part/y": 3}
    assert [(name, at.line) for name, at in tree.missing] == [("gone", 19)]
    assert not tree_of({}).known


def test_a_page_that_contains_itself_ends() -> None:
    book = pages(index=TOC.format("a"), a=TOC.format("index\na"))
    tree = tree_of({name: toctrees(page) for name, page in book.items()})
    assert tree.order == ("index", "a")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("# A\n\n## B\n\n### C\n\n## D\n\n### E", ["2", "2.1", "2.1.1", "2.2", "2.2.1"]),
        ("---\ntitle: A\n---\n\n## B\n\n## C", ["2", "2.1", "2.2"]),
        ("# A\n\n:::{note}\n## No\n:::\n\n## B", ["2", "2.1"]),
    ],
)
def test_headings_have_the_numbers_of_the_book(text: str, numbers: list[str]) -> None:
    assert [item.number for item in headings(page(text), 2, 99)] == numbers


def test_only_as_many_levels_are_numbered_as_the_book_says() -> None:
    assert [item.number for item in headings(page("# A\n\n## B\n\n### C"), 1, 2)] == ["1", "1.1"]


def test_what_has_a_number() -> None:
    text = (
        "(a)=\n(b)=\n```{figure} x.png\n:name: c\n\nCaption.\n```\n\n```{table} T\n:name: d\n\n| x |\n"
        "|---|\n```\n\n| y |\n|---|\n\n```{code-cell}\n#| label: e\n#| fig-cap: F\n1\n```\n\n$$\nz\n$$\n"
    )
    found = [(obj.kind, obj.labels, obj.numbered) for obj in numbered_objects_of(page(text))]
    assert found == [
        ("figure", ("a", "b", "c"), True),
        ("table", ("d",), True),
        ("table", (), False),
        ("cell", ("e",), True),
        ("equation", (), False),
    ]


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("a.png", "part/x/a.png"),
        ("./f/../a.png", "part/x/a.png"),
        ("/a.png", "a.png"),
        ("../../../a.png", "../a.png"),
        ("a%20b.png", "part/x/a b.png"),
        ("gro\u0308ße.png", "part/x/gr\u00f6ße.png"),
    ],
)
def test_paths_are_resolved_as_by_sphinx(target: str, path: str) -> None:
    assert path_from("part/x/index.md", target) == path


def test_files_are_found_also_by_other_spellings() -> None:
    lookup = lookup_of(["a/Loss.png", "a/other.csv", "b/only.csv"])
    assert lookup.exact("a/Loss.png")
    assert not lookup.exact("a/loss.png")
    assert lookup.other_case("A/loss.PNG") == "a/Loss.png"
    assert lookup.near("a/Los.png") == "a/Loss.png"
    assert lookup.near("c/only.csv") == "b/only.csv"
    assert relative("a/index.md", "b/only.csv", "./x") == "../b/only.csv"
    assert relative("a/index.md", "b/only.csv", "/x") == "/b/only.csv"


def test_a_drive_is_no_address() -> None:
    assert is_url("https://example.org")
    assert is_url("mailto:a@example.org")
    assert not is_url("C:/a.png")
    assert not is_url("a.png")


def test_the_nearest_name_is_found_among_many() -> None:
    names = Nearest(f"fig-{a}-{b}" for a in ("loss", "data", "model") for b in range(1000))
    assert names.to("fig-los-17") == "fig-loss-17"
    assert names.to("sec-results") == ""


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


def test_git_says_what_is_tracked_also_with_an_index_of_version_4(tmp_path: Path) -> None:
    book = tmp_path / "book"
    (book / "chapters").mkdir(parents=True)
    for name in ("a.md", "chapters/b.md", "chapters/größe.md", "junk"):
        (book / name).write_text("x")
    (tmp_path / "outside").write_text("x")
    assert tracked_files(book) is None
    git(tmp_path, "init", "-q")
    assert tracked_files(book) == set()
    git(tmp_path, "add", "book/a.md", "book/chapters", "outside")
    assert tracked_files(book) == {"a.md", "chapters/b.md", "chapters/größe.md"}
    git(tmp_path, "update-index", "--index-version", "4")
    assert tracked_files(book) == {"a.md", "chapters/b.md", "chapters/größe.md"}
    (tmp_path / ".git/index").write_bytes(b"DIRC\0\0\0\x02\0\0\0\x09short")
    assert tracked_files(book) is None


@pytest.mark.parametrize(
    "name",
    ["Jürgen Muster", "Juergen Muster", "Prof. Dr. Jurgen Muster", "Muster, Jürgen",
     "JÜRGEN MUSTER", "Jürgen X. Muster, Ph.D.", "Dr.-Ing. Jürgen Muster"],
)  # fmt: skip
def test_spellings_of_one_person(name: str) -> None:
    assert person_key(name) == "jurgen muster"


@pytest.mark.parametrize("name", ["Jürgen Meister", "J. Muster", "Ann Muster", "Jürgen"])
def test_other_people(name: str) -> None:
    assert person_key(name) != "jurgen muster"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes")
@pytest.mark.parametrize("name", ["a.md", "a.bib", "a.py", "results/a.csv"])
@pytest.mark.parametrize("is_link", [False, True])
def test_a_pipe_is_not_read(tmp_path: Path, name: str, is_link: bool) -> None:
    book = tmp_path / "book"
    (book / name).parent.mkdir(parents=True, exist_ok=True)
    (book / "index.md").write_text("# A\n")
    pipe = tmp_path / "pipe" if is_link else book / name
    os.mkfifo(pipe)
    if is_link:
        (book / name).symlink_to(pipe)
    found = [(item.location.path, item.rule) for item in judge(load_book(book))]
    assert found == ([(name, "page-unreadable")] if name.endswith(".md") else [])
