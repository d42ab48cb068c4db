"""How much a page may ask of the parser.

The parser needs about 2 seconds for a megabyte of prose, but thirty for one of brackets, and the
square of that for environments that never end. The largest chapter of six real books has 75 kB.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.files.yaml_mapping import YamlMap, read_yaml_map
from sphinx_mmbook.core.finding import BookError, Finding, Location
from sphinx_mmbook.core.pages.cell_options import is_notebook
from sphinx_mmbook.core.pages.notebook_form import break_fault, cell_fault, page_fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.source import Source

RULE = "page-too-complex"
MAX_CHARACTERS = 500_000
MAX_LINES = 50_000
#: Text -> how often it may stand on a page: what begins something whose end the parser looks for.
MAX_MARKS = {
    "[": 20_000, "]": 50_000, "\\begin{": 2_000, "<": 100_000, "{": 100_000, "}": 100_000,
    "`": 100_000, "&": 100_000, "*": 100_000, "#": 100_000, "@": 100_000, "$": 100_000,
    "_": 100_000,
}  # fmt: skip


#: So many characters may stand after a ``[^``, all in all, before a space or bracket ends it.
MAX_STEPS = 2_000_000
MIN_FOOTNOTES = 5
#: So many lines, all in all, may follow those with a ``$$`` that no line near by ends: the parser
#: looks at 5 million in a second.
MIN_FORMULAS = 100
MAX_FORMULA = 200
_ENDS = re.compile(r"\$\$\s*(?:\([^()$]+\)\s*)?$")
#: So often a page may have texts put in for names; docutils needs a second for 20,000.
MAX_REPLACED = 100_000
_REPLACEMENT = re.compile(
    r"^[ \t>]*\.\.[ \t]+\|[^|]{1,200}\|\s+[\w-]+::(.*(?:\n[ \t>]+\S.*)*)", re.MULTILINE
)
_CELL = re.compile(r"[ ]{0,3}(`{3,}|~{3,})[ \t]*\{(?:code|raw)-cell\}")


def check_complexity(source: Source) -> None:
    """Refuse a page that nobody wrote by hand.

    :raises BookError: by ``page-too-complex``.
    """
    texts = [block.text for block in source.blocks if not block.is_code]
    size = sum(map(len, texts))
    fault = f"has {size:,} characters of text" if size > MAX_CHARACTERS else ""
    lines = sum(text.count("\n") for text in texts)
    if lines > MAX_LINES:
        fault = f"has {lines:,} lines"
    for mark, most in MAX_MARKS.items():
        # A page with fewer characters cannot have too many marks; nearly all pages are such.
        if size >= most * len(mark):
            count = sum(text.count(mark) for text in texts)
            if count > most:
                fault = f"has {count:,} times '{mark}'"
    if sum(map(_footnote_steps, texts)) > MAX_STEPS:
        fault = "has footnotes '[^' that never end"
    if sum(map(_formula_steps, texts)) > MAX_STEPS:
        fault = "has formulas '$$' that never end"
    if fault:
        message = f"this page {fault}, too much to be read; divide it, or move data into files"
        raise BookError(Finding(Location(source.path, 1), RULE, message))
    _check_substitutions(source, sum(text.count("{{") for text in texts))


def check_form(source: Source, elements: Iterable[Element]) -> None:
    """Refuse a page of which MyST-NB can make no notebook.

    :raises BookError: by ``notebook`` or ``cell-option``.
    """
    front = source.front
    is_markdown = source.path.endswith(".md")
    is_made = is_markdown and is_notebook(front.fields)
    if is_markdown and (wrong := page_fault(front.fields, is_made=is_made)):
        raise BookError(Finding(front.at(wrong[0]), "notebook", wrong[1]))
    for options in settings_of_cells(source):
        for finding in options.findings:
            raise BookError(finding)  # MyST-NB reads no page with such a cell
        if wrong := cell_fault(options.fields):
            raise BookError(Finding(options.at(wrong[0]), "cell-option", wrong[1]))
    for item in elements if is_made else ():
        at_margin = item.kind == "break" and item.text and item.at.path == source.path
        if at_margin and not item.inside and (fault := break_fault(item.text)):
            raise BookError(Finding(item.at, "cell-option", fault))


def _check_substitutions(source: Source, uses: int) -> None:
    """Refuse a page in Markdown whose substitutions, or those of a block, contain each other."""
    settings = source.front.fields.get("myst")
    named = [source.front.fields, settings if isinstance(settings, dict) else {}]
    values = [one.get("substitutions") for one in named]
    bodies = [str(text) for one in values if isinstance(one, dict) for text in one.values()]
    _check_growth(source.path, bodies, "{{", uses)
    if "eval-rst" in source.text:
        check_replacements(source.path, source.text)


def check_replacements(path: str, text: str) -> None:
    """Refuse a text in reStructuredText whose replacements stand within each other.

    :raises BookError: by ``page-too-complex``.
    """
    bodies = _REPLACEMENT.findall(text) if ".." in text else []
    _check_growth(path, bodies, "|", text.count("|") // 2)


def _check_growth(path: str, bodies: list[str], mark: str, uses: int) -> None:
    """Refuse replacements that are put in more often than anybody can wait for.

    What one stands for grows at most by the product of how many others each has.
    """
    others = [found for body in bodies if (found := body.count(mark) // (3 - len(mark)))]
    times = max(uses, 1) * (len(others) + 1) if others else 0
    for found in others:
        times *= found
        if times > MAX_REPLACED:
            message = f"the texts that '{mark}' stands for contain each other too often"
            finding = Finding(Location(path, 1), RULE, f"{message}; write them out")
            raise BookError(finding)


def _footnote_steps(text: str) -> int:
    """Return how many characters the parser looks at, at most, for the ends of footnotes."""
    if text.count("[^") < MIN_FOOTNOTES:
        return 0
    return sum(word.count("[^") * len(word) for word in re.split(r"[ \n\]]", text))


def _formula_steps(text: str) -> int:
    """Return how many lines the parser looks at, at most, for the ends of displayed formulas.

    An end far below may be outside of the box or quotation in which a formula begins.
    """
    if text.count("$$") < MIN_FORMULAS:
        return 0
    lines = text.split("\n")
    end, endless = len(lines) + MAX_FORMULA, 0
    for number in reversed(range(len(lines))):
        if _ENDS.search(lines[number]):
            end = number
        elif "$$" in lines[number] and end > number + MAX_FORMULA:
            endless += 1
    return endless * len(lines)


def settings_of_cells(source: Source) -> Iterator[YamlMap]:
    """Yield the options of the code cells of a page in Markdown, as MyST-NB reads them: as YAML."""
    if "-cell}" not in source.text or source.path.endswith(".ipynb"):
        return
    lines = source.text.split("\n")
    for number, line in enumerate(lines):
        if begin := _CELL.match(line):
            is_block = "".join(lines[number + 1 : number + 2]).lstrip().startswith("---")
            start = number + 1 + is_block
            block = "\n".join(_option_lines(lines, start, begin[1]))
            if block:
                yield read_yaml_map(block, source.path, "cell-option", start + 1)


def _option_lines(lines: list[str], start: int, fence: str) -> Iterator[str]:
    """Yield the lines of YAML at the top of a cell: those with a colon, or those up to ``---``."""
    is_block = lines[start - 1].lstrip().startswith("---")
    for number in range(start, len(lines)):
        line = lines[number]
        text = line.strip()
        if len(text) >= len(fence) and not text.strip(fence[0]):
            return
        # Only at the margin does a line of hyphens end the options.
        if line.startswith("---") if is_block else not text.startswith(":"):
            return
        yield line if is_block else line.lstrip()[1:]
