"""Rules on what a chapter says about itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.finding import Finding, Location
from sphinx_mmbook.core.people.people import ROLES
from sphinx_mmbook.core.rules.book.text import placeholders
from sphinx_mmbook.core.rules.references.references import orphan
from sphinx_mmbook.core.rules.registry import found, rule
from sphinx_mmbook.core.suggestions import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book

#: What a chapter of each status must state, besides its title.
REQUIRED = {
    "draft": ("authors",),
    "review": ("authors", "supervisors"),
    "final": ("authors", "supervisors", "abstract"),
}


@rule("warning")
def chapter_metadata(book: Book) -> Iterator[Finding]:
    """A chapter lacks what its status demands.

    Bad: ``status: final`` without ``supervisors``

    Good: authors for a draft, also supervisors for a review, also an abstract when it is final

    Why: title page, citation and overview are made from these fields.
    """
    for docname, chapter in book.chapters.items():
        page = book.pages[docname]
        roles = {credit.role for credit in chapter.credits}
        for name in REQUIRED.get(chapter.status, ()):
            if name in roles or (name == "abstract" and chapter.abstract):
                continue
            example = "abstract: …" if name == "abstract" else f"{name}: [ann-example]"
            message = f"a chapter of status '{chapter.status}' needs {name}"
            at = page.source.front.at("status")
            yield found(at, f"{message}; add '{example}' to its front matter")


@rule("error")
def chapter_placeholder(book: Book) -> Iterator[Finding]:
    """A chapter that calls itself final still has placeholders.

    Bad: ``status: final`` and, somewhere, ``TODO``

    Good: ``status: draft`` until the last one is gone

    Why: a final chapter is published as it is.
    """
    for docname, chapter in book.chapters.items():
        if chapter.status == "final":
            for at, text in placeholders(book.pages[docname]):
                message = f"'{text}' is a placeholder in a chapter that is final"
                yield found(at, f"{message}; write what belongs here, or 'status: draft'")


#: Files of a repository that a book seldom shows.
_OF_REPOSITORY = re.compile(r"(?:^|/)(?:LICEN[CS]E|README|CHANGELOG|CONTRIBUTING)\.")


@rule("warning")
def chapter_left_out(book: Book) -> Iterator[Finding]:
    """A page is in no toctree.

    Bad: ``chapters/loss/index.md``, which ``index.md`` does not name

    Good: ``:glob:`` and ``chapters/*/index`` in the toctree; ``orphan: true`` on the page if it is
    left out on purpose

    Why: no reader finds the page, and the PDF lacks it.
    """
    if not book.tree.known:
        return
    inside = set(book.tree.order)
    included = {path for page in book.pages.values() for path in page.parts}
    for docname, page in book.pages.items():
        if docname not in inside and not orphan(page) and page.path not in included:
            message = "this page is in no toctree"
            advice = f"name it in {book.tree.root}.md"
            if _OF_REPOSITORY.search(page.path):
                advice = f'write "{page.path}" into exclude_patterns of conf.py, or {advice}'
            if folder := re.search(r"(?:^|/)(code|results)/", page.path):
                message = f"this is in {folder[1]}/, but the build takes it for a page and runs it"
                advice = f'write "**/{folder[1]}/**" into exclude_patterns of conf.py'
            yield found(Location(page.path, 1), f"{message}; {advice}")


#: Fields of a front matter that mean something to us, to MyST, Sphinx, Jupyter or Quarto.
_FIELDS = {
    "abbreviations", "abstract", "affiliation", "affiliations", "author", "authors", "banner",
    "bibliography", "category", "contributor", "contributors", "copyright", "date", "degree",
    "description", "doi", "downloads", "draft", "edition", "editor", "editors", "email", "execute",
    "exports", "file_format", "format", "funding", "github", "html_meta", "jupyter", "jupytext",
    "kernel", "kernelspec", "keywords", "label", "lang", "language", "language_info", "layout",
    "license", "math", "mmbook", "myst", "mystnb", "name", "nocomments", "nosearch", "numbering",
    "options", "orcid", "orphan", "parts", "reviewer", "reviewers", "settings", "short_title",
    "site", "status", "subject", "substitutions", "subtitle", "supervisor", "supervisors", "tags",
    "thumbnail", "title", "toc", "tocdepth", "url", "venue", "version", "volume",
}  # fmt: skip
#: Texts that other tools show.
_SHOWN_ELSEWHERE = ("parts", "epigraph", "dedication", "acknowledgements", "acknowledgments",
                    "acknowledgement", "data_availability", "thanks")  # fmt: skip
_FOREIGN = re.compile(
    r"output|code_folding|header-includes|documentclass|classoption|link-citations|csl|geometry|knit|params"
    r"|github-repo|biblio-style|colorlinks|fontsize|linestretch|mainfont|lot|lof|cover-image"
    r"|editor_options|number-sections|fig_caption|always_allow_html|nocite|crossref"
)


@rule("warning")
def front_matter_field(book: Book) -> Iterator[Finding]:
    """A field of a front matter has a name that is nearly one that means something, or is R's.

    Bad: ``titel: Loss``, ``autors: [ann-example]``, ``output: html_document``

    Good: ``title: Loss``, ``authors: [ann-example]``

    Why: a field of another name is left out in silence.
    """
    for page in book.pages.values():
        for field in page.source.front.fields:
            foreign = _FOREIGN.fullmatch(field)
            near = "" if field in _FIELDS or foreign else nearest(field.lower(), _FIELDS, 0.7)
            near = field[1:] if field[:1] == ":" else near
            message = f"'{field}' is for R Markdown or Quarto and means nothing here; delete it"
            if foreign:
                yield Finding(page.source.front.at(field), "front-matter-field", message, "info")
            elif f"{field}s" in ROLES and f"{field}s" in page.source.front.fields:
                message = f"'{field}' is left out beside '{field}s'; name all of them there"
                yield found(page.source.front.at(field), message)
            elif field in _SHOWN_ELSEWHERE and page.source.front.fields[field]:
                message = f"what '{field}' says is shown nowhere; write it into the text"
                yield found(page.source.front.at(field), message)
            elif near and near not in page.source.front.fields and len(field) > 3:
                message = f"'{field}' means nothing in a front matter; did you mean '{near}'?"
                yield found(page.source.front.at(field), message)
