"""Rules on the rows of tables: in pipes, and in directives that make them."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.finding import Edit, Finding, Location
from sphinx_mmbook.core.pages.markdown import parser, read_fence
from sphinx_mmbook.core.pages.source import extensions_of
from sphinx_mmbook.core.rules.registry import found, rule
from sphinx_mmbook.core.rules.syntax.divisions import short

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.page import Page

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
    """Yield what is in a ``{table}`` besides one table."""
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
        yield _line(others[0]), f"{text}; move this out of it, after its end"


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
    for name, there, what in (("header-rows", rows, "row"), ("stub-columns", cells, "column")):
        option = element.option(name)
        if option and option.text.isdecimal() and 0 < there <= int(option.text):
            text = f"'{name}: {option.text}' of this {{{element.name}}} with {there} {what}"
            text += "s" * (there != 1) + " leaves none for the table itself; write fewer"
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
        count = f"{columns} column{'s' * (columns != 1)}"
        text = f"this {{{element.name}}} has {count}, but 'widths: {widths.text}'"
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
    """Yield the first of what is in a block of sphinx-design besides its parts."""
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
    """Yield what is in an ``{hlist}`` besides one list."""
    if element.text:
        yield element.at.line - element.level, "{hlist} has no title; delete it"
    for number, token in enumerate(tokens[number] for number in _below(tokens, 0)):
        if number or token.type != "bullet_list_open":
            yield _line(token), "{hlist} holds one list with '-' and nothing else; move this out"
            return


_JUDGES = {"hlist": _hlist, "table": _table, "list-table": _list_table, "csv-table": _csv_table}
_JUDGES |= dict.fromkeys(_PARTS, _parts) | dict.fromkeys(("card", "grid-item-card"), _card)
_FENCE = re.compile(r"\s*(?:`{3,}|:{3,})\s*\{")


_BAR = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"[ \t]*+\|?[ \t]*+:?-++:?[ \t]*+(?>(?:\|[ \t]*+:?-*+:?[ \t]*+)*)")
#: Lines of cells that begin a paragraph.
_ROWS = re.compile(r"(?:\A|(?<=\n\n))\|[^\n]*\|[ \t]*(?:\n\|[^\n]*\|[ \t]*)+(?=\n\n|\Z)")

#: A head and the line below it, where the text of an item goes on.
_LAZY = re.compile(r"\|(?<=[^\n]\n\|)[^\n]*\|[ \t]*\n\|[ :|-]*--[ :|-]*(?=\n|\Z)")


def _cells(line: str) -> list[str]:
    """Return the cells of a row, as markdown-it parts them: at each bar without a backslash."""
    cells = [cell.strip() for cell in _BAR.split(line.strip())]
    return cells[1 if cells[0] == "" else 0 : -1 if len(cells) > 1 and cells[-1] == "" else None]


@rule("error")
def table_cells(book: Book) -> Iterator[Finding]:
    """A row of a table has more cells than its head, or lines of cells make up no table.

    Bad: ``| a | b | c |`` below ``| A | B |``, also where a formula has the bar: ``$|x|$``

    Good: as many cells as the head has; ``\\|`` for a bar that parts nothing, ``\\lvert x \\rvert``

    Why: the cells that the head lacks are lost; without ``|---|---|`` below the head, with as many
    cells, all lines are printed as they stand.
    """
    for page in book.pages.values():
        for element in page.of("table"):
            if not element.restructured:
                yield from _lost_cells(page, element)
        text = page.prose.text
        for match in _ROWS.finditer(text) if "|\n|" in text else ():
            at = page.prose.at(match.start())
            first, second = page.line(at), page.line(at._replace(line=at.line + 1))
            if first.lstrip().startswith("|") and second.lstrip().startswith("|"):
                yield _no_table(at, first, second)
        for match in _LAZY.finditer(text) if "\n|" in text else ():
            message = "these lines belong to the item above, so they are not a table and printed"
            yield found(page.prose.at(match.start()), f"{message}; write an empty line before them")


def _no_table(at: Location, first: str, second: str) -> Finding:
    """Return the finding for rows that no line parts from their head, or the wrong one."""
    head = _cells(first)
    message = "these lines are not a table and are printed as they stand"
    rule = "|" + "---|" * len(head)
    if _RULE.fullmatch(second):
        what = f"the head has {len(head)} cells, the line below it {len(_cells(second))}"
        return found(at, f"{message}: {what}; write '{rule}' below the head")
    edit = Edit(at, first, f"{first}\n{rule}")
    return found(at, f"{message}; write '{rule}' below the head", edit)


def _lost_cells(page: Page, element: Element) -> Iterator[Finding]:
    """Yield the rows whose last cells are lost."""
    at = element.at
    columns = len(_cells(page.line(at)))
    for number in range(at.line + 2, at.line + 2 + _ROWS_MOST):
        row = page.line(at._replace(line=number))
        cells = _cells(row)
        if "|" not in row or not row.strip():
            here = at._replace(line=number + 1)
            if number == at.line + 2 and not row.strip() and page.line(here)[:1] == "|":
                yield found(here, "an empty line ends the table above this row; delete that line")
            return
        lost = [cell for cell in cells[columns:] if not cell.startswith("<!--")]
        # What a formula or a role loses, dollar_unbalanced and result_role tell.
        cut = "{stored}" in row or any(cell.count("$") % 2 for cell in cells)
        if any(lost) and not cut:
            message = f"this row has {len(cells)} cells and the head {columns}"
            advice = r"join them, or write '\|' for a bar that parts nothing"
            here = at._replace(line=number, column=1)
            yield found(here, f"{message}, so '{short(' | '.join(lost))}' is lost; {advice}")


#: So many rows of a table are looked at.
_ROWS_MOST = 500
