"""Rules on the markup of R Markdown, Quarto and pandoc, which MyST prints as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.finding import Edit, Finding, Location
from sphinx_mmbook.core.references.labels import anchor
from sphinx_mmbook.core.rules.pages.formulas import in_list
from sphinx_mmbook.core.rules.pages.headings import PARTS
from sphinx_mmbook.core.rules.registry import found, rule
from sphinx_mmbook.core.rules.syntax.divisions import figure_of, in_label, short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.pages.page import Page


_ATTRIBUTES = re.compile(r"(?<![ \t])[ \t]*+\{([^{}\n]*+)\}[ \t]*+#*+[ \t]*+$")
_UNNUMBERED = re.compile(r"(?:^|\s)(?:-|\.unnumbered|\.unlisted)(?=\s|$)")
_ID = re.compile(r"(?:^|\s)#([^\s{}#]+)")


@rule("error")
def heading_attributes(book: Book) -> Iterator[Finding]:
    """A heading has a label or a class in braces after it.

    Bad: ``## Loss {#sec-loss}``, ``# Preface {-}``, ``# (PART) Models``

    Good: ``(sec-loss)=`` on the line above ``## Loss``; pages without numbers belong in a toctree
    without ``:numbered:``

    Why: the braces are printed in the heading and in all menus, and nothing has the label.
    """
    for page, element in book.elements("heading"):
        at = Location(element.at.path, element.at.line, 1, element.at.cell)
        line = page.line(at)
        match = _ATTRIBUTES.search(line)
        if part := PARTS.match(element.text):
            message = f"'{part[0]}' is bookdown's and printed in the heading; delete the line,"
            yield found(at, f"{message} and write it as ':caption:' of a toctree in index.md")
            continue
        if not match or not element.text.endswith("}"):
            continue
        label, bare = _ID.search(match[1]), _UNNUMBERED.search(match[1])
        rest = _UNNUMBERED.sub("", _ID.sub("", match[1])).strip()
        if not label and not bare and not re.fullmatch(r"\.[\w-]+", rest):
            continue
        if line[: match.start()].endswith("]") and not label and not bare:
            continue  # a class of the words before it: "[BERT]{.smallcaps}"
        name = anchor(label[1].replace(":", "-")) if label else ""
        advice = f"write '({name})=' on the line above" if label else "delete them"
        if bare and not label:
            advice += "; pages without numbers belong in a toctree without ':numbered:'"
        new = f"({name})=\n" * bool(label) + line[: match.start()]
        edits = _with_references(book, label[1] if label else "", name)
        sure = line.lstrip().startswith("#") and line == line.lstrip() and bool(name or bare)
        message = f"the braces '{{{match[1].strip()}}}' are printed in the heading; {advice}"
        yield found(
            at.right(match.start()), message, *((Edit(at, line, new), *edits) if sure else ())
        )


def _with_references(book: Book, old: str, new: str) -> list[Edit]:
    """Return the edits that rename a label in references that MyST understands."""
    if old == new or not old:
        return []
    return [Edit(item.at, old, new) for item in book.facts.references() if item.target == old]


#: Pages of R Markdown and Quarto.
_PAGES = (".rmd", ".qmd")
#: What Windows or a browser adds to a name, other names of Markdown; a chapter of Word or LaTeX.
_RENAMED = re.compile(r"(\.(?:md|ipynb|bib|yml))\.(?:txt|json)$|\.(?:markdown|MD)$")
_CHAPTER = re.compile(r"index\.(?:docx?|odt|rtf|tex|txt)")
#: In folders of these names they are programs.
_PROGRAMS = re.compile(r"(?:^|/)(?:code|scripts|data|results|R)/")


@rule("warning")
def page_foreign(book: Book) -> Iterator[Finding]:
    """A page of R Markdown, Quarto or another program, which nothing builds.

    Bad: ``chapters/pets/pets.Rmd``, ``index.md.txt``, ``index.docx``

    Good: ``chapters/pets/index.md``, and ``mmbook check --fix``, which writes most of its markup
    anew; a program in ``code/``

    Why: the book lacks the page, and nothing says so.
    """
    for path, file in book.files.items():
        folder, _, name = path.rpartition("/")
        is_left = file.excluded or path.endswith(book.settings.other_suffixes)
        if is_left or _PROGRAMS.search(path):
            continue
        page = f"{folder}/index.md".lstrip("/")
        if folder and (renamed := _RENAMED.search(name)):
            new = name[: renamed.start()] + (renamed[1] or ".md")
            yield found(Location(path), f"nothing reads '{name}'; rename it to '{new}'")
        elif _CHAPTER.fullmatch(name) and not {page, f"{page[:-2]}ipynb"} & book.files.keys():
            yield found(Location(path), f"nothing builds '{name}'; write Markdown into {page}")
        if name.lower().endswith(_PAGES):
            advice = f"rename it to {page} and run 'mmbook check --fix'"
            if page in book.files:
                advice = "move what is needed into index.md beside it, and delete it"
            message = f"'{name}' is a page of {'Quarto' if name.endswith('qmd') else 'R Markdown'}"
            yield found(Location(path), f"{message}, which nothing builds; {advice}")


_IMAGE = re.compile(
    r"[ \t]?\{[ \t]*((?:[\w.-]+[ \t]*=[ \t]*(?:[\"'][\w.% :;-]+[\"']|[\w.%-]+)[ \t]*"
    r"|[.#][\w:-]+[ \t]*)+)\}"
)


@rule("warning")
def image_attributes(book: Book) -> Iterator[Finding]:
    """The size of an image is not in quotes, or has a space before it.

    Bad: ``![Loss](loss.png){width=50%}``

    Good: ``![Loss](loss.png){width="50%"}``

    Why: without quotes a value with ``%`` is not an attribute; the braces are printed.
    """
    for page in book.pages.values():
        for position, element in page.numbered("image"):
            after = page.elements[position + 1 : position + 3]
            text = next((item for item in after if item.kind == "text"), None)
            if text is None or text.block != element.block:
                continue
            match = _IMAGE.match(text.text)
            if match and (edit := _figure(page, text.at, match)):
                message = f"'{match[0].strip()}' is printed after the image, which gets no number"
                advice = f"write {{figure}} {element.name} with its label and its caption"
                yield found(text.at, f"{message}; {advice}", edit)
                continue
            if match and page.has_text(text.at, match[0]):
                words = re.findall(
                    r"(?<![\w.-])[\w.-]++[ \t]*=[ \t]*(?:[\"'][^\"']+[\"']|[\w.%-]+)|[.#][\w:-]+",
                    match[1],
                )
                new = "{" + " ".join(map(_quoted, words)) + "}"
                advice = f"write {new}" if new != match[0].strip() else "no space belongs before it"
                message = f"'{match[0].strip()}' is printed after the image; {advice}"
                yield found(text.at, message, Edit(text.at, match[0], new))


_CAPTIONED = re.compile(r"!\[((?:[^\[\]]|\[[^\[\]\n]*\]){0,2000})\]\(([^()\s]+)\)")


def _figure(page: Page, end: Location, match: re.Match[str]) -> Edit | None:
    """Return the edit that makes a figure of an image alone in its lines, with pandoc's label."""
    positions, label = page.positions_at(end), re.search(r"#([\w:.-]+)", match[1])
    text, stop = positions.text, positions.offset(end)
    start = text.rfind("![", 0, stop)
    image, after = _CAPTIONED.fullmatch(text, start, stop), text[stop + len(match[0]) :]
    alone = text[start - 1 : start] in ("", "\n") and not after.partition("\n")[0].strip()
    if not label or not image or not alone:
        return None
    new = figure_of(image[2], in_label(label[1]), match[1], image[1].strip())
    return Edit(positions.location(start), text[start : stop + len(match[0])], new)


