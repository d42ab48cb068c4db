"""Rules on stored results and their provenance."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.files.paths import is_file
from sphinx_mmbook.core.finding import BookError, Finding, Location
from sphinx_mmbook.core.provenance.state import PROGRAMS, State, Stored
from sphinx_mmbook.core.references.shown_files import IMAGE_SUFFIXES
from sphinx_mmbook.core.results.figure_formats import DARK
from sphinx_mmbook.core.rules.book.files import CODE_SUFFIXES
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book

#: A number in the text: with a point, not part of a version, a date or another word.
_NUMBER = re.compile(r"(?<![\w.,/-])[-\u2212]?\d+\.\d{2,}(?!\w|[.,]\d)")
#: Larger results are not searched for typed numbers.
_MAX_CELLS = 2000


def _in_state(book: Book, *states: State) -> Iterator[Finding]:
    for stored in book.stored:
        for fault in stored.faults:
            if fault.state in states:
                name = PurePosixPath(stored.path).name
                yield found(Location(stored.path), f"'{name}' {fault.text}")


@rule("warning")
def result_stale(book: Book) -> Iterator[Finding]:
    """The program that made a stored result, or a file that it reads, has changed since.

    Bad: ``code/accuracy.py`` edited, ``results/accuracy.csv`` from before

    Good: ``mmbook results run`` after each change

    Why: the book shows numbers that its own code no longer gives.
    """
    yield from _in_state(book, "stale", "missing")


@rule("warning")
def result_edited(book: Book) -> Iterator[Finding]:
    """A stored result was changed by hand.

    Bad: a value corrected in ``results/accuracy.csv``

    Good: the program corrected, and run again

    Why: the next run of the program undoes the change, and nobody can say where the number is from.
    """
    yield from _in_state(book, "edited")


@rule("warning")
def result_provenance(book: Book) -> Iterator[Finding]:
    """The provenance of a stored result cannot be read.

    Bad: marks of a merge conflict in ``results/accuracy.csv.prov.json``

    Good: one of the two versions, or the program run again

    Why: nothing can say whether the result is that of its program.
    """
    for stored in book.stored:
        for fault in stored.faults:
            if fault.state == "broken":
                yield found(Location(stored.path), fault.text)


@rule("info")
def result_no_provenance(book: Book) -> Iterator[Finding]:
    """Nothing says which program made a stored result.

    Bad: ``frame.to_csv("results/accuracy.csv")``

    Good: ``store(frame, "results/accuracy.csv")``, or in an R program a comment
    ``# mmbook-results: results/accuracy.csv``

    Why: a number without its program cannot be checked, and is not seen to be out of date.
    """
    for stored in book.stored:
        if stored.state == "unknown" and not stored.path.endswith(CODE_SUFFIXES):
            name = PurePosixPath(stored.path).name
            advice = "store it with 'from sphinx_mmbook import store', or name it in a comment of"
            message = (
                f"nothing says what made '{name}'; {advice} its program: '# mmbook-results: …'"
            )
            yield found(Location(stored.path), message)


@rule("warning")
def result_unused(book: Book) -> Iterator[Finding]:
    """A stored result is shown on no page and read by no program.

    Bad: ``results/accuracy-old.csv``, which no page names

    Good: the file deleted, or shown with ``{stored-table}``

    Why: dead results pile up; in one of six books examined they were 33 files.
    """
    texts = {page.path: page.source.text for page in book.pages.values()}
    texts |= {path: _text(book, path) for path in book.files if path.endswith(PROGRAMS)}
    for stored in book.stored:
        if stored.state == "unknown" and stored.path.lower().endswith(IMAGE_SUFFIXES):
            continue  # the rule on images sees to it
        own, other = (re.compile(_names(stored, whole=whole)) for whole in (False, True))
        used = (
            (own if PurePosixPath(path).is_relative_to(stored.chapter) else other).search(text)
            for path, text in texts.items()
            if path != stored.script or not path.endswith(PROGRAMS)
        )
        if not any(used):
            name = PurePosixPath(stored.path).name
            yield found(
                Location(stored.path), f"'{name}' is shown on no page; show it, or delete it"
            )


def _names(stored: Stored, *, whole: bool) -> str:
    """Return a pattern of how pages name a result's files: a figure also without its ending.

    ``whole``: with the chapter's folder, as other chapters do, which have files of the same name.
    """
    patterns = []
    files = [PurePosixPath(path) for path in stored.files]
    # A twin for dark pages is shown where the figure is.
    light = [path.with_stem(path.stem.removesuffix(DARK)) for path in files]
    for path in dict.fromkeys([*files, *light]):
        above = PurePosixPath(stored.chapter).parent if whole else path.parent.parent
        folder = re.escape(str(path.parent.relative_to(above)))
        stem = re.escape(path.stem)
        name = re.escape(path.name)
        patterns += [rf"{folder}/{name}", rf"{folder}/{stem}(\.\*|(?![\w.-]))"]
        patterns += [] if whole else [name, rf"{stem}\.\*"]
    return "|".join(patterns)


@rule("info")
def result_typed(book: Book) -> Iterator[Finding]:
    """A number typed in the text equals a value of a stored result of the chapter.

    Off unless ``mmbook_rules`` in ``conf.py`` gives it a level.

    Bad: ``an accuracy of 0.763``

    Good: ``an accuracy of {stored}`results/accuracy.csv#clip,top1|.3f` ``

    Why: when the result changes, the typed number stays as it was.
    """
    if "result-typed" not in book.settings.rules:
        return
    values: dict[str, dict[str, list[float]]] = {}
    for stored in book.stored:
        for path in stored.files:
            values.setdefault(stored.chapter, {})[path] = _numbers(book, path)
    for page in book.pages.values():
        chapter = str(PurePosixPath(page.path).parent)
        for element in page.of("text"):
            for match in _NUMBER.finditer(element.text):
                typed = match[0].replace("\u2212", "-")
                digits = len(typed.partition(".")[2])
                for path, numbers in values.get(chapter, {}).items():
                    if any(f"{number:.{digits}f}" == typed for number in numbers):
                        message = (
                            f"{match[0]} is typed by hand, but is in {path}; write "
                            "{stored}`…` with its row and column"
                        )
                        yield found(element.at.right(match.start()), message)
                        break


def _numbers(book: Book, path: str) -> list[float]:
    """Return the numbers in a table; none if it is large, or no table."""
    # Here, because the readers take time to import and the rule is off unless asked for.
    from sphinx_mmbook.core.results.request import READERS, Request, read_table  # noqa: PLC0415

    file = book.folder / path
    if file.suffix.lower() not in READERS or not is_file(file):
        return []
    try:
        table: Any = read_table(Request(file, path, Location(path)))
    except BookError:
        return []
    if table.size > _MAX_CELLS:
        return []
    columns = [table.iloc[:, position] for position in range(table.shape[1])]
    return [
        float(value)
        for column in columns
        for value in column
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]


def _text(book: Book, path: str) -> str:
    try:
        return (book.folder / path).read_text("utf-8", "replace")
    except OSError:
        return ""
