"""Rules on directives and roles: their names, options, arguments and bodies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_mmbook.core.book.vocabulary import CONF
from sphinx_mmbook.core.finding import Edit, Location
from sphinx_mmbook.core.rules.foreign import box_or_label, of_pandoc
from sphinx_mmbook.core.rules.registry import found, rule
from sphinx_mmbook.core.rules.stored_values import OPTIONS as OF_RESULTS
from sphinx_mmbook.core.suggestions import Nearest, quoted_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.book.vocabulary import Directive, Vocabulary
    from sphinx_mmbook.core.finding import Finding
    from sphinx_mmbook.core.pages.elements import Element, Value
    from sphinx_mmbook.core.pages.page import Page

#: Languages of code, whose cells are R Markdown's; ``chunk-syntax`` speaks of them.
LANGUAGES = frozenset({"r", "python", "python3", "julia", "bash", "sql", "stan"})
#: Names that people write because other tools have them, and what stands for them here.
_INSTEAD = {
    "div": "write ':::name' for a block with a class, without braces",
    "theorem": "the extension sphinx_proof has {prf:theorem}",
    "proof": "the extension sphinx_proof has {prf:proof}",
    "definition": "the extension sphinx_proof has {prf:definition}",
    "callout": "write {note}, {tip} or {warning}",
    "info": "write {note}",
    "tab-set": "name the extension sphinx_design in conf.py",
    "grid": "name the extension sphinx_design in conf.py",
    "card": "name the extension sphinx_design in conf.py",
    "dropdown": "name the extension sphinx_design in conf.py",
    "mermaid": "name the extension sphinxcontrib.mermaid in conf.py",
    "todo": "name the extension sphinx.ext.todo in conf.py",
    "margin": "write {sidebar} with a title",
    "bibliographie": "write {bibliography}",
    "quote": "write {epigraph}, or '> ' before each line",
    "equation": "write {math}",
    "cite-p": "write {cite:p}",
    "italic": "write *text*",
    "bold": "write **text**",
}  # fmt: skip
#: Directives whose body must not be empty: what docutils says in its own words, and loses them.
_NEEDS_BODY = frozenset(
    {
        "admonition", "attention", "caution", "danger", "error", "hint", "important", "note",
        "seealso", "tip", "warning", "epigraph", "pull-quote", "highlights", "compound",
        "container", "topic", "sidebar", "table", "list-table", "parsed-literal", "math",
    }
)  # fmt: skip
#: Directives whose options other rules judge, or nobody can.
_JUDGED = {*OF_RESULTS, "bibliography", "role", "raw-cell"}


def _pages(book: Book) -> Iterator[Page]:
    """Iterate over all that is written in MyST: pages, and what they include."""
    every = (*book.pages.values(), *book.parts.values())
    return (page for page in every if not page.source.restructured)


def _directives(book: Book) -> Iterator[tuple[Page, Element]]:
    """Iterate over the directives of all pages but those in blocks of reStructuredText."""
    for page in _pages(book):
        for element in page.of("directive", "math-directive"):
            if page.line(element.at)[element.at.column - 2 : element.at.column - 1] == "{":
                yield page, element


def _known(book: Book) -> Iterator[tuple[Page, Element, Directive]]:
    for page, element in _directives(book):
        if one := book.vocabulary.directive(element.name):
            yield page, element, one


def _own_roles(page: Page) -> set[str]:
    """Return the roles that a page makes itself."""
    made = (item for item in page.of("directive") if item.name == "role")
    return {item.text.partition("(")[0].strip().lower() for item in made}


def _instead(name: str, nearest: Nearest, form: str) -> tuple[str, str]:
    """Return what to write in place of an unknown name, and the name where a machine can tell."""
    if advice := _INSTEAD.get(name.lower()):
        return advice, ""
    near = nearest.to(name)
    return (f"did you mean '{form.format(near)}'?", near) if near else ("", "")


def _others(vocabulary: Vocabulary) -> str:
    return "; correct the name, or name the extension that has it in conf.py"


@rule("error")
def directive_unknown(book: Book) -> Iterator[Finding]:
    """A directive that no extension of the book has.

    Bad: ```` ```{figur} loss.png ````

    Good: ```` ```{figure} loss.png ````

    Why: the page shows an error, and what is in the block is lost.
    """
    vocabulary = book.vocabulary
    if vocabulary.unknown:
        return
    nearest = Nearest(name for name in vocabulary.directives if ":" not in name)
    for page, element in _directives(book):
        name = element.name
        if name.lower() in vocabulary.directives or name.lower() in LANGUAGES:
            continue
        if any(box_or_label(page.line(element.at).strip())):
            continue  # see div_syntax
        advice, near = of_pandoc(name) or _instead(name, nearest, "{{{}}}")
        old = f"{{{name}}}"
        at = element.at.right(-1)
        edits = (Edit(at, old, f"{{{near}}}"),) if _sure(name, near) else ()
        kept = edits if page.has_text(at, old) else ()
        text = f"there is no directive '{{{name}}}', so what stands in it is lost"
        yield found(at, f"{text}; {advice}" if advice else text + _others(vocabulary), *kept)


def _sure(name: str, near: str) -> bool:
    """Whether a name is a slip of the other: one letter too many or too few, or in two orders."""
    shorter, longer = sorted((name.lower(), near.lower()), key=len)
    if len(shorter) == len(longer) > 3:
        wrong = [i for i in range(len(longer)) if shorter[i] != longer[i]]
        return len(wrong) == 2 and sorted(shorter) == sorted(longer)
    if len(longer) < 5 or len(longer) - len(shorter) != 1:
        return False
    return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))


@rule("error")
def role_unknown(book: Book) -> Iterator[Finding]:
    """A role that no extension of the book has.

    Bad: `` {numreff}`fig-loss` ``

    Good: `` {numref}`fig-loss` ``

    Why: the page shows nothing, or the bare text.
    """
    vocabulary = book.vocabulary
    if vocabulary.unknown:
        return
    nearest = Nearest(vocabulary.roles)
    for page in _pages(book):
        own = _own_roles(page)
        for element in page.of("role"):
            name = element.name
            if name.lower() in vocabulary.roles or name.lower() in own or _foreign(name):
                continue
            if page.line(element.at)[element.at.column - 1 : element.at.column] != "{":
                continue  # reStructuredText
            advice, near = _instead(name, nearest, "{{{}}}")
            old = f"{{{name}}}`"
            edits = (Edit(element.at, old, f"{{{near}}}`"),) if _sure(name, near) else ()
            kept = edits if page.has_text(element.at, old) else ()
            text = f"there is no role '{{{name}}}'"
            others = _others(vocabulary)
            yield found(element.at, f"{text}; {advice}" if advice else text + others, *kept)


def _foreign(role: str) -> bool:
    """Whether a role is another project's, or code in the syntax of R Markdown."""
    return role.startswith("external") or role.lower() in LANGUAGES


