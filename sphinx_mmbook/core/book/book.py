"""A whole book on disk, read for the checker: pages, people, bibliographies, files."""

from __future__ import annotations

import os
from collections import ChainMap
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from stat import S_ISLNK, S_ISREG
from typing import TYPE_CHECKING, Any, NamedTuple

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.bib.library import Library, read_library
from sphinx_mmbook.core.book.conf_file import faults_of_settings, read_conf
from sphinx_mmbook.core.book.facts import BookFacts, Facts, facts_of
from sphinx_mmbook.core.book.ignore_comments import ignores_in_bibliographies
from sphinx_mmbook.core.book.settings import BookSettings
from sphinx_mmbook.core.book.toctree import Tree, tree_of
from sphinx_mmbook.core.book.unfit_pages import unfit_pages
from sphinx_mmbook.core.book.vocabulary import Vocabulary, vocabulary_for
from sphinx_mmbook.core.files.lookup import Lookup, lookup_of, path_from
from sphinx_mmbook.core.files.paths import folders_of, is_special, real
from sphinx_mmbook.core.files.patterns import excluder
from sphinx_mmbook.core.finding import BookError, Finding, Location, failed
from sphinx_mmbook.core.pages.page import Page
from sphinx_mmbook.core.pages.scanner import scan
from sphinx_mmbook.core.pages.source import read_source
from sphinx_mmbook.core.people.chapter_metadata import Chapter, chapter_from
from sphinx_mmbook.core.people.people import People, load_people
from sphinx_mmbook.core.provenance.frozen import FrozenPage, frozen_page
from sphinx_mmbook.core.provenance.frozen_file import frozen_path
from sphinx_mmbook.core.references.citation_groups import CitationGroup, citation_groups
from sphinx_mmbook.core.references.heading_names import NamedHeading, named_headings
from sphinx_mmbook.core.references.labels import anchor
from sphinx_mmbook.core.references.numbered_objects import NumberedObject, numbered_objects_of
from sphinx_mmbook.core.references.shown_files import ResultUse, ShownImage, images_of, results_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.provenance.state import Stored

PAGE_SUFFIXES = (".md", ".ipynb", ".rst")
#: What is said when a page makes the checker itself fail.
READING, CHECKED = "the check of this page", "the other pages are checked"


class BookFile(NamedTuple):
    """A file of the book. ``path`` is relative to the book; ``excluded`` ones are not sources."""

    path: str
    size: int
    excluded: bool = False
    is_link: bool = False


#: A name after "#" or "=", in \label{…}, or of a chunk of R Markdown.
_CALLED = re.compile(r"(?:[#=]|\{r[ ,]+)([\w:.-]*\w)|label\s*\{([^{}\n]+)\}")


