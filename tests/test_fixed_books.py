"""Books put together of good and faulty blocks: ``--fix`` mends the faulty, and nothing else."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from conftest import CONF, Book
from sites import Part, built
from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.checking.judge import judge
from test_fixed_pages import FIXING, fixed, make

#: Rules with a block as it is and as it has to become; "§" is another number in each place, "¶" the
#: number of the chapter.
FAULTY = [
    ("label-underscore", "(sec_§)=\n## Part §\n\nSee {ref}`sec_§`, {ref}`it <sec_§>` and [](#sec_§).",
     "(sec-§)=\n## Part §\n\nSee {ref}`sec-§`, {ref}`it <sec-§>` and [](#sec-§)."),
    ("label-underscore", "$$\na_§ = b\n$$ (eq_§)\n\nBy {eq}`eq_§`, not `eq_§`.",
     "$$\na_§ = b\n$$ (eq-§)\n\nBy {eq}`eq-§`, not `eq_§`."),
    ("label-malformed", "```{figure} a.png\n:name: Fig %§\n:alt: Falls.\n\nCaption §.\n```\n\nSee {numref}`Fig %§`.",
     "```{figure} a.png\n:name: fig-§\n:alt: Falls.\n\nCaption §.\n```\n\nSee {numref}`fig-§`."),
    ("reference-undefined", "See {ref}`top_label` and [there](#top_label).",
     "See {ref}`top-label` and [there](#top-label)."),
    ("reference-word", "- As Figure {numref}`fig-all` shows\n- in figure {ref}`fig-all`.",
     "- As {numref}`fig-all` shows\n- in {numref}`fig-all`."),
    ("link-dead", "> [data](../../Data.CSV), {doc}`../../index.md`, [host](www.example.org)",
     "> [data](../../data.csv), {doc}`../../index`, [host](https://www.example.org)"),
    ("image-case", "See ![Falls](A.PNG) here.", "See ![Falls](a.png) here."),
    ("heading-number", "## ¶.7 Method §\n\nText.", "## Method §\n\nText."),
    ("heading-blank", "##Name §\n\nText.", "## Name §\n\nText."),
    ("dollar-currency", "*From $5 to $10* or **$3 and $4**.", "*From \\$5 to \\$10* or **\\$3 and \\$4**."),
    ("cite-pandoc", "A [@chen; see @lin,\np. 3] b\nand @lin.", "A {cite:p}`chen,{see}lin{p. 3}` b\nand {cite:t}`lin`."),
    ("cite-latex", r"| a |\n|---|\n| \citep{lin} |".replace(r"\n", "\n"), "| a |\n|---|\n| {cite:p}`lin` |"),
    ("cite-parentheses", "Ü (see {cite:t}`lin`, p. 5) b.", "Ü {cite:p}`{see}lin{p. 5}` b."),
    ("cite-adjacent", "A {cite:p}`lin`, {cite:p}`chen`.", "A {cite:p}`lin,chen`."),
    ("cite-case", "\U0001f600 {cite:p}`chen,LIN` b.", "\U0001f600 {cite:p}`chen,lin` b."),
    ("cite-repeated", "::: {note}\n{cite:p}`lin,chen,lin`\n:::", "::: {note}\n{cite:p}`lin,chen`\n:::"),
    ("latex-in-text", "It is ``nearly convex'' here.", 'It is "nearly convex" here.'),
    ("dollar-unbalanced", "Text before\n$$\na = b\n$$\n\nAnd after.", "Text before\n\n$$\na = b\n$$\n\nAnd after."),
    ("result-missing", "At {stored}`results/X.csv#clip,top1` b.", "At {stored}`results/x.csv#clip,top1` b."),
    ("result-role", "| a |\n|---|\n| {stored}`results/x.csv#clip,top1|.1%` |",
     "| a |\n|---|\n| {stored}`results/x.csv#clip,top1 as .1%` |"),
    ("bib-same-work", "Term §\n: By {cite:t}`twin`.", "Term §\n: By {cite:t}`lin`."),
    ("address-bare", "See https://www.example.org/a_b§ for more.", "See <https://www.example.org/a_b§> for more."),
    ("backslash-blank", "One line\\ \nand another.", "One line\\\nand another."),
    ("chunk-syntax",
     '```{r fall§, fig.cap="It falls.", echo=FALSE}\nknitr::include_graphics("a.png")\n```\n\nText.',
     "```{figure} a.png\n:name: fig-fall§\n\nIt falls.\n```\n\nText."),
    ("cite-after-stop", "It is so. {cite:p}`lin`\n\nMore.", "It is so {cite:p}`lin`.\n\nMore."),
    ("cite-name-twice", "By Lin (2014) {cite:p}`lin`, as Lin {cite:t}`lin` says.",
     "By {cite:t}`lin`, as {cite:t}`lin` says."),
    ("cite-no-blank", "So it is{cite:p}`lin` here.", "So it is {cite:p}`lin` here."),
    ("div-syntax", "::: {.callout-note}\nText §.\n:::", ":::{note}\nText §.\n:::"),
    ("formula-letter", "The value $\u0430_1 + b$ here.", "The value $a_1 + b$ here."),
    ("heading-attributes", "## Part § {#sec-§}\n\nText.", "(sec-§)=\n## Part §\n\nText."),
    ("image-attributes", "![Falls](a.png){width=50%}", '![Falls](a.png){width="50%"}'),
    ("math-delimiters", r"It is \(a_b\) here.", "It is $a_b$ here."),
    ("reference-syntax", r"See \@ref(fig:all) and @fig-all here.",
     "See {numref}`%s <fig-all>` and {numref}`fig-all` here."),
    ("script-syntax", "The x^2^ and H~2~O here.", "The x{sup}`2` and H{sub}`2`O here."),
    ("stop-blank", "It is so , and more.", "It is so, and more."),
    ("stop-doubled", "It is so.. And more.", "It is so. And more."),
    ("table-syntax", "| a | b |\n|---|---|\n| 1 | 2 |\n\nTable: Values of §.",
     ":::{table} Values of §.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n:::"),
    ("word-doubled", "It is of the the same.", "It is of the same."),
    ("directive-unknown", "```{notee}\nText §.\n```", "```{note}\nText §.\n```"),
    ("role-unknown", "See {numreff}`fig-all`.", "See {numref}`fig-all`."),
    ("option-unknown", "```{figure} a.png\n:lable: fig-§\n:alt: Falls.\n\nIt falls.\n```\n\nSee {numref}`fig-§`.",
     "```{figure} a.png\n:label: fig-§\n:alt: Falls.\n\nIt falls.\n```\n\nSee {numref}`fig-§`."),
    ("option-comment", "```{figure} a.png\n:name: fig-§\n:alt: #1 falls.\n\nIt falls.\n```\n\nSee {numref}`fig-§`.",
     "```{figure} a.png\n:name: fig-§\n:alt: '#1 falls.'\n\nIt falls.\n```\n\nSee {numref}`fig-§`."),
    ("article-wrong", "It is a even loss of the model.", "It is an even loss of the model."),
    ("abbreviation", "The loss of e.g images.", "The loss of e.g. images."),
    ("word-misspelt", "The lenght of the loss.", "The length of the loss."),
    ("grammar", "It depends of the loss.", "It depends on the loss."),
    ("formula-name", "The loss $log(x) + d_{model}$.", r"The loss $\log(x) + d_{\text{model}}$."),
    ("dash-typed", "It is - so to say - one of 3-5.", "It is – so to say – one of 3–5."),
    ("sentence-begin", "In the text it falls. the rest stays.", "In the text it falls. The rest stays."),
    ("mark-open", "The model`s loss falls.", "The model's loss falls."),
    ("comma-missing", "However the loss of the model falls.", "However, the loss of the model falls."),
    ("formula-sign", "The loss $x_1, ..., x_n$.", r"The loss $x_1, \dots, x_n$."),
    ("unit-blank", "It takes 40GB of them.", "It takes 40 GB of them."),
    ("accent-typed", "The model´s loss falls.", "The model's loss falls."),
    ("number-signs", "In the end the model saw 10.000 images.", "In the end the model saw 10,000 images."),
    ("cite-as-noun", "As shown in {cite:p}`lin`.", "As shown in {cite:t}`lin`."),
    ("hyphen-compound", "The loss of the high quality images.", "The loss of the high-quality images."),
    ("comma-surplus", "We argue, that the loss falls.", "We argue that the loss falls."),
    ("role-mistyped", "See {ref} `top-label` and cite:t`lin`.", "See {ref}`top-label` and {cite:t}`lin`."),
    ("label-mistyped", "(sec-§)= Text §.\n\nSee {ref}`it <sec-§>`.", "(sec-§)=\nText §.\n\nSee {ref}`it <sec-§>`."),
    ("table-cells", "| a | b |\n| 1 | 2 |", "| a | b |\n|---|---|\n| 1 | 2 |"),
    ("line-lost", "It holds for 50\n% of them.", "It holds for 50\n\\% of them."),
    ("include-missing", "```{literalinclude} ../../Data.csv\n```", "```{literalinclude} ../../data.csv\n```"),
]  # fmt: skip
GOOD = [
    "Text with *emphasis*, `fig_loss`, `[@lin]`, $a_b$ and \\$5 and \\$6.",
    "```python\n# Figure {numref}`fig_all`\n(sec_a)=\n[@lin] \\cite{lin}\n```",
    "- one\n- two {cite:p}`lin,chen`\n\n  1. three {cite:t}`{see}lin{p. 3}`",
    "% See {ref}`top_label` and [@lin]\n\nAfter a comment.",
    "<!-- ###Name (see {cite:t}`lin`) -->\n\nAfter a comment.",
    "| a | b |\n|---|---|\n| 1 | {numref}`fig-all` |",
    "Term\n: Definition with ![Falls](a.png) and [data](../../data.csv).",
    ":::{admonition} Title\nBy {eq}`eq-all`, {ref}`top-label`.\n:::",
    "$$\nc = \\$5\n$$",
    "One line\\\nand another.\n\n---\n\nAnd more.",
]


@dataclass(frozen=True)
class Block:
    """A block of a page, as it is and as it has to become; the same for good ones."""

    rule: str
    text: str
    wanted: str


@dataclass(frozen=True)
class Chapter:
    """A chapter's blocks, in a notebook or not, and the faults that it has as a whole."""

    blocks: tuple[Block, ...]
    is_notebook: bool = False
    is_doubled: bool = False
    is_windows: bool = False
    is_spelt: bool = False

    def text(self, number: int, mended: bool) -> bytes:
        """Return the page; a line before each block says which one it is."""
        # In a notebook nothing says where the lines of its front matter are.
        is_spelt = self.is_spelt and not self.is_notebook and not mended
        author = "Dr. Jo Maier" if is_spelt else "jo-maier"
        front = f"---\ntitle: Chapter {number}\nauthors: [{author}]\n---\n"
        pieces = ["\n" if mended else f"# Chapter {number}\n"] * self.is_doubled
        for index, block in enumerate(self.blocks):
            text = block.wanted if mended else block.text
            text = text.replace("§", f"{number}{index}x").replace("¶", str(number))
            pieces.append(f"Block {index}.\n\n{text}\n")
        if self.is_notebook:
            return notebook([front, *pieces])
        whole = "\n".join([front, *pieces])
        return (
            whole.encode()
            if mended or not self.is_windows
            else whole.replace("\n", "\r\n").encode("utf-8-sig")
        )