def _name_at(page: Page, option: Value) -> Location:
    """Return where the name of an option stands."""
    line = page.line(option.at)
    column = line.find(option.name, line.find(":") + 1 if line.lstrip()[:1] == ":" else 0)
    return option.at._replace(column=column + 1) if column >= 0 else option.at


@rule("error")
def option_unknown(book: Book) -> Iterator[Finding]:
    """An option that a directive does not have.

    Bad: ``:lable: fig-loss`` in a ``{figure}``

    Good: ``:label: fig-loss``

    Why: the option is left out, and nobody sees that the figure has no label.
    """
    for page, element, one in _known(book):
        yield from _no_options(page, element)
        if element.name in _JUDGED:
            continue
        nearest = Nearest({*one.options, *(("label", "name") if one.reads("name") else ())})
        for option in element.options:
            if not option.name or one.reads(option.name) is not None:
                continue
            at = _name_at(page, option)
            near = nearest.to(option.name)
            edits = (Edit(at, option.name, near),) if _sure(option.name, near) else ()
            kept = edits if page.has_text(at, option.name) else ()
            advice = _advice(one, near)
            yield found(at, f"{{{element.name}}} has no option '{option.name}'; {advice}", *kept)


#: A line of options as MyST reads it, and one that lacks a blank.
_OPTION = re.compile(r":[^:]+:(?:\s|$)")
_NO_BLANK = re.compile(r":([\w-]+):(?=\S)")


