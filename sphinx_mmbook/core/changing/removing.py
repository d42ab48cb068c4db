"""A chapter removed: what goes with it, and who refers to it."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinx_mmbook.core.book.toctree import children_of, entries, toctrees
from sphinx_mmbook.core.changing.mentions import mentions
from sphinx_mmbook.core.files.changes import Changes
from sphinx_mmbook.core.finding import Location
from sphinx_mmbook.core.people.people import PEOPLE_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.changing.chapter_folder import ChapterFolder

#: Where removed chapters lie until ``mmbook clean``; git ignores it.
REMOVED = "_build/removed"
#: Old faults (:mod:`sphinx_mmbook.core.checking.baseline`), which go with their chapter.
BASELINE = "mmbook-baseline.json"


@dataclass(frozen=True)
class Removal:
    """The changes below the book's folder, and where the chapter is needed, with how.

    ``noted`` are places around the book, such as a read-me file, that only name its folder.
    """

    changes: Changes
    needed: tuple[tuple[Location, str], ...] = ()
    noted: tuple[tuple[Location, str], ...] = ()


def removal(chapter: ChapterFolder, *, keep_people: bool = False) -> Removal:
    """Return what removes a chapter: its folder, its lines in toctrees, and its people.

    People whom another page credits stay.
    """
    lines = dict(_toctree_lines(chapter))
    gone = [chapter.path]
    gone += [] if keep_people else [*_people(chapter)]
    target = _free(chapter)
    moves = tuple((path, f"{target}/{path}") for path in gone)
    texts = {
        path: _without(chapter.texts[chapter.path_below_top(path)], numbers)
        for path, numbers in lines.items()
    }
    paths = set(_paths(chapter, lines))
    noted = {one for one in paths if one[0].path.startswith("../")}
    needed = {*_empty(chapter), *_references(chapter), *_citations(chapter), *(paths - noted)}
    return Removal(Changes(moves, texts), tuple(sorted(needed)), tuple(sorted(noted)))


def _free(chapter: ChapterFolder) -> str:
    """Return a folder for what is removed that is not there yet."""
    name = f"{REMOVED}/{posixpath.basename(chapter.path)}"
    number = 1
    while (chapter.book.folder / (target := f"{name}-{number}" if number > 1 else name)).exists():
        number += 1
    return target


def _without(text: str, numbers: set[int]) -> str:
    lines = text.split("\n")
    return "\n".join(line for number, line in enumerate(lines, 1) if number not in numbers)


def _toctree_lines(chapter: ChapterFolder) -> Iterator[tuple[str, set[int]]]:
    """Yield the paths of files, and the numbers of their lines that name the chapter's pages."""
    for name, page in chapter.book.pages.items():
        if name in chapter.pages or not page.path.endswith((".md", ".rst")):
            continue
        found: dict[str, set[int]] = {}
        for toctree in toctrees(page):
            for entry, at in entries(toctree):
                base = "" if entry.startswith("/") else posixpath.dirname(name)
                path = posixpath.normpath(posixpath.join(base, entry.lstrip("/")))
                if path in chapter.pages or posixpath.splitext(path)[0] in chapter.pages:
                    found.setdefault(at.path, set()).add(at.line)
        yield from found.items()


def _people(chapter: ChapterFolder) -> Iterator[str]:
    """Yield the files of people whom no other page credits."""
    ids: dict[bool, set[str]] = {True: set(), False: set()}
    for name, about in chapter.book.chapters.items():
        ids[name in chapter.pages] |= {credit.person.id for credit in about.credits}
    for person in sorted(ids[True] - ids[False] - {""}):
        for suffix in (".yml", ".yaml"):
            if (path := f"{PEOPLE_FOLDER}/{person}{suffix}") in chapter.book.files:
                yield path


def _empty(chapter: ChapterFolder) -> Iterator[tuple[Location, str]]:
    """Yield the toctrees that would be left with nothing, of which Sphinx warns."""
    pages = chapter.book.pages
    for name, page in pages.items():
        if name not in chapter.pages:
            for toctree in toctrees(page):
                children = children_of(pages, name, toctree)
                if children and set(children) <= set(chapter.pages):
                    yield toctree.at, "this toctree would be empty; begin another chapter first"


def _references(chapter: ChapterFolder) -> Iterator[tuple[Location, str]]:
    facts = chapter.book.facts
    own = {path for path in chapter.book.files if path.startswith(f"{chapter.path}/")}
    labels = {label.name.lower() for label in facts.labels() if label.at.path in own}
    for reference in facts.references():
        if reference.target.lower() in labels and reference.at.path not in own:
            yield reference.at, f"refers to '{reference.target}'"


def _citations(chapter: ChapterFolder) -> Iterator[tuple[Location, str]]:
    """Yield citations elsewhere of works that only the chapter's bibliography has."""
    prefix = f"{chapter.path}/"
    where: dict[str, set[bool]] = {}
    for entry in chapter.book.library.copies:
        where.setdefault(entry.key, set()).add(entry.at.path.startswith(prefix))
    only = {key for key, inside in where.items() if inside == {True}}
    for citation in chapter.book.facts.citations():
        for key in citation.keys:
            if key in only and not citation.at.path.startswith(prefix):
                yield citation.at, f"cites '{key}', which only this chapter's bibliography has"


def _paths(chapter: ChapterFolder, lines: dict[str, set[int]]) -> Iterator[tuple[Location, str]]:
    """Yield other mentions of the chapter's folder, but those in the toctrees' lines."""
    for place in mentions(chapter.texts, chapter.full, chapter.inner):
        if place.path.startswith(f"{chapter.full}/"):
            continue
        path = posixpath.relpath(place.path, chapter.inner)
        if path != BASELINE and place.line not in lines.get(path, ()):
            yield Location(path, place.line), f"names '{chapter.path}'"