def _quoted(word: str) -> str:
    name, sign, value = word.partition("=")
    name = name.strip().removeprefix("out.")  # knitr's "out.width"
    value = value.strip(" \t\"'")
    return f'{name}="{value}"' if sign else word.replace(":", "-")


#: A power or index, short and without spaces, that stands at a letter, digit or bracket.
#: Or words that are struck out.
_SCRIPT = re.compile(
    r"(?<=[\w)\]])(?:\^([\w+-]{1,8})\^|~(?!~)([\w+-]{1,8})(?<!~)~)(?![~^])"
    r"|(?:(?<=[ (/][kcdm]m)|(?<=[ (/\d]m)|(?<=[ (]10)|(?<=[ (][A-Za-z]))"
    r"\^([−-]?\d{1,3})(?![\w^}])"
    r"|(?<!~)~~(?!\s)([^~\n]+)(?<!\s)~~(?!~)"
)


@rule("warning")
def script_syntax(book: Book) -> Iterator[Finding]:
    """Superscript, subscript or words struck out as pandoc writes them.

    Bad: ``10^6^``, ``H~2~O``, ``~~old~~``

    Good: `` 10{sup}`6` ``, `` H{sub}`2`O ``, or ``strikethrough`` in ``myst_enable_extensions``

    Why: the carets and tildes are printed.
    """
    for page in book.pages.values():
        prose = page.prose
        if not ("^" in prose.text or "~" in prose.text):
            continue
        for match in _SCRIPT.finditer(prose.text):
            element, at = prose.element(match.start()), prose.at(match.start())
            sign = "~~" if match[4] else match[0]
            sign = f"\\{sign}" if page.has_text(at, f"\\{sign}") else sign
            if element.block in page.broken or element.name or not page.has_text(at, sign):
                continue
            message = f"'{short(match[0])}' is printed as it is"
            if match[4]:
                yield found(at, f"{message}; delete what is struck out")
                continue
            power = match[1] or match[3]
            new = f"{{sup}}`{power}`" if power else f"{{sub}}`{match[2]}`"
            yield found(at, f"{message}; write {new}", Edit(at, sign, new))


