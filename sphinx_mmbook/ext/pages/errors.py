"""The errors of ``mmbook check`` in a build: the same rules, on the pages that changed.

Nothing is read twice: the pages were scanned for the build's own rules. Of the others a build has
kept the facts (labels, references, toctrees); a rule that looks into one of them has it read. Pages
with errors are read again (:mod:`sphinx_mmbook.ext.pages.faulty_pages`), and all are judged if the
labels of the book have changed: a reference breaks on another page than the one that was edited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from sphinx_mmbook.core.book.book import Book, list_files
from sphinx_mmbook.core.book.conf_file import settings_of_conf
from sphinx_mmbook.core.book.vocabulary import vocabulary_from
from sphinx_mmbook.core.checking.baseline import BaselineError, read_baseline, without
from sphinx_mmbook.core.checking.judge import beyond_facts
from sphinx_mmbook.core.files.patterns import excluder
from sphinx_mmbook.ext.adapters.vocabulary import vocabulary_of
from sphinx_mmbook.ext.config import all_settings
from sphinx_mmbook.ext.domain import book_domain
from sphinx_mmbook.ext.report import note_silenced

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from sphinx_mmbook.core.book.facts import BookFacts, Facts
    from sphinx_mmbook.core.book.settings import BookSettings
    from sphinx_mmbook.core.finding import Finding
    from sphinx_mmbook.core.pages.page import Page
    from sphinx_mmbook.core.people.people import People


#: Emitted with the book of the pages that will be read, as ``mmbook check`` sees them.
BOOK_JUDGED = "mmbook-book-judged"


@dataclass
class UnreadPages(Mapping[str, "Page"]):
    """Pages that are scanned when somebody looks into them."""

    names: frozenset[str]
    scan: Callable[[str], Page]

    def __post_init__(self) -> None:
        self.pages: dict[str, Page] = {}

    def __getitem__(self, docname: str) -> Page:
        if docname not in self.names:
            raise KeyError(docname)
        if docname not in self.pages:
            self.pages[docname] = self.scan(docname)
        return self.pages[docname]

    def __contains__(self, docname: object) -> bool:
        return docname in self.names

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


def errors_of_check(
    app: Sphinx,
    read: Mapping[str, Page],
    facts: BookFacts,
    people: People,
    scan: Callable[[str], Page],
) -> list[Finding]:
    """Return what a build tells of the pages ``read`` and of those that they concern.

    ``facts`` are those of all pages.

    :raises SystemExit: if the file of the book's baseline is not a baseline.
    """
    domain = book_domain(app.env)
    every = UnreadPages(frozenset(facts.pages), scan)
    every.pages.update(read)
    outline = outline_of(facts.pages)
    directives = (item.name for page in read.values() for item in page.of("directive"))
    is_new = outline != domain.outline or "glossary" in directives
    judged = _our_formats(app, every.names if is_new else every.names & {*read})
    if not judged:
        return []
    folder, settings = Path(app.srcdir).resolve(), settings_of(app)
    pages, files = (
        {name: every[name] for name in sorted(judged)},
        list_files(folder, excluder(settings.excluded)),
    )
    book = Book(
        folder, settings, files, pages, people, facts.library, facts.findings, every,
        facts.pages, vocabulary_from([vocabulary_of(app)]),
    )  # fmt: skip
    try:
        kept, silenced = beyond_facts(book)
        found = without(kept, read_baseline(folder))
    except BaselineError as error:
        raise SystemExit(f"mmbook: {error}") from None
    app.emit(BOOK_JUDGED, replace(book, pages={name: every[name] for name in sorted(read)}))
    note_silenced(app.env, [*silenced, *(item for item in kept if item not in found)])
    domain.note_outline(outline)
    return found


def _our_formats(app: Sphinx, names: frozenset[str]) -> frozenset[str]:
    """Return the pages but those that a reader rewrites first, which the check does not read."""
    others = tuple(app.config.nb_custom_formats)
    return frozenset(name for name in names if not app.env.doc2path(name).name.endswith(others))


def settings_of(app: Sphinx) -> BookSettings:
    """Return what the book sets; Sphinx forgets names of conf.py that no extension registers."""
    settings, conf = all_settings(app.config), settings_of_conf(Path(app.confdir))
    return replace(
        settings,
        texts=settings.texts | conf.texts,
        commands=settings.commands | conf.commands,
    )


def outline_of(pages: Mapping[str, Facts]) -> int:
    """Return a number that is another one if pages, labels or toctrees are."""
    labels = sorted(
        (one.name.lower(), one.kind) for facts in pages.values() for one in facts.labels
    )
    trees = [(name, [tree.body for tree in pages[name].toctrees]) for name in sorted(pages)]
    return crc32(repr((trees, labels)).encode())
