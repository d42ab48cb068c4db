"""Displayed formulas: which numbers one has, and how TeX and MathJax both set it.

Authors write ``$$ … $$``, a ``{math}`` directive, or an environment such as ``align``, also an
environment inside of ``$$``, which MathJax takes and LaTeX does not. Rows of an environment are
numbered as LaTeX numbers them: each one, but for those with ``\\notag``.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from sphinx_mmbook.core import expressions as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.finding import Location
    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.page import Page

#: Environments with one number as a whole; "displaymath" has none.
WHOLE = frozenset({"equation", "multline", "displaymath"})
#: Environments with a number for each row, and what sets the same inside of one formula.
ROWS = {
    "align": "aligned",
    "alignat": "alignedat",
    "eqnarray": "array",
    "flalign": "aligned",
    "gather": "gathered",
}

_BEGIN = re.compile(r"\\begin\{([a-zA-Z]+)(\*?)\}")
_ARGUMENT = re.compile(r"\s*\{\d+\}")
_LABEL = re.compile(r"(?<!\s)\s*\\label\s*\{([^{}]*)\}")
_TAG = re.compile(r"(?<!\s)\s*\\tag\*?\s*\{[^{}]*\}")
_NO_NUMBER = re.compile(r"(?<!\s)\s*\\(?:notag|nonumber)(?![a-zA-Z])")
_COMMENT = re.compile(r"(\\.)|%[^\n]*(?:\n[ \t]*)?", re.DOTALL)
_TOKEN = re.compile(r"\\(begin|end)\{[^{}]*\}|(\\\\\*?(?:\[[^\]]*\])?)|\\.|[{}]", re.DOTALL)
_MATCHED = re.compile(
    r"\\(?:begin|end)\{[^{}]*\}|\\(?:left|right)(?![a-zA-Z])|\\.|[{}&]", re.DOTALL
)
#: What opens a group, and what closes it.
_PAIRS = {"{": "}", r"\left": r"\right"}
_ENDS = {end: begin for begin, end in _PAIRS.items()}


class Equation(NamedTuple):
    """A formula to be set.

    ``pieces`` is its TeX, cut at the place of each number; ``labels`` are those of the numbers, ""
    for a number without. ``wrapped``: the output puts its own display, with at most one number,
    around the one piece; else the pieces are a display environment.
    """

    pieces: tuple[str, ...]
    labels: tuple[str, ...] = ()
    wrapped: bool = False

    def tex(self, marks: tuple[str, ...] = ()) -> str:
        """Return the TeX with a mark for each number, such as ``\\tag{2.1}``."""
        cuts = marks or ("",) * (len(self.pieces) - 1)
        return "".join(chain(*zip(self.pieces, cuts, strict=False))) + self.pieces[-1]


class EquationRow(NamedTuple):
    """A row of an environment and the line end after it, such as ``\\\\[2pt]``."""

    text: str
    line_end: str = ""


class Display(NamedTuple):
    """A display environment. ``argument`` is that of ``alignat``, with its braces."""

    name: str
    starred: bool
    argument: str
    rows: tuple[EquationRow, ...]

    @property
    def body(self) -> str:
        """All rows, without their labels."""
        return _LABEL.sub("", "".join(row.text + row.line_end for row in self.rows))

    @property
    def labelled(self) -> bool:
        """Whether any row has a label."""
        return any(_LABEL.search(row.text) for row in self.rows)


def equation(tex: str, label: str = "", bare: bool = False) -> Equation:
    """Return how to set ``tex``.

    ``label`` is that of the whole formula, written outside of it; ``bare`` says that ``tex`` is an
    environment that stands alone, which LaTeX would number, and not in ``$$``, which has no number.
    """
    display = parse_display(tex)
    if display is None:
        return _whole(tex, label, numbered=False)
    if display.name in {"equation", "displaymath"}:
        numbered = bare and display.name == "equation" and not display.starred
        return _whole(display.rows[0].text, label, numbered)
    if label and display.name in ROWS:
        return _whole(_inner(display), label, numbered=True)
    if label or (not display.starred and (bare or display.labelled)):
        return _numbered_rows(display, label)
    return Equation((_environment(display.name + "*", display.argument + display.body),))


def parse_display(tex: str) -> Display | None:
    """Return the display environment that ``tex`` is as a whole, or None."""
    tex = _clean(tex).strip()
    begin = _BEGIN.match(tex)
    if not begin or begin[1] not in WHOLE | set(ROWS):
        return None
    name, start = begin[1], begin.end()
    end = rf"\end{{{name}{begin[2]}}}"
    argument = _ARGUMENT.match(tex, start) if name == "alignat" else None
    body = tex[argument.end() if argument else start : -len(end)]
    rows = _split_rows(body)
    if rows is None or not tex.endswith(end):
        return None
    if name in WHOLE:
        rows = [EquationRow(body)]
    return Display(name, bool(begin[2]), argument[0] if argument else "", tuple(rows))


def _split_rows(body: str) -> list[EquationRow] | None:
    """Split at line ends that are in no group; None if groups and environments do not match."""
    rows, start, depth = [], 0, 0
    for token in _TOKEN.finditer(body):
        if token[0] == "{" or token[1] == "begin":
            depth += 1
        elif token[0] == "}" or token[1] == "end":
            depth -= 1
        elif token[2] and not depth:
            rows.append(EquationRow(body[start : token.start()], token[2]))
            start = token.end()
        if depth < 0:
            return None
    if body[start:].strip() or not rows:
        rows.append(EquationRow(body[start:]))
    else:
        # LaTeX would number the empty row after a last line end.
        rows[-1] = EquationRow(rows[-1].text)
    return None if depth else rows


def _numbered_rows(display: Display, label: str) -> Equation:
    pieces, labels = [rf"\begin{{{display.name}}}{display.argument}"], []
    for row in display.rows:
        text = _LABEL.sub("", row.text).rstrip()
        if _TAG.search(text) or _NO_NUMBER.search(text):
            pieces[-1] += text + row.line_end
        else:
            found = _LABEL.search(row.text)
            labels.append(label or (found[1].strip() if found else ""))
            pieces[-1] += text
            pieces.append(row.line_end)
    pieces[-1] += f"\n\\end{{{display.name}}}"
    return Equation(tuple(pieces), tuple(labels))


def _whole(tex: str, label: str, numbered: bool) -> Equation:
    """Return a formula with one number, or none."""
    found, tag = _LABEL.search(tex), _TAG.search(tex)
    numbered = (numbered and not _NO_NUMBER.search(tex)) or bool(label or found)
    text = _NO_NUMBER.sub("", _LABEL.sub("", tex))
    if tag:
        # LaTeX takes a tag only outside of the "split" that Sphinx puts around a formula.
        inner = _environment("split", _clean(_TAG.sub("", text)))
        return Equation((_environment("equation*", inner + tag[0].strip()),))
    label = label or (found[1].strip() if found else "")
    return Equation((text,), (label,) if numbered else (), wrapped=True)


def _inner(display: Display) -> str:
    """Return the environment's rows as part of one formula."""
    inner = ROWS[display.name]
    columns = "{rcl}" if inner == "array" else display.argument
    return _environment(inner, columns + _NO_NUMBER.sub("", display.body))


