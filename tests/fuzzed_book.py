"""The book whose files ``fuzzing.py`` damages: many small chapters, none of which needs another.

Each chapter has what the showcase's manual chapter has, in one of its sections, and files of
all kinds. Names, labels and keys of two chapters differ in more than one letter, so that no damage
of one makes it the other's.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent
MANUAL = ROOT / "book" / "chapters" / "writing-a-chapter"
CONF = """\
project = "Fuzz"
author = "The seminar"
extensions = ["sphinx_mmbook"]
html_theme = "basic"
nb_execution_mode = "off"
mmbook_macros = {"R": r"\\\\mathbb{R}"}
mmbook_rules = {"label-unused": "off", "label-collision": "warning"}
mmbook_result_max_bytes = 10_000_000
numfig = True
language = "en"
"""
INDEX = """\
# Fuzz

```{toctree}
:numbered:
:caption: Part
two/index
```

```{toctree}
:numbered:
:caption: Damaged
:glob:
chapters/*/*
```

```{toctree}
all
```
"""
CONTROL = """\
---
authors: [cleo-control]
---
# Control

(sec-control)=
## Section

As {cite:t}`control2020` says, $a^2$ and

$$
b = c
$$ (eq-control)

is {eq}`eq-control` in {ref}`sec-control`.

| a | b |
| - | - |
| 1 | 2 |
"""
REST = """\
Reprise
=======

.. _sec-rest:

Section
-------

See :ref:`sec-rest`, :math:`a^2`, :cite:p:`fisher1936use`, |x| and [1]_.

.. |x| replace:: y

.. [1] A note.

.. figure:: figures/plot.svg
   :name: fig-rest
   :alt: A line.

   A *line*.

.. table:: Numbers
   :name: tbl-rest

   ===  ===
   a    b
   ===  ===
   1    2
   ===  ===
"""
SVG = """\
<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="90" height="60" viewBox="0 0 90 60">
  <defs><style type="text/css">*{stroke-linejoin: round}</style><path id="m" d="M 0 0 L 0 3"/></defs>
  <g style="fill: none; stroke: #0072b2"><use xlink:href="#m" x="9"/><path d="M 9 9 L 80 50" clip-path="url(#c)"/></g>
  <text x="9" y="55" font-family="sans-serif">petal</text>
</svg>
"""
#: Results of the manual chapter that each chapter has, with the programs that made them.
FILES = ["code/iris.R", "code/estimates.py", "results/iris.csv", "results/iris.csv.prov.json"]
FILES += ["results/iris.Rda", "results/iris.Rda.prov.json", "results/iris-model.rds"]
FILES += ["results/retrieval.csv", "results/retrieval.csv.prov.json"]
FILES += ["results/retrieval.json", "results/retrieval.json.prov.json"]
BIB = """\
@article{fisher1936use,
  author = {Fisher%s, Ronald A.},
  title = {The {Use} of %s Measurements},
  journal = {Annals of Eugenics},
  pages = {179--188},
  year = {1936},
  doi = {10.1111/%s.x},
}

