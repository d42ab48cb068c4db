"""Rules on directives and roles: their names, options, arguments and bodies."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.book.vocabulary import CONF, misfit
from sphinx_mmbook.core.finding import Edit, Location
from sphinx_mmbook.core.pages.markdown import parser
from sphinx_mmbook.core.pages.source import extensions_of
from sphinx_mmbook.core.rules.registry import found, rule
from sphinx_mmbook.core.rules.syntax.divisions import box_or_label, of_pandoc, short
from sphinx_mmbook.core.rules.syntax.mistyped_blocks import ADMONITIONS, MEANT, mistyped_blocks
from sphinx_mmbook.core.suggestions import Nearest, quoted_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.book.vocabulary import Directive
    from sphinx_mmbook.core.finding import Finding
    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.page import Page

#: Languages of code, whose cells are R Markdown's; ``chunk-syntax`` speaks of them.
LANGUAGES = frozenset({"r", "python", "python3", "julia", "bash", "sql", "stan"})
#: Names that people write because other tools have them, and what stands for them here.
_INSTEAD = {
    "div": "write ':::name' for a block with a class, without braces",
    "callout": "write {note}, {tip} or {warning}",
    **dict.fromkeys(
        ("tab-set", "grid", "card", "dropdown"), "name the extension sphinx_design in conf.py"
    ),
    "mermaid": "name the extension sphinxcontrib.mermaid in conf.py",
    "todo": "name the extension sphinx.ext.todo in conf.py",
    "margin": "write {sidebar} with a title",
    "bibliographie": "write {bibliography}",
    "quote": "write {epigraph}, or '> ' before each line",
    "equation": "write {math}",
    "cite-p": "write {cite:p}",
    "italic": "write *text*",
    "bold": "write **text**",
    **{
        name: f"the extension sphinx_proof has {{prf:{name}}}; without it, write {{admonition}}"
        for name in ("conjecture", "corollary", "definition", "example", "lemma", "proof",
                     "proposition", "remark", "theorem")
    },
}  # fmt: skip
_INSTEAD |= {name: f"write {{{ours}}}" for name, ours in MEANT.items()}
#: The same of roles.
_ROLES_INSTEAD = {
    name: advice
    for names, advice in (
        ("fig figref figure tab tabref table listing autoref cref pageref", "write {numref}"),
        ("sec secref section sectionref chap chapter chapref hyperref nameref", "write {ref}"),
        ("eqref eqn equation eq-ref formula math:eq", "write {eq}"),
        ("stored-value stored-values stored_value value result results", "write {stored}"),
        ("gls glossary ac acronym", "write {term}, or {abbr} with the words in parentheses"),
        ("url link href a doi arxiv", "write [text](https://…)"),
        ("footnote fn note", "write [^name], and '[^name]: …' on a line of its own"),
        ("label anchor", "write (label)= on a line of its own above what it names"),
    )
    for name in names.split()
}
#: Directives whose body must not be empty: what docutils says in its own words, and loses them.
_NEEDS_BODY = ADMONITIONS | {
    "admonition", "seealso", "epigraph", "pull-quote", "highlights", "compound", "container",
    "topic", "sidebar", "table", "list-table", "parsed-literal", "math", "raw", "grid", "tab-set",
    "tab-item", "tab-set-code", "steps", "accordion", "card-carousel", "card-header", "card-footer",
    "hlist", "csv-table",
}  # fmt: skip


def known_directives(book: Book) -> Iterator[tuple[Page, Element, Directive]]:
    """Iterate over the directives that the book has, with what each takes."""
    for page, element in book.elements("directive", "math-directive"):
        if one := book.vocabulary.directive(element.name):
            yield page, element, one


def _own_roles(page: Page) -> set[str]:
    """Return the roles that a page makes itself."""
    made = (item for item in page.of("directive") if item.name == "role")
    return {item.text.partition("(")[0].strip().lower() for item in made}


def _instead(name: str, nearest: Nearest, form: str, other: dict[str, str]) -> tuple[str, str]:
    """Return what to write in place of an unknown name, and the name where a machine can tell."""
    if name.startswith("prf:"):
        return "name the extension sphinx_proof in conf.py", ""
    if advice := other.get(name.lower()):
        return advice, ""
    near = nearest.to(name)
    return (f"did you mean '{form.format(near)}'?", near) if near else ("", "")


_OTHERS = "; correct the name, or name the extension that has it in conf.py"


@rule("error")
def directive_unknown(book: Book) -> Iterator[Finding]:
    """A directive that no extension of the book has.

    Bad: ```` ```{figur} loss.png ````, ``:::{note`` or ``:::note``

    Good: ```` ```{figure} loss.png ````, ``:::{note}``

    Why: the page shows an error, and what is in the block is lost.
    """
    yield from mistyped_blocks(book)
    vocabulary = book.vocabulary
    if vocabulary.unknown:
        return
    nearest = Nearest(name for name in vocabulary.directives if ":" not in name)
    for page, element in book.elements("directive", "math-directive"):
        name = element.name
        if name.lower() in vocabulary.directives or name.lower().partition(",")[0] in LANGUAGES:
            continue  # "{r,echo=FALSE}" is a chunk
        if any(box_or_label(page.line(element.at).strip())):
            continue  # see div_syntax
        if finding := _raw_block(page, element) or _classed_code(page, element):
            yield finding
            continue
        form = "{{{}}}" if not element.restructured else "{}::"
        advice, near = of_pandoc(name) or _instead(name, nearest, form, _INSTEAD)
        edits = (Edit(element.at, name, near),) if sure(name, near) else ()
        kept = edits if page.has_text(element.at, name) else ()
        text = f"there is no directive '{form.format(name)}', so its content is lost"
        at = element.at.right(-1) if form != "{}::" else element.at
        yield found(at, f"{text}; {advice}" if advice else text + _OTHERS, *kept)


#: Text for one output, and formulas that all outputs have.
_RAW = re.compile(r"(`{3,})\{=(\w+)\}[ \t]*\n(.*?)\n\1[ \t]*(?=\n|$)", re.DOTALL)
_FORMULA = re.compile(
    r"\s*\\begin\{((?:equation|align|gather|multline)\*?)\}(?:(?!\n[ \t]*\n).)*\\end\{\1\}\s*",
    re.DOTALL,
)


def _raw_block(page: Page, element: Element) -> Finding | None:
    """Return the finding for a block that pandoc takes for text of one output, ``{=tex}``."""
    at = element.at._replace(column=1)
    positions = page.positions_at(at)
    match = _RAW.match(positions.text, positions.offset(at)) if element.name[:1] == "=" else None
    if not match:
        return None
    output = {"tex": "latex", "html5": "html"}.get(match[2], match[2])
    message = f"'{{={match[2]}}}' is pandoc's, so its content is lost"
    if output == "latex" and _FORMULA.fullmatch(match[3]):
        after = "" if positions.text[match.end() : match.end() + 2] in ("", "\n", "\n\n") else "\n"
        edit = Edit(at, match[0], match[3].strip() + after)
        message += f"; delete the line and '{match[1]}' below: all have formulas"
        return found(element.at.right(-1), message, edit)
    line = match[0].partition("\n")[0]
    new = f"{match[1]}{{raw}} {output}"
    edits = (Edit(at, line, new),) if output == "latex" else ()
    return found(element.at.right(-1), f"{message}; write '{{raw}} {output}'", *edits)


def _classed_code(page: Page, element: Element) -> Finding | None:
    """Return the finding for code whose language has pandoc's dot, ``{.python}``."""
    line = page.line(element.at).strip()
    match = re.fullmatch(r"(?:`{3,}|~{3,}) *(\{\.([\w+-]+)[^{}]*\})", line)
    if not match:
        return None
    at = element.at.right(-1)
    edits = page.edits(at, match[1], match[2])
    message = f"'{match[1]}' is pandoc's, and its content is lost"
    return found(at, f"{message}; write the language alone: '```{match[2]}'", *edits)


