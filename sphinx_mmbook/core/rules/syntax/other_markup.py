"""The rule on markup of other tools, which is printed as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.finding import Edit
from sphinx_mmbook.core.pages.literal import Literal
from sphinx_mmbook.core.pages.prose import CODES, NOT_TEXT
from sphinx_mmbook.core.rules.registry import found, rule
from sphinx_mmbook.core.rules.syntax.divisions import lines_with, short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding, Location
    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.page import Page

#: Where a paragraph ends.
_END = r"(?=\n\n|\Z)"
_BOX = r"(?:note|abstract|info|tip|success|question|warning|failure|danger|bug|example|quote)\b"
_NO_EMOJI = "(?!(?:alt|class|doc|label|math|name|numref|ref|term|width):)"
_GITHUB = "GitHub's"
_SLIP = "mistyped"
_CHAT, _DELETE = "a chat's", "delete it, and cite the work itself"
#: What is in each form, what finds it (``re`` keeps it compiled), whose it is, what to write.
_FORMS = (
    (".. ", r"\.\. (?<![^\n]\.\. )([a-z][\w:-]*)::(?!\S)", "reStructuredText's",
     "write ':::{{{0}}}'"),
    (f"{NOT_TEXT}_", rf"{NOT_TEXT}_{{1,2}}(?![\w_])", "reStructuredText's",
     "write [text](address)"),
    ("!!!", rf"!!! (?<![^\n]!!! )({_BOX})", "MkDocs'", "write ':::{{note}}' and ':::'"),
    ("???", rf"\?{{3}}(?<![^\n]\?{{3}})\+? ({_BOX})", "MkDocs'", "write ':::{{note}}' and ':::'"),
    ("[!", r"\[!(?<![^\n]\[!)(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\](?=\n|\Z)", _GITHUB,
     "write ':::{{{0}}}' and ':::' around the text, without '>'"),
    ("[!", r"\[!(?<![^\n]\[!)(?![A-Z]+\](?:\n|\Z))[A-Za-z]+\][-+]?(?=[ \n]|\Z)", "Obsidian's",
     "write ':::{{note}}' and ':::' around the text, without '>'"),
    ("[//]", r"\[//\](?<![^\n]\[//\]):", "another tool's", "write '% ' before a comment"),
    ("#######", r"#(?<![^\n]#)#{6,}(?=\n|\Z)", "another tool's", "delete this line"),
    ("![[", r"!\[\[[^\[\]\n]+\]\]", "Obsidian's", "write ![What it shows](figures/name.png)"),
    ("%%", r"%%(?<!\d%%)(?=[^%\n]*[A-Za-z])[^%\n]+%%", "Obsidian's", "delete it"),
    ("^", r"\^(?<=[ \n]\^)[A-Za-z][\w-]+" + _END, "Obsidian's", "write '(label)=' on a line above"),
    ("^^", r"\^\^(?<![\w^]\^\^)(?:(?<=\n\n\^\^)(?=\n\n)|\w[^^\n]{0,80}\^\^(?!\w))", "other tools'",
     "write the text, in a table the cell, itself"),
    ("{%", r"\{%(?<!\{\{%)[^{}\n]*%\}", "a template's", "write what it stands for"),
    ("{{", rf"\{{\{{(?<!\{{\{{\{{) ?[a-z]\w* ?\}}\}}(?![}}{NOT_TEXT}])", "a template's",
     "write the word itself, or add 'substitution' to myst_enable_extensions in conf.py"),
    ("{", r"\{(?:\+\+|--|~~|==|>>)[^{}\n]+(?:\+\+|--|~~|==|<<)\}", "other tools'",
     "write the text that is to stay"),
    ("{", r"\{(?<![^\n]\{)[#.][A-Za-z][\w:.# =\"'%-]*\}(?=\n|\Z)", "pandoc's",
     "write '(label)=' above what has a label; delete a class"),
    ("{|", r"\{\|(?<![^\n]\{\|)", "a wiki's",
     "write '| a | b |', '|---|---|' and a line for each row"),
    ("| ", r"\|(?<=\n\n\|) [^|\n]+(?=\n\|)", "pandoc's",
     "write a backslash at the end of each line but the last, and no bars"),
    ("===", r"===(?<![^\n]===)[!+]? \"[^\"\n]+\"", "MkDocs'", "write a heading, or {{tab-set}}"),
    ("++", r"\+\+(?<![\w+{]\+\+)\w[\w+]*\w\+\+(?![\w+])", "MkDocs'", "write {{kbd}}`Ctrl+C`"),
    (":", rf":(?<=[ (]:){_NO_EMOJI}[a-z][a-z0-9_]+:(?=[\s.,;!?)]|\Z)", "another tool's",
     "write the character itself, or delete it"),
    (":", r":(?<=\n\n:)[A-Z][A-Za-z0-9 -]{0,30}:(?= \S)", "reStructuredText's",
     "write '**Name:** …'"),
    ("[", rf"\[(?<![^\n]\[)\[?_?(?:toc|TOC)_?\]?\]{_END}", "another tool's",
     "delete it: each page has its list of sections beside it"),
    ("==", r"==(?<![=\w]==)(?=[^\s=])[^=\n]{1,80}(?<=\S)==(?![=\w])", "other tools'",
     "write **…** for marked text"),
    ("[[", r"\[\[(?<![\w\]]\[\[)(?!_?(?:toc|TOC))[A-Za-z][\w -]*(?:\|[\w -]+)?\]\](?![(\]])",
     "a wiki's", "write [text](page.md)"),
    ("{:", r"\{: ?(?:[.#][A-Za-z]|\w+=)[^{}\n]*\}", "kramdown's",
     "write {{.name}} without the colon, or delete it"),
    ("@", r"@(?<![\w@\\]@)(?:fig|tbl|tab|eq|sec|lst):[\w-]+", "pandoc-crossref's",
     "write {{numref}}`…`, or {{eq}}`…` for an equation"),
    (" =", r"!\[[^\[\]\n]*\]\([^\s()]+ =\d*(?:x\d*|%)\)", "another tool's",
     "write ![…](…){{width=\"300px\"}}"),
    ("@", r"@(?<![\w@\\]@)(?:article|in\w+|book|misc|online|\w+thesis|techreport)\{[^\s,{}]+,",
     "BibTeX's", "move the entry to the chapter's .bib file"),
    ("【", r"【\d+[^【】\n]*†[^【】\n]*】", _CHAT, _DELETE),
    ("{", r"(?:[:：]{3,}|[‘’'´]{3}) ?\{[a-z][a-z-]*\}", _SLIP,
     "write ':::' before '{{' at the start of a line, and ':::' below the text"),
    ("``", r"\{(?<!\\\{)[a-z][a-z:]*\}``(?!`)", _SLIP, "write what it stands for between them"),
    ("]", r"\[(?<![^\n]\[)(?: ?[xX]?|[xX] | {2})\](?![(\[:])(?= ?\w)", _SLIP,
     "begin a task with '- [ ] ' or '- [x] '"),
    (": ", r": (?<=[^\n]\n: )\S[^\n]*", _SLIP,
     "write the term in one line, with an empty line before it"),
    ("&", r"&(?<![\w\\]&)[A-Za-z]\w+;", "HTML's", "write the character itself"),
    ("@start", r"@start(?:uml|mindmap|gantt)\b", "PlantUML's", "show the drawing with {{figure}}"),
    ("(@)", r"\(@\)(?<![^\n]\(@\))", "pandoc's", "write '1. '"),
    (":cont", r":contentReference(?![\w-])", _CHAT, _DELETE),
    ("citeturn", r"(?:file)?cite(?:turn\d+(?:search|view|file|news)\d+)+", _CHAT, _DELETE),
)  # fmt: skip
#: A shortcode of Quarto or Hugo, and what to write for those that are usual.
_SHORTCODE = re.compile(r"\{\{([<%])[ \t]*(/?)([\w-]++)[^{}\n]*[>%]\}\}")
_INSTEAD = {
    **dict.fromkeys(("pagebreak", "newpage"), "delete it: the PDF breaks its pages by itself"),
    "include": "write ':::{include} name.md' and ':::'",
    "embed": "write {figure} with the image that the notebook makes, or {include}",
    **dict.fromkeys(("video", "youtube", "vimeo"), "write {ask-first} and the address"),
    **dict.fromkeys(("figure", "img", "image"), "write {figure} with the file, and its caption"),
    **dict.fromkeys(("ref", "relref"), "write the link itself, [text](page.md)"),
    **dict.fromkeys(("meta", "var", "env"), "write the text itself"),
    **dict.fromkeys(("fa", "bi", "icon", "iconify"), "delete it, or write a word"),
    "kbd": "write {kbd}`Ctrl+C`", "highlight": "write a block of code, with '```'",
    **dict.fromkeys(("note", "tip", "warning"), "write ':::{note}' and ':::' around the text"),
    "lipsum": "write the text, or delete it",
}  # fmt: skip
#: Words after the language of a block of code that name it, or pandoc's form of the language.
_NAMED = re.compile(
    r"(?<![`~])[`~]{3,}+ *+(?:\{\.([\w+-]+)[^{}]*\}"
    r"|([\w+-]+)[ ,].*\b(?:title|filename|caption|label|name)=)"
)
_WORD = re.compile(r"[^\W\d_]")
#: A link of reStructuredText, between its backticks.
_LINK = re.compile(r"[^<>]* <[^<>\s]+>")


def _is_whole(element: Element) -> bool:
    """Whether a block of code is a page, as chats wrap one that is to be copied."""
    is_markdown = element.kind == "code" and element.name.lower() in ("markdown", "md", "myst")
    return is_markdown and element.body.lstrip()[:2] in ("# ", "##", "--")


@rule("error")
def markup_foreign(book: Book) -> Iterator[Finding]:
    """Markup of another tool, which is printed as it stands.

    Bad: ``.. note::``, ``!!! note``, ``> [!NOTE]``, ``{{< include a.md >}}``, ``[TOC]``, a page
    that is all in ```` ```markdown ````

    Good: ``:::{note}``, ``{include} a.md``, `` {numref}`fig-loss` ``

    Why: the page shows the characters, and has no box, file or number.
    """
    understood = {_GITHUB} if "alert" in book.settings.syntax else set()
    for page in book.pages.values():
        text = "" if page.source.restructured else page.prose.text
        first, last = (*page.elements[:1], *page.elements[-1:], None, None)[:2]
        if first and last and _is_whole(first) and (last is first or last.kind == "open"):
            message = f"the page is all in a block of code, '{first.name}'"
            yield found(first.at, f"{message}; delete its first and its last line")
        for element in page.of("code"):
            if head := _NAMED.search(page.line(element.at)):
                language = head[1] or head[2]
                message = f"what follows '{language}' is shown nowhere; write"
                advice = f"'{{code-block}} {language}', with ':caption: …' for a title"
                yield found(element.at, f"{message} {advice}")
        yield from _shortcodes(page) if not page.source.restructured else ()
        tokens = page.prose.marked + page.prose.vocabulary if text else ""
        for sign, pattern, whose, advice in _FORMS:
            for match in re.finditer(pattern, text) if sign in tokens else ():
                at, written = page.prose.at(match.start()), match[0]
                if written[0] == NOT_TEXT:
                    code = page.prose.element(match.start())
                    if code.kind != "code" or not _LINK.fullmatch(code.text):
                        continue
                    at, written = at.right(-1), f"`{code.text}`{written[1:]}"
                begins = whose == _SLIP and match.start() and text[match.start() - 1] == "\n"
                if begins and _WORD.search(page.line(at)[: at.column - 1]):
                    continue  # what stands before it in its line is not text
                if page.has_text(at, written) and whose not in understood:
                    message = f"'{short(written)}' is {whose} markup and printed as it stands"
                    named = match[1].lower() if match.re.groups else ""
                    yield found(at, f"{message}; {advice.format(named)}")


def _shortcodes(page: Page) -> Iterator[Finding]:
    """Yield the shortcodes: text, or in part a tag of HTML, which is not shown."""
    lines = [*lines_with(page, "{{<"), *lines_with(page, "{{%")]
    literal = Literal(page) if lines else None
    for line, at in lines:
        for match in _SHORTCODE.finditer(line):
            spot = at.right(match.start())
            if literal and not literal.covers(spot):
                whose = "Quarto's" if match[1] == "<" else "Hugo's"
                advice = _INSTEAD.get(match[3].lower(), "write what it stands for, or delete it")
                advice = f"it ends '{match[3]}'; delete it" if match[2] else advice
                message = f"'{short(match[0])}' is {whose} markup and printed as it stands"
                yield found(spot, f"{message}; {advice}")


#: Quotes as LaTeX has them; what Markdown takes for code is no longer text.
_QUOTES = re.compile(r"(?<!`)``(?![`\s])(?:[^`'\n]|\n(?!\n)|'(?!'))*(?<!\s)''")


def latex_quotes(page: Page) -> Iterator[Finding]:
    """Yield the quotes of LaTeX on a page."""
    prose = page.prose
    for match in _QUOTES.finditer(prose.text) if "``" in prose.text else ():
        if prose.element(match.start()).block in page.broken:
            continue
        begin, end = prose.at(match.start()), prose.at(match.end() - 2)
        edits = (Edit(begin, "``", '"'), Edit(end, "''", '"'))
        sure = all(page.has_text(edit.at, edit.old) for edit in edits)
        message = "the quotes ``…'' of LaTeX are printed as they are; write \"…\""
        yield found(begin, message, *(edits if sure else ()))


#: An environment of code, its options, and its language if it is minted.
_CODE = re.compile(rf"\\begin\{{({'|'.join(CODES)})\}}(\[[^\]\n]*\])?(?:\{{(\w+)\}})?[ \t]*\n")


def latex_code(page: Page) -> Iterator[Finding]:
    """Yield the environments of LaTeX for code that a fence can stand for."""
    for match in re.finditer(r"\\begin\{", page.prose.text):
        at = page.prose.at(match.start())
        if fence := _fence(page, at):
            message = f"'\\begin' is printed as it is; write {fence[0].new} above the code"
            yield found(at, f"{message}, and ``` below it", *fence)


def _fence(page: Page, at: Location) -> tuple[Edit, ...]:
    """Return the edits that make a block of code of an environment of LaTeX for it."""
    positions = page.positions_at(at)
    match = _CODE.match(positions.text, positions.offset(at))
    if not match or at.column > 1:
        return ()
    last = f"\\end{{{match[1]}}}"
    end = positions.text.find(f"\n{last}\n", match.end() - 1) + 1
    named = re.search(r"language=\{?(\w+)", match[2] or "")
    language = match[3] or (named[1].lower() if named else "")
    code = positions.text[match.end() : end]
    if not end or "```" in code or "caption" in (match[2] or ""):
        return ()
    first = Edit(at, match[0].rstrip(), f"```{language}")
    return first, Edit(positions.location(end), last, "```")


#: The end of a line as LaTeX has it, also at the beginning of the next one.
_BREAK = re.compile(r"\\{1,2}(?=\n|\Z)|\\{1,2}(?<![^\n\\]\\)(?<![^\n\\]\\\\)(?=[A-Z])")


def latex_line_ends(page: Page) -> Iterator[Finding]:
    """Yield the ends of lines as LaTeX has them, but those of tables and environments."""
    prose = page.prose
    some = "\\ " in prose.marked
    begins = re.finditer(r"\\begin\{", prose.text) if some else ()
    environments = {prose.element(match.start()).block for match in begins}
    for match in _BREAK.finditer(prose.text) if some else ():
        at, block = prose.at(match.start()), prose.element(match.start()).block
        cells = block in environments or "&" in page.line(at) or block in page.broken
        if page.has_text(at, "\\\\") and not cells:
            message = "'\\\\' is printed as a backslash; end the line with a single one"
            yield found(at, f"{message}, or write an empty line")
