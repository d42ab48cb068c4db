"""The checker inside a build."""

from __future__ import annotations

import json

import pytest

from conftest import Book
from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.checking.judge import judge

INDEX = "# Book\n\n```{toctree}\n:glob:\nchapters/*/index\n```\n"
FINE = "# Fine\n\nA page without faults.\n"


def notebook(*cells: tuple[str, str]) -> str:
    made = [{"cell_type": kind, "metadata": {}, "source": text} for kind, text in cells]
    for cell in made:
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("index.md", "# A\n\n(fig_loss)=\n## B\n", ":3:2: "),
        (
            "index.md",
            "---\nfile_format: mystnb\n---\n\n# A\n\n```{code-cell} python3\n"
            "#| label: fig_loss\nopen('ran', 'w')\n```\n",
            ":8:11: ",
        ),
        (
            "index.ipynb",
            notebook(("markdown", "# A"), ("code", "#| label: fig_loss\nopen('ran', 'w')")),
            ":1:11: WARNING: cell 2, line 1: ",
        ),
    ],
)
def test_an_underscore_stops_the_build_before_any_kernel_starts(
    book: Book, name: str, text: str, place: str
) -> None:
    path = f"chapters/a/{name}"
    built = book.write({"index.md": INDEX, path: text, "chapters/b/index.md": FINE}).build()
    assert built.status == 1
    assert f"{path}{place}" in built.err
    assert "label 'fig_loss' contains an underscore; write 'fig-loss'" in built.err
    assert "1 label must be changed" in built.err
    assert "Traceback" not in built.err
    assert not (book.folder / "chapters/a/ran").exists()
    assert not (built.outdir / "index.html").exists()


def test_a_book_can_set_the_checker_to_warn(book: Book) -> None:
    book.write({"index.md": INDEX, "chapters/a/index.md": "(sec_a)=\n# A\n"})
    book.write(
        {
            "conf.py": (book.folder / "conf.py").read_text()
            + "mmbook_rules = {'label-underscore': 'warning'}\n"
        }
    )
    built = book.build()
    assert built.status == 0
    assert len(built.warnings) == 1
    assert "[mmbook.label-underscore]" in built.err
    assert book.write({"chapters/a/index.md": "(sec_a)=\n# A\n\nMore.\n"}).build("-W").status == 1


def test_labels_that_collide_name_both_places(book: Book) -> None:
    chapters = {f"chapters/{c}/index.md": f"(sec-x)=\n# {c}\n" for c in "ab"}
    built = book.write({"index.md": INDEX, **chapters}).build()
    assert built.status == 1
    assert "chapters/b/index.md:1:2: WARNING: label 'sec-x' is used twice" in built.err
    assert "also at chapters/a/index.md:1:2" in built.err


def test_two_hundred_boxes_in_each_other_are_a_finding_of_check_and_build(book: Book) -> None:
    boxes = [":" * (203 - depth) + "{note}" for depth in range(200)]
    page = "\n".join(["# Boxes", "", *boxes, "Text.", *(":" * (4 + d) for d in range(200))])
    book.write({"index.md": page})
    (finding,) = judge(load_book(book.folder))
    assert (finding.rule, finding.location.line) == ("page-too-complex", 23)
    built = book.build(builder="dummy")
    assert "index.md:23:1: WARNING: more than 20 directives" in built.err
    assert "please report" not in built.err


DOUBLING = "".join(f".. |a{n}| replace:: |a{n + 1}| |a{n + 1}|\n" for n in range(26))
DOUBLING += ".. |a26| replace:: x\n\n|a0|\n"
SUBSTITUTIONS = "".join(f"    a{n}: '{{{{ a{n + 1} }}}} {{{{ a{n + 1} }}}}'\n" for n in range(26))
BOMBS = {
    "page": {"b.rst": f"B\n=\n\n{DOUBLING}"},
    "block": {"b.md": f"# B\n\n```{{eval-rst}}\n{DOUBLING}```\n"},
    "file": {"b.rst": "B\n=\n\n.. include:: c.txt\n", "c.txt": DOUBLING},
    "names": {"b.md": f"---\nmyst:\n  substitutions:\n{SUBSTITUTIONS}---\n\n# B\n\n{{{{ a0 }}}}\n"},
}