def sure(name: str, near: str) -> bool:
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
    for page in book.pages.values():
        own = _own_roles(page)
        for element in page.of("role"):
            name = element.name
            if (
                name.lower() in vocabulary.roles
                or name.lower() in own
                or name.startswith("external")
            ):
                continue
            form = ":{}:" if page.has_text(element.at, ":") else "{{{}}}"
            advice, near = _instead(name, nearest, form, _INSTEAD | _ROLES_INSTEAD)
            at = element.at.right(1)
            edits = (Edit(at, name, near),) if sure(name, near) else ()
            kept = edits if page.has_text(at, name) else ()
            text = f"there is no role '{form.format(name)}'"
            yield found(element.at, f"{text}; {advice}" if advice else text + _OTHERS, *kept)


@rule("error")
def directive_argument(book: Book) -> Iterator[Finding]:
    """A directive lacks what must be on its first line, or has too much there.

    Bad: ```` ```{figure} ```` without a file; ```` ```{code-block} python numbered ````

    Good: ```` ```{figure} figures/loss.png ````

    Why: the page shows an error in place of the block.
    """
    for _, element, one in known_directives(book):
        count = len(element.text.split())
        kind = _ARGUMENTS.get(element.name) if count else None
        if kind and (wanted := misfit(element.text, kind)):
            text = f"{{{element.name}}} cannot do anything with '{element.text}'"
            yield found(element.argument_at, f"{text}; write {wanted}")
        if element.name == "only" and element.text and not _is_condition(element.text):
            text = f"'{element.text}' does not say for which output this is"
            yield found(element.argument_at, f"{text}; write html, latex, or 'html or latex'")
        if element.restructured:
            continue  # where arguments may stand below
        if count < one.least:
            text = f"{{{element.name}}} lacks what must follow it on the same line"
            wanted = _WANTED.get(element.name.lower(), "see the manual of the directive")
            yield found(element.at.right(-1), f"{text}; write {wanted}")
        elif one.most > 0 and count > one.most:
            words = "one word" if one.most == 1 else f"{one.most} words"
            text = f"{{{element.name}}} takes {words} on its line, and here are {count}"
            yield found(element.argument_at, f"{text}; delete what is too much")
        elif (option := _OPTION.search(element.text)) and option[1] in one.options:
            text = f"option ':{option[1]}:' is in the first line, and is printed"
            yield found(element.argument_at, f"{text}; write it in the next line")


