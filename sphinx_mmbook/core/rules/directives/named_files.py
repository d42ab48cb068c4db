"""Rules on what pages name: files that are read, terms, words to be put in, settings."""

from __future__ import annotations

import os
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.files.lookup import path_from
from sphinx_mmbook.core.files.of_repository import elsewhere, is_beside, left_out, outside_fault
from sphinx_mmbook.core.files.paths import is_file
from sphinx_mmbook.core.files.yaml_mapping import YamlMap
from sphinx_mmbook.core.finding import Finding, Location
from sphinx_mmbook.core.pages.cell_options import is_notebook
from sphinx_mmbook.core.pages.elements import Element, titled
from sphinx_mmbook.core.pages.limits import settings_of_cells
from sphinx_mmbook.core.pages.markdown import parser
from sphinx_mmbook.core.rules.directives.role_texts import UNINDEXED
from sphinx_mmbook.core.rules.directives.shown_lines import asked_in_vain
from sphinx_mmbook.core.rules.references.links import not_there
from sphinx_mmbook.core.rules.registry import found, rule
from sphinx_mmbook.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.pages.page import Page
    from sphinx_mmbook.core.pages.source import Source

#: Lists of letters that docutils brings along.
_OF_DOCUTILS = re.compile(r"<(?:iso|mml|xhtml1|s5defs)[\w-]*\.txt>")
#: Directives that read the file that they name.
_READERS = frozenset({"include", "literalinclude"})
_OPTIONS = {"csv-table": "file", "raw": "file", "literalinclude": "diff"}


def _named(element: Element) -> Iterator[tuple[str, Location]]:
    """Yield the files that a directive reads, and where they are named."""
    if element.name in _READERS and element.text:
        yield element.text.strip(), element.argument_at
    name = "load" if element.kind == "code-cell" else _OPTIONS.get(element.name, "")
    option = element.option(name) if name else None
    if option and option.text:
        yield option.text, option.at


def _files_named(book: Book) -> Iterator[tuple[Page, str, Location, Element]]:
    """Iterate over the files that directives of all pages read."""
    for page in book.pages.values():
        for element in (*page.of("directive"), *page.of("code-cell")):
            for target, at in _named(element):
                if element.name != "include" or not _OF_DOCUTILS.fullmatch(target):
                    yield page, target, at, element


def _fault(book: Book, page: Page, target: str, element: Element) -> str:
    """Return why a build refuses to read a file, if it does."""
    base = (book.folder / page.path).parent
    # docutils alone reads the one, and the other if there is such a file on this computer.
    as_it_is = element.name == "raw" or (element.name == "csv-table" and is_file(Path(target)))
    absolute = target.startswith("/") and not as_it_is
    place = book.folder / target.lstrip("/") if absolute else base / target
    return outside_fault(book.folder, place, target)


@rule("error", of_file=True)
def include_missing(book: Book) -> Iterator[Finding]:
    """A file that a directive reads is not there.

    Bad: ```` ```{literalinclude} code/trian.py ````; ``:file: ../../data.csv`` of a ``{csv-table}``

    Good: ```` ```{literalinclude} code/train.py ````

    Why: the page shows an error in its place. Only files of the book are there for everybody.
    """
    for page, target, at, element in _files_named(book):
        path = path_from(page.path, target)
        there = book.lookup.exact(path) or is_beside(book.folder, path)
        if "://" in target:
            yield found(at, elsewhere(target))
        elif not there and not _fault(book, page, target, element):
            yield not_there(book, page, target, path, at)
        elif book.lookup.exact(path) and not _fault(book, page, target, element):
            yield from _part_missing(book, path, element)