def notebook(texts: list[str]) -> bytes:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": text.splitlines(keepends=True)}
        for text in texts
    ]
    made = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(made, indent=1, ensure_ascii=False).encode() + b"\n"


PHASES = [phase for phase in Phase if phase is not Phase.explain and phase is not Phase.shrink]
FAULTS = [Block(*item) for item in FAULTY]
BLOCKS = st.sampled_from([*FAULTS, *(Block("", text, text) for text in GOOD)])
CHAPTERS = st.builds(
    Chapter,
    st.lists(BLOCKS, min_size=1, max_size=8).map(tuple),
    *(st.booleans() for _ in range(4)),
)
BIB = (
    "@book{lin, author={Lin, T.}, title={COCO}, year={2014}, publisher={P}, doi={10.1000/1}}\n"
    "@book{twin, author={Maier, J.}, title={COCO}, year={2015}, publisher={P}, doi={10.1000/1}}\n"
    "@book{chen, author={Chen, X.}, title={Captions}, year={2015}, publisher={P}}\n"
)
INDEX = (
    "(top-label)=\n# Book\n\n```{toctree}\n:numbered:\n\nchapters/c1/index\nchapters/c2/index\n```\n\n"
    "```{figure} a.png\n:name: fig-all\n:alt: Falls.\n\nIt falls.\n```\n\n$$\na\n$$ (eq-all)\n\n"
    + "By {cite:t}`lin`.\n\n"
    * 30
)


