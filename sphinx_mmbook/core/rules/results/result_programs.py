"""Rules on the programs that make stored results, seen from their text alone."""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.files.lookup import path_from
from sphinx_mmbook.core.finding import Finding, Location
from sphinx_mmbook.core.provenance.hashing import PAGES
from sphinx_mmbook.core.provenance.r_code import unseen_input
from sphinx_mmbook.core.provenance.sidecar import chapter_of
from sphinx_mmbook.core.provenance.state import FOLDER, PROGRAMS, declaration
from sphinx_mmbook.core.rules.book.files import read
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book

_STORES = re.compile(r"\bstore\s*\(")
_LARGEST = 1_000_000


@rule("warning")
def result_twice(book: Book) -> Iterator[Finding]:
    """Two programs or notebooks make the same stored result.

    Bad: ``store(table, "results/accuracy.csv")`` in ``code/a.py`` and in ``code/b.py``

    Good: a name of its own for each

    Why: what the book shows depends on which of them ran last, and the result is never current.
    """
    for target, programs in _made(book).items():
        if len({at.path for at in programs}) > 1:
            first, *others = sorted(programs)
            names = " and ".join(f"'{at.path}'" for at in others)
            message = f"'{target}' is made by {names} as well; give one of them another name"
            yield found(first, message)


@rule("warning")
def result_never_made(book: Book) -> Iterator[Finding]:
    """A program or notebook stores a result that is not there: not run, or not committed.

    Bad: ``store(table, "results/accuracy.csv")`` and no such file

    Good: the program run, and its results committed

    Why: others see neither the result nor that it is missing.
    """
    for target, programs in _made(book).items():
        stem = target.rpartition(".")[0] if "." in PurePosixPath(target).name else target
        there = (target, *(f"{stem}{suffix}" for suffix in (".svg", ".pdf", ".png")))
        if not any(path in book.files for path in there) and not target.startswith(".."):
            at = min(programs)
            chapter = _chapter(book, at.path)
            command = f"python {PurePosixPath(at.path).relative_to(chapter)}"
            if chapter != ".":
                command += f", in the folder '{chapter}'"
            if at.path.endswith(PAGES):
                command = "mmbook build"
            elif not at.path.endswith(".py") or declaration(book.folder / at.path).results:
                command = "mmbook results run"
            yield found(
                at, f"this program stores '{target}', which is not there; run it: {command}"
            )


@rule("warning")
def result_input_unseen(book: Book) -> Iterator[Finding]:
    """A program in R reads data, but names none of them.

    Bad: ``read.csv(paste0("data/", name))``

    Good: ``read.csv("data/pets.csv")``, or a comment ``# mmbook-inputs: data/pets.csv``

    Why: the result counts as current when the data have changed.
    """
    for path in book.files:
        if path.endswith((".R", ".r")) and not _is_unread(book, path):
            said, folder = declaration(book.folder / path), book.folder / _chapter(book, path)
            if said.results and not said.inputs:
                line = unseen_input(book.folder / path, [folder, book.folder])
                text = "this program reads data that it does not name: nobody sees when they change"
                if line:
                    yield found(
                        Location(path, line), f"{text}; add a comment '# mmbook-inputs: data/….csv'"
                    )


@rule("warning")
def result_elsewhere(book: Book) -> Iterator[Finding]:
    """A program stores a result outside of its chapter, or belongs to no chapter.

    Bad: ``store(table, "../other-chapter/results/accuracy.csv")``; a program in a folder without
    page

    Good: ``store(table, "results/accuracy.csv")`` in the chapter's ``code/``

    Why: two teams change one folder, and nobody knows whose the result is.
    """
    for target, programs in _made(book).items():
        for at in programs:
            chapter = _chapter(book, at.path)
            if target.startswith("..") or not PurePosixPath(target).is_relative_to(chapter):
                text = f"this program stores '{target}' outside of its chapter '{chapter}'"
                text += "; write 'results/…'"
                yield found(at, text)
            elif chapter == "." and len(PurePosixPath(at.path).parts) > 2:
                text = (
                    "this program stores a result, but no folder above it has a page; write the "
                    "chapter's index.md, or move the program into the folder 'code' of a chapter"
                )
                yield found(at, text)


def _made(book: Book) -> dict[str, list[Location]]:
    """Return the results that programs name, with the places where they do."""
    found_there: dict[str, list[Location]] = defaultdict(list)
    for path in book.files:
        if path.endswith(PROGRAMS) and FOLDER not in PurePosixPath(path).parts[:-1]:
            chapter = _chapter(book, path)
            for name, line in _targets(book, path):
                found_there[path_from(f"{chapter}/index.md", name)].append(Location(path, line))
    for page in book.pages.values():
        chapter = _chapter(book, page.path)
        for cell in page.of("code-cell") if "sphinx_mmbook" in page.source.text else ():
            for name, _ in _stored(cell.body):
                found_there[path_from(f"{chapter}/index.md", name)].append(cell.at)
    return found_there


def _chapter(book: Book, path: str) -> str:
    return chapter_of(book.folder, book.folder / path).relative_to(book.folder).as_posix()


def _is_unread(book: Book, path: str) -> bool:
    return book.files[path].is_link or book.files[path].size > _LARGEST


def _targets(book: Book, path: str) -> Iterator[tuple[str, int]]:
    """Yield the results that a program stores or declares, and the lines where it says so."""
    if _is_unread(book, path):
        return
    for name in declaration(book.folder / path).results:
        yield name, 1
    if path.endswith(".py"):
        text = read(book, path).decode("utf-8-sig", "replace")
        yield from _stored(text) if "sphinx_mmbook" in text else ()


@cache
def _stored(text: str) -> tuple[tuple[str, int], ...]:
    """Return the names that ``store()`` is called with, where they are spelt out."""
    if not _STORES.search(text):
        return ()
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    named = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "store":
            options = {option.arg: option.value for option in node.keywords}
            target = node.args[1] if len(node.args) > 1 else options.get("path")
            # Another program is noted as the one that makes it.
            if isinstance(target, ast.Constant) and isinstance(target.value, str):
                named += [] if "script" in options else [(target.value, node.lineno)]
    return tuple(named)