@inproceedings{lin2014microsoft, author = {Lin%s, Tsung-Yi and Doll{\\'a}r, Piotr},
  title = {Common %s}, booktitle = {Vision}, year = 2014}
@book{cornia2020meshed, author = {Cornia%s, M.}, title = {Meshed %s}, publisher = {P}, year = "2020"}
"""
VOWELS, CONSONANTS = "aeiou", "bdfgklmnprst"
#: What a name in a chapter looks like where it is defined.
DEFINED = re.compile(
    r":(?:name|label): ([\w-]+)|\((sec-[\w-]+)\)=|\$\$ \((eq-[\w-]+)\)|label: ([\w-]+)|_(sec-[\w-]+):"
)


def write_book(folder: Path, count: int) -> dict[str, list[str]]:
    """Write the book with so many chapters; return the files of each, by its name."""
    (folder / "two").mkdir(parents=True)
    (folder / "people").mkdir()
    made = {
        "conf.py": CONF,
        "index.md": INDEX,
        "all.md": "# All\n\n```{bibliography}\n```\n\n```{results}\n```\n",
        "two/index.md": CONTROL,
        "two/references.bib": "@book{control2020, author={Control, Cleo}, title={T}, year=2020, publisher={P}}\n",
        "people/cleo-control.yml": "name: Cleo Control\n",
    }  # fmt: skip
    for name, text in made.items():
        (folder / name).write_text(text, "utf-8")
    return {name: write_chapter(folder, name, number) for number, name in enumerate(names(count))}


def names(count: int) -> list[str]:
    """Return so many names, of which no two are alike: babab, bebed, bibif, …"""
    first, vowels = len(CONSONANTS), len(VOWELS)
    return [
        CONSONANTS[n % first] + VOWELS[n // first % vowels] + CONSONANTS[(n * 5 + n // first) % first]
        + VOWELS[(n + n // first) % vowels] + CONSONANTS[(n * 7 + 3) % first]
        for n in range(count)
    ]  # fmt: skip


def write_chapter(book: Path, name: str, number: int) -> list[str]:
    """Write a chapter and its author; return its files."""
    folder = book / "chapters" / name
    for file in FILES:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(MANUAL / file, folder / file)
    (folder / "figures").mkdir()
    for drawing in ("figures/plot.svg", "results/retrieval.svg"):
        (folder / drawing).write_text(SVG, "utf-8")
    texts = {
        "index.md": text(number),
        "notebook.ipynb": json.dumps(notebook(), indent=1),
        "page.rst": REST,
        "references.bib": BIB.replace("%s", name),
    }
    for file, content in texts.items():
        (folder / file).write_text(own_names(content, name), "utf-8")
    author = book / "people" / f"{name}.yml"
    author.write_text(
        f"name: Ann {name.title()}\naffiliation: U\norcid: 0000-0002-1825-0097\n", "utf-8"
    )
    files = [*sorted(p for p in folder.rglob("*") if p.is_file()), author]
    return [file.relative_to(book).as_posix() for file in files]


def text(number: int) -> str:
    """Return a chapter's text: the manual's front matter and one section of it."""
    manual = (
        (MANUAL / "index.md")
        .read_text("utf-8")
        .replace("figures/estimates.svg", "figures/plot.svg")
    )
    head, *sections = re.split(r"^(?=\(sec-[\w-]+\)=\n## |(?<!\)=\n)## )", manual, flags=re.M)
    sections = [section for section in sections if len(section) < 6000]
    chosen = [sections[number % len(sections)]]
    return re.sub(r"(authors|supervisors|reviewers): .*\n", "", head) + "".join(chosen)


def own_names(content: str, name: str) -> str:
    """Return a file whose labels and keys end in the chapter's name, and whose author is its own."""
    defined = {next(filter(None, match)) for match in DEFINED.findall(content)}
    keys = {"fisher1936use", "lin2014microsoft", "cornia2020meshed"}
    for word in sorted(defined | keys, key=len, reverse=True):
        content = re.sub(rf"(?<![a-z0-9-]){word}(?![a-z0-9-])", f"{word}-{name}", content)
    return content.replace("---\ntitle:", f"---\nauthors: [{name}]\ntitle:", 1)


def notebook() -> dict[str, object]:
    """Return a notebook with outputs of each kind."""
    table = {
        "text/html": "<table><tr><th>a</th></tr><tr><td>1</td></tr></table>",
        "text/plain": "a",
    }
    datas = [{"text/latex": "$x$", "text/plain": "x"}, table, {"text/html": "<b>x</b>"}]
    heading = {
        "cell_type": "markdown",
        "metadata": {},
        "id": "m",
        "source": "# Notebook\n\n(sec-n)=\n## S",
    }
    cells: list[dict[str, object]] = [heading]
    for number, data in enumerate(datas):
        shown = {
            "output_type": "execute_result",
            "execution_count": 1,
            "metadata": {},
            "data": data,
        }
        printed = {"output_type": "stream", "name": "stdout", "text": "a\n"}
        cells.append(
            {
                "cell_type": "code",
                "execution_count": 1,
                "metadata": {},
                "id": f"c{number}",
                "source": f"#| label: tbl-n{number}\n#| tbl-cap: A table\n1",
                "outputs": [printed, shown],
            }
        )
    meta = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return {"cells": cells, "metadata": meta, "nbformat": 4, "nbformat_minor": 5}