def write_book(folder: Path, chapters: list[Chapter], mended: bool) -> Path:
    """Write a book of the chapters, as they are or as they have to become."""
    files = {"index.md": INDEX.encode(), "references.bib": BIB.encode(), "data.csv": b"a\n1\n"}
    files |= {"a.png": b"", "people/jo-maier.yml": b"name: Jo Maier\n"}
    for number, chapter in enumerate(chapters, 1):
        suffix = "ipynb" if chapter.is_notebook else "md"
        files[f"chapters/c{number}/a.png"] = b""
        files[f"chapters/c{number}/results/x.csv"] = b"model,top1\nclip,0.7\n"
        files[f"chapters/c{number}/index.{suffix}"] = chapter.text(number, mended)
    folder.mkdir()
    return make(folder, files)


def sources(folder: Path) -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes().decode() for p in folder.rglob("index.*")
    }


@settings(max_examples=60, phases=PHASES)
@given(st.lists(CHAPTERS, min_size=2, max_size=2))
def test_a_fix_makes_of_faulty_blocks_what_it_has_to_and_leaves_the_good(
    chapters: list[Chapter],
) -> None:
    with TemporaryDirectory() as name:
        book = write_book(Path(name, "book"), chapters, mended=False)
        fixed(book)
        assert sources(book) == sources(write_book(Path(name, "wanted"), chapters, mended=True))
        assert fixed(book)[1] == []