def _environment(name: str, body: str) -> str:
    return f"\\begin{{{name}}}{body}\\end{{{name}}}"


#: A brace that is to be shown, and is not without its backslash.
_BARE_BRACE = re.compile(r"\\(?:left|right)\s*[{}]")


@lru_cache(maxsize=50_000)
def unmatched(tex: str) -> str:
    """Return what is wrong with the first brace, environment or ``\\left`` without counterpart.

    Nothing if each has one.
    """
    if bare := _BARE_BRACE.search(tex):
        new = bare[0][:-1].rstrip() + "\\" + bare[0][-1]
        return f"'{bare[0]}' in this formula shows no brace; write '{new}'"
    opened: list[tuple[str, str]] = []
    tokens = _MATCHED.findall(_COMMENT.sub(lambda match: match[1] or "", tex))
    for token in tokens:
        if closing := _PAIRS.get(token) or _end_of(token, "begin", "end"):
            opened.append((token, closing))
        elif token in ("&", r"\\"):
            if opened and opened[-1][0] == r"\left":
                return rf"'\left' in this formula has no '\right' before the next '{token}'; add it"
        elif opening := _ENDS.get(token) or _end_of(token, "end", "begin"):
            last = opened.pop() if opened else ("", "")
            if last[1] != token:
                is_extra = not last[0] or tokens.count(token) > tokens.count(opening)
                return _no_counterpart(*((token, opening) if is_extra else last))
    return _no_counterpart(*opened[-1]) if opened else ""


def _end_of(token: str, this: str, other: str) -> str:
    """Return the other end of an environment, if ``token`` is this one."""
    return token.replace(this, other, 1) if token.startswith(rf"\{this}{{") else ""


def _no_counterpart(text: str, other: str) -> str:
    return f"'{text}' in this formula has no counterpart; add '{other}'"


def _clean(tex: str) -> str:
    """Drop comments and empty lines: LaTeX dies of an empty line in a formula."""
    text = _COMMENT.sub(lambda match: match[1] or "", tex)
    return "\n".join(line for line in text.splitlines() if line.strip())


def formulas_of(page: Page) -> Iterator[Element]:
    """Iterate over the formulas of a page, those in roles included."""
    yield from page.of("math")
    for role in page.of("role"):
        if role.name == "math":
            yield role._replace(kind="math", body=role.text, at=role.at.right(len("{math}`")))


def place_in(page: Page, element: Element, offset: int) -> Location:
    """Return the location of an offset in a formula's body."""
    before = element.body[:offset]
    number, column = before.count("\n"), len(before) - before.rfind("\n") - 1
    line = element.body.split("\n")[number]
    if not element.level and not number and page.has_text(element.at, line):
        return element.at.right(column)
    # A displayed formula begins below its "$$" or the options of its directive.
    for row in range(element.at.line + number, element.at.line + number + _OPTIONS):
        at = element.at._replace(line=row, column=1)
        start = page.line(at).find(line) if line.strip() else -1
        if start >= 0:
            return at.right(start + column)
    return element.at


#: The most options that a formula's directive has.
_OPTIONS = 6