_TABLE_LABEL = re.compile(r"\(\\?#(tab|tbl):([\w:-]+)\)\s*+|(?<!\s)\s*+\{#(tbl|tab)-([\w-]+)\}")
#: After "Table" stands a reference to it, which is mended sooner than the caption.
_OWN = r"\\?@ref\([^()\s]+\)|\{numref\}`[^`\n]+`(?=\s*:\s*\(\\?#)"
_CAPTION = re.compile(
    rf"^(?:Table|Tabelle)?\s*(?:(?:{_OWN})\s*)?:[ \t]+(?=\S)([^\n]+(?:\n(?!\n)[^\n]+)*)",
    re.MULTILINE,
)
_GRID = re.compile(r"^\+(?:[-=:]{2,}\+)+[ \t]*$", re.MULTILINE)
_SIMPLE = re.compile(r"^[ \t]*-{2,}(?:[ \t]+-{2,})+[ \t]*$", re.MULTILINE)


@rule("warning")
def table_syntax(book: Book) -> Iterator[Finding]:
    """A table, or a table's caption, as pandoc writes it.

    Bad: a table drawn with ``+---+``, columns under ``---- ----``, ``Table: Losses`` below a table

    Good: a table of ``| a | b |`` with ``|---|---|`` in its second line, in ``:::{table} Losses``

    Why: what is drawn is printed as one paragraph; the caption is plain text.
    """
    for page in book.pages.values():
        if page.source.restructured:
            continue  # where tables are drawn so
        yield from _captions(page)
        for at in _drawn(page):
            message = "this table is drawn for pandoc, and MyST prints the lines as they stand"
            yield found(at, f"{message}; write '| a | b |', '|---|---|' and a line for each row")


def _drawn(page: Page) -> Iterator[Location]:
    """Yield where tables are drawn with signs: one of ``+--+``, or a rule cut into columns."""
    block = -1
    for match in _GRID.finditer(page.prose.text) if "+--" in page.prose.text else ():
        if (other := page.prose.element(match.start()).block) != block:
            yield page.prose.at(match.start())
        block = other
    last = -100
    for element in page.of("break"):
        if _SIMPLE.fullmatch(page.line(element.at)):
            if element.at.line > last + 60:
                yield element.at
            last = element.at.line


def _captions(page: Page) -> Iterator[Finding]:
    """Yield the captions beside tables of pipes: one above a table is its own, as for pandoc."""
    for positions in page.positions.values():
        if positions.block.is_code:
            continue
        text, used = positions.text, 0
        tables = [item for item in page.of("table") if page.positions_at(item.at) is positions]
        for element in tables:
            start = positions.offset(element.at)
            table = _TABLE.match(text, start)
            if element.inside or not table:
                continue
            caption = _above(text, start, used) or _CAPTION.match(text, _over(text, table.end()))
            if caption:
                begin, used = min(start, caption.start()), max(table.end(), caption.end())
                written = text[begin:used]
                yield _around(positions.location(begin), caption, table[0].rstrip(), written)


_TABLE = re.compile(r"(?:[^\n]*\|[^\n]*(?:\n|$))+")


_BLANK = re.compile(r"\n[ \t]*\n")