def _part_missing(book: Book, path: str, element: Element) -> Iterator[Finding]:
    """Yield the lines and marks that a directive asks for and that its file does not have."""
    asked = {option.name: option for option in element.options if option.name and option.text}
    try:
        data = (book.folder / path).read_bytes()
    except OSError:
        return  # told elsewhere
    text = data.decode("utf-8", "replace")
    # Of what {include} reads as a part of the page, page-encoding speaks.
    if "\ufffd" in text and "encoding" not in asked and element.name != "include":
        message = f"'{path}' is not UTF-8, so letters of it are lost"
        at = asked["file"].at if "file" in asked else element.argument_at
        yield found(at, f"{message}; save it so, or name its ':encoding:'")
    if element.name == "literalinclude":
        options = {name: option.text for name, option in asked.items()}
        for name, fault in asked_in_vain(f"'{path}'", text, options):
            yield found(asked[name].at, fault)
    for name in ("start-after", "end-before") if element.name == "include" else ():
        if (option := asked.get(name)) and option.text not in text:
            yield found(option.at, f"'{path}' has no text '{option.text}'; write one that it has")


def files_outside(book: Book) -> Iterator[Finding]:
    """Yield the files that directives read which no build reads: not of the book's repository."""
    for page, target, at, element in _files_named(book):
        if message := _fault(book, page, target, element):
            yield found(at, message)
    for image in book.images:
        file = book.files.get(image.path)
        if file and not file.is_link:
            continue  # files of the book are listed without following a link to a folder
        place = book.folder / image.path
        is_there = book.lookup.exact(image.path)
        if is_there and (message := outside_fault(book.folder, place, image.target)):
            yield found(image.at, message)
    for name in book.settings.static:
        for path, message in left_out(book.folder, book.folder / name):
            yield found(Location(Path(os.path.relpath(path, book.folder)).as_posix(), 1), message)
    for _, element in book.elements("directive"):
        address = element.option("url") if element.name in ("csv-table", "raw") else None
        if address and address.text:
            yield found(address.at, elsewhere(address.text))


def code_outside(folder: Path, source: Source) -> Iterator[Finding]:
    """Yield the files out of the repository from which cells of a page take their code."""
    for options in settings_of_cells(source):
        name = str(options.fields.get("load") or "")
        place = folder / source.path
        if name and (message := outside_fault(folder, place.parent / name, name)):
            at = options.at("load")
            line = source.text.split("\n")[at.line - 1]
            yield found(at._replace(column=line.find(name) + 1), message)


@rule("error")
def term_unknown(book: Book) -> Iterator[Finding]:
    """A term that no glossary explains.

    Bad: `` {term}`atention` `` where the glossary has ``attention``

    Good: `` {term}`attention` ``

    Why: the word leads nowhere.
    """
    used = [item for _, item in book.elements("role") if item.name in ("term", "std:term")]
    terms = _terms(book) if used else {}
    if terms is None:
        return
    for item in used:
        _, target, start = titled(item.text)
        term = " ".join(target.split())
        if term and term.casefold() not in terms:
            at = item.at.right(len(item.name) + 3 + start)
            hint = did_you_mean(term, terms.values()) or "; add it to a {glossary}"
            if any(other.rstrip() == term.casefold() for other in terms):
                hint = ": spaces follow it in its {glossary}; delete them"
            yield found(at, f"no glossary has the term '{term}'{hint}")


def _terms(book: Book) -> dict[str, str] | None:
    """Return the terms of all glossaries; ``None`` if nobody can say."""
    marked = any(facts.marks_terms for facts in book.facts.pages.values())
    if marked or book.settings.labels_elsewhere:
        return None
    return {term.casefold(): term for term in book.facts.terms()}


@rule("error")
def glossary_form(book: Book) -> Iterator[Finding]:
    """A glossary has a term twice, or lines that are not where they belong.

    Bad: two terms without an empty line between them; an explanation that is not indented;
    ``{confval} loss`` twice

    Good: the term, below it its explanation, indented by two spaces, then an empty line

    Why: the build cannot say which is the term.
    """
    told: dict[str, Location] = {}
    asked = ("glossary", *_DESCRIBING)
    elements = [item for item in book.elements("directive") if item[1].name in asked]
    # In the order of a build, which names the same page as the first.
    for _, element in sorted(elements, key=lambda item: item[0].path):
        is_one = element.name in _DESCRIBING
        if is_one and element.option(*UNINDEXED):
            continue
        for at, text in () if is_one else _glossary_faults(element):
            yield found(at, text)
        names = [(element.at, name) for name in element.text.split("\n")]
        for at, term in names if is_one else _terms_of(element):
            key = f"{element.name} {term}" if is_one else term.casefold()
            if other := told.get(key):
                message = f"'{term}' is explained already at {other}; delete one"
                if other == at:
                    message = f"'{term}' is in a file that is included twice; take it out"
                yield found(at, message)
            told.setdefault(key, at)


