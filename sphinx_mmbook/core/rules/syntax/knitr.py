"""Rules on the code chunks of R Markdown, and on the captions that bookdown keeps beside them."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.finding import Edit, Finding, Location
from sphinx_mmbook.core.references.chunks import Chunk, chunks_of, figure_of
from sphinx_mmbook.core.references.labels import anchor
from sphinx_mmbook.core.rules.registry import found, rule
from sphinx_mmbook.core.rules.syntax.divisions import THEOREMS, short, theorem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.pages.page import Page

#: Where a caption that is kept elsewhere belongs.
_KEPT = re.compile(r"\(re[fs]:([\w./+-]+)\)")


@rule("error")
def chunk_syntax(book: Book) -> Iterator[Finding]:
    r"""A code chunk, or inline code, of R Markdown or Quarto.

    Bad: ```` ```{theorem, cups, name="Cups"} ````;
    ```` ```{r loss, fig.cap="The loss."} ```` with ``knitr::include_graphics("loss.png")``;
    `` `r mean(x)` ``

    Good: ``{figure} loss.png`` with ``:name: fig-loss`` and the caption; for a value,
    `` {stored}`results/loss.json#mean` ``

    Why: nothing runs it, and the page shows the code, or an error.
    """
    for page in book.pages.values():
        chunks = list(chunks_of(page))
        runs = any(not chunk.shows and not _is_set_up(chunk) for chunk in chunks)
        for chunk in chunks:
            message = f"'{short(chunk.header)}' is a chunk of R Markdown, which nothing runs here"
            if chunk.shows:
                yield _shows(page, chunk, chunks, message)
            elif child := chunk.options.get("child"):
                yield found(
                    chunk.at, f"{message}; write {{include}} for {short(child)}, mended too"
                )
            elif not (chunk.body.strip() or _ELSEWHERE & chunk.options.keys()) and chunk.closed:
                edit = Edit(chunk.at, chunk.text, "")
                yield found(chunk.at, f"{message}; delete it: it is empty", edit)
            elif _is_set_up(chunk):
                advice = "delete it: it only sets up others"
                edits = () if runs or not chunk.closed else (Edit(chunk.at, chunk.text, ""),)
                if _DOES.search(_SETS_UP.sub("", chunk.body)):
                    advice, edits = "move what it computes into the program of the results", ()
                yield found(chunk.at, f"{message}; {advice}", *edits)
            else:
                yield found(chunk.at, f"{message}; {_as_program(chunk)}, or write {{code-cell}}")
        yield from _theorems(book, page)
        yield from _inline_code(page, bool(chunks))
        yield from _headings(page)
        yield from _kept_alone(page, chunks)


#: Options that name code which stands elsewhere.
_ELSEWHERE = {"code", "file", "ref.label"}
#: What a chunk calls that only sets up others, and comments.
_SETS_UP = re.compile(
    r"#[^\n]*|(?:knitr::)?opts_chunk\$set|\b(?:library|require|options|set\.seed|suppress\w+)(?=\()"
)
#: That a chunk reads or computes.
_DOES = re.compile(r"\b(?:read|load|source)[\w.]*\(|<-")


def _as_program(chunk: Chunk) -> str:
    """Return how to show what a chunk computes."""
    called = anchor(chunk.label) if chunk.label else "…"
    if _TABLE.search(chunk.body):
        shown = f"{{stored-table}} results/{called}.csv with ':label: tab-{called}'"
    elif _caption(chunk):
        shown = f"{{stored-figure}} results/{called}.svg with ':label: fig-{called}'"
    else:
        return "show a stored result with {stored-table} or {stored-figure}"
    return f"let a program in code/ store what it makes, and show it: {shown}"


_TABLE = re.compile(r"\b(?:kable|datatable|gt|flextable|xtable|tbl_\w+|stargazer|pander)\(")
_THEOREM = re.compile(rf"\{{({THEOREMS}|block2?)[ ,]+([^{{}}]*)\}}")


def _theorems(book: Book, page: Page) -> Iterator[Finding]:
    """Yield the theorems and boxes that bookdown writes as chunks."""
    for element in page.of("code", "directive"):
        at = Location(element.at.path, element.at.line, 1, element.at.cell)
        first = page.line(at)
        match = _THEOREM.fullmatch(first.lstrip("`").strip()) if "{" in first else None
        if match and not element.inside and first.startswith("```"):
            fence = first[: len(first) - len(first.lstrip("`"))]
            label = _LABEL.match(match[2]) or _NAMED_LABEL.search(match[2])
            new, advice = theorem(book, match[1], label[1] if label else "", match[2])
            message = f"'{short(match[0])}' is bookdown's and printed as code; {advice}"
            yield found(at, message, Edit(at, first, fence + new))


_NAMED_LABEL = re.compile(r"(?<![\w.])label\s*=\s*[\"']?([\w:.-]*\w)")
_LABEL = re.compile(r"(?:label\s*=\s*)?[\"']?([\w:.-]*\w)[\"']?\s*(?:,|$)")


def _is_set_up(chunk: Chunk) -> bool:
    return chunk.options.get("include") in ("FALSE", "F", "false", "False")


#: A caption that R computes.
_COMPUTED = re.compile(r"fig\.(?:cap|alt)\s*=\s*(?![\s\"'(])")


def _shows(page: Page, chunk: Chunk, chunks: list[Chunk], message: str) -> Finding:
    """Return the finding for a chunk that shows files."""
    name = anchor(f"fig-{chunk.label}") if chunk.label else ""
    directive = f"{{figure}} {chunk.shows[0]}" if len(chunk.shows) == 1 else "{subfigures}"
    message = f"{message}; write {directive}" + f" with ':name: {name}'" * bool(name)
    caption = _caption(chunk)
    if _COMPUTED.search(chunk.header):
        return found(chunk.at, f"{message} and the text of its caption, which R computes")
    if kept := _KEPT.fullmatch(caption):
        return found(chunk.at, message, *_kept_edits(page, kept[1], chunks))
    return found(chunk.at, message, *_figure(chunk, caption))


def _caption(chunk: Chunk) -> str:
    return chunk.options.get("fig.cap", chunk.options.get("fig-cap", "")).strip()


def _figure(chunk: Chunk, caption: str) -> tuple[Edit, ...]:
    """Return the edit that writes a chunk as a figure."""
    name = anchor(f"fig-{chunk.label}") if chunk.label else ""
    if not chunk.closed or "\n\n" in caption or (len(chunk.shows) > 1 and not caption):
        return ()
    margin = chunk.text[: len(chunk.text) - len(chunk.text.lstrip(" "))]
    return (Edit(chunk.at, chunk.text, indent(figure_of(chunk, caption, name), margin)),)


#: A caption kept elsewhere: its name, and its text up to the next empty line.
_DEFINED = re.compile(
    r"^\(re[fs]:([\w./+-]+)\)[ \t]*([^\n]*(?:\n(?!\n|```)[^\n]+)*)\n?", re.MULTILINE
)


def _kept_edits(page: Page, name: str, chunks: list[Chunk]) -> tuple[Edit, ...]:
    """Return the edits that bring a caption kept elsewhere to all its places, and delete it there.

    None where it is kept twice, or where one of its places cannot be mended.
    """
    texts = [(here, m) for here in page.positions.values() for m in _DEFINED.finditer(here.text)]
    same = [(here, match) for here, match in texts if match[1].lower() == name.lower()]
    if len(same) != 1:
        return ()
    here, match = same[0]
    edits = [Edit(here.location(match.start()), match[0], "")]
    for chunk in chunks:
        kept = _KEPT.fullmatch(_caption(chunk))
        if kept and kept[1].lower() == name.lower():
            figure = _figure(chunk, match[2].strip()) if chunk.shows else ()
            if not figure:
                return ()
            edits += figure
    for use in _KEPT.finditer(here.text):
        at = here.location(use.start())
        inside = match.start() <= use.start() < match.end()
        shown = any(0 <= at.line - one.at.line <= one.text.count("\n") for one in chunks)
        if use[1].lower() == name.lower() and not inside and not shown:
            edits.append(Edit(at, use[0], match[2].strip()))
    return tuple(edits) if len(edits) > 1 else ()


def _kept_alone(page: Page, chunks: list[Chunk]) -> Iterator[Finding]:
    """Yield the captions kept elsewhere that text uses, as other than the caption of a chunk."""
    text = page.prose.text
    captions = {_caption(chunk) for chunk in chunks}
    for match in _KEPT.finditer(text) if "(re" in text else ():
        at = page.prose.at(match.start())
        begins = page.line(at).startswith(match[0]) and at.column == 1
        advice = "write the text itself, in the figure's caption"
        if begins and match[0] not in captions:
            advice = "nothing shows it; write it where it belongs, or delete it"
            if text.count(match[0]) > 1:
                advice = "write the text after one in place of the other"
        edits = _kept_edits(page, match[1], chunks)
        if begins and edits:
            continue  # mended where it is used
        message = f"'{match[0]}' is a caption as bookdown keeps it, and printed as it is"
        if text.endswith("@", 0, match.start()):
            message, name = f"'@{match[0]}' is not a reference", match[1]
            advice = f"write {{numref}}`{name}`, or {{eq}}`{name}` for an equation"
        yield found(at, f"{message}; {advice}", *edits)


#: Not commands of a shell: `python -m pip`, `python code/train.py`.
_RUNS = re.compile(
    r"(?:r|python(?!\s+(?:-|\S+\.py\b)))\s+(?:if\s*(?=\()|(?=\S*[(\[$:<+*/._-])\S).*"
    r"|\{(?:r|python|julia)\}\s+\S.*",  # Quarto's
    re.DOTALL,
)


#: A value that a chunk of the page has computed, or other code of a line.
_VALUE = re.compile(r"r [\w.]+")


def _inline_code(page: Page, has_chunks: bool) -> Iterator[Finding]:
    some = [item for item in page.of("code") if item.block and item.text[:1] in ("r", "p", "{")]
    runs = [item for item in some if _RUNS.fullmatch(item.text)]
    for element in some if runs or has_chunks else ():
        if element in runs or _VALUE.fullmatch(element.text):
            tool = "Quarto" if element.text[0] == "{" else "R Markdown"
            message = f"'`{short(element.text)}`' is code of {tool} and printed as it is"
            advice = "write its value, or {stored}`file#row,column` for a stored one"
            if "cite(" in element.text:
                advice = "write the citation, {cite:p}`key`"
            if "is_latex_output" in element.text or "is_html_output" in element.text:
                advice = "delete it, or write for all outputs what it prints in one of them"
            at, edits = element.at.right(-1), tuple[Edit, ...]()
            if "# References" in element.text:
                advice = "delete it: each page lists what it cites by itself"
                whole = f"`{element.text}`"
                edits = (Edit(at, whole, ""),) if page.has_text(at, whole) else ()
            yield found(at, f"{message}; {advice}", *edits)


#: A heading that knitr writes into one of the outputs, on lines of its own.
_HEADING = re.compile(r"^`r if \(!?knitr:{2,3}is_\w+\(\)\) '\n(#+ [^'`\n]+)\n'`$\n?", re.MULTILINE)


def _headings(page: Page) -> Iterator[Finding]:
    for positions in page.positions.values():
        for match in _HEADING.finditer(positions.text) if "`r if" in positions.text else ():
            at, of_works = positions.location(match.start()), match[1].startswith("# References")
            advice = "delete it: each page lists what it cites by itself"
            advice = advice if of_works else "write the heading alone, without code"
            message = "'`r if …`' is code of R Markdown and printed as it is"
            yield found(
                at, f"{message}; {advice}", Edit(at, match[0], "" if of_works else match[1])
            )
