"""Rules on links to pages and files, and on footnotes."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.book.facts import link_of
from sphinx_mmbook.core.book.settings import PAGES_MADE
from sphinx_mmbook.core.files.lookup import is_url, other_name, path_from, relative
from sphinx_mmbook.core.files.of_repository import is_beside
from sphinx_mmbook.core.files.patterns import page_pattern
from sphinx_mmbook.core.finding import Edit, Finding, also_in
from sphinx_mmbook.core.pages.elements import Element, titled
from sphinx_mmbook.core.references.heading_names import heading_name
from sphinx_mmbook.core.references.labels import anchor
from sphinx_mmbook.core.rules.registry import found, rule
from sphinx_mmbook.core.rules.syntax.divisions import short
from sphinx_mmbook.core.suggestions import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Location
    from sphinx_mmbook.core.pages.page import Page

#: Targets that Sphinx itself makes.
SPHINX_LABELS = frozenset({"genindex", "modindex", "py-modindex", "search"})
#: Drives, homes and file addresses; the rule path-local speaks of them.
LOCAL = re.compile(r"(?:[A-Za-z]:[\\/]|file:|~/|/(?:home|Users|root|mnt|tmp|var)/)")

#: Roles that name a page or a file.
FILE_ROLES = ("doc", "std:doc", "download")

#: A function, class or module, as in ``[](numpy.ndarray)``.
_NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_LABEL = re.compile(r"[\w:-]+")  # perhaps that of another project
_FILES = (".md", ".ipynb", ".rst", ".html", ".pdf", ".csv", ".json", ".png", ".svg", ".py", ".R")


def label_names(book: Book) -> set[str]:
    """Return all labels as references compare them."""
    return {label.name.lower() for label in book.facts.labels()}


def term_names(book: Book) -> set[str]:
    """Return the terms to which links and ``{any}`` lead: Sphinx asks for them in lower case."""
    return {term for term in book.facts.terms() if term == term.lower()}


@rule("error", of_file=True)
def link_dead(book: Book) -> Iterator[Finding]:
    """A link to a page, heading or file that is not there.

    Bad: ``[data](data/Iris.csv)`` where the file is called ``iris.csv``

    Good: ``[data](data/iris.csv)``

    Why: the link leads nowhere; one that differs in case works on one system and not on the web.
    """
    names = label_names(book) | term_names(book)
    for page in book.pages.values():
        for element in page.of("link"):
            yield from _dead_link(book, page, element, names)
        yield from _no_links(book, page, names)
        for element in page.of("twice"):
            what = f"'[{element.name.lower()}]: …' has an address above, which holds"
            yield found(element.at, f"{what}; delete this line, or change its name")
    for page in book.pages.values():
        for element in page.of("role"):
            if element.name in FILE_ROLES:
                yield from _dead_role(book, page, element)
        for element in page.of("directive"):
            if (target := element.option("target")) and _LOCAL_TARGET.fullmatch(target.text):
                what = f"'target: {target.text}' leads nowhere: it takes addresses of the web alone"
                yield found(target.at, f"{what}; write '#' before a label, or link in the caption")
            if (linked := link_of(element)) and linked[0] == "doc":
                role = Element("role", linked[1].at.right(-len("{doc}`")), "doc", linked[1].text)
                yield from _dead_role(book, page, role)
    yield from _entries_of_toctrees(book)


def _entries_of_toctrees(book: Book) -> Iterator[Finding]:
    for name, at in book.tree.twice:
        fault = f"the toctrees name '{name}' twice; list each page once"
        nested = "another toctree numbers this page and those below it; delete ':numbered:' here"
        yield found(at, fault if name else nested)
    unread = [posixpath.splitext(finding.location.path)[0] for finding in book.findings]
    for entry, at in book.tree.missing:
        named = page_pattern(path_from(at.path, posixpath.splitext(entry)[0]))
        if any(map(named.fullmatch, unread)) or _is_made(book, path_from(at.path, entry)):
            continue  # what is said of the page says why
        there = "no page fits" if re.search(r"[*?\[]", entry) else "there is no such page"
        advice = "correct the name or write the page"
        if posixpath.splitext(path_from(at.path, entry))[0] == posixpath.splitext(at.path)[0]:
            there, advice = "no page lists itself", "delete this line"
        fault = f"the toctree names '{entry.expandtabs(1)}', but {there}"
        advice = "begin the line at the margin" if entry[0].isspace() else advice
        name, fix = entry.rstrip(), []
        if name != entry and not entry[0].isspace():
            advice, fix = "delete the space after it", [Edit(at, entry, name)]
        yield found(at, f"{fault}; {advice}", *fix)


#: Where a picture leads if that is not an address, nor a page of the site.
_LOCAL_TARGET = re.compile(r"(?!_)[\w./-]+(?<!_)(?<!/)(?<!\.html)")
#: What somebody meant to be a link: its target begins as one, and has a space.
_NO_LINK = re.compile(
    r"\[[^\[\]\n]*\]\(((?:#|\.{0,2}/|https?:)[^()\n]*? [^()\n]*"
    r"|[^()\n\"]{1,99} [^()\n\"]{0,99}\.(?:png|jpe?g|gif|svg|pdf|md|ipynb|html))"
    r"(?: \"[^()\n\"]*\")?\)"
)
#: The size of an image as some tools write it after the file.
_SIZED = re.compile(r" =\d*(?:x\d*|%)$")
#: What is nearly a link: a sign of it, what finds it, what is wrong, what to do and to write.
_NEARLY = (
    ("] ",
     re.compile(r"\][ ]+\((?=(?:https?://[^\s()]+|#[\w-]+|[\w./-]+\.(?:md|ipynb|png|jpe?g|gif|svg|pdf"
                r"|html))\))"),
     "there is a space between ']' and '('", "delete it", "]("),
    (")[", re.compile(r"\(([^()\n]{1,80})\)\[((?:https?://|\.{1,2}/)[^\s\[\]]+)\]"),
     "the brackets have changed places", "write '[…](…)'", r"[\1](\2)"),
    ("][", re.compile(r"(?<![\w\]\\)])\[(?=[^\[\]@\n]*?[A-Za-z]{2})[^\[\]@\n]*+\]\[[^\[\]@\n]*+\]"),
     "no line says where it leads", "write '[…](address)', or a line '[…]: address'", ""),
)  # fmt: skip


def _no_links(book: Book, page: Page, names: set[str]) -> Iterator[Finding]:
    """Yield what looks like a link but is printed as it stands."""
    text = page.prose.text
    for sign, pattern, fault, advice, new in _NEARLY:
        for match in pattern.finditer(text) if sign in text else ():
            at = page.prose.at(match.start())
            if page.has_text(at, match[0]):
                message = f"{fault}, so this is not a link and printed as it is; {advice}"
                yield found(at, message, *([Edit(at, match[0], match.expand(new))] if new else ()))
    for match in _NO_LINK.finditer(page.prose.text) if "](" in page.prose.text else ():
        if not page.has_text(page.prose.at(match.start()), "["):
            continue  # escaped: meant to be printed
        written, at = match[1], page.prose.at(match.start(1))
        if _SIZED.search(written):
            continue  # see markup_foreign
        label = anchor(written) if written[0] == "#" else ""
        advice = "write '%20' for each" if not label else "write the label of the heading"
        edits: tuple[Edit, ...] = ()
        if label in names:
            advice = f"write '#{label}'"
            edits = page.edits(at, written, f"#{label}")
        elif written[0] == "#" and (heading := book.headings.get(anchor(heading_name(written)))):
            advice = f"write '#{heading.label}', and '({heading.label})=' above the heading"
            edits = (*heading.edits, Edit(at, written, f"#{heading.label}"))
        elif LOCAL.match(written):
            advice = "copy the file, which is on your computer only, into the chapter's folder"
        what = "an image" if match.string[match.start() - 1 : match.start()] == "!" else "a link"
        message = f"'({written})' has spaces in it, so this is not {what} and printed as it is"
        yield found(at, f"{message}; {advice}", *edits)


_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
#: The begin of an address that lacks a sign, and what is a host's name rather than a file's.
_SLIP = re.compile(r"https?(?::/?|//?)(?=[\w-]+\.\w)")
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|net|org|io|edu|gov|de|eu|uk)(?:/\S*)?")


def _no_address(page: Page, element: Element, target: str) -> Finding | None:
    """Return the finding for what was meant to be an address."""
    if (bare := target.strip('"')) != target and is_url(bare):
        message = f"the quotes make '{bare}' no address; write it without them"
        return found(element.at, message, *page.edits(element.at, target, bare))
    slip, is_mail = _SLIP.match(target), _MAIL.fullmatch(target)
    if slip or is_mail or target.startswith("www.") or _HOST.fullmatch(target):
        right = f"{'mailto:' if is_mail else 'https://'}{target[slip.end() if slip else 0 :]}"
        edits = page.edits(element.at, target, right)
        return found(element.at, f"'{target}' lacks its beginning; write '{right}'", *edits)
    if target[:4] == "http" and page.line(element.at)[: element.at.column - 1].endswith("[]("):
        return found(element.at, f"this link has no text and is not shown; write <{target}>")
    return None


def _dead_link(book: Book, page: Page, element: Element, names: set[str]) -> Iterator[Finding]:
    target = element.name.removeprefix("project:").removeprefix("path:")
    if target.startswith("inv:") and not book.settings.labels_elsewhere:
        advice = "name its documentation in intersphinx_mapping of conf.py, or link to its address"
        yield found(element.at, f"'{target}' is in no other book that this one knows; {advice}")
    if not target or target[0] in "#?" or LOCAL.match(target):
        return
    if finding := _no_address(page, element, target):
        yield finding
    if finding or is_url(target):
        return
    path_text, _, label = target.partition("#")
    path_text = path_text.partition("?")[0]
    path = path_from(_read_from(page, element, target), path_text)
    at = element.at.right(len(element.name) - len(target))
    if "#" in target and path in book.every and not book.lookup.exact(path):
        right = relative(page.path, book.every[path].path, path_text)
        advice = f"write '{right}'" + f", or '{right}#' and a label" * (label[:1] != ".")
        yield found(at, f"'{target}' names no file before its '#'; {advice}")
        return
    is_known = path in book.every or path_text.lower() in names or path_text in SPHINX_LABELS
    if is_known or _is_of_build(book, target, path):
        return
    if not book.lookup.exact(path) and not is_beside(book.folder, path):
        if label.lower() in names and path.endswith(".html"):
            edit = page.edits(at, target, f"#{label}")
            yield found(at, f"'{target}' is made by a build; link to '#{label}'", *edit)
            return
        finding = not_there(book, page, path_text, path, at)
        yield replace(finding, fix=()) if label else finding
        return
    docname = re.sub(r"\.(md|ipynb)$", "", path)
    if label and docname in book.every and not book.settings.heading_anchors:
        other = book.facts.pages[docname]
        own = [item.name for item in other.labels]
        if label.lower() not in [name.lower() for name in own]:
            near = nearest(label, own)
            hint = f"did you mean '{near}'?" if near else "give the heading a label there"
            location = at.right(len(target) - len(label))
            yield found(location, f"{other.path} has no label '{label}'; {hint}")


def _read_from(page: Page, element: Element, target: str) -> str:
    """Return the file from which a link counts: the page, or the one included, if it says so."""
    for one in page.of("directive") if element.at.path != page.path else ():
        begin = one.option("relative-docs") if one.name == "include" else None
        if begin and path_from(page.path, one.text.strip()) == element.at.path:
            return element.at.path if target.startswith(begin.text) else page.path
    return page.path


def _is_of_build(book: Book, target: str, path: str) -> bool:
    """Whether only a build can tell: a query to a page as it is built, or a name of code."""
    if "?" in target and path.endswith(".html"):
        return path.removesuffix(".html") in book.every
    has_names = book.settings.documents_code or book.settings.labels_elsewhere
    label = target.replace("/", "") if book.settings.other_suffixes else target
    if _is_made(book, path) or (book.settings.labels_elsewhere and _LABEL.fullmatch(label)):
        return True
    return has_names and bool(_NAME.fullmatch(target)) and not target.endswith(_FILES)


def _is_made(book: Book, path: str) -> bool:
    """Whether a page that is not there may be one that only a build makes, or can read."""
    known = any(book.lookup.exact(path + end) for end in book.settings.other_suffixes)
    known |= ":" in path and book.settings.labels_elsewhere
    return known or not PAGES_MADE.isdisjoint(book.settings.extensions)


def _dead_role(book: Book, page: Page, element: Element) -> Iterator[Finding]:
    target = titled(element.text)[1].strip()
    if not target or LOCAL.match(target) or (element.name == "download" and "://" in target):
        return
    path = path_from(page.path, target)
    at = element.at.right(len(element.name) + 3 + element.text.rfind(target))
    if element.name == "download":
        if not (book.lookup.exact(path) or is_beside(book.folder, path) or _is_made(book, path)):
            yield not_there(book, page, target, path, at)
        return
    if path in book.every or _is_made(book, path):
        return
    stem = re.sub(r"\.(md|ipynb)$", "", target)
    if stem != target and path_from(page.path, stem) in book.every:
        edit = page.edits(at, target, stem)
        yield found(at, f"{{doc}} names pages without suffix; write '{stem}'", *edit)
        return
    yield not_there(book, page, target, path, at)


def not_there(book: Book, page: Page, written: str, path: str, at: Location) -> Finding:
    """Return the finding for a path that names nothing, with the nearest that does."""
    if path == ".." or path.startswith("../"):
        advice = "it leads out of the book; copy the file into the chapter's folder"
        return found(at, f"'{written}' is not there: {advice}")
    for suffix in ("", ".md", ".ipynb"):
        if other := book.lookup.other_case(path + suffix):
            new = relative(page.path, other.removesuffix(suffix), written)
            edit = page.edits(at, written, new)
            return found(at, f"'{written}' differs in upper and lower case; write '{new}'", *edit)
    if path.endswith(".html"):
        name = path.removesuffix(".html").rpartition("/")[2].lower()
        if heading := book.headings.get(anchor(name)):
            new = f"#{heading.label}"
            edit = page.edits(at, written, new)
            message = f"'{written}' is made by a build; link to the heading's label '{new}'"
            return found(at, message, *((*heading.edits, *edit) if edit else ()))
        advice = "link to the page's source, such as '../loss/index.md', or to a label, '#loss'"
        if source := book.sources.get(path.removesuffix(".html"), book.sources.get(name)):
            new = source if source[0] == "#" else relative(page.path, source, written)
            message = f"'{written}' is made by a build; link to the source '{new}'"
            return found(at, message, *page.edits(at, written, new))
        return found(at, f"'{written}' is made by a build; {advice}")
    if any(other.startswith(f"{path}/") for other in book.files):
        return found(at, f"'{written}' is a folder; name a page or file in it")
    if written in book.library.entries:
        return found(at, f"'{written}' is the key of a work; write {{cite:p}}`{written}`")
    if near := book.lookup.near(path):
        advice = other_name(page.path, near, written)
        return found(at, f"'{written}' is not there; {advice}")
    name = re.sub(r"\.(md|ipynb)$", "", path.rpartition("/")[2].lower())
    advice = "correct the path or add the file"
    if (source := book.sources.get(name, "#"))[0] != "#":
        advice = f"did you mean '{relative(page.path, source, written)}'?"
    return found(at, f"'{written}' is not there; {advice}")


#: What was to be the text of a footnote.
_TYPED = re.compile(r"\[(\d{1,2})\]:? (?=[A-Z])")
#: What was to be the mark of a footnote, or its text.
_NO_MARK = re.compile(r"\[\^(?=[^\[\]\n]*?\s)[^\[\]\n]*+(?:\n[^\[\]\n]*+)?\]")


@rule("error")
def footnote_undefined(book: Book) -> Iterator[Finding]:
    """A footnote without text, or text that no footnote shows.

    Bad: ``as shown[^1]`` on a page without ``[^1]: …``, ``as shown [1]`` and below ``[1] In …``

    Good: ``as shown[^1]`` and, on a line of its own, ``[^1]: In the appendix.``

    Why: a footnote without text prints its mark alone; text without a mark is never shown.
    """
    for page in book.pages.values():
        for match in _NO_MARK.finditer(page.prose.text) if "[^" in page.prose.text else ():
            at = page.prose.at(match.start())
            if page.has_text(at, "[^"):
                message = f"'{short(match[0])}' has a space in it, so it is printed"
                yield found(at, f"{message}; write '[^name]', and '[^name]: …' below")
        yield from _typed_notes(page)
        defined: set[str] = set()
        texts = list(page.of("footnote-definition"))
        marks = [*page.of("footnote")]
        for item in texts:
            if item.name in defined:
                message = f"the footnote '[^{item.name}]' has a text already"
                yield found(item.at, f"{message}; give one of the two another name")
            defined.add(item.name)
        used = {item.name for item in marks}
        for element in marks:
            if element.name not in defined:
                message, line = f"footnote '[^{element.name}]' has no text", f"[^{element.name}]:"
                advice = _in_code(page, f"\n{line}") or f"write a line '{line} …'"
                yield found(element.at, f"{message}; {advice}")
        # What an unknown directive loses may refer to it: directive-unknown comes first.
        known, blocks = book.vocabulary.directive, page.of("directive") if texts else ()
        lost = [block.body for block in blocks if "[^" in block.body and not known(block.name)]
        for element in texts:
            if element.name not in used and not any(f"[^{element.name}]" in body for body in lost):
                message = f"nothing refers to the footnote '[^{element.name}]', so it is not shown"
                advice = _in_code(page, f"[^{element.name}]") or "refer to it or delete it"
                yield found(element.at, f"{message}; {advice}")


def _in_code(page: Page, text: str) -> str:
    """Say that code in no language has a text, if so: what a broken fence takes in is such."""
    blocks = (item for item in page.of("code") if not item.name and text in f"\n{item.body}")
    block = next(blocks, None)
    broken = "has it: look for a fence before it that is broken"
    return f"the code at {block.at} {broken}" if block else ""


def _typed_notes(page: Page) -> Iterator[Finding]:
    """Yield where paragraphs begin with numbers in brackets that are in the text as well."""
    text, notes = page.prose.text, []
    for start, block in page.prose.blocks:
        note = _TYPED.match(block)
        if note and re.search(rf"\w[.,;:)]? ?\[{note[1]}\]", text):
            notes.append((page.prose.at(start), note[1]))
    for at, name in notes[:1]:
        message = f"'[{name}]' makes no footnote, and is printed{also_in(at for at, _ in notes)}"
        yield found(at, f"{message}; cite the work, or write '[^{name}]', and '[^{name}]: …' here")