@pytest.mark.parametrize("kind", BOMBS)
def test_texts_that_stand_for_each_other_hold_nobody_up(book: Book, kind: str) -> None:
    conf = book.text("conf.py") + 'myst_enable_extensions = ["substitution"]\n'
    index = "# A\n\n```{toctree}\nb\nd\n```\n"
    book.write({"conf.py": conf, "index.md": index, "d.md": "# D\n\nText.\n", **BOMBS[kind]})
    if kind != "file":  # what is included is the build's matter
        assert [item.rule for item in judge(load_book(book.folder))] == ["page-too-complex"]
    built = book.build()
    assert built.status == 0
    assert [line.rpartition("[")[2] for line in built.warnings] == ["mmbook.page-too-complex]"]
    assert "contain each other too often" in built.soup("b").get_text()
    assert "Text." in built.soup("d").get_text()


def test_a_collision_with_an_unchanged_page_is_found(book: Book) -> None:
    chapters = {"chapters/a/index.md": "(sec-x)=\n# A\n", "chapters/b/index.md": FINE}
    assert book.write({"index.md": INDEX, **chapters}).build().status == 0
    built = book.write({"chapters/b/index.md": "(sec-x)=\n# B\n"}).build()
    assert built.status == 1
    assert "chapters/b/index.md:1:2" in built.err


BROKEN = {
    "people/ann.yml": ("name: [", "people/ann.yml:1:8: ", "not valid YAML"),
    "chapters/a/index.md": ("---\n- x\n---\n\n# A\n", "index.md:2: ", "here is a list"),
    "chapters/b/index.md": (b"# B\n\nJ\xf6rg\n", "index.md:3:2: ", "not UTF-8"),
    "chapters/c/index.ipynb": ('{"cells": [', "index.ipynb:1:12: ", "is damaged"),
    "chapters/d/index.md": ("---\ntitle: [\n---\n\n## D\n", "index.md:", "not valid YAML"),
    "chapters/e/index.ipynb": ("[]", "index.ipynb:1: ", "not a notebook"),
}


@pytest.mark.parametrize("path", BROKEN)
def test_a_broken_file_is_one_message_and_the_rest_is_built(book: Book, path: str) -> None:
    text, place, part = BROKEN[path]
    built = book.write({"index.md": INDEX, "chapters/z/index.md": FINE, path: text}).build("-W")
    assert built.status == 1
    assert len([line for line in built.warnings if "WARNING" in line]) == 1, built.err
    assert place in built.err
    assert part in built.err
    assert "Traceback" not in built.err
    assert "A page without faults." in built.soup("chapters/z/index").get_text()
    if path.startswith("chapters"):
        assert built.soup(path.rpartition(".")[0]).h1 is not None


def test_a_page_that_cannot_be_read_says_why(book: Book) -> None:
    book.write({"index.md": INDEX, "chapters/my-part/index.md": b"# B\n\n<b>J\xf6rg\n"})
    page = book.build().soup("chapters/my-part/index")
    assert page.h1.get_text().startswith("My part")
    assert "not UTF-8" in page.select_one(".admonition.error").get_text()


def test_a_finding_comes_again_until_it_is_mended(book: Book) -> None:
    files = {"index.md": INDEX, "chapters/a/index.md": "---\nauthors: [ann]\n---\n\n# A\n"}
    for _ in range(2):
        built = book.write(files).build()
        assert "nobody has the id 'ann'" in built.err
        files = {}
    built = book.write({"people/ann.yml": "name: Ann\n"}).build()
    assert built.warnings == []
    assert "Author: Ann" in built.soup("chapters/a/index").get_text()


def test_a_build_does_not_read_what_it_has_written_into_the_book(book: Book) -> None:
    book.write(
        {"index.md": INDEX, "chapters/a/index.ipynb": notebook(("markdown", "# A"), ("code", "1"))}
    )
    for _ in range(2):
        assert book.build("-W", out="site").warnings == []


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a.md": FINE}, "mmbook: there is no page 'index', with which the book begins; write index.md"),
        (
            {"index.md": FINE, "conf.py": "extensions = ['sphinx_mmbook', 'sphinx_desing']\n"},
            "conf.py: the extension 'sphinx_desing' is not installed; did you mean 'sphinx_design'?",
        ),
    ],
)  # fmt: skip
def test_a_book_that_cannot_be_set_up_is_one_line_and_no_traceback(
    files: dict[str, str | bytes], said: str, book: Book
) -> None:
    book.write(files)
    (line,) = book.build(builder="dummy").warnings
    assert line.startswith(said)
