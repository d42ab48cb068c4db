"""A whole book on disk, read for the checker: pages, people, bibliographies, files."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from stat import S_ISLNK
from typing import TYPE_CHECKING

from sphinx_mmbook.core.bib.library import Library, read_library
from sphinx_mmbook.core.chapter import Chapter, chapter_from
from sphinx_mmbook.core.conf import Conf, excluder, read_conf
from sphinx_mmbook.core.facts import BookFacts, Facts, facts_of
from sphinx_mmbook.core.finding import BookError, Finding
from sphinx_mmbook.core.lookup import Lookup, lookup_of
from sphinx_mmbook.core.people import People, load_people
from sphinx_mmbook.core.scan import scan
from sphinx_mmbook.core.shown import Shown, images_of
from sphinx_mmbook.core.source import read_source
from sphinx_mmbook.core.stored import Results, Stored
from sphinx_mmbook.core.things import Thing, things_of
from sphinx_mmbook.core.tree import Tree, tree_of

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

    from sphinx_mmbook.core.page import Page

PAGE_SUFFIXES = (".md", ".ipynb")


@dataclass(frozen=True)
class BookFile:
    """A file of the book. ``path`` is relative to the book; ``excluded`` ones are no sources."""

    path: str
    size: int
    excluded: bool = False
    is_link: bool = False


@dataclass(frozen=True)
class Book:
    """A book as it lies on disk. ``findings`` are those made while reading it.

    ``pages`` are the pages that could be read, by docname; ``files`` all files but those of
    builds and hidden folders.
    """

    folder: Path
    conf: Conf = field(default_factory=Conf)
    files: Mapping[str, BookFile] = field(default_factory=dict)
    pages: Mapping[str, Page] = field(default_factory=dict)
    people: People = field(default_factory=People)
    library: Library = field(default_factory=lambda: Library({}))
    findings: tuple[Finding, ...] = ()

    @cached_property
    def facts(self) -> BookFacts:
        """The facts of all pages, as a build keeps them."""
        pages = {name: facts_of(page, self.people) for name, page in self.pages.items()}
        return BookFacts(pages, self.findings, self.library)

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
        root = self.conf.values.get("root_doc", self.conf.values.get("master_doc", "index"))
        return tree_of(self.pages, str(root))

    @cached_property
    def lookup(self) -> Lookup:
        """The files by path, and by path in lower case."""
        return lookup_of(self.files)

    @cached_property
    def things(self) -> tuple[Thing, ...]:
        """What can have a number, page by page."""
        return tuple(t for name in sorted(self.pages) for t in things_of(self.pages[name]))

    @cached_property
    def images(self) -> tuple[Shown, ...]:
        """All images, page by page."""
        return tuple(i for name in sorted(self.pages) for i in images_of(self.pages[name]))

    @cached_property
    def stored(self) -> tuple[Stored, ...]:
        """All stored results and their state, sorted by path; each file is hashed once."""
        return tuple(Results(self.folder).all(self.files))

    def facts_list(self) -> list[Facts]:
        """Return the facts of all pages."""
        return list(self.facts.pages.values())


def load_book(folder: Path) -> Book:
    """Read a book. Whatever is wrong with a file is a finding, never an exception."""
    root = folder.resolve()
    conf = read_conf(root)
    files = list_files(root, excluder(conf.excluded))
    people = load_people(root)
    pages: dict[str, Page] = {}
    findings: list[Finding] = list(people.findings)
    for path, file in files.items():
        if path.endswith(PAGE_SUFFIXES) and not file.excluded:
            try:
                page = scan(read_source(root, path))
            except BookError as error:
                findings.append(error.finding)
            else:
                pages[page.docname] = page
    library = read_library(root, bib_files(root, files))
    return Book(root, conf, files, pages, people, library, (*findings, *library.findings))


def bib_files(root: Path, files: Mapping[str, BookFile]) -> list[str]:
    """Return the paths of the bibliographies, as ``find_bib_files`` finds them for a build."""
    return sorted(
        path
        for path, file in files.items()
        if path.lower().endswith(".bib")
        and not file.excluded
        and not path.rpartition("/")[2].startswith(".")
        and (not file.is_link or (root / path).resolve().is_relative_to(root))
    )


def list_files(root: Path, excluded: re.Pattern[str]) -> dict[str, BookFile]:
    """Return all files below ``root``, sorted by path, without what builds make.

    Symbolic links are listed, not followed.
    """
    found: dict[str, BookFile] = {}
    for here, folders, names in os.walk(root):
        folders[:] = sorted(
            name for name in folders if name != "_build" and not name.startswith(".")
        )
        prefix = Path(here).relative_to(root).as_posix()
        for name in sorted(names):
            path = name if prefix == "." else f"{prefix}/{name}"
            state = os.lstat(f"{here}/{name}")
            is_excluded = bool(excluded.fullmatch(path))
            found[path] = BookFile(path, state.st_size, is_excluded, S_ISLNK(state.st_mode))
    return found
