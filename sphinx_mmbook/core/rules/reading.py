"""Rules whose findings are made while files are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core.rules.registry import rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.book.facts import BookFacts
    from sphinx_mmbook.core.finding import Finding


@rule("error")
def conf(book: Book) -> Iterable[Finding]:
    """The book's ``conf.py`` is no Python.

    Bad: ``extensions = ["sphinx_mmbook"`` without the last bracket

    Good: ``extensions = ["sphinx_mmbook"]``

    Why: nothing can be built, and the book is judged without its settings.
    """
    return [finding for finding in book.settings.findings if finding.rule == "conf"]


@rule("info")
def conf_computed(book: Book) -> Iterable[Finding]:
    """A setting on which the check depends is computed in ``conf.py``.

    Bad: ``exclude_patterns = find_drafts()``

    Good: ``exclude_patterns = ["drafts"]``

    Why: the check runs no program of a pull request, ``conf.py`` neither; what the setting says is
    known in a build only, and the two may judge differently.
    """
    return [finding for finding in book.settings.findings if finding.rule == "conf-computed"]


@rule("error", build=True)
def front_matter(book: BookFacts) -> Iterable[Finding]:
    """A front matter cannot be read, or a field has a value of the wrong kind.

    Bad: ``title: Loss: a survey`` (a colon and a blank inside of a value)

    Good: ``title: "Loss: a survey"``

    Why: title, authors and status of the chapter come from there; without them the page has none.
    """
    return book.reading("front-matter")


@rule("error", build=True)
def byline(book: BookFacts) -> Iterable[Finding]:
    """The body of a ``{byline}`` directive is no list of people.

    Bad: ``Grace Guest``

    Good: ``authors: [{name: Grace Guest}]``

    Why: the directive takes the same fields as a front matter.
    """
    return book.reading("byline")


@rule("error", build=True)
def person(book: BookFacts) -> Iterable[Finding]:
    """A file in ``people/``, or a person spelt out in a front matter, cannot be used.

    Bad: ``afiliation: LMU Munich``

    Good: ``name: Ann Example`` and ``affiliation: LMU Munich``

    Why: a misspelt field is silently left out of the byline.
    """
    return book.reading("person")


@rule("error", build=True)
def person_orcid(book: BookFacts) -> Iterable[Finding]:
    """An ORCID iD is mistyped.

    Bad: ``orcid: 0000-0002-1825-0098``

    Good: ``orcid: 0000-0002-1825-0097``

    Why: the last digit is a check digit; a wrong number credits nobody, or somebody else.
    """
    return book.reading("person-orcid")


@rule("error", build=True)
def person_unknown(book: BookFacts) -> Iterable[Finding]:
    """A chapter credits somebody who has no file in ``people/``.

    Bad: ``authors: [ann-exmple]``

    Good: ``authors: [ann-example]``, with ``people/ann-example.yml``

    Why: the id would be printed as a name.
    """
    return book.reading("person-unknown")


@rule("error", build=True)
def chapter_status(book: BookFacts) -> Iterable[Finding]:
    """A chapter's status is none of draft, review and final.

    Bad: ``status: done``

    Good: ``status: final``

    Why: the status decides what must be complete, and what supervisors see.
    """
    return book.reading("chapter-status")


@rule("error", build=True)
def page_encoding(book: BookFacts) -> Iterable[Finding]:
    """A page is not UTF-8.

    Bad: a file saved as "Western (Latin-1)"

    Good: the same file saved as UTF-8

    Why: nobody can tell which letters are meant; the page is left out of the book.
    """
    return book.reading("page-encoding")


@rule("error", build=True)
def page_too_large(book: BookFacts) -> Iterable[Finding]:
    """A page is larger than 16 MiB.

    Bad: a notebook with a data set inside

    Good: the data in a file of its own, read by the notebook

    Why: it makes the repository and each build slow, for everybody.
    """
    return book.reading("page-too-large")


@rule("error", build=True)
def page_too_complex(book: BookFacts) -> Iterable[Finding]:
    """A page has more text or more signs than anybody writes by hand.

    Bad: a picture as a megabyte of text inside of the page

    Good: the picture in a file of its own

    Why: nothing reads such a page in reasonable time, and one page must not stop all others.
    """
    return book.reading("page-too-complex")


@rule("error", build=True)
def page_unreadable(book: BookFacts) -> Iterable[Finding]:
    """A page cannot be read from the disk.

    Bad: a file without read permission, a broken link

    Good: a regular file

    Why: the page is left out of the book.
    """
    return book.reading("page-unreadable")


@rule("error", build=True)
def notebook(book: BookFacts) -> Iterable[Finding]:
    """A ``.ipynb`` file is no notebook.

    Bad: a merge that left ``<<<<<<<`` in the JSON

    Good: the notebook as Jupyter saves it

    Why: the page is left out of the book.
    """
    return book.reading("notebook")
