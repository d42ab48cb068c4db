"""Rules on what LaTeX and bookdown would understand, and Markdown prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.finding import Edit, Finding, Location
from sphinx_mmbook.core.references.heading_names import heading_name
from sphinx_mmbook.core.references.labels import anchor
from sphinx_mmbook.core.references.numbered_objects import labels_in_captions
from sphinx_mmbook.core.rules.pages.formulas import in_list, lines_of_formulas
from sphinx_mmbook.core.rules.registry import found, rule
from sphinx_mmbook.core.rules.syntax.divisions import in_label, pictures
from sphinx_mmbook.core.rules.syntax.other_markup import latex_code, latex_line_ends, latex_quotes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.pages.page import Page

_NUMBERS, _WITH_WORD = ("ref", "eqref"), ("autoref", "cref", "Cref")
_REFERENCES = (*_NUMBERS, *_WITH_WORD, "pageref", "nameref", "vref")
_COMMANDS = frozenset(
    {
        "textbf", "textit", "emph", "underline", "footnote", "begin", "end", "section",
        "subsection", "subsubsection", "chapter", "paragraph", "includegraphics", "label",
        "caption", "item", "url", "href", "LaTeX", "TeX", "texttt", "textsc", "textsuperscript",
        "textsubscript", "textcolor", "mathbb", "mathbf", "mathcal", "mathrm", "alpha", "beta",
        "gamma", "delta", "epsilon", "varepsilon", "theta", "lambda", "mu", "sigma", "phi", "psi",
        "omega", "pi", "rho", "tau", "times", "rightarrow", "leftarrow", "Rightarrow", "frac",
        "sum", "prod", "infty", "pm", "approx", "leq", "geq", "neq", "ldots", "dots", "cdot",
        "sqrt", "log", "exp", "quad", "qquad", "input", "include", "usepackage", "nabla", "partial",
        "ell", "hat", "bar", "tilde", "boldsymbol", "operatorname", "text", "degree", "sim", "eta",
        "kappa", "chi", "zeta", "xi", "nu", "varphi", "Delta", "Sigma", "Omega", "Theta", "Phi",
        "Gamma", "Lambda", "in", "to", "subset", "cup", "cap", "forall", "exists", "le", "ge", "ne",
        "cdots", "circ", "equiv",
    }
)  # fmt: skip
#: Each output decides where floats stand on a page.
_LAYOUT = frozenset(
    {
        "newpage", "pagebreak", "clearpage", "cleardoublepage", "newline", "linebreak", "noindent",
        "vspace", "hspace", "vfill", "hfill", "smallskip", "medskip", "bigskip", "centering",
        "center", "flushleft", "flushright", "raggedright", "appendix", "frontmatter", "mainmatter",
        "backmatter", "tableofcontents", "hline", "footnotesize", "begingroup", "endgroup", "tiny",
        "bigbreak", "medbreak", "FloatBarrier", "minitoc", "index", "listoftables", "listoffigures",
        "maketitle", "scriptsize", "small", "normalsize", "setstretch", "singlespacing",
        "onehalfspacing", "doublespacing", "setlength", "setcounter", "addtocounter",
        "thispagestyle", "pagestyle", "pagenumbering", "markboth", "addcontentsline", "parindent",
        "parskip", "par", "indent", "large", "Large", "huge", "Huge", "bfseries", "itshape",
        "phantomsection", "lstset", "chaptermark", "sectionmark",
    }
)  # fmt: skip
#: What stands around a text in Markdown, and before a heading.
_MARKS = {"textbf": "**", "textit": "*", "emph": "*", "texttt": "`"}
_LEVELS = {"chapter": "#", "section": "##", "subsection": "###", "subsubsection": "####"}
_REPAIRS = {
    "begin": "write an empty line before it, or Markdown",
    "item": "write '- ' before each item of a list, or '1. '",
    "todo": "delete the note, or write it as a comment: % …",
    **dict.fromkeys(("footnote", "marginnote"), "write [^new], a new name, and [^new]: the text"),
    "underline": "write its text alone",
    **dict.fromkeys(("bf", "it", "em", "tt"), "write **…**, *…* or `…`, without braces"),
    "text": "write its text alone, or set formulas in $…$",
    **dict.fromkeys(("si", "SI", "unit", "qty", "num"), "write it as it is read, such as 5 kg"),
    "textdegree": "write °",
    **dict.fromkeys(
        ("textwidth", "linewidth", "columnwidth"), 'write a width in percent: {width="80%"}'
    ),
    "hyperlink": "write [text](#label)",
    "end": "delete it, and its begin",
    "url": "write <https://…>",
    "href": "write [text](address)",
    "label": "write ':name: …' below the figure's file, or '(…)=' above the heading",
    **dict.fromkeys(("newline", "linebreak"), "write a backslash there, or an empty line"),
    **dict.fromkeys(_REFERENCES, "write {numref}`label`"),
    "eqref": "write {eq}`label`",
    **{name: f"write {mark}…{mark}" for name, mark in _MARKS.items()},
    **{name: f"write '{signs} …' on a line of its own" for name, signs in _LEVELS.items()},
    **dict.fromkeys(
        ("gls", "glspl", "Gls", "Glspl", "glsfirst", "acrshort", "acrlong", "acrfull"),
        "write the word itself, or {term}`…` with a {glossary}",
    ),
    **dict.fromkeys(
        ("printbibliography", "bibliography", "bibliographystyle"),
        "delete it: a chapter lists what it cites by itself",
    ),
}
#: Environments that hold text, so that an empty line before them makes no formula of them.
_TEXTS = re.compile(
    r"(itemize|enumerate|description|quote|quotation|center|small|footnotesize|flushleft|minipage"
    r"|landscape|spacing|table|tabular|longtable|verbatim|lstlisting|minted)\*?\}"
)
_OF_TEXTS = {
    "itemize": "write '- ' before each of its items, and delete the rest",
    "enumerate": "write '1. ' before each of its items, and delete the rest",
    **dict.fromkeys(("quote", "quotation"), "write '> ' before each of its lines"),
    **dict.fromkeys(("table", "tabular", "longtable"), "write a table of Markdown, | a | b |"),
    **dict.fromkeys(("verbatim", "lstlisting", "minted"), "write ``` above and below the code"),
}
_COMMAND = re.compile(
    r"(?<![\\:/])(?:(?<!\w\w)|(?<=\d\d)|(?=\\(?:footnote|index)\{))"
    r"\\(?!\w*cite)([a-zA-Z]{2,})(?![a-zA-Z])(\*?[\[{])?"
)
_FIGURE = re.compile(r"\\(?:begin|end)\{(?:wrap|sidewaysfigure|figure|SCfigure)")


@rule("warning")
def latex_in_text(book: Book) -> Iterator[Finding]:
    r"""A LaTeX command is in running text.

    Bad: ``\textbf{loss}``, ``Figure \ref{fig-loss}``, ``a \times b`` outside of a formula,
    ``\newpage``

    Good: ``**loss**``, `` {numref}`fig-loss` ``, ``$a \times b$``

    Why: it is printed as it was typed, in the PDF as well.
    """
    captioned = labels_in_captions(book.numbered_objects)
    for page in book.pages.values():
        code = [*latex_code(page)] if "\\begin{" in page.prose.text else []
        fenced = {edit.at for item in code for edit in item.fix}
        yield from code
        if "\\" in page.prose.text:
            yield from _commands(book, page, captioned, fenced)
        yield from latex_line_ends(page)
        yield from latex_quotes(page)


def _commands(
    book: Book, page: Page, captioned: dict[str, str], fenced: set[Location]
) -> Iterator[Finding]:
    """Yield the commands of a page, but for those of blocks of code that are told."""
    prose, told, formulas = page.prose, set[tuple[int, str]](), lines_of_formulas(page)
    for match in _COMMAND.finditer(prose.text):
        name, block = match[1], prose.element(match.start()).block
        at = prose.at(match.start())
        begun = (block, "begin") in told and name != "footnote"
        if block in page.broken or at in fenced or begun:
            continue  # the formula is broken: dollar-unbalanced says so
        alone = page.line(at).strip() == match[0]
        if (edits := _rewritten(book, page, at, match, captioned)) and at.row not in formulas:
            message = f"'{edits[0].old}' is printed as it is"
            if name in _REFERENCES and (label := _lost(book, edits[0])):
                advice = f"give what is meant the label '{label}', and write {edits[0].new}"
                yield found(at, f"{message}, and nothing has its label; {advice}")
            else:
                yield found(at, f"{message}; write {edits[0].new}", *edits)
        elif name in _REPAIRS or name in _LAYOUT or name in _COMMANDS or match[2] or alone:
            of_environment = name in ("begin", "end")
            repair = _of_begin(page, at, match) if of_environment else _repair(name, alone)
            if name == "label" and prose.element(match.start()).inside:
                argument = _ARGUMENT.match(prose.text, match.end(1))
                repair = "write ':name: …' above the caption in place of it"
                if argument and (own := captioned.get(argument[1])):
                    repair = f"delete it: the label is '{own}'"
            message = f"'\\{name}' is printed as it is; {repair}"
            kind = (block, name if name == "begin" or name in _LAYOUT else repair)
            broken = at.row in formulas or re.match(r"```|\s*\|.*\$", page.line(at))
            if not broken and kind not in told:  # else another rule says so
                told.add(kind)
                yield found(at, message, *(_set_off(page, at) if name == "begin" else ()))


def _of_begin(page: Page, at: Location, match: re.Match[str]) -> str:
    """Say what to write for the ``\\begin`` of an environment."""
    if _FIGURE.match(match.string, match.start()):
        return "write {figure}"
    if other := _TEXTS.match(match.string, match.end()):
        return _OF_TEXTS.get(other[1], "delete it, and its begin or end")
    if match[1] == "begin" and not page.line(at._replace(line=at.line - 1)).strip():
        return "delete it, and its end; write its text as Markdown"
    return _repair(match[1])


#: What stands in the braces of a command, if it is plain text.
_ARGUMENT = re.compile(r"\*?\{([^{}\\$`*\n]{1,200})\}")


def _rewritten(
    book: Book, page: Page, at: Location, match: re.Match[str], captioned: dict[str, str]
) -> tuple[Edit, ...]:
    """Return the edit that writes a command in Markdown, where that is sure."""
    name, argument = match[1], _ARGUMENT.match(match.string, match.end(1))
    old = f"\\{name}{argument[0]}" if argument else ""
    if not argument or not page.has_text(at, old):
        return ()
    text = argument[1].strip()
    if name in ("textsuperscript", "textsubscript"):
        return (Edit(at, old, f"{{{name[4:7]}}}`{text}`"),)
    if mark := _MARKS.get(name):
        return (Edit(at, old, f"{mark}{text}{mark}"),)
    if name in _LEVELS and page.line(at).strip() == old and at.column == 1:
        return (Edit(at, old, f"{_LEVELS[name]} {text}"),)
    if name in (*_NUMBERS, *_WITH_WORD) and "," not in text:
        text = captioned.get(text, text)  # a figure's own label, rather than that in its caption
        label = text
        if text not in book.kept_labels:
            of_formula = f"eq:{re.sub('^eq[:-]', '', text)}"
            label = of_formula if name == "eqref" else re.sub("^(fig|tab)-", r"\1:", text)
        before = match.string[max(match.start() - 12, 0) : match.start()]
        edits = _reference_edits(book, page, at, old, label, before=before)
        if name in _NUMBERS:
            return edits
        # These print the word, as {numref} does.
        return tuple(one._replace(new=re.sub("`%s <(.*)>`", r"`\1`", one.new)) for one in edits)
    return ()


_ENVIRONMENT = re.compile(
    r"\\begin\{((?:equation|align|gather|multline|eqnarray|alignat|flalign)\*?)\}.*?\\end\{\1\}"
    r"[ \t]*(?:\n|$)",
    re.DOTALL,
)


def _set_off(page: Page, at: Location) -> tuple[Edit, ...]:
    """Return the edit that makes a formula of an environment right below a line of text."""
    positions = page.positions_at(at)
    match = _ENVIRONMENT.match(positions.text, positions.offset(at))
    plain = match and "\n\n" not in match[0] and at.column == 1 and not in_list(positions, at)
    return (Edit(at, "\\begin", "\n\\begin"),) if plain else ()


def _repair(name: str, alone: bool = False) -> str:
    usual = "write Markdown, or set formulas in $…$"
    is_layout = name in _LAYOUT or (alone and name not in _COMMANDS)
    return _REPAIRS.get(name, "delete it" if is_layout else usual)


#: A reference, a label in a caption.
_BOOKDOWN = re.compile(r"@ref\(([^()\s]+)\)|\(#((?:fig|tab|eq):[\w-]+)\)")
#: One that has a brace for a parenthesis.
_MISTYPED = re.compile(r"@ref(?:\{(?=[^(){}\s]+[)}])|\((?=[^(){}\s]+\}))([^(){}\s]+)[)}]")
#: What a label may begin with; what stands before a reference that lacks its word.
_BEGINS = ("fig-", "tab-", "sec-", "eq-")
_NO_WORD = re.compile(
    r"(?:\A|\n\n|(?<!\w)(?<!\} )(?:in|by|see|of|from|at|with|on|is|also|as|cf\.)[ \n~]\(?)\Z"
)
#: A reference of Quarto; what stands in brackets may be several.
_QUARTO = re.compile(r"(?<![\w@\[-])@((?:fig|tbl|sec|eq|lst|thm)-[\w-]*\w)")
_BRACKETS = re.compile(r"\[-?@((?:fig|tbl|sec|eq|lst|thm)-[\w-]*\w)\]")
#: Words that {numref} prints itself, at the end of the text before a reference.
_WORD = re.compile(r"(?:Figure|Fig\.?|Table|Tab\.?|Abbildung|Abb\.|Tabelle)[ \u00a0~]$")


@rule("error")
def reference_syntax(book: Book) -> Iterator[Finding]:
    r"""A reference or label in the syntax of bookdown or Quarto.

    Bad: ``Figure \@ref(fig:loss)``, ``(\#tab:loss)``, ``@fig-loss``, ``(\#eq:loss)`` in a formula,
    ``[Loss functions]`` where a heading is called so

    Good: `` {numref}`fig-loss` ``; ``:name: tab-loss``; ``\label{eq-loss}`` in the formula

    Why: it is printed as it was typed.
    """
    for page in book.pages.values():
        prose = page.prose
        kinds = ((_BOOKDOWN, "bookdown's syntax"), (_MISTYPED, "a mistyped reference of bookdown"))
        some = "@ref" in prose.text or "(#" in prose.text
        matches = [(m, what) for one, what in kinds if some for m in one.finditer(prose.text)]
        for match, what in matches:
            at = prose.at(match.start())
            message = f"'{match[0]}' is {what} and printed as it is"
            before = prose.text[max(match.start() - 12, 0) : match.start()]
            written = f"\\{match[0]}"
            edits = _reference_edits(book, page, at, written, match[1], before=before)
            advice = f"write {edits[0].new}" if edits else _in_myst(book, *match.groups())
            yield found(at, f"{message}; {advice}", *edits)
        yield from _quarto(book, page)
        yield from _heading_links(book, page)
        yield from _equation_labels(page)
        yield from pictures(page)


#: Kinds of labels -> what bookdown puts before them.
_KINDS = {"equation": "eq", "figure": "fig", "table": "tab"}
#: What bookdown puts before the labels of theorems and their like.
_THEOREMS = frozenset({"thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr", "hyp"})


def _reference_edits(
    book: Book, page: Page, at: Location, written: str, label: str | None, *, before: str
) -> tuple[Edit, ...]:
    """Return the edit that makes a reference of bookdown or LaTeX ours; it prints the same."""
    if not label or not page.has_text(at, written):
        return ()
    name = label if label in book.kept_labels else in_label(label)
    some = [kind + name for kind in _BEGINS if kind + name in book.kept_labels]
    name = some[0] if len(some) == 1 and name not in book.kept_labels else name
    own = book.kept_labels.get(name, "")
    kind = _KINDS.get(own) or label.partition(":")[0]
    if kind in _THEOREMS:
        return ()
    if kind == "eq":
        return (Edit(at, written, f"{{eq}}`{name}`"),)
    word = _WORD.search(before)
    start = at.right(-len(word[0])) if word else at
    same = word and kind in ("fig", "tab") and (kind == "fig") == (word[0][0] in "FA")
    if word and same and page.has_text(start, full := word[0] + written):
        return (Edit(start, full, f"{{numref}}`{name}`"),)
    alone = _NO_WORD.search(before)
    return (Edit(at, written, f"{{numref}}`{name}`" if alone else f"{{numref}}`%s <{name}>`"),)


def _lost(book: Book, edit: Edit) -> str:
    """Return the label of a reference of LaTeX if nothing has it, nor will by another repair."""
    label = re.split("[{}]", edit.old)[-2].strip()
    core = re.sub("^(?:fig|tab|tbl|sec|eq)[:-]", "", label)
    if not book.anchors.isdisjoint(in_label(kind + core) for kind in ("", *_BEGINS)):
        return ""
    return "" if core in book.labels_to_be else re.split("[`<>]", edit.new.rstrip("`>"))[-1]


def _quarto(book: Book, page: Page) -> Iterator[Finding]:
    """Yield the references of Quarto on a page."""
    text = page.prose.text
    matches = [m for p in (_QUARTO, _BRACKETS) for m in p.finditer(text)] if "@" in text else []
    for match in sorted(matches, key=re.Match.start):
        at = page.prose.at(match.start())
        if page.prose.element(match.start()).name or not page.has_text(at, match[0]):
            continue
        if match[1] in book.library.entries:
            continue  # a citation
        role = "eq" if match[1].startswith("eq-") else "numref"
        new = f"{{{role}}}`{match[1]}`"
        message = f"'{match[0]}' is Quarto's syntax and printed as it is; write {new}"
        yield found(at, message, Edit(at, match[0], new))


#: Words in brackets alone; a heading of that name makes them a link for pandoc.
_NAME = re.compile(r"(?<![\w\]\\!\[^])\[(?![a-z-]+])([A-Za-z]\w*[\s-][\w\s,&-]{,70}\w)](?![(\[:{])")


def _heading_links(book: Book, page: Page) -> Iterator[Finding]:
    """Yield what pandoc takes for links to headings: their text in brackets."""
    text = page.prose.text
    for match in _NAME.finditer(text) if "[" in text else ():
        heading = book.headings.get(anchor(heading_name(match[1])))
        at = page.prose.at(match.start())
        positions = page.positions_at(at)
        written = heading and positions.text.startswith(match[0], positions.offset(at))
        if heading and written and not page.prose.element(match.start()).name:
            name = " ".join(match[1].split())
            new = f"{{ref}}`{name} <{heading.label}>`"
            message = f"'[{name}]' is pandoc's link to a heading and printed in brackets"
            yield found(at, f"{message}; write {new}", *heading.edits, Edit(at, match[0], new))


_EQUATION = re.compile(r"\(\\?#(eq:[\w:.-]*\w)\)")
_QUARTO_EQUATION = re.compile(r"\$\$[ \t]*\{#(eq-[\w-]+)\}[ \t]*$", re.MULTILINE)


def _equation_labels(page: Page) -> Iterator[Finding]:
    """Yield the labels of bookdown and Quarto in displayed formulas, and after them."""
    for positions in page.positions.values():
        if positions.block.is_code or "{#eq-" not in positions.text:
            continue
        for match in _QUARTO_EQUATION.finditer(positions.text):
            at, new = positions.location(match.start()), f"$$ ({in_label(match[1])})"
            begins = match.string[match.start() - 1 : match.start()] in ("", "\n")
            message = f"'{match[0]}' is Quarto's syntax and "
            message += "does not end the formula" if begins else "printed after the formula"
            yield found(at, f"{message}; write '{new}'", Edit(at, match[0], new))
    for element in page.of("math"):
        for match in _EQUATION.finditer(element.body) if "#eq:" in element.body else ():
            positions = page.positions_at(element.at)
            start = positions.text.find(match[0], positions.offset(element.at))
            new = f"\\label{{{in_label(match[1])}}}"
            message = f"'{match[0]}' is bookdown's syntax and printed in the formula; write {new}"
            at = positions.location(start) if start >= 0 else element.at
            yield found(at, message, *((Edit(at, match[0], new),) if start >= 0 else ()))


def bookdown_references(page: Page) -> set[str]:
    """Return the labels, as MyST would have them, to which a page refers in bookdown's syntax."""
    text = page.prose.text
    matches = _BOOKDOWN.finditer(text) if "@ref(" in text else ()
    latex = _LATEX.findall(text) if "ref{" in text else []
    return {in_label(match[1]) for match in matches if match[1]} | {*map(in_label, latex)}


_LATEX = re.compile(r"\\\w{0,4}ref\{([^{}\n]+)\}")


def _in_myst(book: Book, reference: str | None, label: str | None = None) -> str:
    name = in_label(label or reference or "")
    if reference and reference.partition(":")[0] in _THEOREMS:
        if "sphinx_proof" in book.settings.extensions:
            return f"write {{prf:ref}}`{name}`, which prints the word as well"
        return f"write {{ref}}`its name <{name}>`; only the extension sphinx_proof numbers theorems"
    if label and name.startswith("eq-"):
        return f"write '\\label{{{name}}}' into the formula"
    if label:
        return f"write ':name: {name}' below the first line of {{figure}} or {{table}}"
    return f"write {{{'eq' if name.startswith('eq-') else 'numref'}}}`{name}`"