def _no_options(page: Page, element: Element) -> Iterator[Finding]:
    """Yield the lines among options that are not options: all options of the block are lost."""
    for number in range(element.at.line + 1, element.level):
        at = element.at._replace(line=number, column=0)
        line = page.line(at)
        text = line.strip()
        if text[:1] != ":" or text.startswith(":::") or _OPTION.match(text):
            continue
        lost = "is not an option, so no option of this block counts"
        if match := _NO_BLANK.match(text):
            at = at._replace(column=line.find(":") + 1)
            edit = Edit(at, match[0], f"{match[0]} ")
            yield found(at, f"'{text}' {lost}; write a blank behind '{match[0]}'", edit)
        else:
            yield found(at, f"'{text}' {lost}; write ':name: value'")


def _advice(one: Directive, near: str) -> str:
    if near:
        return f"did you mean '{near}'?"
    named = [name for name in one.options if not name.startswith("no")]
    return f"it has {quoted_list(named)}" if named else "it has no options: leave it out"


@rule("error")
def option_value(book: Book) -> Iterator[Finding]:
    """An option of a directive has a value that does not fit.

    Bad: ``:width: wide``, ``:align: middle``

    Good: ``:width: 80%``, ``:align: center``

    Why: the option is left out.
    """
    for _, element, one in _known(book):
        if element.name in _JUDGED:
            continue
        for option in element.options:
            kind = one.reads(option.name) if option.name else None
            value = re.split(r"(?:^|[ \t])#", option.text, maxsplit=1)[0]  # see option_comment
            commented = value != option.text and not value
            if kind is not None and not commented and (wanted := _misfit(value, kind)):
                text = f"'{value}' is not a value of '{option.name}' in {{{element.name}}}"
                yield found(option.at, f"{text}; write {wanted}")


@rule("error")
def option_comment(book: Book) -> Iterator[Finding]:
    """The value of a directive's option has a ``#`` that begins a comment.

    Bad: ``:columns: #1=Term``

    Good: ``:columns: '#1=Term'``

    Why: options are YAML, and what stands behind a ``#`` is left out.
    """
    for page in _pages(book):
        for option in (option for element in page.of("directive") for option in element.options):
            at = _name_at(page, option)
            line = page.line(at)
            form = _COMMENTED.match(line, at.column - 1)
            if option.name and form and page.has_text(at, option.name):
                value = form[1].strip()
                mended = f"'{value}'" if "'" not in value else f'"{value}"'
                start = at._replace(column=form.start(1) + 1)
                is_lost = value[0] == "#" and '"' not in value
                edits = (Edit(start, value, mended),) if is_lost else ()
                text = f"the '#' in '{option.name}' begins a comment, which is left out"
                advice = f"write {option.name}: {mended}, or delete the comment"
                yield found(start, f"{text}; {advice}", *edits)


#: A name of an option, then a value without quotes in which a word begins with ``#``.
_COMMENTED = re.compile(r"[\w.-]+:[ \t]+((?![ \t'\"|>\[{])(?:[^#\n]*?[ \t])?#[^\n]*)")
_LENGTH = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+) *(?:em|ex|ch|rem|vw|vh|vmin|vmax|cm|mm|Q|in|pc|pt|px)?"
#: What a value must look like, and what to write.
_PATTERNS = {
    "number": (r" *\+?\d+ *", "a number such as 2"),
    "integer": (r" *[+-]?\d+ *", "a number such as 2"),
    "percent": (r" *\d+ *%? *", "for example 80"),
    "length": (_LENGTH, "for example 8cm or 200px"),
    "length or percent": (rf"{_LENGTH}|[\d.]+ *%", "for example 80%, 8cm or 200px"),
    "text": (r"(?s).*\S.*", "something after the colon"),
    "class": (r"(?s).*[A-Za-z].*", "a name that begins with a letter"),
}