#: An option within the first line of a directive.
_OPTION = re.compile(r":(?<![^ ]:)([a-z][a-z-]*):(?= |\Z)")
#: Directives -> what their argument is.
_ARGUMENTS: dict[str, str | list[str]] = {
    "grid": "columns", "card-carousel": [str(number) for number in range(1, 13)],
    "container": "class", "div": "class", "class": "class", "rst-class": "class",
}  # fmt: skip


def _is_condition(text: str) -> bool:
    """Whether Sphinx can decide it: names of outputs with 'and', 'or', 'not' and parentheses."""
    try:
        nodes = list(ast.walk(ast.parse(" ".join(text.split()), mode="eval")))
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    kinds = (ast.Expression, ast.BoolOp, ast.UnaryOp, ast.Name, ast.boolop, ast.Not, ast.Load)
    return all(isinstance(node, kinds) for node in nodes)


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
    "index": "an entry: {index} loss",
    "csv-table": "a title",
    "figure-md": "a label: {figure-md} fig-loss",
    "stored-table": "the file: {stored-table} results/accuracy.csv",
    "stored-figure": "the file: {stored-figure} results/loss.png",
}


@rule("error")
def directive_body(book: Book) -> Iterator[Finding]:
    """A directive has a body that it cannot have, or lacks the one that it must have.

    Bad: a caption in an ``{image}``; a ``{note}`` without text; ``{note} Title`` with options below

    Good: ``{figure}`` for an image with a caption; ``{admonition} Title`` with ``:class: note``

    Why: the body is lost, or the page shows an error.
    """
    for page, element, one in known_directives(book):
        name = element.name.lower()
        in_myst = not element.restructured
        # Without arguments, what stands on the line is a part of the body.
        body = f"{'' if one.most and name != 'math' else element.text}\n{element.body}".strip()
        if not in_myst and element.text:
            continue  # what follows may be a part of it
        if in_myst and body and not one.content and name not in _OWN_BODY:
            begin = " ".join(body.split())[:40]
            text = f"{{{element.name}}} has no body, so '{begin}' is lost"
            instead = "write {figure}, which has a caption" if name == "image" else "delete it"
            instead = "write it after ':caption:'" if "caption" in one.options else instead
            at = element.at._replace(line=_first_line(element), column=0)
            yield found(at, f"{text}; {instead}, or move it out of the block")
        elif in_myst and not body and one.content <= (name == "figure") and _is_blank(element):
            text = f"Sphinx takes the empty lines in {{{element.name}}} for a body"
            yield found(element.at.right(-1), f"{text}; delete them")
        elif in_myst and not one.most and _begins_above_options(element):
            text = f"{{{element.name}}} has no title, and its text begins before its options"
            instead = f"move '{element.text}' below them"
            if name in ADMONITIONS:
                instead += f", or write {{admonition}} and ':class: {name}'"
            yield found(element.argument_at, f"{text}; {instead}")
        elif in_myst and name == "figure" and (fault := _no_caption(book, page, element)):
            at = element.at._replace(line=_first_line(element), column=0)
            yield found(at, f"this caption is {fault}")
        elif in_myst and name in _QUOTES and (lost := _AFTER_AUTHOR.search(element.body)):
            yield _after_author(element, lost)
        elif not body and name in _NEEDS_BODY and not element.option("file", "url"):
            text = f"{{{element.name}}} is empty"
            yield found(element.at.right(-1), f"{text}; write its text, or delete it")