@dataclass(frozen=True, repr=False)  # Sphinx writes out what goes with an event, seen or not
class Book:
    """A book as it lies on disk. ``findings`` are those made while reading it.

    ``pages`` are the pages that could be read and are to be judged, by docname; ``files`` all files
    but those of builds and hidden folders. A build judges those that changed: of the ``others``,
    which are read when a rule looks into them, it has ``kept`` the facts, as of all. Of pages
    without frozen outputs they are ``known``, found out as the page was read.
    """

    folder: Path
    settings: BookSettings = field(default_factory=BookSettings)
    files: Mapping[str, BookFile] = field(default_factory=dict)
    pages: Mapping[str, Page] = field(default_factory=dict)
    people: People = field(default_factory=People)
    library: Library = field(default_factory=lambda: Library({}))
    findings: tuple[Finding, ...] = ()
    others: Mapping[str, Page] = field(default_factory=dict)
    kept: Mapping[str, Facts] | None = None
    registered: Vocabulary | None = None
    known: Mapping[str, Facts] = field(default_factory=dict)

    @cached_property
    def every(self) -> Mapping[str, Page]:
        """All pages, judged or not."""
        maps: Any = (self.pages, self.others)
        return ChainMap(*maps)

    def elements(self, *kinds: str) -> Iterator[tuple[Page, Element]]:
        """Iterate over the elements of some kinds, page by page."""
        for page in self.pages.values():
            for element in page.of(*kinds):
                yield page, element

    @cached_property
    def english(self) -> list[Page]:
        """The pages in English that are to be judged."""
        return [page for page in self.pages.values() if page.prose.is_english]

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The directives and roles of the book; in a build, those registered are among them."""
        known = self.known_vocabulary
        return known if self.registered is None else known.with_registered(self.registered)

    @cached_property
    def known_vocabulary(self) -> Vocabulary:
        """What is known of them without a build, perhaps of other versions of their extensions."""
        return vocabulary_for(self.folder, self.settings)

    @cached_property
    def facts(self) -> BookFacts:
        """The facts of all pages, as a build keeps them."""
        pages, lost = self._facts
        silenced = ignores_in_bibliographies(self.folder, self.library)
        findings = (*self.findings, *lost)
        return BookFacts(pages, findings, self.library, silenced, self.settings.documents_code)

    @cached_property
    def _facts(self) -> tuple[Mapping[str, Facts], list[Finding]]:
        if self.kept is not None:
            return self.kept, []
        found, lost = dict[str, Facts](), list[Finding]()
        for name, page in self.pages.items():
            try:
                facts = self.known.get(name)
                found[name] = facts or facts_of(page, self.people, self.frozen[name].findings)
            except Exception as error:
                lost.append(failed(Location(page.path, 1), READING, error, CHECKED))
        return found, lost

    @cached_property
    def frozen(self) -> Mapping[str, FrozenPage]:
        """What all pages have of frozen outputs, by docname."""
        return {name: _frozen(self.folder, page) for name, page in self.pages.items()}

    @cached_property
    def frozen_files(self) -> frozenset[str]:
        """The pictures among the frozen outputs, which are shown as outputs are."""
        return frozenset(
            path_from(frozen_path(self.pages[name].path), file)
            for name, frozen in self.frozen.items()
            for file in (frozen.outputs.files if frozen.outputs else ())
        )

    @cached_property
    def chapters(self) -> Mapping[str, Chapter]:
        """The metadata of all pages, by docname."""
        return {
            name: chapter_from(page.source.front, self.people)[0]
            for name, page in self.pages.items()
        }

    @cached_property
    def tree(self) -> Tree:
        """The order of the pages, and which of them are numbered."""
        if "sphinx_external_toc" in self.settings.texts:
            return Tree()  # it has a file of its own for the order
        pages = {name: facts.toctrees for name, facts in self.facts.pages.items()}
        return tree_of(pages, self.settings.root)

    @cached_property
    def lookup(self) -> Lookup:
        """The files by path, and by path in lower case."""
        return lookup_of(self.files)

    @cached_property
    def sources(self) -> Mapping[str, str]:
        """The pages by name and by the last part of it, and labels: what a website calls a page."""
        names = {label.name.lower(): f"#{label.name}" for label in self.facts.labels()}
        for name, page in self.facts.pages.items():
            names[name.lower().removesuffix("/index").rpartition("/")[2]] = page.path
        return names | {name: page.path for name, page in self.facts.pages.items()}

    @cached_property
    def kept_labels(self) -> Mapping[str, str]:
        """The kind of each label that no rule asks to rename, so references name it as it is."""
        labels = ((label.name, label.kind) for label in self.facts.labels())
        return {name: kind for name, kind in labels if not re.search(r"[_%\s]", name)}

    @cached_property
    def anchors(self) -> frozenset[str]:
        """The anchors of all labels, and the names of headings."""
        return frozenset({anchor(one.name) for one in self.facts.labels()} | self.headings.keys())

    @cached_property
    def labels_to_be(self) -> frozenset[str]:
        """What other tools call something, with and without "fig:": repairs label it so."""
        pages = (one.text for page in self.every.values() for one in page.positions.values())
        names = {name.strip() for text in pages for pair in _CALLED.findall(text) for name in pair}
        return frozenset(names | {re.sub(r"^\w{2,4}[:-]", "", name) for name in names})

    @cached_property
    def citation_groups(self) -> tuple[CitationGroup, ...]:
        """The citations that stand side by side, page by page."""
        return tuple(self.citations_joined_by(r"\s*[,;]?\s*"))

    def citations_joined_by(self, glue: str) -> Iterator[CitationGroup]:
        """Iterate over the citations that only an expression keeps apart, page by page."""
        for name in sorted(self.pages):
            if citations := self.facts.pages[name].citations:
                yield from citation_groups(self.pages[name], citations, glue)

    @cached_property
    def headings(self) -> Mapping[str, NamedHeading]:
        """The headings by the names that pandoc would give them."""
        return named_headings(self.every.values())

    @cached_property
    def numbered_objects(self) -> tuple[NumberedObject, ...]:
        """What can have a number, page by page."""
        return tuple(t for name in sorted(self.pages) for t in self.objects_on(name))

    def objects_on(self, docname: str) -> Iterator[NumberedObject]:
        """Iterate over what can have a number on a page."""
        return numbered_objects_of(self.every[docname])

    @cached_property
    def images(self) -> tuple[ShownImage, ...]:
        """All images, page by page."""
        return tuple(image for name in sorted(self.pages) for image in images_of(self.pages[name]))

    @cached_property
    def results_shown(self) -> tuple[ResultUse, ...]:
        """All stored results that pages show, page by page."""
        return tuple(r for name in sorted(self.pages) for r in results_of(self.pages[name]))

    @cached_property
    def stored(self) -> tuple[Stored, ...]:
        """All stored results and their state, sorted by path; each file is hashed once."""
        from sphinx_mmbook.core.provenance.state import Results  # noqa: PLC0415 -- by one process

        return tuple(Results(self.folder).all(self.files))

    def scan(self, path: str) -> Page:
        """Return the page in a file of the book.

        :raises BookError: if it cannot be read.
        """
        return scan(read_source(self.folder, path), self.settings.syntax, self.folder)

    @cached_property
    def unread(self) -> frozenset[str]:
        """The words in directives that nobody knows: labels, references, citations may be some."""
        return frozenset(word for facts in self.facts.pages.values() for word in facts.unread)


def _frozen(book: Path, page: Page) -> FrozenPage:
    try:
        return frozen_page(book, page)
    except Exception as error:
        lost = failed(Location(page.path, 1), "the check of its outputs", error, CHECKED)
        return FrozenPage(findings=(lost,))


def _in_turn(tasks: Sequence[Callable[[], Any]]) -> list[Any]:
    return [task() for task in tasks]


def load_book(
    folder: Path, do_all: Callable[[Sequence[Callable[[], Any]]], list[Any]] = _in_turn
) -> Book:
    """Read a book. Whatever is wrong with a file is a finding, never an exception.

    ``do_all`` reads the pages and the bibliographies, each a task of its own.
    """
    root = folder.resolve()
    settings = read_conf(root)
    files = list_files(root, excluder(settings.excluded))
    people = load_people(root)
    words = vocabulary_for(root, settings)
    findings = [*people.findings, *faults_of_settings(settings.conf, root, words)]
    unfit = unfit_pages(root, PAGE_SUFFIXES, excluder(settings.excluded).fullmatch)
    findings += [fault for fault in unfit.values() if fault]
    sources = (
        path
        for path, file in files.items()
        if path.endswith(PAGE_SUFFIXES) and not file.excluded and path not in unfit
    )
    bibliographies = bib_files(root, files, settings.bibliographies)
    tasks = [partial(_page, root, path, settings.syntax, people) for path in sources]
    library: Library
    library, *found = do_all(
        [partial(read_library, root, bibliographies, named=settings.bibliographies), *tasks]
    )
    pages = {page.docname: page for page, _ in found if isinstance(page, Page)}
    findings += [fault for fault, _ in found if isinstance(fault, Finding)]
    findings += library.findings
    known = {page.docname: facts for page, facts in found if facts}
    return Book(root, settings, files, pages, people, library, tuple(findings), known=known)


def _page(
    root: Path, path: str, syntax: frozenset[str], people: People
) -> tuple[Page | Finding, Facts | None]:
    """Return a page with its facts, or why it cannot be read."""
    facts = None
    try:
        page = scan(read_source(root, path), syntax, root)
        with suppress(Exception):  # the rules meet it again, behind their guard
            page.prose.words  # noqa: B018 -- found out by the process that reads the page
            if not os.path.lexists(f"{root}/{frozen_path(path)}"):
                facts = facts_of(page, people, frozen_page(root, page).findings)
        return page, facts
    except BookError as error:
        return error.finding, None
    except Exception as error:
        return failed(Location(path, 1), READING, error, CHECKED), None


def bib_files(root: Path, files: Mapping[str, BookFile], named: Iterable[str]) -> list[str]:
    """Return the paths of the bibliographies, as ``find_bib_files`` finds them for a build.

    ``named`` are those that ``conf.py`` names. A name that ends in ``.bib`` is not enough: a pull
    request must not make the check read other files of this computer.
    """
    elsewhere = {
        path
        for path in named
        if real(root / path).suffix.lower() == ".bib" and not is_special(root / path)
    }
    own = {
        path
        for path, file in files.items()
        if path.lower().endswith(".bib")
        and not file.excluded
        and not path.rpartition("/")[2].startswith(".")
    }
    return sorted(own | elsewhere)


def stored_results(root: Path) -> list[Stored]:
    """Return all stored results of a book as they lie there now, sorted by path."""
    from sphinx_mmbook.core.provenance.state import Results  # noqa: PLC0415 -- see ``stored``

    return Results(root.resolve()).all(list_files(root.resolve(), excluder(())))


def list_files(root: Path, excluded: re.Pattern[str]) -> dict[str, BookFile]:
    """Return all files below ``root``, sorted by path, without what builds make.

    Symbolic links are listed, not followed. Pipes, devices and links to them are not files:
    to read them may never end.
    """
    found: dict[str, BookFile] = {}
    for prefix, folders, names in folders_of(root):
        folders.sort()
        for path in (prefix + name for name in sorted(names)):
            entry = f"{root}/{path}"
            state = os.lstat(entry)
            is_link = S_ISLNK(state.st_mode)
            if S_ISREG(state.st_mode) or (is_link and not is_special(entry)):
                is_excluded = bool(excluded.fullmatch(path))
                found[path] = BookFile(path, state.st_size, is_excluded, is_link)
    return found