def _above(text: str, start: int, used: int) -> re.Match[str] | None:
    """Return the caption that ends above a table, with a word or label that says it is one."""
    low = max(used, start - 1500)
    end = low + len(text[low:start].rstrip())
    begin = max((blank.end() for blank in _BLANK.finditer(text, low, end)), default=low)
    begin += len(text[begin:end]) - len(text[begin:end].lstrip())
    caption = _CAPTION.match(text, begin) if end < start - 1 else None
    named = caption and (caption[0][0] == "T" or _TABLE_LABEL.search(caption[1]))
    return caption if caption and named and caption.end() >= end else None


def _around(begin: Location, caption: re.Match[str], table: str, written: str) -> Finding:
    """Return the finding that writes ``{table}`` around a table and its caption."""
    label = _TABLE_LABEL.search(caption[1])
    text = " ".join(_TABLE_LABEL.sub("", caption[1]).split())
    name = f"\n:name: {anchor('-'.join(filter(None, label.groups())))}" if label else ""
    new = f":::{{table}} {text}{name}\n\n{table}\n:::" + "\n" * written.endswith("\n")
    at = begin._replace(line=begin.line + written[: written.find(caption[0])].count("\n"))
    message = f"'{short(caption[0])}' is not a caption for MyST"
    advice = f"write ':::{{table}} {short(text)}' around the table"
    return found(at, f"{message}; {advice}", *((Edit(begin, written, new),) if text else ()))


def _over(text: str, start: int) -> int:
    """Return where the next line with text begins, after one empty line at most."""
    blank = re.compile(r"[ \t]*\n").match(text, start)
    return blank.end() if blank else start


@rule("error")
def footnote_inline(book: Book) -> Iterator[Finding]:
    """A footnote is written within the text, as pandoc reads it.

    Bad: ``as shown^[In the appendix.]``

    Good: ``as shown[^1]`` and, after the paragraph, ``[^1]: In the appendix.``

    Why: the brackets and the text between them are printed in the sentence.
    """
    for page in book.pages.values():
        text = page.prose.text
        names = [item.name for item in page.of("footnote")]
        last = max([int(name[5:]) for name in names if re.fullmatch(r"note-\d{1,6}", name)] or [0])
        for match in re.finditer(r"\^\[", text) if "^[" in text else ():
            at = page.prose.at(match.start())
            positions = page.positions_at(at)
            start = positions.offset(at)
            note = _in_brackets(positions.text, start + 1)
            if not note or not page.has_text(at, "^["):
                continue
            last += 1
            end = re.compile(r"\s*(?:\n[ \t]*\n|\Z)").search(positions.text, start)
            old = positions.text[start : end.start() if end else None]
            new = f"[^note-{last}]{old[len(note) + 3 :]}\n\n[^note-{last}]: {_as_note(note)}"
            # A note does not fit into a list or quote, but below a list of plain items it may.
            plain = not page.prose.element(match.start()).inside
            if in_list(positions, at):
                plain = plain and bool(_LAST_ITEM.fullmatch(page.line(at))) and "\n" not in old
            message = f"'^[{short(note)}]' is pandoc's footnote and printed in the text"
            advice = f"write '[^note-{last}]', and '[^note-{last}]: …' after the paragraph"
            yield found(at, f"{message}; {advice}", *((Edit(at, old, new),) if plain else ()))


#: A displayed formula in a note.
_SHOWN = re.compile(r"(\$\$.+?\$\$|\\begin\{(\w+\*?)\}.+?\\end\{\2\})", re.DOTALL)


def _as_note(note: str) -> str:
    """Return the text of a footnote as one line; each displayed formula is a block of its own."""
    parts, shown = _SHOWN.split(note), slice(1, None, 3)
    blocks = [" ".join(part.split()) for part in parts[::3]]
    lines = [line for pair in zip(blocks, [*parts[shown], ""], strict=True) for line in pair]
    return re.sub(r"\n(?=[^\n])", "\n    ", "\n\n".join(filter(None, lines)))


#: An item of a list, right below its margin.
_LAST_ITEM = re.compile(r"[-*+] \S.*|\d+[.)] \S.*")


def _in_brackets(text: str, start: int) -> str:
    """Return what is in the brackets that open at ``start``; nothing if they do not close."""
    depth = 0
    for match in re.compile(r"\\.|[\[\]]|\n[ \t]*\n", re.DOTALL).finditer(text, start):
        depth += (match[0] == "[") - (match[0] == "]")
        if match[0][0] == "\n":
            break
        if not depth and match[0] == "]":
            return text[start + 1 : match.start()]
    return ""
