"""Rules on references to labels."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.files.lookup import path_from
from sphinx_mmbook.core.finding import BookError, Edit, Finding, Location
from sphinx_mmbook.core.references.chunks import chunks_of
from sphinx_mmbook.core.references.labels import anchor, labels_of, own_labels
from sphinx_mmbook.core.references.numbered_objects import labels_in_captions
from sphinx_mmbook.core.references.numbering import title_fault
from sphinx_mmbook.core.rules.references.links import SPHINX_LABELS, label_names, term_names
from sphinx_mmbook.core.rules.registry import found, rule
from sphinx_mmbook.core.suggestions import Nearest, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.book.facts import Reference
    from sphinx_mmbook.core.pages.page import Page
    from sphinx_mmbook.core.references.labels import Label
    from sphinx_mmbook.core.references.numbered_objects import NumberedObject


#: What people write before a colon in labels.
LABELLED = frozenset({"eq", "eqn", "fig", "tab", "tbl", "sec", "chap", "thm", "lem", "def"})


def _slugs(page: Page, *, made: bool) -> set[str]:
    """Return what its links alone find of a page: headings, as MyST names them if ``made``."""
    headings = [item.text for item in page.of("heading")]
    texts = (re.sub(r"[^\w\- ]", "", text.lower()) for text in headings)
    slugs = {text.strip().replace(" ", "-") for text in texts} if made else set()
    return slugs | {*map(anchor, headings), *(item.name.lower() for item in page.of("local"))}


def _undefined(book: Book) -> Iterator[tuple[Page, Reference]]:
    """Iterate over the references to labels that no page has."""
    names, terms, slugs = label_names(book), term_names(book), book.settings.heading_anchors
    for docname, page in book.pages.items():
        for item in book.facts.pages[docname].references:
            name = item.target.lower()
            if (
                item.role in ("bare", "page", "other")
                or name in names
                or not name
                # A path, such as a card's link, names no label.
                or (name in book.unread and "/" not in name)
            ):
                continue
            if item.role == "ref" and name in SPHINX_LABELS:
                continue
            if item.role == "link" and item.target in _slugs(page, made=slugs):
                continue
            if item.role in ("any", "link") and name in terms:
                continue
            if item.role == "any" and path_from(page.path, item.target) in book.every:
                continue
            if item.role in ("ref", "any", "link", "scheme") and book.settings.labels_elsewhere:
                continue
            if item.role == "scheme" and name.partition(":")[0] in _schemes(book, page):
                continue
            if item.role in ("any", "link") and book.settings.documents_code:
                continue
            yield page, item


def _schemes(book: Book, page: Page) -> set[str]:
    """Return what begins addresses on a page: what its front matter says, else the book."""
    own = page.source.front.fields.get("myst")
    said = own.get("url_schemes") if isinstance(own, dict) else None
    return set(map(str, said)) if isinstance(said, dict | list) else {*book.settings.schemes}


def _excluded(book: Book) -> dict[str, str]:
    """Return the labels of pages that are excluded from the book, each with its page."""
    labels: dict[str, str] = {}
    for path, file in book.files.items():
        if file.excluded and path.endswith((".md", ".ipynb")) and not file.is_link:
            try:
                page = book.scan(path)
            except BookError:
                continue
            labels.update({label.name.lower(): path for label in labels_of(page)})
    return labels


def _to_do(item: Reference) -> str:
    """Return what to do about a reference to what is not there, nor anything like it."""
    scheme, advice = item.target.partition(":")[0], "define it, or correct it"
    if item.role != "scheme" or scheme in LABELLED:
        return advice
    if re.fullmatch(r"h{1,2}t{1,3}p{1,2}s{0,2}", scheme):
        return f"write 'https:' for '{scheme}:'"
    return f"{advice}; if '{scheme}:' begins an address, name it in myst_url_schemes in conf.py"


@rule("error")
def reference_undefined(book: Book) -> Iterator[Finding]:
    """A reference to a label that nothing has.

    Bad: `` {numref}`fig-los` `` where the figure is called ``fig-loss``

    Good: `` {numref}`fig-loss` ``

    Why: the reader sees the bare label, or ``??`` in the PDF, and cannot follow it.
    """
    undefined = list(_undefined(book))
    if not undefined:
        return
    labels = book.facts.labels()
    anchors = {anchor(label.name): label.name for label in labels}
    nearest = Nearest({label.name for label in labels})
    excluded, printed, chunks = _excluded(book), _printed(book), _chunk_labels(book)
    swallowed = _swallowed(book)
    captioned = {anchor(k): v for k, v in labels_in_captions(book.numbered_objects).items()}
    for page, item in undefined:
        if item.target.lower() in excluded:
            continue
        kinds = _kinds(page, item)
        same = anchors.get(anchor(item.target)) or _with_prefix(item, anchors, kinds)
        near = same or _fitting(item.target, nearest.to(item.target), kinds)
        hint = f"did you mean '{near}'?" if near else _to_do(item)
        if lost := swallowed.get(item.target) or swallowed.get(f"#{anchor(item.target)}"):
            hint = _lost(*lost)
        if chunk := chunks.get(item.target):
            hint = f"the chunk at {chunk} made it; give the label to what shows its result"
        if location := printed.get(anchor(item.target)):
            hint = f"its '\\label' at {location} is printed as text: "
            hint += "it is in no formula" if item.role == "eq" else "write a {figure} or {table}"
            hint = f"did you mean '{own}'?" if (own := captioned.get(anchor(item.target))) else hint
        hint = _misplaced(book, item, nearest.names) or hint
        edits: tuple[Edit, ...] = (Edit(item.at, item.target, same),) if same else ()
        if not same and (heading := book.headings.get(anchor(item.target))):
            hint = f"a heading is called so; write '({heading.label})=' above it"
            edits = (*heading.edits, Edit(item.at, item.target, heading.label))
        kept = edits if page.has_text(item.at, item.target) else ()
        yield found(item.at, f"nothing has the label '{item.target}'; {hint}", *kept)


def _misplaced(book: Book, item: Reference, names: tuple[str, ...]) -> str:
    """Say what to do about what is not a label, but the key of a work, or several labels."""
    if item.target in book.library.entries:
        return f"it is the key of a work; write {{cite:p}}`{item.target}`"
    if item.target.endswith("> "):
        return "delete the space after '>', with which none of it is a label"
    several = re.split(r"[,;] *", item.target)
    if len(several) > 1 and all(name in names for name in several):
        return "write a role for each: " + ", ".join(f"{{{item.role}}}`{name}`" for name in several)
    return ""


#: What labels begin with, and the words before a reference that ask for one kind of them.
_ANY = ("fig", "tab", "tbl", "sec")
_ASKS = {
    "chap": ("sec",), "sect": ("sec",), "kapi": ("sec",), "absc": ("sec",), "figu": ("fig",),
    "abbi": ("fig",), "tabl": ("tab", "tbl"), "tabe": ("tab", "tbl"),
}  # fmt: skip
_WORD_BEFORE = re.compile(r"(?<![A-Za-z])([A-Za-z]{4})\w*[ \u00a0]+\{\w+\}`[^`]*$")


def _kinds(page: Page, item: Reference) -> tuple[str, ...]:
    """Return what the label of a reference may begin with: the word before may say it."""
    before = _WORD_BEFORE.search(page.line(item.at)[: item.at.column - 1][-200:])
    return _ASKS.get(before[1].lower(), _ANY) if before else _ANY


def _with_prefix(item: Reference, anchors: dict[str, str], kinds: tuple[str, ...]) -> str | None:
    """Return the one label that a name is without its "fig-", "tab-" or the like."""
    kinds = ("eq",) if item.role == "eq" else kinds
    names = [f"{kind}-{anchor(item.target)}" for kind in kinds]
    some = [anchors[name] for name in names if name in anchors]
    return some[0] if len(some) == 1 else None


def _chunk_labels(book: Book) -> dict[str, Location]:
    """Return the labels that bookdown would have given what chunks make, each with its chunk."""
    return {
        anchor(f"{kind}-{chunk.label}"): chunk.at
        for page in book.pages.values()
        for chunk in chunks_of(page)
        if chunk.label
        for kind in ("fig", "tab")
    }


_DEFINED = re.compile(
    r"^:(?:name|label):(.*)|^\((.*)\)=[ \t]*$|^(?:: |:{3}|\$\$|`{3}|~{3}|!\[)[^\n]*\{#([\w:.-]+)",
    re.MULTILINE,
)


#: A label in a formula or caption, which reference-syntax mends.
_OF_BOOKDOWN = re.compile(r"(?<!\])\(\\?#((?:eq|fig|tab):[\w-]+)\)")


def _lost(page: Page, start: int) -> str:
    """Say that a label is where it is none."""
    text = page.source.text
    line = f"{page.path}:{text.count(chr(10), 0, start) + 1}"
    if text.startswith(("(\\#", "(#"), start):
        return f"{line} has it, as bookdown writes it; mend that first"
    if text.startswith(": ", start):
        return f"the caption in {line} has it, as pandoc writes it; mend that first"
    if not text.startswith((":name:", ":label:", "("), start):
        return f"{line} has it, as pandoc and Quarto write it; mend that first"
    return f"{line} has it, but in no directive: look for a fence before it that is broken"


def _swallowed(book: Book) -> dict[str, tuple[Page, int]]:
    """Return where labels would be defined, if what is there were not text or code."""
    first: dict[str, tuple[Page, int]] = {}
    for page in book.every.values():
        for match in _DEFINED.finditer(page.source.text):
            name = match[3] or match[2] or (match[1] or "").strip(" \t")
            first.setdefault(name, (page, match.start()))
        for match in _OF_BOOKDOWN.finditer(page.source.text):
            first.setdefault(f"#{anchor(match[1])}", (page, match.start()))
    return first


def _fitting(target: str, near: str, kinds: tuple[str, ...]) -> str:
    """Return the nearest label, unless it is another of a series: 'fig-loss-2' for 'fig-loss-3'.

    Nor is it one of another kind than the word before the reference asks for.
    """
    wanted, has = target.partition("-")[0], near.partition("-")[0]
    if has in {*_ANY} - {*kinds} or (wanted in _ANY and has not in _ANY):
        return ""
    here, there = (re.split(r"(\d+)", name) for name in (target, near))
    series = here[::2] == there[::2] and len(here) > 1
    words, others = (re.findall("[a-z]+", name.lower()) for name in (target, near))
    if not nearest("".join(words), ["".join(others)], 0.85):
        near = near if all(nearest(word, others, 0.8) for word in words) else ""
    return "" if series and [*map(int, here[1::2])] != [*map(int, there[1::2])] else near


def _printed(book: Book) -> dict[str, Location]:
    """Return the labels in text that only looks like a formula, each with its location."""
    locations: dict[str, Location] = {}
    for page in book.every.values():
        prose = page.prose
        for match in _LABEL.finditer(prose.text) if "\\label" in prose.text else ():
            locations.setdefault(anchor(match[1]), prose.at(match.start()))
    return locations


_LABEL = re.compile(r"\\label\{([^{}\n]+)\}")


@rule("warning")
def reference_left_out(book: Book) -> Iterator[Finding]:
    """A reference into a page that is not part of the book.

    Bad: `` {numref}`fig-loss` `` where the figure's chapter is in ``exclude_patterns``, or in
    no toctree

    Good: a toctree holds the chapter; or the sentence does without the reference

    Why: the page is missing in the PDF and has no number, so the reference leads nowhere.
    """
    undefined = list(_undefined(book))
    excluded = _excluded(book) if undefined else {}
    for _, item in undefined:
        if path := excluded.get(item.target.lower()):
            message = f"label '{item.target}' is in {path}, which exclude_patterns leave out"
            yield found(item.at, f"{message}; bring the page back or drop the reference")
    if not book.tree.known:
        return
    inside = set(book.tree.order)
    owners = {
        label.name.lower(): name
        for name, facts in book.facts.pages.items()
        for label in facts.labels
    }
    for docname in book.tree.order:
        for item in book.facts.pages[docname].references:
            owner = owners.get(item.target.lower())
            if owner and owner not in inside and not orphan(book.pages[owner]):
                path = book.pages[owner].path
                message = f"label '{item.target}' is in {path}, which is in no toctree"
                yield found(item.at, f"{message}; add the page to one or drop the reference")


def orphan(page: Page) -> bool:
    """Whether a page says that it is in no toctree on purpose."""
    return "orphan" in page.source.front.fields


# Kinds


@rule("error")
def reference_title(book: Book) -> Iterator[Finding]:
    """The text of a ``{numref}`` has no place for the number, or more than a place.

    Bad: `` {numref}`the losses <tbl-loss>` ``, `` {numref}`Table %s, 50% off <tbl-loss>` ``

    Good: `` {numref}`Table %s, 50%% off <tbl-loss>` ``, `` {ref}`the losses <tbl-loss>` ``

    Why: Sphinx sets the number where ``%s`` stands; of another ``%`` it can make nothing.
    """
    kinds = {label.name.lower(): label.kind for label in book.facts.labels()}
    kinds |= {name.lower(): obj.kind for obj in book.numbered_objects for name in obj.labels}
    for facts in book.facts.pages.values():
        for item in facts.references:
            kind = kinds.get(item.target.lower(), "equation")
            judged = item.role == "numref" and item.text and kind != "equation"
            if judged and (fault := title_fault(item.text)):
                yield found(item.at, f"the text '{item.text}' of this {{numref}} {fault}")


def with_article(word: str) -> str:
    """Return a word after "a" or "an"."""
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"


@rule("error")
def reference_kind(book: Book) -> Iterator[Finding]:
    """A role that cannot refer to this kind of thing.

    Bad: `` {eq}`fig-loss` ``; ``{numref}`` to a figure without caption or to a page without number

    Good: `` {numref}`fig-loss` ``; `` {ref}`preface` `` prints the title

    Why: what has no number or title cannot be referred to by it; the reader sees a bare label.
    """
    pages = sorted(book.facts.pages.items())
    labels = {one.name.lower(): (one, name) for name, facts in pages for one in facts.labels}
    unnumbered = {*book.tree.order} - {*book.tree.depths} if book.tree.known else set()

    @cache
    def objects(docname: str) -> dict[str, NumberedObject]:
        return {name.lower(): one for one in book.objects_on(docname) for name in one.labels}

    for docname in book.pages:
        for item in book.facts.pages[docname].references:
            label, owner = labels.get(item.target.lower(), (None, ""))
            if label is None:
                continue
            obj = objects(owner).get(item.target.lower())
            fault = _unfit(item, label, obj, is_numbered=owner not in unnumbered)
            if fault and label.kind in ("titled", "bare") and item.role == "numref":
                line = book.pages[owner].line(label.at) if owner in book.pages else ""
                fault = _of_image(item.target, line) or fault
            if fault:
                yield found(item.at, fault)


def _of_image(name: str, line: str) -> str:
    """Say that a label is that of a bare image, if it is: only figures have numbers."""
    if not re.search(rf"!\[.*\]\(.*\)\{{[^{{}}]*#{re.escape(name)}(?![\w-])", line):
        return ""
    advice = f"write the image as {{figure}} with ':name: {name}' and its caption"
    return f"the image with '{{#{name}}}' has no number that {{numref}} could show; {advice}"


def _unfit(item: Reference, label: Label, obj: NumberedObject | None, *, is_numbered: bool) -> str:
    """Say why a reference cannot refer to what has this label, if it cannot."""
    if obj and obj.kind == "equation" and label.kind == "bare" and any(own_labels(obj.element)):
        obj = None  # what stands above an equation is its label, if it has none of its own
    name, role, kind = item.target, item.role, obj.kind if obj else label.kind
    with_text = f"write {{ref}}`text <{name}>`" if role != "bare" else f"write [text]({name})"
    shows = "a link" if role == "bare" else f"{{{role}}}"
    if kind == "html" and role != "page":
        advice = f"write '({name})=' on a line of its own above what it names"
        return f"'{name}' is an id in HTML, which no reference finds; {advice}"
    if role == "eq" and kind in ("section", *_LACK):
        new = "ref" if kind == "section" else "numref"
        fault = f"'{name}' is {with_article(kind)}, and {{eq}} refers to equations"
        return f"{fault}; write {{{new}}}`{name}`"
    if role in ("eq", "numref") and kind in ("titled", "bare"):
        return f"'{name}' has no number, so {{{role}}} cannot refer to it; {with_text}"
    if role == "numref" and obj and not obj.numbered and kind in _LACK:
        return f"{kind} '{name}' has no number: {_LACK[kind]}"
    if role == "numref" and kind == "section" and not is_numbered:
        return f"'{name}' is on a page without numbers; write {{ref}}`{name}`"
    if role not in ("ref", "any", "bare") or item.text:
        return ""
    if obj and kind in _LACK and not obj.caption:
        return f"{kind} '{name}' has no text that {shows} could show: {_LACK[kind]}"
    if label.kind == "bare" and not (obj and obj.kind == "equation"):
        fault = f"'{name}' is above no heading, so {shows} has no text to show"
        return f"{fault}; set '({label.name})=' above a heading, or {with_text}"
    return ""


_LACK = {
    "figure": "it lacks a caption; write one",
    "image": "an {image} never has one; write {figure} with a caption",
    "table": "it lacks a caption; put it into {table} with one",
    "code": "it lacks a caption; add ':caption:'",
    "cell": "its output lacks a caption; add '#| fig-cap:' or '#| tbl-cap:'",
}
