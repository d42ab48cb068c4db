"""The rule on what stands in directives that make tables."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

from sphinx_mmbook.core.pages.markdown import parser, read_fence
from sphinx_mmbook.core.pages.source import extensions_of
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding
    from sphinx_mmbook.core.pages.elements import Element

#: Directives that make no table, which is all that the body of a ``{table}`` may hold.
_CODE = ("", "code", "code-block", "sourcecode", "literalinclude")
_NO_TABLES = frozenset({"figure", "image", "note", "code", "code-block", "math", "admonition"})


@rule("error")
def table_body(book: Book) -> Iterator[Finding]:
    """A directive that makes a table has something else in it, or rows of unequal length.

    Bad: a sentence below the table in ``:::{table}``; a row of two cells in a ``{list-table}`` of
    three

    Good: the sentence outside; a cell for each column, if need be an empty one

    Why: the page shows an error in place of the table.
    """
    for page in book.pages.values():
        syntax = extensions_of(page.source, book.settings.syntax)
        for element in page.of("directive"):
            judge = _JUDGES.get(element.name)
            text = element.body or element.text * (judge is _parts)
            if not judge or not text.strip() or element.restructured:
                continue
            tokens = parser(syntax).parse(element.body, {})
            for line, message in judge(element, tokens):
                yield found(element.at._replace(line=element.level + line, column=0), message)


def _below(tokens: Sequence[Token], level: int) -> list[int]:
    """Return the numbers of the blocks that begin at a level of nesting."""
    return [n for n, token in enumerate(tokens) if token.level == level and token.nesting >= 0]


def _line(token: Token) -> int:
    return token.map[0] if token.map else 0


def _table(element: Element, tokens: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """Yield what stands in a ``{table}`` besides one table."""
    blocks = [tokens[number] for number in _below(tokens, 0)]
    tables = [token for token in blocks if _may_be_table(token)]
    if len(blocks) == 1 and tables:
        if tables[0].type == "table_open":
            yield from _widths(element, sum(token.type == "th_open" for token in tokens))
        return
    others = [token for token in blocks if token not in tables[:1]]
    if not tables:
        text = "{table} holds no table, and takes nothing else"
        yield _line(others[0]), f"{text}; write '| a | b |', '|---|---|' and a line for each row"
    else:
        text = "{table} holds one table and nothing else"
        yield _line(others[0]), f"{text}; move this out of it, behind its end"


def _may_be_table(token: Token) -> bool:
    if token.type in ("fence", "colon_fence"):
        name = read_fence(token.info, token.content).name
        return bool(name) and name not in _NO_TABLES
    return token.type == "table_open"


def _list_table(element: Element, tokens: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """Yield the first row of a ``{list-table}`` that is not as the others."""
    blocks = _below(tokens, 0)
    form = "write '* - ' before the first cell of each row and '  - ' before each other"
    if len(blocks) != 1 or tokens[blocks[0]].type != "bullet_list_open":
        odd = next((n for n in blocks if tokens[n].type != "bullet_list_open"), blocks[-1])
        yield _line(tokens[odd]), f"{{list-table}} holds one list and nothing else; {form}"
        return
    rows = [*_rows(tokens)]
    for number, (line, cells) in enumerate(rows, 1):
        if cells < 0:
            yield line, f"row {number} of this {{list-table}} is not a list of cells; {form}"
            return
        if cells != rows[0][1]:
            count = f"{cells} cell{'s' * (cells != 1)}"
            has = f"row {number} of this {{list-table}} has {count}, row 1 has {rows[0][1]}"
            yield line, f"{has}; give each row the same number, if need be an empty one: '  -'"
            return
    columns = rows[0][1] if rows else 0
    yield from _without_rest(element, len(rows), columns)
    yield from _widths(element, columns)


def _rows(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield of each row its line and its number of cells; -1 if it has something else."""
    items = _below(tokens, 1)
    for item, end in zip(items, [*items[1:], len(tokens)], strict=True):
        inner = [tokens[n] for n in range(item, end) if tokens[n].level == 2]
        blocks = [token for token in inner if token.nesting >= 0]
        is_list = len(blocks) == 1 and blocks[0].type == "bullet_list_open"
        cells = [n for n in range(item, end) if tokens[n].level == 3 and tokens[n].nesting > 0]
        yield _line(tokens[item]), len(cells) if is_list else -1