def _misfit(text: str, kind: str | list[str]) -> str:
    """Say what to write if a value is not of that kind."""
    if isinstance(kind, list):
        fits = text.strip().lower() in {word.lower() for word in kind}
        return "" if fits else f"one of {quoted_list(kind)}"
    pattern, wanted = _PATTERNS.get(kind, ("(?s).*", ""))
    return "" if re.fullmatch(pattern, text) else wanted


@rule("error")
def directive_argument(book: Book) -> Iterator[Finding]:
    """A directive lacks what must stand on its first line, or has too much there.

    Bad: ```` ```{figure} ```` without a file; ```` ```{code-block} python numbered ````

    Good: ```` ```{figure} figures/loss.png ````

    Why: the page shows an error in place of the block.
    """
    for _, element, one in _known(book):
        count = len(element.text.split())
        if count < one.least:
            text = f"{{{element.name}}} lacks what must stand behind it on the same line"
            wanted = _WANTED.get(element.name.lower(), "see the manual of the directive")
            yield found(element.at.right(-1), f"{text}; write {wanted}")
        elif one.most > 0 and count > one.most:
            words = "one word" if one.most == 1 else f"{one.most} words"
            text = f"{{{element.name}}} takes {words} on its line, and here are {count}"
            yield found(element.argument_at, f"{text}; delete what is too much")


#: What must stand on the line of a directive.
_WANTED = {
    "figure": "the file of the image: {figure} figures/loss.png",
    "image": "the file of the image: {image} figures/loss.png",
    "include": "the file to include: {include} part.md",
    "literalinclude": "the file to show: {literalinclude} code/train.py",
    "admonition": "a title: {admonition} Note",
    "sidebar": "a title: {sidebar} Note",
    "topic": "a title: {topic} Note",
    "rubric": "a title: {rubric} Note",
    "only": "the output: {only} html",
    "raw": "the output: {raw} html",
    "csv-table": "a title",
    "figure-md": "a label: {figure-md} fig-loss",
    "stored-table": "the file: {stored-table} results/accuracy.csv",
    "stored-figure": "the file: {stored-figure} results/loss.png",
}


@rule("error")
def directive_body(book: Book) -> Iterator[Finding]:
    """A directive has a body that it cannot have, or lacks the one that it must have.

    Bad: a caption in an ``{image}``; a ``{note}`` without text

    Good: ``{figure}`` for an image with a caption

    Why: the body is lost, or the page shows an error.
    """
    for _, element, one in _known(book):
        name = element.name.lower()
        # Without arguments, what stands on the line is a part of the body.
        body = f"{'' if one.most and name != 'math' else element.text}\n{element.body}".strip()
        if body and not one.content and name not in _OWN_BODY:
            begin = " ".join(body.split())[:40]
            text = f"{{{element.name}}} has no body, so '{begin}' is lost"
            instead = "write {figure}, which has a caption" if name == "image" else "delete it"
            at = element.at._replace(line=_first_line(element), column=0)
            yield found(at, f"{text}; {instead}, or move it out of the block")
        elif not body and name in _NEEDS_BODY:
            text = f"{{{element.name}}} is empty"
            yield found(element.at.right(-1), f"{text}; write its text, or delete it")


#: Directives that say themselves what their body may be.
_OWN_BODY = frozenset({"bibliography", "code-cell", "byline"})


def _first_line(element: Element) -> int:
    blank = len(element.body) - len(element.body.lstrip())
    return element.level + element.body[:blank].count("\n")


@rule("info")
def extension_unknown(book: Book) -> Iterator[Finding]:
    """An extension of the book has directives and roles that the check does not know.

    Bad: ``extensions = ["sphinx_mmbook", "my_extension"]``, before the book was built once

    Good: the same, once ``mmbook build`` has run

    Why: whether the name of a directive or role is misspelt, only the build can say.
    """
    if book.vocabulary.unknown and (book.folder / CONF).is_file():
        names = quoted_list(book.vocabulary.unknown)
        text = f"nobody knows yet what directives and roles {names} has"
        advice = "unknown ones are not judged until 'mmbook build' has run once"
        yield found(Location(CONF, 1), f"{text}; {advice}")