@pytest.mark.long
@settings(max_examples=12, phases=PHASES)
@given(st.lists(CHAPTERS, min_size=2, max_size=2))
def test_only_faulty_blocks_are_built_otherwise(chapters: list[Chapter]) -> None:
    with TemporaryDirectory() as name:
        old = write_book(Path(name, "old"), chapters, mended=False)
        new = write_book(Path(name, "new"), chapters, mended=True)
        before, after = built(old), built(new)
    assert after.warnings == {}
    # A title that is there twice counts as two chapters; what becomes a figure counts from then on.
    renumbered = any(chapter.is_doubled for chapter in chapters) or any(
        "{figure}" in block.wanted and "{figure}" not in block.text
        for chapter in chapters
        for block in chapter.blocks
    )
    assert by_block(before.pages["index"]) == by_block(after.pages["index"])
    for number, chapter in enumerate(chapters, 1):
        page = f"chapters/c{number}/index"
        ours, theirs = (by_block(site.pages[page], renumbered) for site in (before, after))
        assert ours.keys() == theirs.keys()
        for index, block in enumerate(chapter.blocks):
            same = block.rule in ("", "label-underscore", "label-malformed")
            assert (ours[index] == theirs[index]) == same, (ours[index], theirs[index])


def by_block(page: list[Part], renumbered: bool = False) -> dict[int, list[str]]:
    """Return what a page's blocks consist of, without what the book adds, such as menus."""
    found: dict[int, list[str]] = {}
    index = -1
    for part in page:
        if match := re.fullmatch(r"Block (\d+)\.", part.printed):
            index = int(match[1])
        if part.line:
            full = re.sub(r"\d\.\d", "…", part.full) if renumbered else part.full
            found.setdefault(index, []).append(full)
    return found


def test_every_rule_that_mends_is_in_a_block() -> None:
    whole_pages = {"byte-order-mark", "line-ends", "title-doubled", "person-spelling"}
    # What they mend depends on what stands around them; test_fixed_pages has them.
    places = {
        "front-matter", "front-matter-late", "heading-references", "footnote-inline",
        "notebook-header", "byline-typed", "stop-missing", "list-swallows",
        "equation-parentheses", "cell-option", "html-dropped",
    }  # fmt: skip
    assert {block.rule for block in FAULTS} | whole_pages | places == FIXING
    for block in FAULTS:
        with TemporaryDirectory() as name:
            book = write_book(Path(name, "book"), [Chapter((block,)), Chapter(())], mended=False)
            found = {item.rule for item in judge(load_book(book)) if item.fix}
        assert found == {block.rule}


def test_labels_that_stop_a_build_are_mended_for_it(book: Book) -> None:
    text = "(sec_a)=\n# A\n\n```{figure} a.png\n:name: fig_a\n:alt: Falls.\n\nIt falls.\n```\n\n{ref}`sec_a`\n"
    book.write({"index.md": text})
    make(book.folder, {"a.png": b""})
    book.write({"conf.py": CONF})
    assert book.build().status == 1
    fixed(book.folder)
    mended = book.build("-W")
    assert (mended.status, mended.warnings) == (0, [])
