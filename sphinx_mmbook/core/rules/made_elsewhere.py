"""Rules whose findings are made elsewhere: while files are read, and by what only a build does.

They are rules like all others: one name, a level that the book can change, a text that explains.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from sphinx_mmbook.core.rules.registry import Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.book.facts import BookFacts
    from sphinx_mmbook.core.finding import Finding, Level

#: After "==" the group; of each rule a line with slug, level and who finds it (whoever reads a
#: file, whoever reads ``conf.py``, or the build alone; "file": ``of_file``), then what it is about.
TABLE = r"""
== reading

conf error conf.py
The book's ``conf.py`` is not valid Python, or MyST refuses a setting.
Bad: ``extensions = ["sphinx_mmbook"`` without the last bracket
Good: ``extensions = ["sphinx_mmbook"]``
Why: nothing can be built, and the book is judged without its settings.

conf-computed info conf.py
A setting on which the check depends is computed in ``conf.py``.
Bad: ``exclude_patterns = find_drafts()``
Good: ``exclude_patterns = ["drafts"]``
Why: the check runs no program of a pull request, ``conf.py`` neither; what the setting says is
known in a build only, and the two may judge differently.

setting-unknown error read
A name in ``conf.py`` is nearly that of a setting.
Bad: ``mmbok_rules = {"label-unused": "off"}``, ``html_them = "furo"``
Good: ``mmbook_rules = {"label-unused": "off"}``, ``html_theme = "furo"``
Why: Sphinx takes it for a variable of the file's own and says nothing. Names that the file itself
uses are not reported.

setting-value error read
A setting in ``conf.py`` has a value that it cannot have, or names a file that is not there.
Bad: ``numfig = "yes"``, ``latex_engine = "xetex"``, ``html_logo = "logo.png"`` without such a file
Good: ``numfig = True``, ``latex_engine = "xelatex"``
Why: Sphinx warns of it, or fails, and does not say where.

front-matter error read
A front matter cannot be read, or a field has a value of the wrong kind.
Bad: ``title: Loss: a survey`` (a colon and a space inside of a value)
Good: ``title: "Loss: a survey"``
Why: title, authors and status of the chapter come from there; without them the page has none.

byline error read
The body of a ``{byline}`` directive is not a list of people.
Bad: ``Grace Guest``
Good: ``authors: [{name: Grace Guest}]``
Why: the directive takes the same fields as a front matter.

person error read
A file in ``people/``, or a person spelt out in a front matter, cannot be used.
Bad: ``afiliation: LMU Munich``
Good: ``name: Ann Example`` and ``affiliation: LMU Munich``
Why: a misspelt field is silently left out of the byline.

person-orcid error read
An ORCID iD is mistyped.
Bad: ``orcid: 0000-0002-1825-0098``
Good: ``orcid: 0000-0002-1825-0097``
Why: the last digit is a check digit; a wrong number credits nobody, or somebody else.

person-unknown error read
A chapter credits somebody who has no file in ``people/``.
Bad: ``authors: [ann-exmple]``
Good: ``authors: [ann-example]``, with ``people/ann-example.yml``
Why: the id would be printed as a name.

chapter-status error read
A chapter's status is not draft, review or final.
Bad: ``status: done``
Good: ``status: final``
Why: the status decides what must be complete, and what supervisors see.

page-encoding error read
A page is not UTF-8.
Bad: a file saved as "Western (Latin-1)"
Good: the same file saved as UTF-8
Why: nobody can tell which letters are meant; the page is left out of the book.

page-too-large error read
A page is larger than 16 MiB.
Bad: a notebook with a data set inside
Good: the data in a file of its own, read by the notebook
Why: it makes the repository and each build slow, for everybody.

page-too-complex error read
A page has more text or more markup than anybody writes by hand.
Bad: a picture as a megabyte of text inside of the page
Good: the picture in a file of its own
Why: nothing reads such a page in reasonable time, and one page must not stop all others.

page-unreadable error read
A page cannot be read from the disk.
Bad: a file without read permission, a broken link, a link out of the book
Good: a regular file
Why: the page is left out of the book.

notebook error read
A ``.ipynb`` file is not a notebook.
Bad: a merge that left ``<<<<<<<`` in the JSON
Good: the notebook as Jupyter saves it
Why: the page is left out of the book.

frozen-stale warning read
The code of a page has changed since its outputs were frozen.
Bad: a cell edited after ``mmbook freeze``
Good: ``mmbook freeze chapters/my-chapter`` run again, where the code can run; ``mmbook thaw``
Why: the page shows what other code put out, and says so. Comments and captions do not count.

frozen-missing warning read
A page says that its outputs are frozen, and has none.
Bad: ``mmbook: {freeze: true}`` in the front matter, and no file ``frozen/index.json``
Good: ``mmbook freeze chapters/my-chapter``, and what it writes committed
Why: nothing runs the page's code, so its cells show nothing.

frozen-broken error read
Frozen outputs cannot be used: they were changed by hand, or a part of them is not there.
Bad: a number corrected in ``frozen/index.json``; a picture beside it that was painted over
Good: the code corrected, and ``mmbook freeze chapters/my-chapter``
Why: outputs are what the code put out and nothing else, so the page shows none of them.

frozen-too-large error read
The outputs of a page are too large to be committed.
Bad: a figure of 50 MB that can be turned in the browser
Good: a picture of it; results in files of their own
Why: whoever downloads the book downloads them, in each of their versions.

notebook-header error read
A page has code cells, but nothing that makes it a notebook.
Bad: a ``{code-cell}`` on a page whose front matter has no ``file_format``
Good: ``file_format: mystnb`` and ``kernelspec: {name: python3}`` in the front matter
Why: the cells are shown, but not run.

code-cell-nested error read
A code cell stands inside another block.
Bad: a ``{code-cell}`` in a list, a note or a quotation
Good: the same at the left margin
Why: MyST-NB runs only cells that stand by themselves.

cell-option error read
An option of a code cell is misspelt, or has a value that does not fit.
Bad: ``#| lable: fig-loss``
Good: ``#| label: fig-loss``
Why: the figure would have no number, and nobody would know why.

== bibliography

bib-syntax error read
A part of a bibliography cannot be read.
Bad: ``@misc{lin2014, title={COCO}, year=2014``, without the last brace
Good: ``@misc{lin2014, title={COCO}, year=2014}``
Why: programs that read BibTeX drop the entry, or all entries after it.

bib-key-twice error read
A bibliography has two entries with the same key.
Bad: ``@misc{lin2014, …}`` twice in one file
Good: one of them, or two keys
Why: only the first one counts, and LaTeX stops at the second.

bib-key-conflict error read
The same key stands for different works in two bibliographies.
Bad: ``lin2014`` is COCO in one chapter and another paper of Lin's in the next
Good: ``lin2014coco`` and ``lin2014network``
Why: one chapter would cite the other's work. The same work in several chapters is fine.

bib-key-case error read
Two keys differ only in capitals.
Bad: ``IPCC2021`` in one chapter, ``ipcc2021`` in another
Good: ``ipcc2021`` in both
Why: BibTeX takes them for one and stops; the work would be listed twice.

bib-field-twice error read
An entry has a field twice.
Bad: ``year = 2014, title = {COCO}, year = 2015``
Good: ``year = 2014, title = {COCO}``
Why: some programs take the first, some the last, some stop.

bib-encoding error read
A bibliography is not UTF-8.
Bad: a file saved as "Western (Latin-1)"
Good: the same file saved as UTF-8
Why: nobody can tell which letters are meant; none of its entries can be cited.

bib-size error read
A bibliography is larger than 10 MB.
Bad: the export of a whole reference manager
Good: what the chapter cites
Why: every build reads all of it.

bib-unreadable error read
A bibliography cannot be read from the disk.
Bad: a file without read permission, a broken link, a link out of the book
Good: a regular file
Why: none of its entries can be cited.

bib-empty info read
A bibliography has no entries.
Bad: an empty ``references.bib``
Good: no such file, or what the chapter cites
Why: an empty file is mostly one that somebody forgot to save.

== running

cell-without-output error build
A cell with a label or caption has no output that could carry it.
Bad: ``#| label: fig-loss`` in a cell that draws nothing
Good: a last line that shows the figure or table; for tables ``#| tbl-cap:``
Why: references to the label lead nowhere.

cell-error error build
A cell ends with an error.
Bad: ``1 / 0``
Good: the cell mended; or tagged ``raises-exception`` where the error is what it shows
Why: the page has the error in place of its results. The other pages are built all the same.

cell-timeout error build
A cell takes too long.
Bad: a training of an hour in a chapter
Good: a program that stores its result; or ``mmbook: {limits: {cell_seconds: 600}}`` in the front
matter
Why: nobody could build the book.

cell-output error build
A cell prints or shows more than a page can hold, or more than arrives in 120 s.
Bad: ``for step in range(10**7): print(step)``
Good: a line for each epoch; a summary; the rest in a file
Why: the page would have hundreds of megabytes. The end of the output is left out.

cell-memory error build
A cell takes more memory than a chapter may have.
Bad: a data set of 100 GB loaded as a whole
Good: a part of it; or ``mmbook: {limits: {memory_gb: 16}}`` in the front matter
Why: the machine would stand still, and with it the build of all chapters.

chapter-timeout error build
A chapter takes too long, though none of its cells does.
Bad: a hundred cells of a minute each
Good: programs that store results; or ``mmbook: {limits: {chapter_seconds: 7200}}``
Why: nobody could build the book.

outputs-differ warning build
A cell puts out something else each time it is run.
Bad: ``numpy.random.normal(size=3)``; ``print({"a", "b"})`` with objects as members; a time
Good: ``numpy.random.default_rng(1).normal(size=3)``
Why: the text speaks of numbers that the next build does not show. ``mmbook run
--check-determinism`` finds it; no build does.

kernel-missing error build
A chapter asks for a kernel that is not installed.
Bad: ``kernelspec: {name: my-env}``
Good: ``kernelspec: {name: python3}``
Why: nobody else has the kernel of that name, so the chapter does not run.

kernel-start error build
A kernel does not start.
Bad: an environment in which ``ipykernel`` is broken
Good: ``pip install --force-reinstall ipykernel``
Why: the chapter does not run.

kernel-died error build
A kernel died while it ran a cell.
Bad: more memory asked for than there is; a crash in compiled code
Good: a smaller example, or a program outside of the book that stores its result
Why: the chapter has no results from that cell on. The other pages are built all the same.

page-failed error build
Something on a page made the extension, or another one, fail.
Bad: a directive of another extension that ends with an error of its own
Good: the directive mended or taken out
Why: the page has a box in its place. The other pages are built all the same.

== outputs

result-extra error build
A stored result has a format whose reader is not installed.
Bad: ``results/accuracy.parquet`` without pyarrow
Good: ``"sphinx-mmbook[live,parquet]"`` in the book's ``pyproject.toml``, then ``make html``, as the
message says; or a CSV file
Why: the page shows a box in place of the table. ``mmbook check`` finds it for models that R fitted.

result-format error build file
A stored result holds no table, number or figure that can be shown.
Bad: a ``.pkl`` file, which can run code on whoever opens it; a list of lists of lists
Good: ``store(table, "results/accuracy.csv")``
Why: the page shows a box in place of the table.

result-too-large error build file
A stored result is larger than a page of a book can use.
Bad: a table of 200,000 rows
Good: a summary; or the rows that matter, with ``:rows: 1-20`` or ``:where:``
Why: no browser opens a page of that size in time, and nobody reads it.

missing-program warning build
A program that converts pictures for an output is not installed.
Bad: an SVG in a book whose PDF is built on a machine without ``rsvg-convert``
Good: ``apt-get install librsvg2-bin``, as the message says
Why: the output has the picture's alternative text in its place.

glyph-missing warning build
No font of the PDF has a character.
Bad: an emoji in the text of a chapter
Good: a word for it; or a font that has it, named by ``latex_elements`` in ``conf.py``
Why: the PDF would have a gap, and LaTeX says so in its log only.

glyph-direction warning build
The PDF does not set text that runs from right to left.
Bad: a sentence in Arabic or Hebrew
Good: the sentence as a picture, or a transcription
Why: the letters would be in the wrong order.

table-too-wide warning build
A table is wider than a page of the PDF.
Bad: a table of forty columns
Good: ``:columns:`` with those that matter, or ``:transpose:``
Why: its right part would be cut off.

epub-page error build
A page contains HTML that no reader of EPUB understands.
Bad: an output of a cell with ``<svg xlink:href="#a">``, where nothing says what ``xlink`` is
Good: a figure; or HTML whose tags are closed and whose names are known
Why: readers of EPUB refuse the page, so a note is in its place. Open tags, ``<br>`` and
the like are mended without a word.

latex-error error build
LaTeX stops at an error.
Bad: ``$\frac{1}{2$``
Good: ``$\frac{1}{2}$``
Why: the PDF has a note in its place. The message names the chapter and line.

latex-undefined warning build
LaTeX does not know what a reference refers to.
Bad: ``\ref{fig:loss}`` in raw LaTeX
Good: ``{numref}`fig-loss` ``
Why: the PDF has two question marks in its place.

latex-overfull warning build
A line or formula of the PDF goes far beyond the margin.
Bad: a formula of two hundred characters without a place to break
Good: ``\begin{align}`` with several lines
Why: its end is cut off in print.
"""


def _check(slug: str, by: str) -> Callable[[BookFacts | Book], Iterable[Finding]]:
    """Return what picks the findings by a rule out of those that were made."""
    if by == "read":
        return lambda facts: cast("BookFacts", facts).reading(slug)
    if by == "conf.py":
        return lambda book: [f for f in cast("Book", book).settings.findings if f.rule == slug]
    return lambda book: ()


def _rules(group: str, blocks: list[str]) -> Iterator[Rule]:
    for block in blocks:
        head, _, text = block.partition("\n")
        slug, level, by, *more = head.split()
        text = re.sub(r"\n(?=(?:Bad|Good|Why): )", "\n\n", text)
        check = _check(slug, by)
        yield Rule(
            slug, cast("Level", level), group, check, text, by == "read",
            only_build=by == "build", of_file=bool(more),
        )  # fmt: skip


#: Group -> its rules of this table.
RULES = {
    group: tuple(_rules(group, rest.strip().split("\n\n")))
    for group, _, rest in (part.partition("\n") for part in TABLE.split("\n== ")[1:])
}