def _without_rest(element: Element, rows: int, cells: int) -> Iterator[tuple[int, str]]:
    """Yield a number of heading rows or columns that leaves nothing for the table itself."""
    for name, there, what in (("header-rows", rows, "rows"), ("stub-columns", cells, "columns")):
        option = element.option(name)
        if option and option.text.isdecimal() and 0 < there <= int(option.text):
            text = f"'{name}: {option.text}' of this {{{element.name}}} with {there} {what}"
            text += " leaves none for the table itself; write fewer"
            yield option.at.line - element.level, text


def _csv_table(element: Element, _tokens: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """Yield what a ``{csv-table}`` swallows, and what of it cannot be read."""
    lines = element.body.split("\n")
    for line, text in enumerate(lines):
        if _FENCE.match(text):
            what = f"'{text.strip()}' begins a block inside of this {{csv-table}}"
            yield line, f"{what}, which holds cells alone; end the table before it"
            return
    delimiter, header = element.option("delim"), element.option("header")
    if delimiter or element.option("quote", "escape", "keepspace"):
        return
    try:
        head = [*_rows_of(header.text.split("\n"))] if header else []
        rows = [*_rows_of(element.body.strip("\n").split("\n"))]
    except csv.Error as error:
        yield 0, f"the cells of this {{csv-table}} cannot be read ({error}); correct the quotes"
        return
    columns = max(map(len, (*head, *rows)), default=0)
    yield from _without_rest(element, len(rows), columns)
    yield from _widths(element, columns)


def _widths(element: Element, columns: int) -> Iterator[tuple[int, str]]:
    """Yield widths that are not those of a table's columns."""
    widths = element.option("widths")
    numbers = re.findall(r"\d+", widths.text) if widths else []
    if widths and numbers and len(numbers) != columns:
        text = f"this {{{element.name}}} has {columns} columns, but 'widths: {widths.text}'"
        yield widths.at.line - element.level, f"{text}; write a number for each column"


def _rows_of(lines: Sequence[str]) -> Iterator[list[str]]:
    """Return the rows of a table as docutils reads them."""
    return csv.reader((f"{line}\n" for line in lines), skipinitialspace=True, strict=True)


#: Blocks of sphinx-design -> what they hold.
_PARTS = {
    "grid": ("grid-item", "grid-item-card"), "tab-set": ("tab-item",), "steps": ("step",),
    "accordion": ("dropdown",), "card-carousel": ("card",), "tab-set-code": _CODE,
}  # fmt: skip


def _parts(element: Element, tokens: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """Yield the first of what stands in a block of sphinx-design besides its parts."""
    wanted = _PARTS[element.name]
    if element.text and element.name not in ("grid", "card-carousel"):  # it is of the body
        yield element.at.line - element.level, f"{{{element.name}}} has no title; delete it"
    for token in (tokens[number] for number in _below(tokens, 0)):
        is_fence = token.type in ("fence", "colon_fence")
        name = read_fence(token.info, token.content).name if is_fence else "-"
        if name not in wanted and token.type not in (
            "myst_line_comment",
            "myst_block_break",
            "myst_target",
        ):
            parts = "code" if wanted is _CODE else " and ".join(f"{{{one}}}" for one in wanted)
            yield _line(token), f"{{{element.name}}} holds {parts} alone; move this out of it"
            return


def _card(element: Element, tokens: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """Yield the second header or footer of a card."""
    seen: set[str] = set()
    for token in (tokens[number] for number in _below(tokens, 0)):
        name = read_fence(token.info, token.content).name if "fence" in token.type else ""
        if name in seen:
            told = f"this {{{element.name}}} has a {{{name}}} above"
            yield _line(token), f"{told}; write all of it into that one"
        seen |= {name} & {"card-header", "card-footer"}


def _hlist(element: Element, tokens: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """Yield what stands in an ``{hlist}`` besides one list."""
    if element.text:
        yield element.at.line - element.level, "{hlist} has no title; delete it"
    for number, token in enumerate(tokens[number] for number in _below(tokens, 0)):
        if number or token.type != "bullet_list_open":
            yield _line(token), "{hlist} holds one list with '-' and nothing else; move this out"
            return


_JUDGES = {"hlist": _hlist, "table": _table, "list-table": _list_table, "csv-table": _csv_table}
_JUDGES |= dict.fromkeys(_PARTS, _parts) | dict.fromkeys(("card", "grid-item-card"), _card)
_FENCE = re.compile(r"\s*(?:`{3,}|:{3,})\s*\{")