#: Quotations, and what stands in one after the line with its source, as MyST reads that.
_QUOTES = ("epigraph", "highlights", "pull-quote")
_AFTER_AUTHOR = re.compile(
    r"\n[ \t]*\n(?:---?(?!-)|—) *\S[^\n]*(?>(?:\n {2,4}\S[^\n]*)*)\n\s*(\S[^\n]*)"
)


def _after_author(element: Element, lost: re.Match[str]) -> Finding:
    line = element.level + lost.string.count("\n", 0, lost.start(1))
    text = f"'{short(lost[1])}' is below the line that names the source, and is lost"
    at = element.at._replace(line=line, column=0)
    return found(at, f"{text}; write it above, or in that line")


def _begins_above_options(element: Element) -> bool:
    has_options = any(value.name for value in element.options)
    return bool(has_options and element.text.strip() and element.body.strip())


def _is_blank(element: Element) -> bool:
    """Whether MyST leaves empty lines of a body that has nothing else; it drops the first."""
    has_options = any(option.name for option in element.options)
    lines = element.body.splitlines() if has_options else element.body.split("\n")
    return len(lines) > 1


#: Directives that say themselves what their body may be.
_OWN_BODY = frozenset({"bibliography", "code-cell", "byline"})


def _no_caption(book: Book, page: Page, element: Element) -> str:
    """Say why MyST makes no paragraph of the begin of a body, if there is any."""
    tokens = parser(extensions_of(page.source, book.settings.syntax)).parse(element.body, {})
    kind = tokens[0].type if tokens else element.body.strip()
    if kind == "code_block":
        return "indented, so that it is none; write it at the margin"
    is_text = kind in ("", "paragraph_open", "substitution_block")
    return "" if is_text else "not a paragraph; write one above it"


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
        text = f"the directives and roles of {names} are not known yet"
        advice = "unknown ones are not judged until 'mmbook build' has run once"
        yield found(Location(CONF, 1), f"{text}; {advice}")
