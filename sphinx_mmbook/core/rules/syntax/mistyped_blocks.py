"""Blocks whose first line was to begin a directive, and does not, so that they are plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.finding import Edit
from sphinx_mmbook.core.rules.registry import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding
    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.page import Page

#: Boxes whose title is their name.
ADMONITIONS = frozenset(
    {"attention", "caution", "danger", "error", "hint", "important", "note", "tip", "warning"}
)
#: Names that are meant as a directive without braces, too: no language of code is called so.
_BARE = (ADMONITIONS - {"error"}) | {
    "admonition", "bibliography", "code-block", "code-cell", "csv-table", "epigraph", "figure",
    "glossary", "image", "list-table", "math", "seealso", "stored-figure", "stored-models",
    "stored-table", "subfigures", "toctree",
}  # fmt: skip
#: What other tools call a box -> ours.
MEANT = {"info": "note"}
#: What is not code, at the begin of a block that its indentation makes code.
_INDENTED = re.compile(
    r"[`~:]{3,} ?\{[a-z][\w:-]*\}|\|[^\n]*\|(?=[ \t]*\n\|[ :|-]*--[ :|-]*(?:\n|\Z))"
)
#: What begins a directive but for a space after its name, and what has no name.
_GLUED = re.compile(r"(\{[\w:.-]*\})(?=\S|$)")
#: A name in no brace, in one, or in braces with its argument or with a space.
_NAMED = re.compile(
    r"(?P<begin>[{(\[]?)\s*(?P<name>[a-z][\w:-]*?)(?P<end>:?|\s*[})\]])(?:\s+(?P<rest>.*))?"
)


def mistyped_blocks(book: Book) -> Iterator[Finding]:
    """Yield the blocks that are shown as code or text, and were to be directives."""
    for page, element in book.elements("code"):
        if element.name and not element.restructured:
            yield from _glued(page, element) or _misnamed(book, page, element)
        elif not element.restructured and (begin := _INDENTED.match(element.body)):
            text = f"'{begin[0][:40]}' is indented by four spaces or more, so it is shown as code"
            above = page.line(element.at._replace(line=element.at.line - 2)).rstrip()
            is_example = above.endswith(":") and begin[0][0] != "|"
            if begin[0] in page.line(element.at) and not is_example:
                advice = "write it at the margin, or below the text of its item"
                yield found(element.at, f"{text}; {advice}")


def _glued(page: Page, element: Element) -> list[Finding]:
    """Return the finding for a name in braces that a space is missing after, if it is one."""
    match = _GLUED.match(element.name)
    if not match:
        return []
    at = element.at._replace(column=page.line(element.at).find(match[1]) + 1)
    text = f"'{element.name[:40]}' does not begin a directive, so its text is shown as code"
    edits = (Edit(at, match[1], f"{match[1]} "),) if match[1] != "{}" else ()
    kept = edits if page.has_text(at, match[1]) else ()
    return [found(at, f"{text}; write the name in braces, then a space", *kept)]


def _misnamed(book: Book, page: Page, element: Element) -> list[Finding]:
    """Return the finding for a directive's name whose braces are missing or not the right ones."""
    info, match = element.name, _NAMED.fullmatch(element.name)
    column = page.line(element.at).find(info) + 1
    at, is_code = element.at._replace(column=column), page.line(element.at)[column - 2] != ":"
    shown = "its text is shown as code" if is_code else "what follows is plain text"
    name = MEANT.get(match["name"], match["name"]) if match else ""
    if not match or not book.vocabulary.directive(name):
        is_open = info[0] == "{" and not re.search(r"[\])}]", info)
        message = f"'{info[:40]}' lacks its '}}', so {shown}; add it"
        return [found(at, message)] if is_open else []
    braced, rest = match["begin"] + match["end"].strip(": "), match["rest"] or ""
    if not braced and name not in _BARE:
        return []
    if match["begin"] == "{" and not match["end"].strip():
        inner, _, after = rest.partition("}")
        rest = after.strip() if "=" in inner else f"{inner}{after}"
    new = f"{{{name}}} {rest}".rstrip()
    message = f"'{info[:40]}' does not begin a directive, so {shown}; write '{new[:40]}'"
    return [found(at, message, *page.edits(at, info, new))]
