"""Rules on formulas in running text."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.finding import Edit, Finding, Location, also_in
from sphinx_mmbook.core.pages.literal import Literal
from sphinx_mmbook.core.pages.prose import NOT_TEXT
from sphinx_mmbook.core.pages.source import extensions_of
from sphinx_mmbook.core.references import formula_faults as judging
from sphinx_mmbook.core.references.equations import formulas_of, place_in, unmatched
from sphinx_mmbook.core.references.formula_arguments import argument_faults
from sphinx_mmbook.core.references.outside import tex_outside
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.page import Page
    from sphinx_mmbook.core.pages.positions import Positions

_PRICE = re.compile(
    r"\s(?:and|or|to|und|bis|vs\.?)\s|"
    r"[ ](?:pip3?|conda|git|cd|ls|python3?|sudo|apt|npm)[ ][^\\]*|"
    r"\d[\d.,]*\s?[–/-]|\d(?>[^\\^_={}\n]*?[^\W\d_]{2})[^\\^_={}\n]*[\s(–-]"
)


_WORDS = re.compile(r"[^\W\d_]{2,}")
#: So many faults of one kind in one formula are told.
ENOUGH = 50


@rule("warning")
def dollar_currency(book: Book) -> Iterator[Finding]:
    """Two amounts of money are read as a formula.

    Bad: ``It costs $5 and $10.``, ``It costs 5 $ in all and 10 $ in part.``

    Good: ``It costs \\$5 and \\$10.``

    Why: what is between two dollar signs is set as a formula: *5and*10.
    """
    for page, element in book.elements("math"):
        after = page.is_after_number(element)
        price = after or _PRICE.fullmatch(element.body)
        if _is_doubled(element):
            message = r"'\\$' is a backslash and the beginning of a formula"
            yield found(element.at, rf"{message}; write '\$' for a dollar, here and at its end")
            continue
        if element.level or element.block in page.unbalanced or not price:
            continue
        at = element.at.right(-1)
        old = f"${element.body}$"
        rest = page.line(at)[at.column - 1 + len(old) :]
        if element.body[-1] in "–/-" and rest[:1].isalpha():
            continue  # "$8-$block" is a difference
        # What ends without an amount ends where a formula begins.
        end = "$" if after and not element.body.rstrip()[-1].isdigit() else "\\$"
        edits = page.edits(at, old, f"\\${element.body}{end}")
        message = f"'{' '.join(old.split())}' is read as a formula"
        yield found(at, f"{message}; write '\\$' for a dollar", *edits)


def _is_doubled(element: Element) -> bool:
    r"""Whether a formula lies between amounts as Jupyter writes them: ``\\$5 and \\$10``."""
    return not element.level and element.body[:1].isdigit() and element.body.endswith("\\\\")


@rule("warning")
def dollar_unbalanced(book: Book) -> Iterator[Finding]:
    r"""A dollar sign opens or closes a formula that has no other end.

    Bad: ``the loss $\ell falls``

    Good: ``the loss $\ell$ falls``; ``\$`` for a dollar

    Why: the formula is printed as it was typed.
    """
    for page in book.pages.values():
        prose = page.prose
        start, last = prose.text.find("$"), 0
        end = label = -1  # of the paragraph, and of its last label as Quarto has it
        while start >= 0:
            if start > end:
                end = prose.text.find("\n\n", start) % (len(prose.text) + 1)
                label = prose.text.rfind("{#eq-", start, end)
            after = prose.text[start : start + 2].strip("$")
            element, at = prose.element(start), prose.at(start)
            currency = after.isdigit() or re.search(
                r"[A-Z]$", prose.text[max(0, start - 1) : start]
            )
            known = element.block == last or currency or start < label  # reference-syntax
            if not known and page.has_text(at, "$"):
                last = element.block
                if not page.has_text(at, "$$"):
                    at = _lost_end(page, element.block) or at
                if "dollarmath" not in extensions_of(page.source, book.settings.syntax):
                    message = "without 'dollarmath' in 'enable_extensions' no '$' begins a formula"
                    yield found(at, f"{message}; name it in the front matter of this page")
                    break
                yield _stray(page, at, prose.text[max(0, start - 30) : start + 30])
            start = prose.text.find("$", start + 1)


def _lost_end(page: Page, block: int) -> Location | None:
    """Return where a formula begins that ends where the next one should: "$x. The loss $y$"."""
    for element in page.of("math"):
        here = element.block == block and not element.level and element.body[-1:] == " "
        if here and len(_WORDS.findall(element.body)) > 2 and "\\" not in element.body:
            return element.at.right(-1)
    return None


def _stray(page: Page, at: Location, near: str) -> Finding:
    """Return what to say of a dollar sign that belongs to no formula."""
    if _opens_nothing(page, at):
        message = "this '$$' has no counterpart, so the formula is printed as text"
        return found(at, f"{message}; write '$$' on a line of its own where it ends")
    if page.has_text(at, "$$"):
        message = "'$$' begins no formula within a paragraph; set it on lines of its own"
        if page.line(at).lstrip()[:1] == "|":
            return found(
                at, "'$$' begins no formula in a cell of a table; write '$', also at its end"
            )
        return found(at, f"{message}, with an empty line before", *_set_off(page, at))
    if _is_cut(page.line(at)):
        message = "a bar ends the cell of the table, also in a formula"
        return found(at, f"{message}; write '\\vert' for it, '\\Vert' for two")
    if column := _COLUMN.search(near):
        return found(at, f"this '$' belongs to no formula; set '{column[0]}' as code")
    return found(at, "this '$' belongs to no formula; add the other one, or write '\\$'")


@lru_cache(maxsize=1)  # a row may have thousands of cells
def _is_cut(line: str) -> bool:
    """Whether a line is a row of a table that cuts a formula: its dollar signs are all pairs."""
    in_row = line.lstrip().startswith("|") and line.count("$") % 2 == 0
    return in_row and any("|" in inner for inner in line.split("$")[1::2])


def _opens_nothing(page: Page, at: Location) -> bool:
    """Whether a ``$$`` on a line of its own, set off from the text before, is the last one."""
    if page.line(at).strip() != "$$":
        return False
    positions = page.positions_at(at)
    start = positions.offset(at)
    set_off = not positions.text[:start].strip(" \n") or positions.text[:start].endswith("\n\n")
    return set_off and "$$" not in positions.text[start + 2 :]


@rule("error")
def formula_command(book: Book) -> Iterator[Finding]:
    r"""A formula has a command or an environment that website or PDF do not know.

    Bad: ``$\alhpa$``, ``$\betax$``, ``\begin{dcases}``, ``$\argmax$``

    Good: ``$\alpha$``, ``$\beta x$``, ``\begin{cases}``, ``$\operatorname*{arg\,max}$``; or, in
    ``conf.py``, ``mmbook_macros = {"argmax": r"\operatorname*{arg\,max}"}``

    Why: the website prints its name in red, and the PDF has an error in its place.
    """
    if any(finding.rule == "conf" for finding in book.settings.findings):
        return  # it may define them
    packages = any("usepackage" in text for text in book.settings.texts)
    some = list(_unknown(book))
    uses = Counter(fault.message for _, fault in some)
    for at, fault in some:
        if not fault.minor:
            often = uses[fault.message] > 2  # a command of the authors, and no slip
            yield found(at, judging.as_macro(fault.message) if often else fault.message)
        elif not packages:
            yield Finding(at, "formula-command", fault.message, "warning")


def _unknown(book: Book) -> Iterator[tuple[Location, judging.FormulaFault]]:
    own: frozenset[str] | None = None
    for page in book.pages.values():
        for element in readable_formulas(page):
            if "\\" in element.body:
                own = _names_of_book(book) if own is None else own
                for fault in islice(judging.unknown_names(element.body, own), ENOUGH):
                    yield place_in(page, element, fault.offset), fault


@rule("error")
def formula_invalid(book: Book) -> Iterator[Finding]:
    r"""A formula that TeX cannot read.

    Bad: ``$a_b_c$``, ``$a_$``, ``$50%$``, ``$\text{val_loss}$``, ``$a & b$``, ``$\frac{1}$``,
    ``$\left x \right$``, ``$$`` within ``{math}``, two ``\label`` in a line

    Good: ``$a_{b_c}$``, ``$a$``, ``$50\%$``, ``$\text{val\_loss}$``, ``$a \& b$``

    Why: the website shows an error in its place, and what follows ``%`` is lost in silence.
    """
    for page in book.pages.values():
        for element in readable_formulas(page):
            if "{#eq-" not in element.body:  # reference-syntax says so
                for fault in _faults(element.body, bool(element.level)):
                    yield found(place_in(page, element, fault.offset), fault.message)
            for lost in _SECOND_LABEL.finditer(element.body) if r"\label" in element.body else ():
                text = f"'{lost[1]}' names nothing: this line of the formula has two \\label"
                at = place_in(page, element, lost.start(1))
                yield found(at, rf"{text}; end the line with '\\' or delete the second")


@lru_cache(maxsize=10_000)
def _faults(tex: str, display: bool) -> tuple[judging.FormulaFault, ...]:
    """Return the first faults of a formula, which many have in common."""
    if judging.defines(tex):
        return ()
    signs = judging.faults(tex, display) if _SIGNS.search(tex) else ()
    return tuple(islice(chain(signs, argument_faults(tex, display)), ENOUGH))


#: A label in a line of a formula that has one.
_SECOND_LABEL = re.compile(
    r"\\label\s*\{[^{}]*\}(?:(?!\\\\|\\label|\\end\b).)*\\label\s*\{([^{}]*)\}", re.DOTALL
)
#: What each formula with a fault has; nearly all that authors write within a line have not.
_SIGNS = re.compile(r"[%#&']|\\(?:text|mbox|hbox|fbox|tag)|[_^]\s*(?:[}&\\]|$)|[_^][^_^]*[_^]")


def readable_formulas(page: Page) -> Iterator[Element]:
    """Iterate over the formulas of a page except those that another rule says are not formulas."""
    for element in formulas_of(page):
        if (element.block and element.block in page.broken) or tex_outside(element.body):
            continue
        if "`" in element.body or ("\n\n" in element.body and "$" in element.body):
            continue  # a role or code was meant; text between two displayed formulas
        price = not element.level and _PRICE.fullmatch(element.body)
        if not price and not _is_doubled(element) and not unmatched(element.body):
            yield element


def _names_of_book(book: Book) -> frozenset[str]:
    """Return the commands that conf.py defines, and those that formulas may define."""
    formulas = (item.body for _, item in book.elements("math"))
    words = (word for tex in formulas if judging.defines(tex) for word in _WORD.findall(tex))
    return book.settings.commands.union(words)


_WORD = re.compile(r"[A-Za-z]+")


#: A command that a formula defines: its name, and perhaps what it means.
_DEFINED = re.compile(
    r"\\(?P<by>(?:re)?newcommand|providecommand|def|DeclareMathOperator|"
    r"DeclareRobustCommand)\*?\s*\{?\s*\\(?P<name>[A-Za-z]+)\s*\}?(?:\[\d\]|#\d)*\s*"
    r"(?:\{(?P<tex>(?:[^{}\n]|\{[^{}\n]*\})*)\})?"
)


@rule("warning")
def formula_macro(book: Book) -> Iterator[Finding]:
    r"""A formula defines a command of its own.

    Bad: ``$\newcommand{\R}{\mathbb{R}}$``

    Good: ``mmbook_macros = {"R": r"\mathbb{R}"}`` in ``conf.py``

    Why: it is known on that page of the website alone, not in other chapters, the EPUB and titles;
    the PDF stops at a second definition.
    """
    for _, element in book.elements("math"):
        for match in _DEFINED.finditer(element.body):
            name, tex = match["name"], match["tex"] or "…"
            if match["by"] == "DeclareMathOperator":
                tex = rf"\operatorname{{{tex}}}"
            text = f"the formula defines '\\{name}' for this page of the website alone"
            advice = f'write it into conf.py: mmbook_macros = {{"{name}": r"{tex}"}}'
            if _LAYOUT.search(name):
                text, advice = f"'\\{name}' sets how pages look, no formula", "delete it"
            yield found(element.at, f"{text}; {advice}")


#: What sets distances and sizes of text.
_LAYOUT = re.compile(r"(?:baselinestretch|skip|indent|size|width|sep)$")


#: A formula between "$$" and the rest of its last line.
_DISPLAY = re.compile(r"\$\$(?!\$)([^$]+)\$\$([^\n$]*+(?>(?:\$[^\n$]+\$[^\n$]*+)*))(?=\n|\Z)")
#: What begins a list, a quote, a table, a directive, a definition or a footnote.
_MARKED = re.compile(r"\s*(?:(?:[-*+>|:%#]|```|\d+[.)])(?:\s|`|:|\{|$)|\[\^)")


def _set_off(page: Page, at: Location) -> tuple[Edit, ...]:
    """Return the edit that sets a displayed formula off from the text around it.

    None in lists, quotes and tables, which it would cut in two.
    """
    positions = page.positions_at(at)
    start = positions.offset(at)
    match = _DISPLAY.match(positions.text, start)
    if not match or "\n\n" in match[0] or in_list(positions, at):
        return ()
    after = match[2].strip(" \t")
    stop = after[:1] if after[:1] in (",", ".", ";") else ""
    after = after[len(stop) :].lstrip(" \t")
    # The label of a formula is the end of its last line.
    label, after = (f" {after}", "") if _LABEL.fullmatch(after) else ("", after)
    if at.column == 1 and not stop + after:
        return (Edit(at, "$$", "\n$$"),)
    line = positions.text.rfind("\n", 0, start) + 1
    blank = positions.text[line:start]
    lead = len(blank) - len(blank.rstrip(" \t"))
    old = positions.text[start - lead : match.end()]
    gap = "\n\n" if blank.strip() else "\n"
    begin = positions.location(start - lead)
    new = f"{gap}$$\n{match[1].strip()}{stop}\n$${label}\n" + (f"\n{after}" if after else "")
    return (Edit(begin, old, new),) if old.strip(" \t") else ()


_LABEL = re.compile(r"\([\w:.-]+\)")
_COLUMN = re.compile(r"\b[A-Za-z][\w.]*\$[A-Za-z][\w.]*")  # of a table of R


def in_list(positions: Positions, at: Location) -> bool:
    """Whether the block at a place is a list, a quote, a table or the like."""
    start = positions.text.rfind("\n\n", 0, positions.offset(at)) + 2
    return bool(_MARKED.match(positions.text, start if start > 1 else 0))


#: A formula between the delimiters of TeX, which Markdown reads as escaped brackets.
_DELIMITED = re.compile(
    r"(?<!\\)\\\(((?:[^\\\n`$]|\\(?![()\[\]]).){1,300}?)\\\)"
    r"|^\\\[((?:[^`$\n]|\n(?!\n|\\\[)){1,2000}?)\\\]$",
    re.MULTILINE,
)


def delimited(page: Page) -> Iterator[tuple[Location, re.Match[str]]]:
    r"""Iterate over the formulas between ``\(`` and ``\)`` that are text to the parser."""
    literal: Literal | None = None
    for positions in page.positions.values():
        text = positions.text
        if positions.block.is_code or not ("\\(" in text or "\\[" in text):
            continue
        for match in _DELIMITED.finditer(text):
            literal = literal or Literal(page)
            at = positions.location(match.start())
            if not literal.covers(at) and _TEX.search((match[1] or match[2]).strip()):
                yield at, match


def lines_of_formulas(page: Page) -> set[tuple[str, int, int]]:
    r"""Return the lines on which formulas are between ``\\(`` and ``\\)``."""
    return {
        at._replace(line=at.line + number).row
        for at, match in delimited(page)
        for number in range(match[0].count("\n") + 1)
    }


#: What a formula has, and a remark in brackets has not.
_TEX = re.compile(r"[\\^_=<>+|{}]|^[^\W\d]$|^[a-zA-Z]\(")


@rule("error")
def math_delimiters(book: Book) -> Iterator[Finding]:
    r"""A formula is between ``\(`` and ``\)``, or ``\[`` and ``\]``.

    Bad: ``the loss \(\ell\)``

    Good: ``the loss $\ell$``; ``$$`` on lines of their own for a displayed formula

    Why: Markdown reads ``\(`` as a bracket, and prints the formula's TeX.
    """
    for page in book.pages.values():
        for at, match in delimited(page):
            body = (match[1] or match[2]).strip()
            new = f"${body}$" if match[1] else f"$$\n{body}\n$$"
            shown = " ".join(f"{match[0]}' is printed as it is; write '{new}".split())
            yield found(at, f"'{shown}'", Edit(at, match[0], new))


#: A hyphen before a number that stands for itself: "from -1 to 1".
_MINUS = re.compile(rf"-(?<=[\s(\[]-)(?<![\d{NOT_TEXT}\n] -)(?=\d)")
#: Lines of code, or of a table of LaTeX.
_CODE = re.compile(r"\\\\|['\"]: -| & |;$")


def typed_minus(page: Page) -> Iterator[Finding]:
    """Yield the first hyphen of a page that stands for a minus sign, with the others' lines."""
    spots = [page.prose.at(match.start()) for match in _MINUS.finditer(page.prose.text)]
    spots = [at for at in spots if page.has_text(at, "-") and not _CODE.search(page.line(at))]
    if spots:
        message = f"this hyphen is used as a minus sign{also_in(spots)}; write '−', or '$-1$'"
        yield Finding(spots[0], "formula-sign", message, "info")