#: Directives that describe one thing, which Sphinx wants described once.
_DESCRIBING = ("confval", "envvar")


def _lines_of(element: Element) -> Iterator[tuple[int, str]]:
    """Iterate over the lines of a glossary, terms at the margin, with their numbers."""
    body = dedent(element.body.expandtabs()) if element.restructured else element.body
    return enumerate(body.split("\n"), element.level)


def _terms_of(element: Element) -> Iterator[tuple[Location, str]]:
    """Yield the terms of a glossary with their lines."""
    for number, line in _lines_of(element):
        if line[:1].strip() and not line.startswith(".."):
            at = element.at._replace(line=number, column=0)
            yield at, " ".join(line.split(" : ")[0].split())


def _glossary_faults(element: Element) -> Iterator[tuple[Location, str]]:
    """Yield the lines of a glossary that are not where they belong, as Sphinx reads them."""
    was_explained = was_empty = True
    is_begun = is_comment = False
    for number, line in _lines_of(element):
        at, text = element.at._replace(line=number, column=0), line.strip()
        if line.startswith(".. "):
            is_comment = True
            continue
        if line[:1].strip():
            is_comment = False
            if was_explained and not was_empty:
                yield at, f"'{text}' follows without an empty line; write one before it"
            elif was_empty and not was_explained:
                yield at, f"'{text}' is a term, and the one above has no text; write it, indented"
            was_explained, is_begun = False, True
            lost = text.partition(" : ")[2]
            if " " in lost:  # a word alone is a key of the index
                yield at, f"'{lost}' after ' : ' is shown nowhere; write it into the text below"
        elif line and not (is_begun or is_comment):
            yield at, f"'{text}' is not below a term; write the term above it"
        elif line and not is_comment:
            was_explained = True
        was_empty = not line


@rule("error")
def front_matter_myst(book: Book) -> Iterator[Finding]:
    """A setting for MyST or MyST-NB in a front matter has no meaning.

    Bad: ``myst: {substitution: {loss: x}}``, ``substitutions:`` that is not below ``myst:``,
    ``mystnb: {execution: off}``

    Good: ``myst: {substitutions: {loss: x}}``, ``mystnb: {execution_mode: off}``

    Why: it is left out, and what depends on it fails.
    """
    for page in book.pages.values():
        front = page.source.front
        settings = front.fields.get("myst", {})
        if not isinstance(settings, dict):
            yield found(front.at("myst"), "'myst' holds settings; write 'myst: {name: value}'")
            continue
        for name in ("html_meta", "substitutions"):
            if name in front.fields:
                yield found(front.at(name), f"'{name}' belongs below 'myst:'; move it there")
        for name in (name for name in _CHANGED if name in settings):
            if settings[name] not in (False, [], _CHANGED[name]):
                fault = f"with '{name}' MyST reads neither this front matter nor any directive"
                if _CHANGED[name] is not None:
                    fault = f"'{name}' makes the build read this page otherwise than the check"
                yield found(front.at(f"myst.{name}"), f"{fault}; delete it")
        if settings or any(name in page.source.text for name in _OF_MYST_NB):
            yield from _refused(page, settings)


#: Settings that change what a page is, with what they are at first.
_CHANGED: dict[str, Any] = {
    "commonmark_only": None, "gfm_only": None, "disable_syntax": [],
    "sub_delimiters": ["{", "}"],
}  # fmt: skip
#: Under which a cell has MyST-NB's settings, now and in old files.
_OF_MYST_NB = ("mystnb", "render:", 'render":')


