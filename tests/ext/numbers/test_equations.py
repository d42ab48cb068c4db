"""Equations: one number and one anchor for each label, in whatever way it was written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Book, Built

INDEX = """\
# Book

```{toctree}
:numbered:
first
chapter
```
"""
CHAPTER = r"""# Chapter

$$a = b$$ (eq-dollar)

```{math}
:label: eq-directive

c = d
```

```{math}
:name: eq-name

c = d
```

\begin{align}
a &= b \label{eq-x} \\
  &= c \notag \\
  &= d \\
  &= e \label{eq-y}
\end{align}

\begin{equation}
e = f \label{eq-env}
\end{equation}

(eq-target)=
$$g = h$$

$$
\begin{align}
i &= j \\
k &= l
\end{align}
$$ (eq-whole)

$$no = number$$

\begin{pmatrix} 1 & 2 \end{pmatrix}

(eq-above)=
\begin{gather}
m \\ n
\end{gather}
"""
LABELS = ["dollar", "directive", "name", "x", "y", "env", "target", "whole", "above"]
EXPECTED = ["2.1", "2.2", "2.3", "2.4", "2.6", "2.7", "2.8", "2.9", "2.10"]
FIRST = "# First\n\n" + "\n\n".join(
    f"{{eq}}`eq-{name}` {{numref}}`eq-{name}` {{ref}}`eq-{name}` [](#eq-{name}) "
    f"[](chapter.md#eq-{name}) [so](#eq-{name}) {{numref}}`No. %s <eq-{name}>`"
    for name in LABELS
)


@pytest.fixture
def formulas(book: Book) -> Book:
    return book.write({"index.md": INDEX, "first.md": FIRST, "chapter.md": CHAPTER})


def references(built: Built, page: str = "first") -> list[list[tuple[str, str]]]:
    lines = built.soup(page).find(class_="body").select("section > p")
    return [[(a.get_text(), a["href"]) for a in line.find_all("a")] for line in lines]


def test_every_way_to_refer_gives_the_number(formulas: Book) -> None:
    built = formulas.build("-W")
    assert (built.status, built.warnings) == (0, [])
    for line, name, number in zip(references(built), LABELS, EXPECTED, strict=True):
        goal = f"chapter.html#equation-eq-{name}"
        texts = [f"({number})"] * 5 + ["so", f"No. {number}"]
        assert line == [(text, goal) for text in texts]


def test_the_label_is_an_anchor_at_the_number(formulas: Book) -> None:
    page = formulas.build("-W").soup("chapter")
    for name in LABELS:
        assert page.find(id=f"eq-{name}") is not None, name
        assert page.find(id=f"equation-eq-{name}") is not None, name
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_shown_numbers_count_through(formulas: Book) -> None:
    page = formulas.build("-W").soup("chapter")
    shown = re.findall(r"\((2\.\d+)\)|\\tag\{(2\.\d+)\}", page.find(class_="body").get_text())
    assert [a or b for a, b in shown] == [f"2.{i}" for i in range(1, 11)]


def test_no_random_label_is_left(formulas: Book) -> None:
    first, second = formulas.build("-W"), formulas.build("-W", out="_again")
    for page in ("chapter.html", "first.html"):
        assert (first.outdir / page).read_text() == (second.outdir / page).read_text()
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", (first.outdir / "chapter.html").read_text())


def test_references_on_the_same_page(formulas: Book) -> None:
    text = CHAPTER + "\n{numref}`eq-y` [](#eq-x) [](#eq-target) {ref}`so <eq-name>`\n"
    built = formulas.write({"chapter.md": text}).build("-W")
    assert references(built, "chapter")[-1] == [
        ("(2.6)", "#equation-eq-y"),
        ("(2.4)", "#equation-eq-x"),
        ("(2.8)", "#equation-eq-target"),
        ("so", "#equation-eq-name"),
    ]


def test_latex_has_the_same_labels(formulas: Book) -> None:
    built = formulas.build("-W", builder="latex")
    text = next(built.outdir.glob("*.tex")).read_text("utf-8")
    for name in LABELS:
        assert text.count(rf"\label{{equation:chapter:eq-{name}}}") == 1, name
        assert text.count(rf"ref{{equation:chapter:eq-{name}}}") == 5, name
        assert text.count(rf"\hyperref[\detokenize{{equation:chapter:eq-{name}}}]") == 2, name
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", text)