def _refused(page: Page, settings: Mapping[Any, Any]) -> Iterator[Finding]:
    """Yield the settings of a page and of its cells that MyST-Parser or MyST-NB refuses."""
    from sphinx_mmbook.docutils_syntax import myst_options as upstream  # noqa: PLC0415

    front = page.source.front
    own = (
        front.fields.get("mystnb")
        if page.path[-6:] == ".ipynb" or is_notebook(front.fields)
        else {}
    )
    of_page = (
        ("myst", "MyST", settings, upstream.MYST, upstream.refused_by_myst),
        ("mystnb", "MyST-NB", own or {}, upstream.MYST_NB, upstream.refused_by_myst_nb),
    )
    for field, who, given, known, refused in of_page:
        for name in map(str, given.keys() - known):
            advice = did_you_mean(name, known) or "; delete it"
            yield found(front.at(f"{field}.{name}"), f"{who} has no setting '{name}'{advice}")
        for name, why in refused(given):
            at = front.at(f"{field}.{name}")
            yield found(at, f"{who} refuses this '{name}' ({why}); correct it, or delete it")
    for options in (*settings_of_cells(page.source), *_of_json(page.source)):
        own = options.fields.get("mystnb", {})
        wrong = [*upstream.refused_by_myst_nb(own, of_cell=True)]
        figure = own.get("figure")
        caption = figure.get("caption") if isinstance(figure, dict) else None
        if caption and parser().parse(str(caption), {})[0].type != "paragraph_open":
            wrong.append(("figure.caption", "it is not a paragraph"))
        if "render" in options.fields:
            wrong.append(("render", "it is called 'mystnb' now"))
        for name, why in wrong:
            message = f"MyST-NB refuses this '{name}' ({why}); correct it, or delete it"
            at = options.at(name if name in options.fields else f"mystnb.{name}")
            yield Finding(at, "cell-option", message, "error")


def _of_json(source: Source) -> Iterator[YamlMap]:
    """Yield the options of the code cells of a notebook in JSON."""
    for block in source.blocks:
        if block.cell:
            at = Location(source.path, block.first_line, 0, block.cell)
            yield YamlMap(source.path, block.options, {"": at})


#: Kinds of entries of an index -> how many words they have.
_ENTRIES = {"single": 1, "double": 2, "pair": 2, "triple": 3, "see": 2, "seealso": 2}
#: Kinds that Sphinx had.
_GONE = ("module", "keyword", "operator", "object", "exception", "statement", "builtin")


@rule("error")
def index_entry(book: Book) -> Iterator[Finding]:
    """An entry of the index has fewer words than its kind asks for.

    Bad: ``{index} pair: loss``

    Good: ``{index} pair: loss; of models``, ``{index} loss``

    Why: it is left out of the index.
    """
    for _, element in book.elements("directive", "role"):
        if element.name != "index":
            continue
        shown, text, _ = titled(element.text)
        if element.kind == "role" and not shown:
            kind, colon, words = element.text.partition(": ")
            if colon and kind.lstrip("!") in _ENTRIES:
                told = f"'{element.text}' is printed as it stands"
                yield found(element.at, f"{told}; write {{index}}`{words} <{element.text}>`")
            continue  # it is the entry as it stands
        text = element.text if element.kind == "directive" else text
        for entry in text.split("\n"):
            kind, colon, words = entry.strip().lstrip("!").partition(":")
            if colon and kind in _GONE:
                told = f"'{kind}' is not a kind of entry any more"
                yield found(element.at, f"{told}; write 'pair: {kind};{words}'")
            least = _ENTRIES.get(kind.strip(), 0) if colon else 0
            parts = [part for part in words.split(";", max(least - 1, 0)) if part.strip()]
            if len(parts) < least:
                told = f"'{entry.strip()}' is not an entry of an index"
                yield found(element.at, f"{told}; write {least} words with ';' between them")
